package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.session.RecentTables;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import dev.transvase.testing.RoundTrips;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedChecks;
import dev.transvase.testing.contract.CollectedJournal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One writer for the tables of a whole database. */
class ManyTablesIT {

    private static final int TABLES = 200;

    private static TestingDatabase database;

    @BeforeAll
    static void create() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        List<String> statements = new ArrayList<>(List.of("CREATE SCHEMA many", "CREATE SCHEMA archive"));
        for (int i = 0; i < TABLES; i++) {
            statements.add("CREATE TABLE many.t" + i + " (id bigint, name text)");
        }
        database.execute(statements.toArray(String[]::new));
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    private static Schema schema(String namespace, String name) {
        return Schema.of(
                new TableName(namespace, name),
                List.of(
                        Column.of("id", Scalar.INT64).withNullable(false).withDeclaredType("bigint"),
                        Column.of("name", Scalar.TEXT).withDeclaredType("character varying(20)")));
    }

    private static Schema[] schemas(int tables) {
        return IntStream.range(0, tables).mapToObj(i -> schema("many", "t" + i)).toArray(Schema[]::new);
    }

    private static RecordBatch batch(Schema schema, String name) {
        RecordBatchBuilder builder = new RecordBatchBuilder(schema);
        builder.beginRecord().appendLong(1).appendText(name).endRecord();
        return builder.build();
    }

    private static void write(TestingWriter testing, CollectedJournal journal, int rounds, Schema... offered) {
        try (PostgresWriter writer = testing.open()) {
            CollectedChecks checks = new CollectedChecks();
            List<WriteTarget> targets = writer.plan(List.of(offered), checks);
            assertThat(checks.errors()).isEmpty();
            writer.begin();
            try (ChannelWriter channel = writer.open(journal)) {
                for (int round = 0; round < rounds; round++) {
                    for (int i = 0; i < offered.length; i++) {
                        Split split = Split.of("split-" + i, i, new byte[0], "");
                        channel.write(batch(targets.get(i).accepted(), "x"), split, BatchEnd.commitPoint());
                    }
                }
                channel.flush();
            }
            writer.complete();
        }
    }

    @Test
    void planningTakesFewRoundTripsHoweverManyTables() throws Exception {
        try (RoundTrips wire = RoundTrips.to(database.host(), database.port())) {
            TestingWriter writer =
                    TestingWriter.to(database, "").at(TestingWriter.dataSource(database, wire.host(), wire.port()));
            assertThat(writer.check(schemas(TABLES)).errors()).isEmpty();
            assertThat(wire.count()).isLessThan(34);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WriteMode.class,
            names = {"INSERT", "COPY"})
    void eachTableGetsItsRecordsAlsoWhenItComesUpAgain(WriteMode mode) throws SQLException {
        CollectedJournal journal = new CollectedJournal(0);
        write(
                TestingWriter.to(database, "")
                        .mode(mode)
                        .preSql("TRUNCATE @table")
                        .postSql("ANALYZE @table"),
                journal,
                3,
                schemas(3 * RecentTables.MOST));
        assertThat(journal.committedRecords()).isEqualTo(3L * 3 * RecentTables.MOST);
        for (int i = 0; i < 3 * RecentTables.MOST; i += 11) {
            assertThat(database.queryForString("SELECT count(*) FROM many.t" + i))
                    .isEqualTo("3");
        }
    }

    @Test
    void aMappingLeadsToOtherTables() throws SQLException {
        database.execute(
                "CREATE TABLE archive.t0 (id bigint, name text)", "CREATE TABLE archive.other (id bigint, name text)");
        TestingWriter writer =
                TestingWriter.to(database, "").mapping(Map.of("many.*", "archive.*", "many.t1", "archive.other"));
        try (PostgresWriter open = writer.open()) {
            assertThat(open.plan(List.of(schemas(2)), new CollectedChecks()))
                    .extracting(WriteTarget::target)
                    .containsExactly("archive.t0", "archive.other");
        }
    }

    @Test
    void everyMissingTableIsToldAtOnceWithWhatItCouldBe() {
        TestingWriter writer = TestingWriter.to(database, "").mapping(Map.of("many.*", "nowhere.*_new"));
        assertThat(writer.check(schemas(3)).errors())
                .hasSize(3)
                .first()
                .asString()
                .startsWith("table TABLE_NOT_FOUND: there is no table nowhere.t0_new")
                .endsWith(
                        "CREATE TABLE IF NOT EXISTS \"nowhere\".\"t0_new\" (\"id\" bigint NOT NULL, \"name\" character"
                                + " varying(20))");
    }

    @Test
    void theTableThatFailsIsNamedAlone() throws SQLException {
        database.execute(
                "CREATE TABLE archive.good (id bigint, name text)",
                "CREATE TABLE archive.bad (id bigint, name text)",
                "CREATE TABLE archive.late (id bigint, name text)",
                "CREATE FUNCTION archive.refuse() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'out of order' USING ERRCODE = '55000'; END $$",
                "CREATE TRIGGER refuse BEFORE INSERT ON archive.bad FOR EACH ROW EXECUTE PROCEDURE archive.refuse()");
        for (WriteMode mode : List.of(WriteMode.INSERT, WriteMode.COPY)) {
            TestingWriter writer = TestingWriter.to(database, "").mode(mode).mapping(Map.of("many.*", "archive.*"));
            Schema[] offered = {schema("many", "good"), schema("many", "bad"), schema("many", "late")};
            assertThatThrownBy(() -> write(writer, new CollectedJournal(0), 1, offered))
                    .isInstanceOf(TransvaseException.class)
                    .hasMessageStartingWith("writing archive.bad (from many.bad): out of order");
        }
    }

    @Test
    void foreignKeysInACircleAreWarnedOf() throws SQLException {
        database.execute(
                "CREATE SCHEMA k",
                "CREATE TABLE k.hen (id bigint PRIMARY KEY, name text)",
                "CREATE TABLE k.egg (id bigint PRIMARY KEY REFERENCES k.hen, name text)",
                "CREATE TABLE k.nest (id bigint PRIMARY KEY REFERENCES k.egg, name text)");
        TestingWriter writer = TestingWriter.to(database, "");
        Schema[] offered = {schema("k", "nest"), schema("k", "hen"), schema("k", "egg")};
        assertThat(writer.check(offered).warnings()).isEmpty();
        database.execute("ALTER TABLE k.hen ADD FOREIGN KEY (id) REFERENCES k.egg");
        assertThat(writer.check(offered).warnings())
                .singleElement()
                .asString()
                .contains(
                        "in a cycle of foreign keys: k.egg to k.hen (egg_id_fkey), k.hen to k.egg (hen_id_fkey); a record",
                        "ALTER TABLE \"k\".\"hen\" ADD CONSTRAINT hen_id_fkey FOREIGN KEY (id) REFERENCES k.egg(id)",
                        "session_replication_role");
        assertThat(writer.session("SET session_replication_role = replica")
                        .check(offered)
                        .warnings())
                .isEmpty();
    }
}
