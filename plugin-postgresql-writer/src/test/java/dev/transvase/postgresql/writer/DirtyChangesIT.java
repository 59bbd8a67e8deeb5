package dev.transvase.postgresql.writer;

import static dev.transvase.postgresql.writer.TestingStream.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes that cannot be applied are told one by one, and all others of their transactions are applied. */
class DirtyChangesIT {

    private static TestingServers servers;

    @BeforeAll
    static void createDatabases() {
        servers = new TestingServers();
    }

    @AfterAll
    static void dropDatabases() {
        servers.close();
    }

    private static String told(DirtyRecord dirty) {
        return dirty.sqlState() + " " + dirty.constraint() + " " + dirty.position() + " " + dirty.values();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachIsToldWithItsPosition(boolean newest) throws SQLException {
        TestingDatabase database = newest ? servers.newest() : servers.oldest();
        database.execute(
                "CREATE TABLE target (id integer PRIMARY KEY, name varchar(5) UNIQUE CHECK (name <> 'bad'))",
                "INSERT INTO target VALUES (1, 'a'), (2, 'b'), (3, 'c'), (9, 'local')");
        try (TestingStream stream =
                new TestingStream(TestingWriter.to(database, ""), "dirty", 10, Numbers.schema("target"))) {
            stream.insert(0, "4", "d")
                    .insert(0, "9", "there")
                    .insert(0, "5", "e")
                    .commit();
            stream.update(0, "1", "bad")
                    .update(0, "2", "toolong")
                    .update(0, "3", "C")
                    .commit();
            stream.delete(0, "77", "gone")
                    .update(0, row("78", "gone"), row("78", "x"))
                    .commit();
            stream.insert(0, "6", "local")
                    .update(0, "6", "f")
                    .insert(0, "7", "g")
                    .commit();
            stream.flush();
            assertThat(stream.journal().dirtyRecords())
                    .extracting(DirtyChangesIT::told)
                    .containsExactly(
                            "23505 target_pkey 0/1 {id=9, name=there}",
                            "23514 target_name_check 0/2 {id=1, name=bad}",
                            "22001  0/2 {id=2, name=toolong}",
                            "02000  0/3 {id=77, name=gone}",
                            "02000  0/3 {id=78, name=x}");
            assertThat(stream.journal().dirtyRecords().get(3).message()).startsWith("DELETE: ");
            assertThat(stream.journal().committedRecords()).isEqualTo(stream.changes() - 5);
            assertThat(database.queryForList("SELECT description FROM transvase_position WHERE split = 'dirty'"))
                    .containsExactly("0/4");
        }
        assertThat(database.queryForList("SELECT id || name FROM target ORDER BY id"))
                .containsExactly("1a", "2b", "3C", "4d", "5e", "6f", "7g", "9local");
    }

    /** By COPY, too, which the server's refusal leaves open at our end. */
    @ParameterizedTest
    @EnumSource(
            value = WriteMode.class,
            names = {"INSERT", "COPY"})
    void oneBadChangeAmongManyCostsFewStatements(WriteMode mode) throws SQLException {
        TestingDatabase database = servers.newest();
        database.execute(
                "DROP TABLE IF EXISTS many",
                "DROP SEQUENCE IF EXISTS statements",
                "DROP FUNCTION IF EXISTS count_statement()",
                "CREATE TABLE many (id integer PRIMARY KEY, name text CHECK (name <> 'bad'))",
                "CREATE SEQUENCE statements",
                "CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM nextval(''statements''); RETURN NULL; END'",
                "CREATE TRIGGER count_statement BEFORE INSERT OR UPDATE ON many FOR EACH STATEMENT"
                        + " EXECUTE PROCEDURE count_statement()");
        try (TestingStream stream = new TestingStream(
                TestingWriter.to(database, "").mode(mode), "many " + mode, 1, Numbers.schema("many"))) {
            for (int id = 0; id < 10_000; id++) {
                stream.insert(0, Integer.toString(id), id == 6789 ? "bad" : "good");
            }
            stream.commit().flush();
            assertThat(stream.journal().dirtyRecords())
                    .extracting(DirtyChangesIT::told)
                    .containsExactly("23514 many_name_check 0/1 {id=6789, name=bad}");
        }
        assertThat(database.queryForString("SELECT count(*) FROM many")).isEqualTo("9999");
        assertThat(Integer.parseInt(database.queryForString("SELECT last_value FROM statements")))
                .isLessThan(40);
    }

    @Test
    void oneTooManyRollsItsGroupBack() throws SQLException {
        TestingDatabase database = servers.newest();
        database.execute("CREATE TABLE limited (id integer PRIMARY KEY, name text)");
        try (TestingStream stream =
                new TestingStream(TestingWriter.to(database, ""), "limited", 1, Numbers.schema("limited"))) {
            stream.insert(0, "1", "a").commit().flush();
            stream.insert(0, "2", "b").delete(0, "8", null).delete(0, "9", null).commit();
            TransvaseException e = catchThrowableOfType(TransvaseException.class, stream::flush);
            assertThat(e.code()).isEqualTo("ERROR_LIMIT_EXCEEDED");
            assertThat(stream.journal().dirtyRecords()).hasSize(2);
            assertThat(stream.journal().committedRecords()).isEqualTo(1);
        }
        assertThat(database.queryForList("SELECT id FROM limited")).containsExactly("1");
        assertThat(database.queryForList("SELECT description FROM transvase_position WHERE split = 'limited'"))
                .containsExactly("0/1");
    }

    @Test
    void ofALargeTransactionTheyAreToldWithItsEnd() throws SQLException {
        TestingDatabase database = servers.newest();
        database.execute("CREATE TABLE large (id integer PRIMARY KEY, name text)", "INSERT INTO large VALUES (5, 'x')");
        try (TestingStream stream =
                new TestingStream(TestingWriter.to(database, ""), "large", 2, Numbers.schema("large"))) {
            for (int id = 0; id < 101_000; id++) {
                stream.insert(0, Integer.toString(id), "large");
                if (id % 1000 == 0) {
                    stream.midst();
                }
            }
            stream.delete(0, "-1", null);
            assertThat(stream.journal().dirtyRecords()).isEmpty();
            stream.commit().flush();
            assertThat(stream.journal().dirtyRecords())
                    .extracting(DirtyChangesIT::told)
                    .containsExactly("23505 large_pkey 0/1 {id=5, name=large}", "02000  0/1 {id=-1, name=null}");
            assertThat(stream.journal().committedRecords()).isEqualTo(stream.changes() - 2);
        }
        assertThat(database.queryForString("SELECT count(*) FROM large")).isEqualTo("101000");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsCheckedAtTheCommitIsToldToo(boolean newest) throws SQLException {
        TestingDatabase database = newest ? servers.newest() : servers.oldest();
        database.execute(
                "CREATE TABLE first (id integer PRIMARY KEY, name text)",
                "CREATE TABLE second (id integer REFERENCES first DEFERRABLE INITIALLY DEFERRED, name text)");
        try (TestingStream stream = new TestingStream(
                TestingWriter.to(database, ""), "deferred", 1, Numbers.schema("first"), Numbers.schema("second"))) {
            // The order is the source's, where what is referred to came later.
            stream.insert(1, "1", "before").insert(0, "1", "after").commit();
            stream.insert(1, "2", "without").insert(1, "1", "with").commit();
            stream.flush();
            assertThat(stream.journal().dirtyRecords())
                    .extracting(DirtyChangesIT::told)
                    .containsExactly("23503 second_id_fkey 0/2 {id=2, name=without}");
        }
        assertThat(database.queryForList("SELECT name FROM second ORDER BY name"))
                .containsExactly("before", "with");
    }

    /** Children without a key are found by all of their values, some of which the server has changed together with the parent. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void childrenWithoutAKeyThatTheServersForeignKeysHaveChangedAreNotMissed(boolean newest) throws SQLException {
        TestingDatabase database = newest ? servers.newest() : servers.oldest();
        database.execute(
                "CREATE TABLE parent (id integer PRIMARY KEY, name text)",
                "CREATE TABLE child (id integer REFERENCES parent ON DELETE SET NULL ON UPDATE CASCADE, name text)",
                "CREATE TABLE standard (id integer DEFAULT 9 REFERENCES parent ON DELETE SET DEFAULT ON UPDATE SET NULL,"
                        + " name text)",
                "INSERT INTO parent VALUES (1, 'a'), (2, 'b'), (3, 'c'), (9, 'standard')",
                "INSERT INTO child VALUES (1, 'twice'), (1, 'twice'), (2, 'b'), (3, 'c')",
                "INSERT INTO standard VALUES (1, 'a'), (2, 'b'), (3, 'c')");
        try (TestingStream stream = new TestingStream(
                TestingWriter.to(database, ""),
                "keyless",
                0,
                Numbers.schema("parent"),
                Numbers.schema("child"),
                Numbers.schema("standard"))) {
            stream.delete(0, "1", "a")
                    .update(1, row("1", "twice"), row(null, "twice"))
                    .update(1, row("1", "twice"), row(null, "twice"))
                    .update(2, row("1", "a"), row("9", "a"));
            stream.update(0, row("2", "b"), row("20", "b"))
                    .update(1, row("2", "b"), row("20", "b"))
                    .update(2, row("2", "b"), row(null, "b"));
            stream.update(1, row("3", "c"), row("3", "first")).delete(0, "3", "c");
            stream.update(1, row("3", "first"), row(null, "first")).update(2, row("3", "c"), row("9", "c"));
            stream.commit().flush();
        }
        assertThat(database.queryForList("SELECT concat_ws(' ', id, name) FROM child ORDER BY name"))
                .containsExactly("20 b", "first", "twice", "twice");
        assertThat(database.queryForList("SELECT concat_ws(' ', id, name) FROM standard ORDER BY name"))
                .containsExactly("9 a", "b", "9 c");
    }

    /** The parents' end fills a piece of the transaction, and what the server has done to the children comes in another. */
    @Test
    void childrenAreNotMissedInAnotherPieceThanTheirParents() throws SQLException {
        TestingDatabase database = servers.newest();
        int rows = 2_100; // with which a piece is full
        String wide = "x".repeat(4_000);
        database.execute(
                "CREATE TABLE elder (id integer PRIMARY KEY, name text)",
                "CREATE TABLE younger (id integer REFERENCES elder ON DELETE SET NULL, name text)",
                "INSERT INTO elder SELECT i, '" + wide + "' FROM generate_series(1, " + rows + ") i",
                "INSERT INTO younger SELECT i, 'n' || i FROM generate_series(1, 20) i");
        try (TestingStream stream = new TestingStream(
                TestingWriter.to(database, ""), "pieces", 0, Numbers.schema("elder"), Numbers.schema("younger"))) {
            for (int i = 1; i <= rows; i++) {
                stream.delete(0, Integer.toString(i), wide);
                if (i % 100 == 0) {
                    stream.midst();
                }
            }
            for (int i = 1; i <= 20; i++) {
                stream.update(1, row(Integer.toString(i), "n" + i), row(null, "n" + i));
            }
            stream.commit().flush();
        }
        assertThat(database.queryForString("SELECT count(*) FROM elder")).isEqualTo("0");
        assertThat(database.queryForString("SELECT count(*) FROM younger WHERE id IS NULL"))
                .isEqualTo("20");
    }

    /** One statement at the source, of which the target gets a piece at a time. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keysThatAreCheckedAtTheEndMayMeetBetweenPieces(boolean primary) throws SQLException {
        TestingDatabase database = servers.newest();
        int rows = 3_000;
        String wide = "n" + "x".repeat(2_000);
        database.execute(
                "DROP TABLE IF EXISTS moved",
                "CREATE TABLE moved (id integer " + (primary ? "PRIMARY KEY" : "UNIQUE") + " DEFERRABLE, name text"
                        + (primary ? ")" : " PRIMARY KEY)"),
                "INSERT INTO moved SELECT i, '" + wide + "' || i FROM generate_series(1, " + rows + ") i");
        try (TestingStream stream =
                new TestingStream(TestingWriter.to(database, ""), "moved " + primary, 0, Numbers.schema("moved"))) {
            for (int i = 1; i <= rows; i++) {
                stream.update(0, row(Integer.toString(i), wide + i), row(Integer.toString(i + 1), wide + i));
                if (i % 100 == 0) {
                    stream.midst();
                }
            }
            stream.commit().flush();
        }
        assertThat(database.queryForString("SELECT count(*) FROM moved WHERE name LIKE '%x' || (id - 1)"))
                .isEqualTo(Integer.toString(rows));
    }

    @Test
    void rowsThatTheServersForeignKeysHaveChangedAlreadyAreNotMissed() throws SQLException {
        TestingDatabase database = servers.newest();
        database.execute(
                "CREATE TABLE orders (id integer PRIMARY KEY, name text)",
                "CREATE TABLE items (id integer PRIMARY KEY REFERENCES orders ON DELETE CASCADE ON UPDATE CASCADE,"
                        + " name text)",
                "INSERT INTO orders VALUES (1, 'a'), (2, 'b'), (3, 'c')",
                "INSERT INTO items VALUES (1, 'a'), (2, 'b')");
        try (TestingStream stream = new TestingStream(
                TestingWriter.to(database, ""), "cascades", 1, Numbers.schema("orders"), Numbers.schema("items"))) {
            stream.delete(0, "1", "a").delete(1, "1", "a");
            stream.update(0, row("2", "b"), row("20", "b")).update(1, row("2", "b"), row("20", "B"));
            // Makes the server take them one by one.
            stream.insert(0, "3", "there").commit().flush();
            assertThat(stream.journal().dirtyRecords())
                    .extracting(DirtyRecord::sqlState)
                    .containsExactly("23505");
        }
        assertThat(database.queryForList("SELECT id || name FROM items")).containsExactly("20B");
        assertThat(database.queryForList("SELECT id || name FROM orders ORDER BY id"))
                .containsExactly("3c", "20b");
    }
}
