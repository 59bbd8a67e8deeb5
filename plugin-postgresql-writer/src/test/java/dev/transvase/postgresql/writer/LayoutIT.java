package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedChecks;
import dev.transvase.testing.contract.CollectedJournal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables of every shape take what is paired with their columns. */
class LayoutIT {

    private TestingDatabase database;

    @BeforeEach
    void createDatabase() {
        database = TestingPostgres.newest().createDatabase();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private void write(TestingWriter writer) {
        writer.write(new CollectedJournal(0), Numbers.SCHEMA, List.of(Numbers.batch(1, 3, id -> "n" + id)));
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void otherOrderDroppedAndDefaultedColumns(WriteMode mode) throws SQLException {
        database.execute(
                "CREATE TABLE target (gone integer, name text, extra text DEFAULT 'e', id bigint, stamp date)",
                "ALTER TABLE target DROP gone");
        write(TestingWriter.to(database, "target").mode(mode).columns("id", "name"));
        assertThat(database.query("SELECT name, extra, id, stamp IS NULL FROM target ORDER BY id"))
                .containsExactly(List.of("n1", "e", "1", "t"), List.of("n2", "e", "2", "t"));
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void namesThatNeedQuotes(WriteMode mode) throws SQLException {
        database.execute(
                "CREATE SCHEMA \"My.Schema\"",
                "CREATE TABLE \"My.Schema\".\"1 \"\"?\"\" Tab\" (\"123Test\" integer, \"a-b\" text)");
        write(TestingWriter.to(database, "\"My.Schema\".\"1 \"\"?\"\" Tab\"")
                .mode(mode)
                .columns("\"123Test\"", "\"a-b\""));
        assertThat(database.queryForList("SELECT \"a-b\" FROM \"My.Schema\".\"1 \"\"?\"\" Tab\" ORDER BY 1"))
                .containsExactly("n1", "n2");
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void alwaysGeneratedIdentityIsWritten(WriteMode mode) throws SQLException {
        database.execute("CREATE TABLE target (id integer GENERATED ALWAYS AS IDENTITY (START 100), name text)");
        write(TestingWriter.to(database, "target").mode(mode));
        assertThat(database.queryForList("SELECT id FROM target ORDER BY 1")).containsExactly("1", "2");
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void partitionedTables(WriteMode mode) throws SQLException {
        database.execute(
                "CREATE TABLE target (id integer, name text) PARTITION BY LIST (id)",
                "CREATE TABLE target1 PARTITION OF target FOR VALUES IN (1)",
                "CREATE TABLE target2 (name text, id integer)",
                "ALTER TABLE target ATTACH PARTITION target2 FOR VALUES IN (2)");
        CollectedJournal journal = new CollectedJournal(1);
        TestingWriter.to(database, "target")
                .mode(mode)
                .write(journal, Numbers.SCHEMA, List.of(Numbers.batch(1, 4, id -> "n" + id)));
        assertThat(database.queryForList("SELECT name FROM target2")).containsExactly("n2");
        assertThat(journal.dirtyRecords()).extracting(DirtyRecord::sqlState).containsExactly("23514");
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void severalTablesThroughOneChannelAreBookedEachForItself(WriteMode mode) throws SQLException {
        database.execute(
                "CREATE TABLE one (id integer, name text)", "CREATE TABLE two (id integer CHECK (id <> 7), name text)");
        List<String> booked = new ArrayList<>();
        WriteJournal journal = new WriteJournal() {
            @Override
            public void committed(int table, long records, long bytes) {
                booked.add(table + ": " + records);
            }

            @Override
            public void dirty(DirtyRecord dirty) {
                booked.add(dirty.table() + " dirty");
            }

            @Override
            public long tolerance() {
                return 5;
            }
        };
        try (PostgresWriter writer = TestingWriter.to(database, "").mode(mode).open()) {
            writer.plan(List.of(Numbers.schema("one"), Numbers.schema("two")), new CollectedChecks());
            try (ChannelWriter channel = writer.open(journal)) {
                for (int i = 0; i < 6; i++) {
                    Split split = Split.of("s" + i, i % 2, new byte[0], "");
                    channel.write(Numbers.batch(10 * i, 10 * i + 10, id -> "x"), split, BatchEnd.commitPoint());
                    channel.write(Numbers.batch(0, i % 2 == 1 ? 8 : 0, id -> "y"), split, BatchEnd.commitPoint());
                }
                channel.flush();
            }
        }
        assertThat(database.queryForString("SELECT count(*) FROM one")).isEqualTo("30");
        assertThat(database.queryForString("SELECT count(*) FROM two")).isEqualTo("51");
        assertThat(booked.stream().filter(b -> b.equals("1 dirty")).count()).isEqualTo(3);
        assertThat(sum(booked, "0: ")).isEqualTo(30);
        assertThat(sum(booked, "1: ")).isEqualTo(51);
    }

    private static long sum(List<String> booked, String prefix) {
        return booked.stream()
                .filter(b -> b.startsWith(prefix))
                .mapToLong(b -> Long.parseLong(b.substring(prefix.length())))
                .sum();
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void anInsertIsABatchAndACopyIsATransaction(WriteMode mode) throws SQLException {
        database.execute(
                "CREATE TABLE target (id integer, name text)",
                "CREATE TABLE sizes (records bigint)",
                "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO sizes SELECT count(*) FROM batch; RETURN NULL; END'",
                "CREATE TRIGGER note AFTER INSERT ON target REFERENCING NEW TABLE AS batch FOR EACH STATEMENT"
                        + " EXECUTE PROCEDURE note()");
        TestingWriter.to(database, "target")
                .mode(mode)
                .batchSize(100)
                .write(
                        new CollectedJournal(0),
                        Numbers.SCHEMA,
                        List.of(
                                Numbers.batch(0, 130, id -> "x"),
                                Numbers.batch(130, 140, id -> "x"),
                                Numbers.batch(140, 450, id -> "x")));
        assertThat(database.queryForList("SELECT records FROM sizes ORDER BY ctid"))
                .isEqualTo(mode == WriteMode.INSERT ? List.of("100", "100", "100", "100", "50") : List.of("450"));
        database.execute("TRUNCATE sizes");
        String large = "x".repeat(1 << 20);
        TestingWriter.to(database, "target")
                .mode(mode)
                .write(new CollectedJournal(0), Numbers.SCHEMA, List.of(Numbers.batch(0, 7, id -> large)));
        assertThat(database.queryForList("SELECT records FROM sizes ORDER BY ctid"))
                .isEqualTo(mode == WriteMode.INSERT ? List.of("3", "3", "1") : List.of("6", "1"));
    }
}
