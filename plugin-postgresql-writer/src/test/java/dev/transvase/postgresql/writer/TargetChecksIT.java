package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedChecks;
import dev.transvase.testing.contract.CollectedJournal;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the server would do with rows, or refuse, is told before anything is changed. */
class TargetChecksIT {

    private static final int FIRST_WITH_KEYS_OF_PARTITIONED_TABLES = 11;

    private TestingDatabase database;

    static List<Integer> oldestAndNewest() {
        return List.of(
                TestingPostgres.oldest().major(), TestingPostgres.newest().major());
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private void on(int major, String... sql) throws Exception {
        database = TestingPostgres.major(major).createDatabase();
        database.execute(sql);
    }

    private TestingWriter writer(String table, WriteMode mode) {
        return TestingWriter.to(database, table).mode(mode);
    }

    private TestingWriter as(TestingLogin login, TestingWriter writer) {
        return writer.at(
                TestingWriter.dataSource(database, database.host(), database.port(), login.user(), login.password()));
    }

    private static String error(TestingWriter writer) {
        List<String> errors = writer.check(Numbers.SCHEMA).errors();
        assertThat(errors).hasSize(1);
        return errors.get(0);
    }

    private static String warning(TestingWriter writer) {
        CollectedChecks checks = writer.check(Numbers.SCHEMA);
        assertThat(checks.errors()).isEmpty();
        assertThat(checks.warnings()).hasSize(1);
        return checks.warnings().get(0);
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void policies(int major) throws Exception {
        on(
                major,
                "CREATE TABLE target (id integer PRIMARY KEY, name text)",
                "ALTER TABLE target ENABLE ROW LEVEL SECURITY",
                "CREATE VIEW seen AS SELECT * FROM target");
        TestingLogin login = database.createLogin();
        database.execute("GRANT ALL ON target, seen TO " + login.user());
        for (WriteMode mode : WriteMode.values()) {
            assertThat(writer("target", mode).check(Numbers.SCHEMA).warnings()).isEmpty();
        }
        assertThat(error(as(login, writer("target", WriteMode.INSERT))))
                .startsWith("table ROW_SECURITY: row-level security of public.target applies to user")
                .contains("no policy allows this user to insert")
                .endsWith("ALTER ROLE " + login.user() + " BYPASSRLS");
        database.execute("CREATE POLICY low ON target FOR INSERT TO " + login.user() + " WITH CHECK (id < 2)");
        assertThat(warning(as(login, writer("target", WriteMode.INSERT))))
                .contains("rejects each row (42501) that no policy allows; the policies for this user: low");
        assertThat(error(as(login, writer("target", WriteMode.COPY))))
                .contains("takes no COPY FROM into such a table", "or set writeMode to insert");
        assertThat(error(as(login, writer("target", WriteMode.UPSERT))))
                .contains("no policy allows this user to select");
        database.execute("CREATE POLICY see ON target FOR SELECT USING (true)");
        assertThat(warning(as(login, writer("target", WriteMode.UPSERT))))
                .contains("none allows updates, so a row with an existing key is rejected");
        assertThat(error(as(login, writer("target", WriteMode.INSERT).session("SET row_security = off"))))
                .contains("with row_security off, the server rejects");
        // The view's owner reads and writes what is behind it, and that one is a superuser.
        assertThat(as(login, writer("seen", WriteMode.INSERT))
                        .check(Numbers.SCHEMA)
                        .warnings())
                .isEmpty();
        database.execute("ALTER VIEW seen OWNER TO " + login.user());
        assertThat(warning(writer("seen", WriteMode.INSERT)))
                .contains("row-level security of public.target, the base table of the view, applies to user "
                        + login.user());
        database.execute("ALTER TABLE target OWNER TO " + login.user());
        assertThat(as(login, writer("target", WriteMode.COPY))
                        .check(Numbers.SCHEMA)
                        .errors())
                .isEmpty();
        database.execute("ALTER TABLE target FORCE ROW LEVEL SECURITY");
        assertThat(error(as(login, writer("target", WriteMode.COPY))))
                .contains("although it owns the table, because of FORCE ROW LEVEL SECURITY")
                .contains("ALTER TABLE \"public\".\"target\" NO FORCE ROW LEVEL SECURITY");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void triggersThatWillRun(int major) throws Exception {
        on(
                major,
                "CREATE TABLE other (id integer PRIMARY KEY)",
                "CREATE TABLE target (id integer PRIMARY KEY REFERENCES other, name text)",
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                "CREATE TRIGGER t1 BEFORE INSERT ON target FOR EACH ROW EXECUTE PROCEDURE f()",
                "CREATE TRIGGER t2 AFTER UPDATE ON target FOR EACH STATEMENT EXECUTE PROCEDURE f()",
                "CREATE TRIGGER t3 AFTER DELETE OR TRUNCATE ON target EXECUTE PROCEDURE f()",
                "CREATE TRIGGER t4 BEFORE INSERT ON target FOR EACH ROW EXECUTE PROCEDURE f()",
                "ALTER TABLE target DISABLE TRIGGER t4",
                "CREATE TRIGGER t5 BEFORE INSERT OR UPDATE ON target FOR EACH ROW EXECUTE PROCEDURE f()",
                "ALTER TABLE target ENABLE REPLICA TRIGGER t5");
        assertThat(warning(writer("target", WriteMode.COPY)))
                .contains("skip rows: t1 (BEFORE INSERT, each row, public.f()); to switch the triggers off, set"
                        + " \"session\": [\"SET session_replication_role = replica\"]");
        assertThat(warning(writer("target", WriteMode.UPSERT)))
                .contains("t1 (BEFORE INSERT, each row, public.f()), t2 (AFTER UPDATE, each statement, public.f());");
        assertThat(warning(writer("target", WriteMode.INSERT).session("SET session_replication_role = replica")))
                .contains(
                        "t5 (BEFORE INSERT, each row, public.f()); to switch the triggers off, disable them in preSql");
        database.execute("ALTER TABLE target ENABLE ALWAYS TRIGGER t1");
        assertThat(warning(writer("target", WriteMode.INSERT))).contains("off, disable them in preSql");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void triggersOfPartitions(int major) throws Exception {
        on(
                major,
                "CREATE TABLE target (id integer, name text) PARTITION BY RANGE (id)",
                "CREATE TABLE part PARTITION OF target FOR VALUES FROM (0) TO (9)",
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                "CREATE TRIGGER own AFTER INSERT ON part FOR EACH ROW EXECUTE PROCEDURE f()",
                "CREATE TRIGGER quiet AFTER INSERT ON part FOR EACH STATEMENT EXECUTE PROCEDURE f()",
                "CREATE RULE nowhere AS ON INSERT TO part DO INSTEAD NOTHING");
        if (major >= FIRST_WITH_KEYS_OF_PARTITIONED_TABLES) {
            database.execute("CREATE TRIGGER whole AFTER INSERT ON target FOR EACH ROW EXECUTE PROCEDURE f()");
        }
        assertThat(warning(writer("target", WriteMode.INSERT)))
                .contains(
                        major < FIRST_WITH_KEYS_OF_PARTITIONED_TABLES
                                ? "skip rows: own on part (AFTER INSERT, each row, public.f());"
                                : "skip rows: whole (AFTER INSERT, each row, public.f()), own on part (AFTER INSERT, each row,"
                                        + " public.f());");
        assertThat(writer("part", WriteMode.INSERT).check(Numbers.SCHEMA).warnings())
                .hasSize(2)
                .anySatisfy(w -> assertThat(w).contains("rules of public.part will run", "nowhere (INSTEAD)"));
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void triggersAndRulesBehindAView(int major) throws Exception {
        on(
                major,
                "CREATE TABLE base (id integer, name text)",
                "CREATE VIEW inner_view AS SELECT * FROM base",
                "CREATE VIEW target AS SELECT * FROM inner_view",
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                "CREATE TRIGGER own BEFORE INSERT ON base FOR EACH ROW EXECUTE PROCEDURE f()",
                "CREATE TRIGGER all_rows AFTER INSERT ON base FOR EACH STATEMENT EXECUTE PROCEDURE f()");
        assertThat(warning(writer("target", WriteMode.INSERT)))
                .contains(
                        "skip rows: own on base (BEFORE INSERT, each row, public.f()), all_rows on base (AFTER INSERT, each"
                                + " statement, public.f());");
        database.execute(
                "DROP TRIGGER own ON base",
                "DROP TRIGGER all_rows ON base",
                "CREATE RULE nowhere AS ON INSERT TO base DO INSTEAD NOTHING");
        assertThat(warning(writer("target", WriteMode.INSERT))).contains("rules of", "nowhere on base (INSTEAD)");
        database.execute("CREATE TRIGGER instead INSTEAD OF INSERT ON inner_view FOR EACH ROW EXECUTE PROCEDURE f()");
        assertThat(warning(writer("target", WriteMode.INSERT)))
                .contains("instead on inner_view (INSTEAD OF INSERT, each row, public.f());")
                .doesNotContain("nowhere");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void functionsThatOnlyARowCalls(int major) throws Exception {
        on(
                major,
                "CREATE FUNCTION fits(integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'",
                "CREATE FUNCTION folded(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
                "CREATE FUNCTION same(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'",
                "CREATE OPERATOR === (PROCEDURE = same, LEFTARG = text, RIGHTARG = text)",
                "CREATE FUNCTION known(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'",
                "CREATE DOMAIN label AS text CHECK (known(VALUE))",
                "CREATE TABLE target (id integer CHECK (fits(id)), name label CHECK (name::text === 'x'))"
                        + " PARTITION BY RANGE (id)",
                "CREATE TABLE part PARTITION OF target FOR VALUES FROM (0) TO (99)",
                "CREATE INDEX folded ON part (folded(name))");
        TestingLogin login = database.createLogin();
        database.execute("GRANT INSERT ON target TO " + login.user());
        TestingWriter copy = as(login, writer("target", WriteMode.COPY));
        assertThat(copy.check(Numbers.SCHEMA).errors()).isEmpty();
        database.execute("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC");
        CollectedChecks checks = copy.check(Numbers.SCHEMA);
        assertThat(checks.errors())
                .hasSize(3)
                .allSatisfy(e -> assertThat(e).contains("MISSING_PRIVILEGE", "may not run function"))
                .anySatisfy(e -> assertThat(e).contains("fits(integer), which check constraint target_id_check"))
                .anySatisfy(e -> assertThat(e).contains("same(text,text)", "check constraint target_name_check"))
                .anySatisfy(e -> assertThat(e).contains("known(text), which domain constraint label_check"));
        assertThat(checks.warnings())
                .singleElement()
                .asString()
                .contains("folded(text), which index folded", "rows that go there will be rejected");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aForeignTableWithoutAUserMapping(int major) throws Exception {
        on(
                major,
                "CREATE EXTENSION postgres_fdw",
                "CREATE SERVER away FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid')",
                "CREATE FOREIGN TABLE target (id integer, name text) SERVER away");
        assertThat(error(writer("target", WriteMode.INSERT)))
                .contains("MISSING_PRIVILEGE", "public.target is on server away", "CREATE USER MAPPING FOR");
        database.execute("CREATE USER MAPPING FOR PUBLIC SERVER away");
        assertThat(writer("target", WriteMode.INSERT).check(Numbers.SCHEMA).errors())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void whatADefaultNeeds(int major) throws Exception {
        on(
                major,
                "CREATE SCHEMA app",
                "CREATE SEQUENCE app.numbers",
                "CREATE FUNCTION app.secret() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
                "REVOKE EXECUTE ON FUNCTION app.secret() FROM public",
                "CREATE DOMAIN app.numbered AS bigint DEFAULT nextval('app.numbers')",
                "CREATE TABLE target (id integer, name text, n serial, d app.numbered,"
                        + " i integer GENERATED ALWAYS AS IDENTITY)",
                "CREATE TABLE secret (id integer, name text, s integer DEFAULT app.secret())");
        TestingLogin login = database.createLogin();
        database.execute("GRANT INSERT ON target, secret TO " + login.user());
        for (WriteMode mode : List.of(WriteMode.INSERT, WriteMode.COPY)) {
            TestingWriter writer = as(login, writer("target", mode)).columns("id", "name");
            assertThat(writer.check(Numbers.SCHEMA).errors())
                    .satisfiesExactly(
                            e -> assertThat(e)
                                    .contains("the default of column n of public.target")
                                    .endsWith(
                                            "GRANT USAGE ON SEQUENCE public.target_n_seq TO \"" + login.user() + "\""),
                            e -> assertThat(e)
                                    .endsWith("GRANT USAGE ON SEQUENCE app.numbers TO \"" + login.user() + "\""));
            TestingWriter other = as(login, writer("secret", mode)).columns("id", "name");
            assertThat(error(other))
                    .startsWith("table MISSING_PRIVILEGE")
                    .contains("permission denied for function secret");
        }
        database.execute(
                "GRANT UPDATE ON SEQUENCE target_n_seq TO " + login.user(),
                "GRANT USAGE ON SEQUENCE app.numbers TO " + login.user());
        as(login, writer("target", WriteMode.INSERT))
                .columns("id", "name")
                .write(new CollectedJournal(0), Numbers.SCHEMA, List.of(Numbers.batch(0, 2, id -> "x")));
        assertThat(database.queryForList("SELECT n FROM target ORDER BY n")).containsExactly("1", "2");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTableThatIsThereIsNotToBeCreated(int major) throws Exception {
        on(
                major,
                "CREATE SCHEMA app",
                "CREATE TABLE app.orders (id integer, name text)",
                "CREATE SEQUENCE app.numbers",
                "CREATE SCHEMA \"Other\"",
                "CREATE TABLE \"Other\".items (id integer, name text)");
        TestingLogin login = database.createLogin();
        database.execute("GRANT USAGE ON SCHEMA \"Other\" TO " + login.user());
        TestingWriter orders = as(login, writer("orders", WriteMode.INSERT)).session("SET search_path = app");
        assertThat(error(orders))
                .startsWith(
                        "table MISSING_PRIVILEGE: there is app.orders, but user \"" + login.user() + "\" may not use")
                .endsWith("GRANT USAGE ON SCHEMA \"app\" TO \"" + login.user() + "\"");
        assertThat(error(as(login, writer("items", WriteMode.INSERT))))
                .startsWith(
                        "table TABLE_NOT_FOUND: there is no table items on the search path; there is \"Other\".items")
                .doesNotContain("CREATE TABLE")
                .endsWith("\"table\": \"\\\"Other\\\".items\"");
        assertThat(error(writer("app.numbers", WriteMode.INSERT)))
                .startsWith("table NOT_A_TABLE: expected a table, found the sequence app.numbers");
        assertThat(error(writer("nowhere.orders", WriteMode.INSERT)))
                .contains(
                        "and no schema nowhere", "CREATE SCHEMA IF NOT EXISTS \"nowhere\"; CREATE TABLE IF NOT EXISTS");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void foreignKeysThatNoOrderSettles(int major) throws Exception {
        on(
                major,
                "CREATE TABLE target (id integer PRIMARY KEY, name text UNIQUE REFERENCES target (name))",
                "ALTER TABLE target ADD CONSTRAINT late CHECK (id > 0) NOT VALID");
        assertThat(writer("target", WriteMode.INSERT).check(Numbers.SCHEMA).warnings())
                .satisfiesExactly(
                        w -> assertThat(w).contains("constraints are NOT VALID: late of public.target"),
                        w -> assertThat(w)
                                .contains(
                                        "foreign keys refer to the same table: public.target" + " (target_name_fkey)",
                                        "ALTER TABLE \"public\".\"target\" DROP CONSTRAINT target_name_fkey",
                                        "ADD CONSTRAINT target_name_fkey FOREIGN KEY (name) REFERENCES target(name)"));
        assertThat(writer("target", WriteMode.INSERT)
                        .session("SET session_replication_role = replica")
                        .check(Numbers.SCHEMA)
                        .warnings())
                .hasSize(1);
    }

    /** What planning locks is let go again: a table's, its indexes', and those of all the others. */
    @Test
    void aCheckKeepsNoLocksAndWaitsForNone() throws Exception {
        on(TestingPostgres.newest().major(), "CREATE TABLE target (id integer PRIMARY KEY, name text)");
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE target IN SHARE MODE");
            assertThat(warning(writer("target", WriteMode.INSERT).session("SET client_min_messages = error")))
                    .contains("public.target is locked by another session");
        }
    }

    private static Schema wide(int columns) {
        return Schema.of(
                new TableName("public", "wide"),
                IntStream.range(0, columns)
                        .mapToObj(i -> i == 0
                                ? Column.of("c0", Scalar.INT32)
                                        .withNullable(false)
                                        .withDeclaredType("integer")
                                : Column.of("c" + i, Scalar.TEXT))
                        .toList());
    }

    /** 1,600 columns and one array for each that is read as text are more than the server takes behind FROM. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void theWidestTable(int major) throws Exception {
        int columns = 1_600;
        String declared = IntStream.range(1, columns)
                .mapToObj(i -> "c" + i + (i <= 65 ? " inet" : " text"))
                .collect(Collectors.joining(", "));
        on(major, "CREATE TABLE wide (c0 integer PRIMARY KEY, " + declared + ")");
        Schema offered = wide(columns);
        for (WriteMode mode : WriteMode.values()) {
            database.execute("TRUNCATE wide");
            TestingWriter writer = writer("wide", mode);
            assertThat(writer.check(offered).errors()).isEmpty();
            writer.write(new CollectedJournal(0), offered, List.of(wideBatch(offered)));
            assertThat(database.query("SELECT c0, c1, c65, c66, c1599 FROM wide ORDER BY c0"))
                    .containsExactly(
                            List.of("0", "10.0.0.1", "10.0.0.1", "x", "x"),
                            List.of("1", "10.0.0.1", "10.0.0.1", "x", "x"));
        }
    }

    private static RecordBatch wideBatch(Schema schema) {
        RecordBatchBuilder builder = new RecordBatchBuilder(schema);
        for (int row = 0; row < 2; row++) {
            builder.beginRecord().appendLong(row);
            for (int i = 1; i < schema.width(); i++) {
                builder.appendText(i <= 65 ? "10.0.0.1" : "x");
            }
            builder.endRecord();
        }
        return builder.build();
    }

    /** With nothing left to update, a row that is there stays as it is. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void onlyKeysAreUpserted(int major) throws Exception {
        on(
                major,
                "CREATE TABLE target (id integer, name text, PRIMARY KEY (id, name))",
                "INSERT INTO target VALUES (1, 'x')",
                "CREATE TABLE more (id integer, name text, kept text DEFAULT 'kept', PRIMARY KEY (id, name))",
                "INSERT INTO more VALUES (1, 'x', 'old')");
        RecordBatch batch = Numbers.batch(0, 3, id -> "x");
        CollectedJournal journal = new CollectedJournal(0);
        writer("target", WriteMode.UPSERT).write(journal, Numbers.SCHEMA, List.of(batch, batch));
        assertThat(database.queryForList("SELECT id FROM target ORDER BY id")).containsExactly("0", "1", "2");
        writer("more", WriteMode.UPSERT)
                .columns("id", "name")
                .write(new CollectedJournal(0), Numbers.SCHEMA, List.of(batch));
        assertThat(database.queryForList("SELECT kept FROM more ORDER BY id")).containsExactly("kept", "old", "kept");
    }
}
