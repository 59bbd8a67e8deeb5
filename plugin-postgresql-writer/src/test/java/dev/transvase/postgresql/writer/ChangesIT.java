package dev.transvase.postgresql.writer;

import static dev.transvase.postgresql.writer.TestingStream.UNCHANGED;
import static dev.transvase.postgresql.writer.TestingStream.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Split;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import dev.transvase.testing.TestingDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of change is applied to tables of every shape. */
class ChangesIT {

    private static TestingServers servers;

    @BeforeAll
    static void createDatabases() {
        servers = new TestingServers();
    }

    @AfterAll
    static void dropDatabases() {
        servers.close();
    }

    private static TestingDatabase database(boolean newest) {
        return newest ? servers.newest() : servers.oldest();
    }

    private static TestingWriter writer(boolean newest) {
        return TestingWriter.to(database(newest), "");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void insertUpdateAndDeleteFindTheirRowsByKey(boolean newest) throws SQLException {
        database(newest)
                .execute(
                        "CREATE TABLE plain (id integer PRIMARY KEY, name text)",
                        "INSERT INTO plain VALUES (1, 'one'), (2, 'two'), (3, 'three')");
        try (TestingStream stream = new TestingStream(writer(newest), "plain", 0, Numbers.schema("plain"))) {
            stream.insert(0, "4", "four")
                    .update(0, "1", "uno")
                    .update(0, row("2", "two"), row("2", null))
                    .delete(0, "3", UNCHANGED)
                    .commit()
                    .flush();
            assertThat(stream.journal().committedRecords()).isEqualTo(4);
        }
        assertThat(database(newest).query("SELECT id, name FROM plain ORDER BY id"))
                .containsExactly(row2("1", "uno"), row2("2", null), row2("4", "four"));
    }

    private static List<String> row2(String id, String name) {
        List<String> row = new ArrayList<>();
        row.add(id);
        row.add(name);
        return row;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void changesOfOneRowComeToItsLastState(boolean newest) throws SQLException {
        database(newest)
                .execute(
                        "CREATE TABLE often (id integer PRIMARY KEY, name text)",
                        "INSERT INTO often VALUES (1, 'a'), (2, 'b')",
                        "CREATE TABLE often_statements (n integer)",
                        "CREATE FUNCTION count_often() RETURNS trigger LANGUAGE plpgsql AS"
                                + " 'BEGIN INSERT INTO often_statements VALUES (1); RETURN NULL; END'",
                        "CREATE TRIGGER count_often AFTER INSERT OR UPDATE OR DELETE ON often FOR EACH STATEMENT"
                                + " EXECUTE PROCEDURE count_often()");
        try (TestingStream stream = new TestingStream(writer(newest), "often", 0, Numbers.schema("often"))) {
            stream.insert(0, "5", "x").delete(0, "5", "x"); // nothing
            stream.insert(0, "6", "x").update(0, "6", "y").update(0, row("6", "y"), row("6", "z")); // an insert
            stream.delete(0, "1", "a").insert(0, "1", "again"); // an update
            stream.update(0, "2", "c").delete(0, "2", "c"); // a delete
            stream.insert(0, "7", "x").delete(0, "7", "x").insert(0, "7", "seven");
            stream.insert(0, "8", "eight").update(0, row("8", "eight"), row("9", "nine")); // under another key
            stream.commit().flush();
            assertThat(stream.journal().committedRecords()).isEqualTo(stream.changes());
        }
        assertThat(database(newest).query("SELECT id, name FROM often ORDER BY id"))
                .containsExactly(row2("1", "again"), row2("6", "z"), row2("7", "seven"), row2("9", "nine"));
        assertThat(database(newest).queryForString("SELECT count(*) FROM often_statements"))
                .isEqualTo("3");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAnUpdateLeftAloneStays(boolean newest) throws SQLException {
        database(newest)
                .execute(
                        "CREATE TABLE toasted (id integer PRIMARY KEY, a text, b text)",
                        "INSERT INTO toasted SELECT i, 'big' || i, 'b' || i FROM generate_series(1, 4) i");
        Schema schema = Schema.of(
                new TableName("", "toasted"),
                List.of(Column.of("id", Scalar.INT32), Column.of("a", Scalar.TEXT), Column.of("b", Scalar.TEXT)));
        try (TestingStream stream = new TestingStream(writer(newest), "toasted", 0, schema)) {
            stream.update(0, "1", UNCHANGED, "new");
            stream.update(0, "2", "big", UNCHANGED).update(0, "2", UNCHANGED, "later");
            stream.insert(0, "5", "big5", "b5").update(0, "5", UNCHANGED, "new5");
            stream.update(0, row("3", UNCHANGED, UNCHANGED), row("33", UNCHANGED, "moved")); // not all of it is known
            stream.update(0, row("5", UNCHANGED, UNCHANGED), row("55", UNCHANGED, "moved")); // all of it is
            stream.update(0, row("4", "big4", "b4"), row("44", UNCHANGED, "moved")); // the row before has it
            stream.commit().flush();
            assertThat(stream.journal().committedRecords()).isEqualTo(stream.changes());
        }
        assertThat(database(newest).queryForList("SELECT concat_ws(' ', id, a, b) FROM toasted ORDER BY id"))
                .containsExactly("1 big1 new", "2 big later", "33 big3 moved", "44 big4 moved", "55 big5 moved");
    }

    /** A statement at a source that checks its key at the end: there are two rows with one key in between. */
    @Test
    void rowsThatShareAKeyForAMomentAreNotTakenForOne() throws SQLException {
        database(true)
                .execute(
                        "CREATE TABLE shared (id integer PRIMARY KEY, name text)",
                        "INSERT INTO shared VALUES (1, 'a'), (2, 'b')",
                        "CREATE TABLE deferred (id integer PRIMARY KEY DEFERRABLE, name text)",
                        "INSERT INTO deferred VALUES (1, 'a'), (2, 'b')");
        try (TestingStream stream =
                new TestingStream(writer(true), "shared", 2, Numbers.schema("shared"), Numbers.schema("deferred"))) {
            for (int table = 0; table < 2; table++) {
                stream.update(table, row("1", "a"), row("2", "a")).update(table, row("2", "b"), row("1", "b"));
            }
            stream.commit().flush();
            assertThat(stream.journal().dirtyRecords())
                    .as("what the target's key does not let happen is told")
                    .hasSize(2)
                    .allSatisfy(dirty -> assertThat(dirty.table()).isZero());
        }
        assertThat(database(true).query("SELECT id, name FROM shared ORDER BY id"))
                .containsExactly(row2("1", "a"), row2("2", "b"));
        assertThat(database(true).query("SELECT id, name FROM deferred ORDER BY id"))
                .containsExactly(row2("1", "b"), row2("2", "a"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keysThatChangePlaces(boolean newest) throws SQLException {
        database(newest)
                .execute(
                        "CREATE TABLE places (id integer PRIMARY KEY, name text)",
                        "INSERT INTO places VALUES (1, 'a'), (2, 'b'), (3, 'c')");
        try (TestingStream stream = new TestingStream(writer(newest), "places", 0, Numbers.schema("places"))) {
            stream.update(0, row("1", "a"), row("-1", "a"))
                    .update(0, row("2", "b"), row("1", "b"))
                    .update(0, row("-1", "a"), row("2", "a"))
                    .update(0, row("3", UNCHANGED), row("4", UNCHANGED))
                    .update(0, row("4", UNCHANGED), row("3", "d"))
                    .commit()
                    .flush();
        }
        assertThat(database(newest).query("SELECT id, name FROM places ORDER BY id"))
                .containsExactly(row2("1", "b"), row2("2", "a"), row2("3", "d"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void columnsThatTheSourceHasNotAreKeptWhenAKeyChanges(boolean newest) throws SQLException {
        database(newest)
                .execute(
                        "CREATE TABLE noted (note text DEFAULT 'none', id integer PRIMARY KEY, name text)",
                        "INSERT INTO noted VALUES ('mine', 1, 'a'), ('mine', 2, 'b')");
        try (TestingStream stream = new TestingStream(writer(newest), "noted", 0, Numbers.schema("noted"))) {
            stream.update(0, row("1", "a"), row("10", "a"));
            stream.delete(0, "2", "b").insert(0, "2", "another"); // another row, though of the same key
            stream.commit().flush();
        }
        assertThat(database(newest).queryForList("SELECT concat_ws(' ', id, name, note) FROM noted ORDER BY id"))
                .containsExactly("2 another none", "10 a mine");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutAKeyOneOfSeveralEqualRowsIsChanged(boolean newest) throws SQLException {
        database(newest)
                .execute(
                        "CREATE TABLE keyless (id integer, name text, p point)", // point has no equality
                        "INSERT INTO keyless SELECT 1, 'same', '(1,2)' FROM generate_series(1, 4)",
                        "INSERT INTO keyless VALUES (NULL, NULL, NULL), (NULL, NULL, NULL)");
        Schema schema = Schema.of(
                new TableName("", "keyless"),
                List.of(
                        Column.of("id", Scalar.INT32),
                        Column.of("name", Scalar.TEXT),
                        TestingSource.offered(database(newest), "keyless")
                                .column(2)
                                .withEncoding(Column.Encoding.STANDARD)));
        String[] same = row("1", "same", "(1,2)");
        try (TestingStream stream = new TestingStream(writer(newest), "keyless", 0, schema)) {
            stream.delete(0, same)
                    .update(0, same, row("2", "other", "(1,2)"))
                    .insert(0, "3", "new", null)
                    .update(0, row("3", "new", null), row("3", "newer", null))
                    .delete(0, row(null, null, null))
                    .insert(0, same)
                    .commit()
                    .flush();
            assertThat(stream.journal().committedRecords()).isEqualTo(6);
        }
        assertThat(database(newest).queryForList("SELECT concat_ws(' ', id, name, p) FROM keyless ORDER BY id, name"))
                .containsExactly("1 same (1,2)", "1 same (1,2)", "1 same (1,2)", "2 other (1,2)", "3 newer", "");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutAKeyOfItsOwnATableIsMatchedByTheSourcesIdentityOrByTheOneThatIsNamed(boolean newest)
            throws SQLException {
        database(newest)
                .execute(
                        "CREATE TABLE named (id integer, name text)",
                        "INSERT INTO named VALUES (1, 'a'), (2, 'b'), (3, 'c')");
        try (TestingStream stream = new TestingStream(writer(newest), "named", 0, Numbers.schema("named"))) {
            stream.delete(0, "1", UNCHANGED).commit().flush();
            stream.update(0, "2", "no key to find it by").commit();
            TransvaseException e = catchThrowableOfType(TransvaseException.class, stream::flush);
            assertThat(e.code()).isEqualTo("KEY_REQUIRED");
            assertThat(e).hasMessageContaining("named");
        }
        try (TestingStream stream = new TestingStream(writer(newest).key("ID"), "named", 0, Numbers.schema("named"))) {
            stream.update(0, "2", "found").delete(0, "3", UNCHANGED).commit().flush();
        }
        assertThat(database(newest).query("SELECT id, name FROM named")).containsExactly(row2("2", "found"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void truncateIsAppliedInItsPlaceAndOfSeveralTablesAtOnce(boolean newest) throws SQLException {
        database(newest)
                .execute(
                        "CREATE TABLE emptied (id integer PRIMARY KEY, name text)",
                        "CREATE TABLE emptied_too (id integer REFERENCES emptied, name text)",
                        "INSERT INTO emptied VALUES (1, 'old')",
                        "INSERT INTO emptied_too VALUES (1, 'old')");
        try (TestingStream stream = new TestingStream(
                writer(newest), "emptied", 0, Numbers.schema("emptied"), Numbers.schema("emptied_too"))) {
            stream.insert(0, "2", "gone too")
                    .truncate(0)
                    .truncate(1)
                    .insert(0, "1", "new")
                    .insert(1, "1", "new")
                    .commit()
                    .flush();
            assertThat(stream.journal().committedRecords()).isEqualTo(5);
        }
        assertThat(database(newest).query("SELECT id, name FROM emptied")).containsExactly(row2("1", "new"));
        assertThat(database(newest).query("SELECT id, name FROM emptied_too")).containsExactly(row2("1", "new"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTruncateNamesTheTablesThatAreInItsWay(boolean newest) throws SQLException {
        database(newest)
                .execute(
                        "CREATE TABLE looked_at (id integer PRIMARY KEY, name text)",
                        "CREATE TABLE looks_at (id integer REFERENCES looked_at, name text)",
                        "CREATE TABLE looks_too (id integer REFERENCES looked_at)",
                        "INSERT INTO looked_at VALUES (1, 'stays')");
        try (TestingStream stream = new TestingStream(
                writer(newest), "truncated", 0, Numbers.schema("looked_at"), Numbers.schema("looks_at"))) {
            stream.truncate(0).truncate(1).commit();
            TransvaseException refused = catchThrowableOfType(TransvaseException.class, stream::flush);
            assertThat(refused.code()).isEqualTo("TRUNCATE_REFERENCED");
            assertThat(refused)
                    .hasMessageContaining("looks_too to looked_at (looks_too_id_fkey)")
                    .hasMessageNotContaining("looks_at to");
        }
        assertThat(database(newest).queryForString("SELECT name FROM looked_at"))
                .isEqualTo("stays");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aColumnThatTheSourceAddsIsAddedWithTheFirstRowThatHasIt(boolean newest) throws SQLException {
        database(newest).execute("CREATE TABLE widened (id integer PRIMARY KEY, name text)");
        try (TestingStream stream = new TestingStream(writer(newest), "widened", 1, Numbers.schema("widened"))) {
            stream.insert(0, "1", "narrow").commitWithin();
            List<Column> columns = new ArrayList<>(stream.schema(0).columns());
            columns.add(Column.of("More \"x\"", Scalar.DECIMAL)
                    .withDeclaredType("numeric(10,2)")
                    .withAdded(new Column.Added(Optional.empty(), true)));
            stream.alter(0, Schema.of(stream.schema(0).table(), columns));
            stream.insert(0, "2", "wide", "1.50").update(0, "1", "wider", "2.50");
            assertThat(columnCount(newest, "widened")).isEqualTo("2");
            stream.insert(0, "2", "a bad one, so that all is rolled back and done again", "3")
                    .commit()
                    .flush();
            stream.insert(0, "3", "wide", null).commit().flush();
            assertThat(stream.journal().dirtyRecords()).hasSize(1);
        }
        assertThat(database(newest)
                        .queryForList("SELECT concat_ws(' ', id, name, \"More \"\"x\"\"\") FROM widened ORDER BY id"))
                .containsExactly("1 wider 2.50", "2 wide 1.50", "3 wide");
    }

    /** One transaction of the source, or several applied together; one of the changes after the column's start is refused. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rowsFromBeforeAColumnWasAddedGetWhatTheSourcesRowsGot(boolean newest) throws SQLException {
        database(newest)
                .execute(
                        "CREATE TABLE grown (id integer PRIMARY KEY, name text)",
                        "INSERT INTO grown VALUES (1, 'old'), (2, 'old')");
        try (TestingStream stream = new TestingStream(writer(newest), "grown", 1, Numbers.schema("grown"))) {
            stream.insert(0, "3", "before").commitWithin();
            stream.insert(0, "4", "before").update(0, "2", "changed");
            List<Column> columns = new ArrayList<>(stream.schema(0).columns());
            columns.add(Column.of("c", Scalar.INT32)
                    .withDeclaredType("integer")
                    .withAdded(new Column.Added(Optional.of("9"), true)));
            stream.alter(0, Schema.of(stream.schema(0).table(), columns));
            stream.insert(0, "5", "after", "9").insert(0, "5", "refused", "8").update(0, "1", "after", "7");
            columns.add(Column.of("d", Scalar.INT32)
                    .withDeclaredType("integer")
                    .withAdded(new Column.Added(Optional.of("20"), true)));
            stream.alter(0, Schema.of(stream.schema(0).table(), columns));
            stream.insert(0, "6", "last", "9", "21").commit().flush();
            assertThat(stream.journal().dirtyRecords()).hasSize(1);
        }
        assertThat(database(newest).queryForList("SELECT concat_ws(' ', id, name, c, d) FROM grown ORDER BY id"))
                .containsExactly(
                        "1 after 7 20",
                        "2 changed 9 20",
                        "3 before 9 20",
                        "4 before 9 20",
                        "5 after 9 20",
                        "6 last 9 21");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aColumnThatTheTargetHasAlreadyIsFilledAndWhatDiffersIsTold(boolean newest) throws SQLException {
        database(newest)
                .execute(
                        "CREATE TABLE ahead (id integer PRIMARY KEY, name text, c integer, d integer DEFAULT 1)",
                        "INSERT INTO ahead VALUES (1, 'old', NULL, NULL), (2, 'old', 7, NULL)");
        TestingWriter writer = writer(newest);
        try (TestingStream stream = new TestingStream(writer, "ahead", 1, Numbers.schema("ahead"))) {
            stream.insert(0, "3", "before").commitWithin();
            List<Column> columns = new ArrayList<>(stream.schema(0).columns());
            columns.add(Column.of("c", Scalar.INT32)
                    .withDeclaredType("integer")
                    .withAdded(new Column.Added(Optional.of("9"), true)));
            columns.add(Column.of("d", Scalar.INT32)
                    .withDeclaredType("integer")
                    .withAdded(new Column.Added(Optional.empty(), true)));
            stream.alter(0, Schema.of(stream.schema(0).table(), columns));
            stream.insert(0, "4", "after", "9", null)
                    .insert(0, "4", "refused, so that all is done again", "1", "1")
                    .commit()
                    .flush();
            stream.insert(0, "5", "later", null, null).commit().flush();
            assertThat(stream.journal().dirtyRecords()).hasSize(1);
        }
        assertThat(database(newest).queryForList("SELECT format('%s %s %s %s', id, name, c, d) FROM ahead ORDER BY id"))
                .containsExactly("1 old 9 ", "2 old 7 ", "3 before 9 1", "4 after 9 ", "5 later  ");
        assertThat(writer.notices())
                .hasSize(2)
                .anySatisfy(w -> assertThat(w).contains("public.ahead had column c", "1 row has another value", "'9'"))
                .anySatisfy(w -> assertThat(w).contains("public.ahead had column d", "1 row has a value", "NULL"));
    }

    @Test
    void ofATableThatSeveralGoToTheRowsFromBeforeAreNotFilled() throws SQLException {
        database(true)
                .execute(
                        "CREATE TABLE merged (id integer PRIMARY KEY, name text)",
                        "INSERT INTO merged VALUES (1, 'of a'), (2, 'of b')");
        TestingWriter writer = writer(true).tables("merged", "merged");
        try (TestingStream stream = new TestingStream(writer, "merged", 0, Numbers.schema("a"), Numbers.schema("b"))) {
            for (int table = 0; table < 2; table++) {
                List<Column> columns = new ArrayList<>(stream.schema(table).columns());
                columns.add(Column.of("c", Scalar.INT32)
                        .withDeclaredType("integer")
                        .withAdded(new Column.Added(Optional.of("9" + table), true)));
                stream.alter(table, Schema.of(stream.schema(table).table(), columns));
            }
            stream.insert(0, "3", "NULL of a", null).commit().flush();
            stream.insert(1, "4", "of b", "91").commit().flush();
        }
        assertThat(database(true).queryForList("SELECT format('%s %s %s', id, name, c) FROM merged ORDER BY id"))
                .containsExactly("1 of a 90", "2 of b 90", "3 NULL of a ", "4 of b 91");
        assertThat(writer.notices())
                .hasSize(2)
                .anySatisfy(w -> assertThat(w).contains("from other tables", "'90'"))
                .anySatisfy(w -> assertThat(w).contains("1 row has NULL", "'91'"));
    }

    @Test
    void aColumnThatIsMissingWithoutHavingBeenAddedIsNotMadeUp() throws SQLException {
        database(true)
                .execute("CREATE TABLE lost (id integer PRIMARY KEY, name text)", "INSERT INTO lost VALUES (1, 'old')");
        try (TestingStream stream = new TestingStream(writer(true), "lost", 0, Numbers.schema("lost"))) {
            List<Column> columns = new ArrayList<>(stream.schema(0).columns());
            columns.add(Column.of("c", Scalar.INT32).withDeclaredType("integer"));
            stream.alter(0, Schema.of(stream.schema(0).table(), columns));
            stream.insert(0, "2", "new", "3").commit();
            assertThat(catchThrowableOfType(TransvaseException.class, stream::flush))
                    .hasMessageContaining("public.lost has no column c")
                    .hasMessageContaining("which the source did not add just now");
        }
        assertThat(columnCount(true, "lost")).isEqualTo("2");
    }

    private static String columnCount(boolean newest, String table) throws SQLException {
        return database(newest)
                .queryForString(
                        "SELECT count(*) FROM pg_attribute WHERE attrelid = '" + table + "'::regclass AND attnum > 0");
    }

    @ParameterizedTest
    @EnumSource(
            value = WriteMode.class,
            names = {"INSERT", "COPY"})
    void namesTypesIdentityAndGeneratedColumns(WriteMode mode) throws SQLException {
        boolean newest = true;
        database(newest)
                .execute(
                        "DROP SCHEMA IF EXISTS \"My.Schema\" CASCADE",
                        "CREATE SCHEMA \"My.Schema\"",
                        "CREATE TYPE \"My.Schema\".mood AS ENUM ('sad', 'ok')",
                        "CREATE DOMAIN \"My.Schema\".positive AS integer CHECK (VALUE > 0)",
                        // Other types, another order, and more than the source has.
                        "CREATE TABLE \"My.Schema\".\"123-T\" (\"m\" \"My.Schema\".mood, \"p\" \"My.Schema\".positive,"
                                + " \"Key\" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \"t\" varchar(5),"
                                + " \"twice\" bigint GENERATED ALWAYS AS (\"Key\" * 2) STORED, \"j\" jsonb, \"tags\" text[])");
        Schema schema = Schema.of(
                new TableName("My.Schema", "123-T"),
                List.of(
                        Column.of("Key", Scalar.INT32),
                        Column.of("t", Scalar.INT64),
                        Column.of("m", Scalar.TEXT),
                        Column.of("p", Scalar.INT16),
                        Column.of("twice", Scalar.INT32),
                        Column.of("j", Scalar.TEXT),
                        Column.of("tags", new Type.Array(Scalar.TEXT))));
        try (TestingStream stream = new TestingStream(writer(newest).mode(mode), "types " + mode, 1, schema)) {
            for (int i = 1; i <= 300; i++) {
                stream.insert(0, Integer.toString(i), "10", "sad", "1", "0", "{\"a\": 1}", "x,y");
            }
            stream.commit().flush();
            stream.update(0, "1", "11", "ok", "2", "0", "{}", "z")
                    .update(
                            0,
                            row("2", UNCHANGED, UNCHANGED, UNCHANGED, UNCHANGED, UNCHANGED, UNCHANGED),
                            row("1002", "12", "ok", "3", "0", null, null))
                    .update(0, "3", UNCHANGED, "ok", UNCHANGED, "0", UNCHANGED, UNCHANGED)
                    .delete(0, "4", UNCHANGED, UNCHANGED, UNCHANGED, UNCHANGED, UNCHANGED, UNCHANGED)
                    .update(0, "5", "123456", "ok", "1", "0", null, null)
                    .commit()
                    .flush();
            assertThat(stream.journal().dirtyRecords())
                    .extracting(d ->
                            d.sqlState() + " " + d.position() + " " + d.values().get("Key"))
                    .containsExactly("22001 0/2 5");
        }
        assertThat(database(newest)
                        .queryForList("SELECT concat_ws(' ', \"Key\", t, m, p, twice, j, tags)"
                                + " FROM \"My.Schema\".\"123-T\" WHERE \"Key\" NOT BETWEEN 6 AND 1000 ORDER BY 1"))
                .containsExactly(
                        "1 11 ok 2 2 {} {z}",
                        "1002 12 ok 3 2004",
                        "3 10 ok 1 6 {\"a\": 1} {x,y}",
                        "5 10 sad 1 10 {\"a\": 1} {x,y}");
    }

    @Test
    void nativeTypesTravelInBinaryAndAsText() throws SQLException {
        database(true)
                .execute(
                        "CREATE TABLE natives (a inet PRIMARY KEY, b bit(3), c money)",
                        "CREATE TABLE natives_target (c money, a inet PRIMARY KEY, b bit(3))",
                        "INSERT INTO natives VALUES ('10.0.0.1', '101', 12.5)");
        Schema offered = TestingSource.offered(database(true), "natives");
        TestingWriter writer = TestingWriter.to(database(true), "natives_target");
        try (TestingStream stream = new TestingStream(writer, "natives", 0, offered)) {
            assertThat(stream.schema(0).columns()).extracting(Column::encoding).contains(Column.Encoding.WIRE);
            Split split =
                    Split.of("natives", Split.MANY_TABLES, new byte[0], "").inStage(2);
            stream.channel()
                    .write(
                            TestingSource.read(database(true), stream.schema(0)),
                            split,
                            BatchEnd.resumeAt(TestingStream.at(1)));
            stream.flush();
        }
        assertThat(database(true).query("SELECT a, b, c FROM natives_target"))
                .isEqualTo(database(true).query("SELECT a, b, c FROM natives"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void partitionedTables(boolean newest) throws SQLException {
        String key = newest ? "PRIMARY KEY" : "";
        database(newest)
                .execute(
                        "CREATE TABLE parted (id integer " + key + ", name text) PARTITION BY RANGE (id)",
                        "CREATE TABLE parted1 PARTITION OF parted FOR VALUES FROM (0) TO (10)",
                        "CREATE TABLE parted2 (name text, id integer NOT NULL)",
                        "ALTER TABLE parted ATTACH PARTITION parted2 FOR VALUES FROM (10) TO (20)",
                        "INSERT INTO parted VALUES (1, 'a'), (2, 'b'), (11, 'c'), (12, 'd')");
        try (TestingStream stream = new TestingStream(writer(newest), "parted", 1, Numbers.schema("parted"))) {
            stream.update(0, row("1", "a"), row("1", "A"))
                    .update(0, row("11", "c"), row("11", "C"))
                    .delete(0, "2", "b")
                    .delete(0, "12", "d")
                    .insert(0, "13", "e");
            if (newest) {
                stream.update(0, row("1", "A"), row("19", "A"));
            }
            stream.insert(0, "99", "no partition").commit().flush();
            assertThat(stream.journal().dirtyRecords())
                    .extracting(d -> d.sqlState() + " " + d.values())
                    .containsExactly("23514 {id=99, name=no partition}");
        }
        assertThat(database(newest).queryForList("SELECT concat_ws(' ', id, name) FROM parted ORDER BY id"))
                .containsExactlyElementsOf(newest ? List.of("11 C", "13 e", "19 A") : List.of("1 A", "11 C", "13 e"));
    }

    @Test
    void columnsArePairedByNameAndSomeCanBeChosen() throws SQLException {
        database(true).execute("CREATE TABLE chosen (c integer, \"Name\" text, id integer PRIMARY KEY)");
        Schema schema = Schema.of(
                new TableName("", "chosen"),
                List.of(Column.of("id", Scalar.INT32), Column.of("c", Scalar.INT32), Column.of("Name", Scalar.TEXT)));
        try (TestingStream stream = new TestingStream(writer(true).columns("\"Name\"", "ID"), "chosen", 0, schema)) {
            // Rows that come before the changes are laid out in the same way.
            Split rows = Split.of("rows", 0, new byte[0], "").inStage(1);
            RecordBatchBuilder builder = new RecordBatchBuilder(stream.schema(0));
            builder.beginRecord().appendLong(1).appendLong(7).appendText("row").endRecord();
            stream.channel().write(builder.build(), rows, BatchEnd.commitPoint());
            stream.flush();
            stream.insert(0, "2", "8", "change").commit().flush();
        }
        assertThat(database(true).queryForList("SELECT concat_ws(' ', id, c, \"Name\") FROM chosen ORDER BY id"))
                .containsExactly("1 row", "2 change");
    }
}
