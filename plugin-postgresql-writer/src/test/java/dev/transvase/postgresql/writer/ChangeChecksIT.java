package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedChecks;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is wrong with a target of changes is told before anything is moved. */
class ChangeChecksIT {

    private static TestingDatabase database;

    @BeforeAll
    static void createDatabase() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE TABLE keyed (id integer PRIMARY KEY, name text)",
                "CREATE TABLE keyless (id integer, name text)",
                "CREATE TABLE by_index (id integer, name text NOT NULL, code integer NOT NULL, UNIQUE (id), UNIQUE (name))",
                "CREATE TABLE narrow (id integer PRIMARY KEY)",
                "CREATE TABLE other_type (id integer PRIMARY KEY, name time)",
                "CREATE TABLE no_positions (id integer)",
                "CREATE VIEW looks AS SELECT * FROM keyed");
    }

    @AfterAll
    static void dropDatabase() {
        database.close();
    }

    private static CollectedChecks check(TestingWriter writer, Schema... offered) {
        CollectedChecks checks = new CollectedChecks();
        try (PostgresWriter planned = writer.open()) {
            planned.plan(TestingStream.plan("checks", false, offered), checks);
        }
        return checks;
    }

    private static String key(TestingWriter writer, Schema offered) {
        try (PostgresWriter planned = writer.open()) {
            String text = planned.plan(TestingStream.plan("checks", false, offered), new CollectedChecks())
                    .get(0)
                    .description();
            return text.substring(text.indexOf("by "));
        }
    }

    private static TestingWriter writer() {
        return TestingWriter.to(database, "");
    }

    @Test
    void theKeyIsThePrimaryOneOrAnIndexOrAllColumns() {
        assertThat(key(writer(), Numbers.schema("keyed"))).isEqualTo("by \"id\"");
        assertThat(key(writer(), Numbers.schema("by_index"))).isEqualTo("by \"name\"");
        assertThat(key(writer(), Numbers.schema("keyless"))).startsWith("by all of its columns");
        assertThat(key(writer().key("name", "ID"), Numbers.schema("keyless"))).isEqualTo("by \"name\", \"id\"");
        assertThat(check(writer(), Numbers.schema("keyless")).warnings())
                .singleElement()
                .asString()
                .contains("has no key");
    }

    @Test
    void columnsAndTypesMustFit() {
        Schema wide = Schema.of(
                new TableName("", "narrow"),
                List.of(
                        Column.of("id", Scalar.INT32),
                        Column.of("More", Scalar.DECIMAL).withDeclaredType("numeric(5,2)")));
        assertThat(check(writer(), wide).errors())
                .containsExactly("column COLUMN_NOT_FOUND: public.narrow has no column More, which the reader has"
                        + " -> ALTER TABLE \"public\".\"narrow\" ADD COLUMN \"More\" numeric(5,2)");
        Schema stamp = Schema.of(
                new TableName("", "other_type"),
                List.of(Column.of("id", Scalar.INT32), Column.of("name", Scalar.TIMESTAMP)));
        assertThat(check(writer(), stamp).errors()).singleElement().asString().contains("UNSUPPORTED_CONVERSION");
        assertThat(check(writer().columns("name"), Numbers.schema("keyed")).errors())
                .singleElement()
                .asString()
                .contains("KEY_NOT_WRITTEN", "id");
        assertThat(check(writer().columns("id", "nome"), Numbers.schema("keyed"))
                        .errors())
                .singleElement()
                .asString()
                .contains("column[1] COLUMN_NOT_FOUND", "nome");
        assertThat(check(writer().key("no"), Numbers.schema("keyed")).errors())
                .anySatisfy(e -> assertThat(e).contains("key[0] COLUMN_NOT_FOUND"));
        assertThat(check(writer().mode(WriteMode.UPSERT), Numbers.schema("keyed"))
                        .errors())
                .singleElement()
                .asString()
                .contains("writeMode UPSERT_OF_CHANGES");
        assertThat(check(writer(), Numbers.schema("looks")).errors())
                .singleElement()
                .asString()
                .contains("NOT_A_TABLE", "view");
    }

    @Test
    void whatIsMissingAtTheTargetMayComeWithAStreamThatIsUnderWay() throws SQLException {
        try (TestingStream stream = new TestingStream(writer(), "under way", 0, Numbers.schema("keyed"))) {
            stream.insert(0, "1", "a").commit().flush();
        }
        Schema wide = Schema.of(
                new TableName("", "keyed"),
                List.of(
                        Column.of("id", Scalar.INT32),
                        Column.of("name", Scalar.TEXT),
                        Column.of("more", Scalar.INT32).withDeclaredType("integer")));
        try (TestingStream stream = new TestingStream(writer(), "under way", 0, wide)) {
            Column added = wide.column(2).withAdded(new Column.Added(Optional.empty(), true));
            stream.alter(0, Schema.of(wide.table(), List.of(wide.column(0), wide.column(1), added)));
            stream.insert(0, "2", "b", "3").commit().flush();
        }
        assertThat(database.queryForList("SELECT more FROM keyed ORDER BY id")).containsExactly(null, "3");
        database.execute("ALTER TABLE keyed DROP more");
    }

    @Test
    void aStreamThatHasNotBegunBringsNoColumns() throws SQLException {
        try (TestingStream stream = new TestingStream(writer(), "checks", 0, Numbers.schema("keyed"))) {
            stream.truncate(0).commitIntention().flush();
        }
        Schema wide = Schema.of(
                new TableName("", "keyed"),
                List.of(
                        Column.of("id", Scalar.INT32),
                        Column.of("name", Scalar.TEXT),
                        Column.of("more", Scalar.INT32).withDeclaredType("integer")));
        try {
            assertThat(check(writer(), wide).errors())
                    .singleElement()
                    .asString()
                    .contains("COLUMN_NOT_FOUND", "no column more");
        } finally {
            database.execute("DELETE FROM transvase_position WHERE split = 'checks'");
        }
    }

    @Test
    void privilegesAreChecked() throws SQLException {
        TestingLogin login = database.createLogin();
        database.execute("GRANT SELECT, INSERT ON keyed TO " + login.user());
        TestingWriter limited = writer().at(TestingWriter.dataSource(
                database, database.host(), database.port(), login.user(), login.password()));
        assertThat(check(limited, Numbers.schema("keyed")).errors())
                .satisfiesExactly(
                        position -> assertThat(position)
                                .contains("positionTable MISSING_PRIVILEGE", "GRANT CREATE ON SCHEMA \"public\""),
                        table -> assertThat(table).contains("may not UPDATE, DELETE in public.keyed"));
        database.execute("GRANT CREATE ON SCHEMA public TO " + login.user());
        assertThat(check(limited, Numbers.schema("keyed")).errors())
                .singleElement()
                .asString()
                .contains("may not UPDATE, DELETE in public.keyed", "GRANT UPDATE, DELETE ON \"public\".\"keyed\"");
    }

    @Test
    void foreignKeysThatNoOrderOfTheSnapshotSettlesAreTold() throws SQLException {
        database.execute(
                "CREATE TABLE tree (id integer PRIMARY KEY REFERENCES tree, name text)",
                "CREATE TABLE round (id integer PRIMARY KEY, name text)",
                "CREATE TABLE about (id integer PRIMARY KEY REFERENCES round, name text)",
                "ALTER TABLE round ADD FOREIGN KEY (id) REFERENCES about");
        Schema[] offered = {Numbers.schema("tree"), Numbers.schema("round"), Numbers.schema("about")};
        CollectedChecks checks = new CollectedChecks();
        try (PostgresWriter planned = writer().open()) {
            planned.plan(TestingStream.plan("circles", true, offered), checks);
        }
        assertThat(checks.errors()).isEmpty();
        assertThat(checks.warnings())
                .hasSize(2)
                .anySatisfy(w -> assertThat(w).contains("in a cycle", "about_id_fkey", "round_id_fkey"))
                .anySatisfy(w -> assertThat(w).contains("the same table", "tree_id_fkey"))
                .allSatisfy(w ->
                        assertThat(w).contains("once it follows the changes").doesNotContain("postSql"));
        assertThat(check(writer(), offered).warnings())
                .as("without rows that come first")
                .isEmpty();
    }

    @Test
    void aTableThatHoldsNoPositionsIsToldSo() {
        TestingWriter wrong = writer().positionTable("no_positions");
        assertThat(check(wrong, Numbers.schema("keyed")).errors())
                .singleElement()
                .asString()
                .contains("positionTable NOT_A_POSITION_TABLE");
    }

    @Test
    void aKeyWithoutChangesIsToldSo() {
        assertThat(writer().key("id").check(Numbers.schema("keyed")).errors())
                .singleElement()
                .asString()
                .contains("KEY_WITHOUT_CHANGES");
    }
}
