package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What keeps an upsert from running is told before anything is moved, with what there is to choose from. */
class UpsertChecksIT {

    private TestingDatabase database;

    @BeforeEach
    void createDatabase() {
        database = TestingPostgres.newest().createDatabase();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private static List<String> errors(TestingWriter writer) {
        return writer.check(Numbers.SCHEMA).errors();
    }

    private static String error(TestingWriter writer) {
        List<String> errors = errors(writer);
        assertThat(errors).hasSize(1);
        return errors.get(0);
    }

    private TestingWriter upsert(String... key) {
        return TestingWriter.to(database, "target").upsert(key);
    }

    @Test
    void aTableWithoutAPrimaryKeyNeedsAChoice() throws SQLException {
        database.execute("CREATE TABLE target (id integer, name text)");
        assertThat(error(upsert()))
                .startsWith("table CONFLICT_KEY_REQUIRED: public.target has no primary key")
                .contains("it has no unique key", "ALTER TABLE \"public\".\"target\" ADD PRIMARY KEY (...)");
        database.execute("CREATE UNIQUE INDEX by_name ON target (name)");
        assertThat(error(upsert())).contains("its unique keys: by_name (\"name\")", "set conflictKey");
        database.execute("ALTER TABLE target ADD PRIMARY KEY (id) DEFERRABLE");
        assertThat(error(upsert())).contains("no primary key that can be used: it is deferrable");
        assertThat(upsert("name").check(Numbers.SCHEMA).errors()).isEmpty();
    }

    @Test
    void keysThatCannotBeGoneByAreNamedWithTheReason() throws SQLException {
        database.execute(
                "CREATE TABLE target (id integer, name text)",
                "CREATE UNIQUE INDEX expressed ON target (lower(name))",
                "CREATE UNIQUE INDEX partly ON target (name) WHERE id > 0",
                "ALTER TABLE target ADD CONSTRAINT late UNIQUE (id) DEFERRABLE",
                "ALTER TABLE target ADD CONSTRAINT two UNIQUE (id, name)");
        assertThat(error(upsert("name")))
                .startsWith("conflictKey NO_UNIQUE_KEY: no unique key of public.target is on (\"name\")")
                .contains(
                        "expressed (), which cannot be used: it has an expression",
                        "partly (\"name\"), which cannot be used: it is partial",
                        "two (\"id\", \"name\")")
                .endsWith("CREATE UNIQUE INDEX ON \"public\".\"target\" (\"name\")");
        assertThat(error(upsert("id")))
                .contains("late (\"id\"), which cannot be used: it is deferrable")
                .endsWith("ALTER TABLE \"public\".\"target\" DROP CONSTRAINT \"late\";"
                        + " CREATE UNIQUE INDEX ON \"public\".\"target\" (\"id\")");
        assertThat(upsert("NAME", "\"id\"").check(Numbers.SCHEMA).errors()).isEmpty();
        // The server would go by a deferrable one as well, and then refuse.
        database.execute("CREATE UNIQUE INDEX ON target (id)");
        assertThat(error(upsert("id"))).contains("NO_UNIQUE_KEY");
    }

    @Test
    void anEqualityOfItsOwnOrRangesThatDoNotOverlapAreNoKeys() throws SQLException {
        database.execute(
                "CREATE TYPE pair AS (a numeric, b text)",
                "CREATE TABLE target (id pair, name text)",
                "CREATE UNIQUE INDEX image ON target (id record_image_ops)");
        assertThat(errors(upsert("id")))
                .anySatisfy(
                        e -> assertThat(e).contains("image (\"id\"), which cannot be used: it has an operator class"));
        database.execute(
                "DROP TABLE target",
                "CREATE EXTENSION btree_gist",
                "CREATE TABLE target (id int4range, name text, PRIMARY KEY (name, id WITHOUT OVERLAPS))");
        assertThat(errors(upsert())).anySatisfy(e -> assertThat(e).contains("it is WITHOUT OVERLAPS"));
    }

    @Test
    void theKeyMustBeThereAndBeWritten() throws SQLException {
        database.execute("CREATE TABLE target (id integer, name text, k serial PRIMARY KEY, UNIQUE (id))");
        TestingWriter two = upsert().columns("id", "name");
        assertThat(error(two))
                .startsWith("column CONFLICT_KEY_NOT_WRITTEN: column k of the primary key of public.target")
                .contains("target_id_key (\"id\")");
        assertThat(upsert("id", "nome", "k")
                        .columns("id", "name")
                        .check(Numbers.SCHEMA)
                        .errors())
                .satisfiesExactly(
                        e -> assertThat(e)
                                .startsWith(
                                        "conflictKey[1] COLUMN_NOT_FOUND: public.target has no column nome; it has id, name, k"),
                        e -> assertThat(e).startsWith("conflictKey[2] CONFLICT_KEY_NOT_WRITTEN"));
        assertThat(upsert("id").columns("id", "name").check(Numbers.SCHEMA).errors())
                .isEmpty();
    }

    @Test
    void privilegesToUpdateAndToReadAreNeeded() throws SQLException {
        database.execute("CREATE TABLE target (id integer PRIMARY KEY, name text)");
        TestingLogin login = database.createLogin();
        database.execute("GRANT INSERT ON target TO " + login.user());
        TestingWriter writer = upsert().at(TestingWriter.dataSource(
                database, database.host(), database.port(), login.user(), login.password()));
        assertThat(error(writer))
                .startsWith("table MISSING_PRIVILEGE")
                .contains("may not select, update public.target")
                .endsWith("GRANT SELECT, UPDATE ON \"public\".\"target\" TO \"" + login.user() + "\"");
        database.execute("GRANT SELECT, UPDATE (name) ON target TO " + login.user());
        assertThat(writer.check(Numbers.SCHEMA).errors()).isEmpty();
    }

    @Test
    void theStatementIsShown() throws SQLException {
        database.execute("CREATE TABLE target (id integer PRIMARY KEY, name text)");
        assertThat(upsert().plan(Numbers.SCHEMA).description())
                .startsWith("INSERT INTO \"public\".\"target\" AS target (\"id\", \"name\") SELECT")
                .contains("WITH ORDINALITY", "ON CONFLICT (\"id\") DO UPDATE SET \"name\" = EXCLUDED.\"name\"; passed");
    }
}
