package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedChecks;
import dev.transvase.testing.contract.CollectedJournal;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Views, foreign tables, and tables with rules and triggers take what they can, and say so beforehand where they cannot. */
class TargetRelationsIT {

    private static final List<RecordBatch> RECORDS = List.of(Numbers.batch(1, 4, id -> "n" + id));

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

    private String error(TestingWriter writer) {
        List<String> errors = writer.check(Numbers.SCHEMA).errors();
        assertThat(errors).hasSize(1);
        return errors.get(0);
    }

    private List<String> names() throws Exception {
        return database.queryForList("SELECT name FROM base ORDER BY id");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void anUnloggedTableIsWarnedOf(int major) throws Exception {
        on(major, "CREATE UNLOGGED TABLE target (id integer, name text)");
        assertThat(writer("target", WriteMode.COPY).check(Numbers.SCHEMA).warnings())
                .singleElement()
                .asString()
                .contains("public.target is unlogged", "crashes");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void views(int major) throws Exception {
        on(
                major,
                "CREATE TABLE base (id integer PRIMARY KEY, name text)",
                "INSERT INTO base VALUES (2, 'old')",
                "CREATE VIEW target AS SELECT id, id * 2 AS twice, name FROM base");
        CollectedJournal journal = new CollectedJournal(1);
        writer("target", WriteMode.INSERT).write(journal, Numbers.SCHEMA, RECORDS);
        assertThat(journal.dirtyRecords()).extracting(DirtyRecord::sqlState).containsExactly("23505");
        assertThat(names()).containsExactly("n1", "old", "n3");
        assertThat(error(writer("target", WriteMode.INSERT).columns("id", "twice")))
                .startsWith("column[1] GENERATED_COLUMN");

        assertThat(error(writer("target", WriteMode.UPSERT)))
                .contains("CONFLICT_KEY_REQUIRED", "the keys of a view are those of its base table");
        TestingWriter upsert = TestingWriter.to(database, "target");
        assertThat(error(upsert.upsert("name"))).startsWith("conflictKey NO_UNIQUE_KEY");
        upsert.upsert("id").write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS);
        assertThat(names()).containsExactly("n1", "n2", "n3");

        assertThat(error(writer("target", WriteMode.COPY)))
                .contains("COPY FROM takes views only with an INSTEAD OF INSERT trigger", "set writeMode to insert");
        database.execute(
                "TRUNCATE base",
                "CREATE FUNCTION store() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO base VALUES (NEW.id, NEW.name); RETURN NEW; END'",
                "CREATE TRIGGER store INSTEAD OF INSERT ON target FOR EACH ROW EXECUTE PROCEDURE store()");
        writer("target", WriteMode.COPY).columns("id", "name").write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS);
        assertThat(names()).containsExactly("n1", "n2", "n3");
        assertThat(error(upsert.upsert("id").columns("id", "name"))).contains("the server would not write");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void partitionsAndDroppedColumns(int major) throws Exception {
        on(
                major,
                "CREATE TABLE base (gone text, name text, id integer) PARTITION BY RANGE (id)",
                "ALTER TABLE base DROP gone",
                "CREATE TABLE part (id integer, lost text, name text)",
                "ALTER TABLE part DROP lost",
                "ALTER TABLE base ATTACH PARTITION part FOR VALUES FROM (1) TO (3)",
                "CREATE TABLE target (gone text, name text, id integer PRIMARY KEY, CHECK (id < 3))",
                "ALTER TABLE target DROP gone");
        for (WriteMode mode : WriteMode.values()) {
            for (String table : List.of("base", "target")) {
                if (mode == WriteMode.UPSERT && table.equals("base")) {
                    continue; // in UpsertIT
                }
                database.execute("TRUNCATE " + table);
                CollectedJournal journal = new CollectedJournal(1);
                writer(table, mode).columns("id", "name").write(journal, Numbers.SCHEMA, RECORDS);
                assertThat(journal.committedRecords()).isEqualTo(2);
                assertThat(journal.dirtyRecords())
                        .extracting(DirtyRecord::sqlState)
                        .containsExactly("23514");
                assertThat(database.queryForList("SELECT name FROM " + table + " ORDER BY id"))
                        .containsExactly("n1", "n2");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void foreignTables(int major) throws Exception {
        on(
                major,
                "CREATE TABLE base (id integer PRIMARY KEY, name text)",
                "INSERT INTO base VALUES (2, 'old')",
                "CREATE EXTENSION postgres_fdw");
        String port = database.queryForString("SELECT coalesce(inet_server_port(), 5432)");
        String host = database.queryForString("SELECT host(inet_server_addr())");
        database.execute(
                "CREATE SERVER self FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '" + host + "', port '" + port
                        + "', dbname '" + database.name() + "')",
                "CREATE USER MAPPING FOR CURRENT_USER SERVER self OPTIONS (user '" + database.user() + "', password '"
                        + database.password() + "')",
                "CREATE FOREIGN TABLE target (id integer, name text) SERVER self OPTIONS (table_name 'base')",
                "CREATE FOREIGN TABLE closed (id integer, name text) SERVER self"
                        + " OPTIONS (table_name 'base', updatable 'false')");
        assertThat(error(writer("closed", WriteMode.INSERT)))
                .contains("the foreign table public.closed, which accepts no rows");
        assertThat(error(TestingWriter.to(database, "target").upsert("id")))
                .contains("UPSERT_NOT_POSSIBLE", "no unique key of the foreign table public.target");
        for (WriteMode mode : List.of(WriteMode.INSERT, WriteMode.COPY)) {
            if (mode == WriteMode.COPY && major < 11) {
                assertThat(error(writer("target", mode))).contains("has no COPY FROM into those");
                continue;
            }
            database.execute("DELETE FROM base WHERE id <> 2");
            CollectedJournal journal = new CollectedJournal(1);
            writer("target", mode).write(journal, Numbers.SCHEMA, RECORDS);
            assertThat(journal.committedRecords()).isEqualTo(2);
            assertThat(journal.dirtyRecords()).extracting(DirtyRecord::sqlState).containsExactly("23505");
            assertThat(names()).containsExactly("n1", "old", "n3");
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void rulesAndTriggers(int major) throws Exception {
        on(
                major,
                "CREATE TABLE base (id integer PRIMARY KEY, name text)",
                "CREATE FUNCTION upper() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN NEW.name := upper(NEW.name); RETURN CASE WHEN NEW.id = 3 THEN NULL ELSE NEW END; END'",
                "CREATE TRIGGER upper BEFORE INSERT ON base FOR EACH ROW EXECUTE PROCEDURE upper()");
        for (WriteMode mode : WriteMode.values()) {
            database.execute("TRUNCATE base");
            CollectedJournal journal = new CollectedJournal(0);
            writer("base", mode).allowingSkipped().write(journal, Numbers.SCHEMA, RECORDS);
            assertThat(names()).containsExactly("N1", "N2");
            assertThat(journal.committedRecords()).isEqualTo(2);
            assertThat(journal.skippedRecords()).isEqualTo(1);
        }
        database.execute(
                "CREATE TABLE log (id integer)",
                "CREATE RULE also AS ON INSERT TO base DO ALSO INSERT INTO log VALUES (NEW.id)",
                "TRUNCATE base");
        writer("base", WriteMode.INSERT).allowingSkipped().write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS);
        assertThat(database.queryForList("SELECT id FROM log ORDER BY id")).containsExactly("1", "2", "3");
        CollectedChecks copy = writer("base", WriteMode.COPY).check(Numbers.SCHEMA);
        assertThat(copy.errors()).isEmpty();
        assertThat(copy.warnings())
                .satisfiesExactly(
                        w -> assertThat(w)
                                .contains("triggers of public.base will run", "upper (BEFORE INSERT, each row"),
                        w -> assertThat(w).contains("ignores rules such as also (ALSO) of public.base"));
        assertThat(writer("base", WriteMode.INSERT).check(Numbers.SCHEMA).warnings())
                .anySatisfy(w -> assertThat(w).contains("rules of public.base will run", "also (ALSO)"));
        assertThat(error(writer("base", WriteMode.UPSERT)))
                .startsWith("table UPSERT_NOT_POSSIBLE")
                .contains("cannot be used with table that has INSERT or UPDATE rules");
    }
}
