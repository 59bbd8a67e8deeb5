package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Schema;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedJournal;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Columns that the server fills: generated, identity, serial and those with a default. */
class SpecialColumnsIT {

    private static final int FIRST_WITH_GENERATED_COLUMNS = 12;
    private static final int FIRST_WITH_VIRTUAL_COLUMNS = 18;

    private TestingDatabase database;

    static List<Integer> oldestAndNewest() {
        return List.of(
                TestingPostgres.oldest().major(), TestingPostgres.newest().major());
    }

    static List<Integer> oldestAndNewestWithGeneratedColumns() {
        List<Integer> majors = TestingPostgres.majors().stream()
                .filter(major -> major >= FIRST_WITH_GENERATED_COLUMNS)
                .toList();
        return List.of(majors.get(0), majors.get(majors.size() - 1));
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private void on(int major, String... sql) throws Exception {
        database = TestingPostgres.major(major).createDatabase();
        database.execute(sql);
    }

    private CollectedJournal write(TestingWriter writer, long tolerated) throws Exception {
        Schema offered = TestingSource.offered(database, "source");
        RecordBatch batch = TestingSource.read(database, writer.plan(offered).accepted());
        CollectedJournal journal = new CollectedJournal(tolerated);
        writer.write(journal, offered, List.of(batch));
        assertThat(journal.committedRecords() + journal.dirtyRecords().size()).isEqualTo(batch.size());
        return journal;
    }

    private TestingWriter writer(WriteMode mode) {
        return TestingWriter.to(database, "target").mode(mode);
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewestWithGeneratedColumns")
    void allColumnsOfATableGoIntoALikeOneWithoutGeneratedOnes(int major) throws Exception {
        String generated = major >= FIRST_WITH_VIRTUAL_COLUMNS
                ? "gross numeric GENERATED ALWAYS AS (net * $f) STORED, tax numeric GENERATED ALWAYS AS (net + $f) VIRTUAL"
                : "gross numeric GENERATED ALWAYS AS (net * $f) STORED, tax numeric GENERATED ALWAYS AS (net + $f) STORED";
        on(
                major,
                "CREATE TYPE mood AS ENUM ('happy')",
                "CREATE TABLE source (id integer, " + generated.replace("$f", "2") + ", net numeric, mood mood)",
                "INSERT INTO source (id, net, mood) VALUES (1, 10, 'happy'), (2, NULL, NULL)");
        String[] layouts = {
            "id integer PRIMARY KEY, " + generated + ", net numeric, mood mood",
            generated + ", id integer PRIMARY KEY, net numeric, mood mood",
        };
        for (String layout : layouts) {
            for (WriteMode mode : WriteMode.values()) {
                database.execute(
                        "DROP TABLE IF EXISTS target", "CREATE TABLE target (" + layout.replace("$f", "3") + ")");
                write(writer(mode), 0);
                assertThat(database.query("SELECT id, gross, tax, net, mood FROM target ORDER BY id"))
                        .containsExactly(
                                List.of("1", "30", "13", "10", "happy"), Arrays.asList("2", null, null, null, null));
            }
        }
        WriteTarget target = writer(WriteMode.COPY).plan(TestingSource.offered(database, "source"));
        assertThat(target.description())
                .contains("(\"id\", \"net\", \"mood\")")
                .endsWith("computed by the server: gross, tax");
        badValuesBesideColumnsThatAreNotWritten();
        aComputedColumnHasNoOtherCounterpart();
    }

    private void badValuesBesideColumnsThatAreNotWritten() throws Exception {
        for (WriteMode mode : WriteMode.values()) {
            database.execute(
                    "DROP TABLE target",
                    "CREATE TABLE target (id integer PRIMARY KEY, gross numeric GENERATED ALWAYS AS (net / id) STORED,"
                            + " tax integer GENERATED ALWAYS AS (id) STORED, net smallint CHECK (net < 9), mood mood)");
            CollectedJournal journal = write(writer(mode), 1);
            assertThat(journal.dirtyRecords())
                    .extracting(d -> d.sqlState() + " " + d.values().keySet()
                            + d.values().get("net"))
                    .containsExactly("23514 [id, net, mood]10");
            assertThat(database.queryForList("SELECT id FROM target")).containsExactly("2");
        }
    }

    /** Its value would go into a neighbour by position. */
    private void aComputedColumnHasNoOtherCounterpart() throws Exception {
        database.execute(
                "DROP TABLE target",
                "CREATE TABLE target (a integer, gross numeric GENERATED ALWAYS AS (a) STORED, b numeric, c numeric,"
                        + " d numeric, e mood)");
        Schema offered = TestingSource.offered(database, "source");
        assertThat(writer(WriteMode.INSERT).check(offered).errors())
                .singleElement()
                .asString()
                .contains("COLUMN_COUNT", "5 columns (id, gross, tax, net, mood), the writer 5", "(a, b, c, d, e)");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void valuesAreWrittenAsTheyAreAndSequencesStayWhereTheyWere(int major) throws Exception {
        on(
                major,
                "CREATE TABLE source (id integer, s integer, d text, n integer)",
                "INSERT INTO source VALUES (10, 20, NULL, 1), (11, 21, 'x', NULL), (12, 22, 'y', 2)");
        for (WriteMode mode : WriteMode.values()) {
            database.execute(
                    "DROP TABLE IF EXISTS target",
                    "CREATE TABLE target (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s serial,"
                            + " d text DEFAULT 'd', n integer NOT NULL DEFAULT 5)");
            CollectedJournal journal = write(writer(mode), 1);
            assertThat(journal.dirtyRecords()).extracting(DirtyRecord::sqlState).containsExactly("23502");
            assertThat(database.query("SELECT * FROM target ORDER BY id"))
                    .containsExactly(Arrays.asList("10", "20", null, "1"), List.of("12", "22", "y", "2"));
            assertThat(nextId()).isEqualTo("1");
            // As the documentation has it.
            write(
                    writer(mode)
                            .preSql("DELETE FROM @table")
                            .postSql("SELECT setval(pg_get_serial_sequence('@table', 'id'), coalesce(max(id), 1),"
                                    + " max(id) IS NOT NULL) FROM @table"),
                    1);
            assertThat(nextId()).isEqualTo("13");
        }
    }

    private String nextId() throws Exception {
        return database.queryForString("SELECT nextval(pg_get_serial_sequence('target', 'id'))");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void columnsThatAreLeftOutGetTheirDefault(int major) throws Exception {
        on(
                major,
                "CREATE TABLE target (a integer GENERATED ALWAYS AS IDENTITY, s serial, id integer PRIMARY KEY,"
                        + " d text DEFAULT 'd')",
                "CREATE TABLE source (id integer)",
                "INSERT INTO source VALUES (7)");
        for (WriteMode mode : WriteMode.values()) {
            database.execute("TRUNCATE target RESTART IDENTITY");
            write(writer(mode).columns("id"), 0);
            assertThat(database.query("SELECT * FROM target")).containsExactly(List.of("1", "1", "7", "d"));
        }
    }
}
