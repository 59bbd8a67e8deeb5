package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedJournal;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad records are told one by one, with all good ones of their batches kept. */
class DirtyRecordsIT {

    private static final int RECORDS = 4096;

    /** Counts statements, those that fail included: a sequence is not rolled back. */
    private static final String[] COUNTED_TABLE = {
        "CREATE TABLE target (id integer PRIMARY KEY, name varchar(3) CHECK (name <> 'bad'))",
        "CREATE SEQUENCE statements",
        "CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN PERFORM nextval(''statements''); RETURN NULL; END'",
        "CREATE TRIGGER count_statement BEFORE INSERT ON target FOR EACH STATEMENT EXECUTE PROCEDURE count_statement()"
    };

    private TestingDatabase database;

    @BeforeEach
    void createDatabase() {
        database = TestingPostgres.newest().createDatabase();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    static Stream<Arguments> patterns() {
        return Stream.of(WriteMode.INSERT, WriteMode.COPY)
                .flatMap(mode -> Stream.of(
                        Arguments.of(mode, "first", (IntPredicate) id -> id == 0),
                        Arguments.of(mode, "last", (IntPredicate) id -> id == RECORDS - 1),
                        Arguments.of(mode, "one in 1024", (IntPredicate) id -> id % 1024 == 517),
                        Arguments.of(mode, "every second", (IntPredicate) id -> id % 2 == 1),
                        Arguments.of(mode, "all", (IntPredicate) id -> true)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("patterns")
    void goodRecordsAreKept(WriteMode mode, String name, IntPredicate bad) throws Exception {
        database.execute(COUNTED_TABLE);
        CollectedJournal journal = new CollectedJournal(RECORDS);
        RecordBatch batch = Numbers.batch(0, RECORDS, id -> bad.test(id) ? "bad" : "ok");
        TestingWriter.to(database, "target")
                .mode(mode)
                .write(journal, Numbers.SCHEMA, List.of(batch.slice(0, 1500), batch.slice(1500, RECORDS)));
        List<String> badIds = IntStream.range(0, RECORDS)
                .filter(bad)
                .mapToObj(Integer::toString)
                .toList();
        assertThat(journal.dirtyRecords())
                .extracting(d -> d.values().get("id"))
                .containsExactlyInAnyOrderElementsOf(badIds);
        assertThat(journal.committedRecords()).isEqualTo(RECORDS - badIds.size());
        assertThat(database.queryForString("SELECT count(*) FROM target WHERE name = 'ok'"))
                .isEqualTo(Integer.toString(RECORDS - badIds.size()));
        long statements = Long.parseLong(database.queryForString("SELECT last_value FROM statements"));
        // Per bad record at most 2 log2(1024) attempts, besides each batch twice.
        assertThat(statements).isLessThanOrEqualTo(8 + Math.min(20L * badIds.size(), 2L * RECORDS));
    }

    /** Which of them the server sees first depends on how they are sent. */
    @ParameterizedTest
    @EnumSource(WriteMode.class)
    void ofTwoBadValuesTheOneIsBlamedThatTheServerComplainsOf(WriteMode mode) throws Exception {
        database.execute(
                "CREATE TABLE source (id text, a text, b text, c text)",
                "INSERT INTO source VALUES ('1', 'too long', 'x', '4.25'), ('2', 'ok', 'y', 'z')",
                "CREATE TABLE target (id integer PRIMARY KEY, a varchar(3), b integer, c point)");
        CollectedJournal journal = new CollectedJournal(10);
        TestingWriter writer = TestingWriter.to(database, "target").mode(mode);
        Schema offered = TestingSource.offered(database, "source");
        RecordBatch batch = TestingSource.read(database, writer.plan(offered).accepted());
        writer.write(journal, offered, List.of(batch));
        assertThat(journal.dirtyRecords())
                .hasSize(2)
                .extracting(DirtyRecord::message)
                .allSatisfy(message -> assertThat(message)
                        .matches("column a: .*varying\\(3\\).*|column b: .* \"?[xy]\"?:"
                                + " .*integer.*\"[xy]\".*|column c: .*(4.25|z).*point.*"));
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void tellsWhatTheServerSaid(WriteMode mode) throws Exception {
        database.execute(
                "CREATE TABLE target (id integer PRIMARY KEY, name varchar(3))",
                "INSERT INTO target VALUES (2, 'old')");
        CollectedJournal journal = new CollectedJournal(10);
        RecordBatch batch = Numbers.batch(1, 5, id -> id == 3 ? "long" : id == 4 ? "a\0b" : id == 1 ? null : "new");
        TestingWriter.to(database, "target").mode(mode).write(journal, Numbers.SCHEMA, List.of(batch));
        assertThat(database.query("SELECT * FROM target ORDER BY id"))
                .containsExactly(Arrays.asList("1", null), List.of("2", "old"));
        assertThat(journal.dirtyRecords()).extracting(DirtyRecord::sqlState).containsExactly("23505", "22001", "22021");
        DirtyRecord duplicate = journal.dirtyRecords().get(0);
        assertThat(duplicate.constraint()).isEqualTo("target_pkey");
        assertThat(duplicate.remedy()).contains("set writeMode to upsert");
        assertThat(duplicate.values()).containsEntry("id", "2").containsEntry("name", "new");
        assertThat(duplicate.message()).contains("duplicate key value", "Key (id)=(2) already exists");
        assertThat(journal.committedRecords()).isEqualTo(1);
        assertThat(journal.committedBytes()).isEqualTo(batch.slice(0, 1).bytes());
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void constraintsCheckedAtTheCommit(WriteMode mode) throws Exception {
        database.execute(
                "CREATE TABLE target (id integer PRIMARY KEY, name text, UNIQUE (name) DEFERRABLE INITIALLY DEFERRED)");
        CollectedJournal journal = new CollectedJournal(10);
        RecordBatch batch = Numbers.batch(0, 3000, id -> id == 2500 || id == 77 ? "name 5" : "name " + id);
        TestingWriter.to(database, "target").mode(mode).write(journal, Numbers.SCHEMA, List.of(batch));
        assertThat(journal.dirtyRecords()).extracting(d -> d.values().get("id")).containsExactly("77", "2500");
        assertThat(journal.dirtyRecords()).extracting(DirtyRecord::sqlState).containsOnly("23505");
        assertThat(journal.committedRecords()).isEqualTo(2998);
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("2998");
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void recordsThatReferToLaterOnesAreKept(WriteMode mode) throws Exception {
        database.execute("CREATE TABLE target (id integer PRIMARY KEY, name text, parent integer REFERENCES target)");
        Schema schema = Schema.of(
                new TableName("", "source"),
                List.of(
                        Column.of("id", Scalar.INT32),
                        Column.of("name", Scalar.TEXT),
                        Column.of("parent", Scalar.INT32)));
        RecordBatchBuilder builder = new RecordBatchBuilder(schema);
        for (int id = 0; id < 1000; id++) {
            // The first half refers to the second, in reverse; the second to itself; one to nothing.
            int parent = id == 10 ? 5000 : Math.max(id, 999 - id);
            builder.beginRecord()
                    .appendLong(id)
                    .appendText("x")
                    .appendLong(parent)
                    .endRecord();
        }
        CollectedJournal journal = new CollectedJournal(2);
        TestingWriter.to(database, "target").mode(mode).write(journal, schema, List.of(builder.build()));
        assertThat(journal.dirtyRecords()).extracting(d -> d.values().get("id")).containsExactly("10");
        assertThat(journal.dirtyRecords().get(0).remedy())
                .contains("may come later", "drop target_parent_fkey in preSql", "session_replication_role = replica");
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("999");
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void moreThanToleratedRollsTheUnitBack(WriteMode mode) throws Exception {
        database.execute(COUNTED_TABLE);
        CollectedJournal journal = new CollectedJournal(1);
        RecordBatch batch = Numbers.batch(0, RECORDS, id -> id >= 1500 && id < 1600 ? "bad" : "ok");
        TestingWriter writer = TestingWriter.to(database, "target").mode(mode);
        assertThatThrownBy(() -> writer.write(journal, Numbers.SCHEMA, List.of(batch)))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("ERROR_LIMIT_EXCEEDED"));
        assertThat(journal.dirtyRecords()).hasSize(2);
        assertThat(database.queryForString("SELECT count(*) FROM target"))
                .isEqualTo(Long.toString(journal.committedRecords()));
    }

    /** When a table refuses: at once, only at the commit, or perhaps because of the order. */
    private enum Refusal {
        AT_ONCE("name text CHECK (name <> 'bad')"),
        AT_THE_COMMIT("name text"),
        FOR_A_REFERENCE("name text REFERENCES allowed");

        private final String column;

        Refusal(String column) {
            this.column = column;
        }
    }

    static Stream<Arguments> refusals() {
        return Stream.of(WriteMode.INSERT, WriteMode.COPY)
                .flatMap(mode -> Stream.of(Refusal.values()).map(refusal -> Arguments.of(mode, refusal)));
    }

    private void createRefusing(Refusal refusal) throws Exception {
        database.execute("CREATE TABLE allowed (name text PRIMARY KEY)", "INSERT INTO allowed VALUES ('ok')");
        String[] sql = COUNTED_TABLE.clone();
        sql[0] = "CREATE TABLE target (id integer, " + refusal.column + ")";
        database.execute(sql);
        if (refusal == Refusal.AT_THE_COMMIT) {
            database.execute(
                    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                            + " 'BEGIN RAISE EXCEPTION ''late'' USING ERRCODE = ''23514''; END'",
                    "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON target DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
                            + " WHEN (NEW.name = 'bad') EXECUTE PROCEDURE refuse()");
        }
    }

    private long statements() throws Exception {
        return Long.parseLong(database.queryForString("SELECT last_value FROM statements"));
    }

    /** In a transaction of 64 batches: what is spread over it costs its own searches, and the rest little. */
    @ParameterizedTest
    @MethodSource("refusals")
    void theCostOfEachIsLogarithmic(WriteMode mode, Refusal refusal) throws Exception {
        createRefusing(refusal);
        int records = 1 << 16;
        CollectedJournal journal = new CollectedJournal(8);
        RecordBatch batch = Numbers.batch(0, records, id -> id % 8192 == 4321 ? "bad" : "ok");
        TestingWriter.to(database, "target").mode(mode).write(journal, Numbers.SCHEMA, List.of(batch));
        assertThat(journal.dirtyRecords()).hasSize(8);
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("" + (records - 8));
        // Each batch is written twice, and each bad record searched for in its batch by 2 log2(1024) statements. When
        // the
        // search is among all batches, every other half is one statement for each of its batches.
        long bound = refusal == Refusal.AT_THE_COMMIT ? 64 + 8 * (64 + 20) : 64 + 64 + 8 * 20 + 20;
        assertThat(statements()).isLessThanOrEqualTo(bound);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whereAllAreBadAndNoneIsToleratedTheEndComesSoon(WriteMode mode, Refusal refusal) throws Exception {
        createRefusing(refusal);
        CollectedJournal journal = new CollectedJournal(0);
        RecordBatch batch = Numbers.batch(0, 1 << 16, id -> "bad");
        TestingWriter writer = TestingWriter.to(database, "target").mode(mode);
        assertThatThrownBy(() -> writer.write(journal, Numbers.SCHEMA, List.of(batch)))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("ERROR_LIMIT_EXCEEDED"));
        assertThat(journal.dirtyRecords()).hasSize(1);
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("0");
        // One that lacks a reference may get it from a later one: so of these a thousand are tried, and no more.
        assertThat(statements()).isLessThanOrEqualTo(refusal == Refusal.FOR_A_REFERENCE ? 2 * 1026 + 64 : 64 + 64 + 20);
    }

    /** As many as the limit says, and not one more; what is committed is what was told. */
    @ParameterizedTest
    @MethodSource("refusals")
    void theLimitIsExact(WriteMode mode, Refusal refusal) throws Exception {
        createRefusing(refusal);
        RecordBatch batch = Numbers.batch(0, 5000, id -> id % 1000 == 500 ? "bad" : "ok");
        TestingWriter writer = TestingWriter.to(database, "target").mode(mode);
        CollectedJournal enough = new CollectedJournal(5);
        writer.write(enough, Numbers.SCHEMA, List.of(batch));
        assertThat(enough.dirtyRecords()).hasSize(5);
        assertThat(enough.committedRecords()).isEqualTo(4995);
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("4995");
        database.execute("TRUNCATE target");
        CollectedJournal tooFew = new CollectedJournal(4);
        assertThatThrownBy(() -> writer.write(tooFew, Numbers.SCHEMA, List.of(batch)))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("ERROR_LIMIT_EXCEEDED"));
        assertThat(tooFew.dirtyRecords()).hasSize(5);
        assertThat(database.queryForString("SELECT count(*) FROM target"))
                .isEqualTo(Long.toString(tooFew.committedRecords()));
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void valuesThatDoNotFitAreToldWithColumnAndValue(WriteMode mode) throws Exception {
        database.execute("CREATE TABLE target (\"The Id\" smallint, name text)");
        CollectedJournal journal = new CollectedJournal(10);
        RecordBatch batch = Numbers.batch(32760, 32770, id -> "n" + id);
        TestingWriter.to(database, "target").mode(mode).write(journal, Numbers.SCHEMA, List.of(batch));
        assertThat(journal.dirtyRecords())
                .hasSize(2)
                .extracting(DirtyRecord::sqlState)
                .containsOnly("22003");
        assertThat(journal.dirtyRecords().get(0).message())
                .isEqualTo("column The Id: value 32768 is out of range for smallint");
        assertThat(journal.dirtyRecords().get(1).values()).containsEntry("name", "n32769");
        assertThat(database.queryForList("SELECT name FROM target")).hasSize(8).contains("n32760", "n32767");
        assertThat(journal.committedBytes()).isEqualTo(batch.slice(0, 8).bytes());
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void textThatTheServerCannotReadIsDirty(WriteMode mode) throws Exception {
        database.execute("CREATE TABLE target (name integer, flags bit(3))");
        Schema schema = Schema.of(
                new TableName("", "source"), List.of(Column.of("a", Scalar.TEXT), Column.of("b", Scalar.TEXT)));
        RecordBatchBuilder builder = new RecordBatchBuilder(schema);
        builder.beginRecord().appendText("1").appendText("101").endRecord();
        builder.beginRecord().appendText("one").appendText("101").endRecord();
        builder.beginRecord().appendText("3").appendText("1010").endRecord();
        builder.beginRecord().appendText("99999999999").appendText("1").endRecord();
        builder.beginRecord().appendText("5").appendText("111").endRecord();
        CollectedJournal journal = new CollectedJournal(10);
        TestingWriter.to(database, "target").mode(mode).write(journal, schema, List.of(builder.build()));
        assertThat(journal.dirtyRecords()).extracting(DirtyRecord::sqlState).containsExactly("22P02", "22026", "22003");
        assertThat(database.queryForList("SELECT name FROM target ORDER BY 1")).containsExactly("1", "5");
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void aLargeValueIsToldInPart(WriteMode mode) throws Exception {
        database.execute("CREATE TABLE target (id integer, name text CHECK (name NOT LIKE 'x%'))");
        String large = "\u00fc".repeat(1 << 20);
        CollectedJournal journal = new CollectedJournal(10);
        RecordBatch batch = Numbers.batch(0, 6, id -> (id == 2 ? "x" : "") + large);
        TestingWriter.to(database, "target").mode(mode).write(journal, Numbers.SCHEMA, List.of(batch));
        assertThat(journal.dirtyRecords()).hasSize(1);
        assertThat(journal.dirtyRecords().get(0).values().get("name"))
                .hasSizeLessThan(70_000)
                .endsWith("... (truncated, 2097153 bytes in all)");
        assertThat(database.queryForList("SELECT DISTINCT md5(name) || count(*) FROM target GROUP BY name"))
                .hasSize(1)
                .first()
                .asString()
                .endsWith("5");
        assertThat(database.queryForString("SELECT DISTINCT length(name) FROM target"))
                .isEqualTo("1048576");
    }
}
