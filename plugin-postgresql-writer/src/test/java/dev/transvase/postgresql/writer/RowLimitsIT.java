package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingJob;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.contract.CollectedJournal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A row that passes a limit of the server, or that a view, a policy or a trigger does not let in, takes no other along. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowLimitsIT {

    private static final int RECORDS = 2500;
    private static final int BAD = 1717;
    private static final String DEEP = "[".repeat(200_000) + "]".repeat(200_000);

    /** Does not compress, so that it is as long in an index. */
    private static final String LONG = random(20_000);

    private TestingServers servers;

    private record Case(boolean newest, WriteMode mode) {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (WriteMode mode : List.of(WriteMode.INSERT, WriteMode.COPY)) {
            cases.add(new Case(false, mode));
            cases.add(new Case(true, mode));
        }
        return cases;
    }

    private TestingDatabase database(Case tried) {
        return tried.newest() ? servers.newest() : servers.oldest();
    }

    @BeforeAll
    void createDatabases() {
        servers = new TestingServers();
    }

    @AfterAll
    void dropDatabases() {
        servers.close();
    }

    private static String random(int length) {
        return new Random(7)
                .ints(length, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Each as long as one may be: a vector of them is too long, and quickly made. */
    private static final String WORDS =
            IntStream.range(100, 700).mapToObj(i -> i + "x".repeat(2000)).collect(Collectors.joining(" "));

    private static Schema schema(Scalar type) {
        return Schema.of(new TableName("", "source"), List.of(Column.of("id", Scalar.INT32), Column.of("name", type)));
    }

    private static RecordBatch records(Schema schema, String good, String bad) {
        RecordBatchBuilder builder = new RecordBatchBuilder(schema);
        for (int id = 0; id < RECORDS; id++) {
            builder.beginRecord()
                    .appendLong(id)
                    .appendText(id == BAD ? bad : good)
                    .endRecord();
        }
        return builder.build();
    }

    private void assertOneIsDirty(Case tried, String state, Scalar type, String good, String bad, String... tables)
            throws SQLException {
        TestingDatabase database = database(tried);
        database.execute("DROP TABLE IF EXISTS target CASCADE");
        database.execute(tables);
        Schema schema = schema(type);
        CollectedJournal journal = new CollectedJournal(10);
        TestingWriter.to(database, "target")
                .mode(tried.mode())
                .write(journal, schema, List.of(records(schema, good, bad)));
        assertThat(journal.dirtyRecords()).hasSize(1);
        DirtyRecord dirty = journal.dirtyRecords().get(0);
        assertThat(dirty.sqlState()).as(dirty.message()).isEqualTo(state);
        assertThat(dirty.values()).containsEntry("id", Integer.toString(BAD));
        assertThat(journal.committedRecords()).isEqualTo(RECORDS - 1);
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo(Integer.toString(RECORDS - 1));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anIndexEntryThatIsTooLarge(Case tried) throws SQLException {
        assertOneIsDirty(
                tried,
                "54000",
                Scalar.TEXT,
                "short",
                LONG,
                "CREATE TABLE target (id integer, name text)",
                "CREATE INDEX ON target (name)");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aTextSearchVectorThatIsTooLong(Case tried) throws SQLException {
        assertOneIsDirty(
                tried,
                "54000",
                Scalar.TEXT,
                "short",
                WORDS,
                "CREATE TABLE target (id integer, name text)",
                "CREATE INDEX ON target USING gin (to_tsvector('simple', name))");
        assertOneIsDirty(
                tried, "54000", Scalar.TEXT, "short", WORDS, "CREATE TABLE target (id integer, name tsvector)");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aValueThatIsNestedTooDeep(Case tried) throws SQLException {
        for (String type : List.of("json", "jsonb")) {
            assertOneIsDirty(
                    tried, "54001", Scalar.JSON, "[1]", DEEP, "CREATE TABLE target (id integer, name " + type + ")");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRowThatAViewDoesNotShow(Case tried) throws SQLException {
        if (tried.mode() == WriteMode.COPY) {
            return; // copies into views go through a trigger
        }
        assertOneIsDirty(
                tried,
                "44000",
                Scalar.TEXT,
                "ok",
                "hidden",
                "DROP TABLE IF EXISTS behind CASCADE",
                "CREATE TABLE behind (id integer, name text)",
                "CREATE VIEW target AS SELECT * FROM behind WHERE name <> 'hidden' WITH CHECK OPTION");
        database(tried).execute("DROP VIEW target");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRowThatAPolicyDoesNotLetIn(Case tried) throws SQLException {
        if (tried.mode() == WriteMode.COPY) {
            return; // refused as a whole
        }
        TestingDatabase database = database(tried);
        TestingLogin login = database.createLogin();
        {
            database.execute(
                    "DROP TABLE IF EXISTS target CASCADE",
                    "CREATE TABLE target (id integer, name text)",
                    "ALTER TABLE target ENABLE ROW LEVEL SECURITY",
                    "CREATE POLICY p ON target FOR INSERT WITH CHECK (name <> 'hidden')",
                    "GRANT INSERT ON target TO " + login.user());
            Schema schema = schema(Scalar.TEXT);
            CollectedJournal journal = new CollectedJournal(10);
            TestingWriter writer = TestingWriter.to(database, "target")
                    .at(TestingWriter.dataSource(
                            database, database.host(), database.port(), login.user(), login.password()));
            writer.write(journal, schema, List.of(records(schema, "ok", "hidden")));
            assertThat(journal.dirtyRecords()).extracting(DirtyRecord::sqlState).containsExactly("42501");
            assertThat(journal.committedRecords()).isEqualTo(RECORDS - 1);
        }
    }

    static List<WriteMode> modes() {
        return List.of(WriteMode.values());
    }

    /** At once, and only at the commit. */
    @ParameterizedTest
    @MethodSource("modes")
    void aRowForWhichATriggerRaisesAnError(WriteMode mode) throws SQLException {
        for (String trigger : List.of(
                "CREATE TRIGGER t BEFORE INSERT ON target FOR EACH ROW WHEN (NEW.name <> 'ok')",
                "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON target DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
                        + " WHEN (NEW.name <> 'ok')")) {
            for (String state : List.of("P0001", "P0004", "20000", "21000", "38000", "39004")) {
                assertOneIsDirty(
                        new Case(true, mode),
                        state,
                        Scalar.TEXT,
                        "ok",
                        state,
                        "CREATE TABLE target (id integer PRIMARY KEY, name text)",
                        "CREATE OR REPLACE FUNCTION raise() RETURNS trigger LANGUAGE plpgsql AS"
                                + " 'BEGIN RAISE EXCEPTION ''no such customer'' USING ERRCODE = NEW.name; END'",
                        trigger + " EXECUTE PROCEDURE raise()");
            }
        }
    }

    /** Each row is sent with all columns of the table: so many at once that their arrays stay small. */
    @ParameterizedTest
    @EnumSource(
            value = WriteMode.class,
            names = {"INSERT", "UPSERT"})
    void fewColumnsOfAWideTable(WriteMode mode) throws SQLException {
        TestingDatabase database = servers.newest();
        String columns =
                IntStream.range(0, 1590).mapToObj(i -> ", c" + i + " integer").collect(Collectors.joining());
        database.execute(
                "DROP TABLE IF EXISTS target CASCADE",
                "CREATE TABLE target (id integer PRIMARY KEY, name text" + columns + ")",
                "DROP SEQUENCE IF EXISTS statements",
                "CREATE SEQUENCE statements",
                "CREATE OR REPLACE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM nextval(''statements''); RETURN NULL; END'",
                "CREATE TRIGGER c BEFORE INSERT ON target FOR EACH STATEMENT EXECUTE PROCEDURE count_statement()");
        TestingWriter wide = TestingWriter.to(database, "target")
                .mode(mode)
                .columns("id", "name")
                .batchSize(10_000);
        CollectedJournal journal = new CollectedJournal(0);
        try (PostgresWriter writer = new PostgresWriter(
                wide.parameters(), wide.source(), TestingJob.in(Path.of(".")).withChannels(2))) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            try (ChannelWriter channel = writer.open(journal)) {
                channel.write(Numbers.batch(0, 1000, id -> "x"), TestingWriter.SPLIT, BatchEnd.commitPoint());
                channel.flush();
            }
        }
        assertThat(journal.committedRecords()).isEqualTo(1000);
        // 4 MiB hold 329 rows of 1592 columns with 8 bytes each.
        assertThat(database.queryForString("SELECT last_value FROM statements")).isEqualTo("4");
    }

    /** What fails without any record is nobody's fault among them. */
    @ParameterizedTest
    @MethodSource("cases")
    void aStatementThatFailsByItselfMakesNoRecordDirty(Case tried) throws SQLException {
        for (String state : List.of("54000", "P0001")) {
            assertNoneIsDirty(tried, state);
        }
    }

    private void assertNoneIsDirty(Case tried, String state) throws SQLException {
        TestingDatabase database = database(tried);
        database.execute(
                "DROP TABLE IF EXISTS target CASCADE",
                "CREATE TABLE target (id integer, name text)",
                "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN RAISE EXCEPTION ''limit'' USING ERRCODE = ''" + state + "''; END'",
                "CREATE TRIGGER fail BEFORE INSERT ON target FOR EACH STATEMENT EXECUTE PROCEDURE fail()");
        Schema schema = schema(Scalar.TEXT);
        CollectedJournal journal = new CollectedJournal(10_000);
        TransvaseException failure = catchThrowableOfType(
                TransvaseException.class,
                () -> TestingWriter.to(database, "target")
                        .mode(tried.mode())
                        .write(journal, schema, List.of(records(schema, "ok", "ok"))));
        assertThat(failure.type()).isEqualTo(ErrorType.EXTERNAL);
        assertThat(failure)
                .hasMessageContaining("writing public.target")
                .hasMessageContaining("(SQLSTATE " + state + ")");
        assertThat(journal.dirtyRecords()).isEmpty();
    }
}
