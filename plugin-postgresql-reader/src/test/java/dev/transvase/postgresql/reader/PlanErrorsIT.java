package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.reader.RecordedChecks.Finding;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PlanErrorsIT {

    private static TestingDatabase database;

    @BeforeAll
    static void create() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE TABLE orders (id bigint PRIMARY KEY, customer text, \"OrderDate\" date)",
                "CREATE FUNCTION writes() RETURNS int LANGUAGE plpgsql AS"
                        + " $$ BEGIN INSERT INTO orders VALUES (99); RETURN 1; END $$");
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    private static List<Finding> errors(ReaderSetup setup) {
        RecordedChecks checks = new RecordedChecks();
        try (PostgresReader reader = setup.reader()) {
            reader.plan(checks);
            return checks.errors;
        }
    }

    private static ReaderSetup setup() {
        return ReaderSetup.of(database).table("orders");
    }

    @Test
    void aMissingTableComesWithTheNearestName() {
        assertThat(errors(setup().table("public.oders")))
                .singleElement()
                .satisfies(e -> assertThat(e.parameter()).isEqualTo("table"))
                .satisfies(e -> assertThat(e.code()).isEqualTo("TABLE_NOT_FOUND"))
                .satisfies(e -> assertThat(e.message()).contains("public.oders", "did you mean public.orders?"));
    }

    @Test
    void everyErrorIsToldAtOnceWithItsPlace() {
        List<Finding> errors = errors(setup().table("orders", "oders", "a.b.c")
                .column("id", "custmer", "id +", "OrderDate", "id, customer", "\"orderdate\"")
                .where("id = = 1"));
        assertThat(errors)
                .extracting(Finding::parameter, Finding::code)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("column[1]", "COLUMN_NOT_FOUND"),
                        org.assertj.core.groups.Tuple.tuple("column[2]", "COLUMN_INVALID"),
                        org.assertj.core.groups.Tuple.tuple("column[4]", "COLUMN_INVALID"),
                        org.assertj.core.groups.Tuple.tuple("column[5]", "COLUMN_NOT_FOUND"),
                        org.assertj.core.groups.Tuple.tuple("where", "WHERE_INVALID"),
                        org.assertj.core.groups.Tuple.tuple("table[1]", "TABLE_NOT_FOUND"),
                        org.assertj.core.groups.Tuple.tuple("table[2]", "INVALID_NAME"));
        assertThat(errors)
                .filteredOn(e -> e.code().equals("COLUMN_NOT_FOUND"))
                .extracting(Finding::remedy)
                .containsExactly("did you mean customer?", "did you mean OrderDate?");
    }

    @Test
    void anExpressionOfSeveralColumnsIsNotOne() {
        assertThat(errors(setup().column("id, customer")))
                .singleElement()
                .satisfies(e -> assertThat(e.parameter()).isEqualTo("column[0]"))
                .satisfies(e -> assertThat(e.message()).contains("gives 2 columns"));
    }

    @Test
    void missingPrivilegesComeWithTheGrant() throws SQLException {
        TestingLogin login = database.createLogin();
        List<Finding> errors = errors(ReaderSetup.of(database, login.user(), login.password())
                .table("orders")
                .column("id"));
        assertThat(errors)
                .singleElement()
                .satisfies(e -> assertThat(e.code()).isEqualTo("PERMISSION_DENIED"))
                .satisfies(e -> assertThat(e.remedy())
                        .contains("GRANT SELECT ON \"public\".\"orders\" TO \"" + login.user() + "\""));
        database.execute("GRANT SELECT (id) ON orders TO " + login.user());
        assertThat(errors(ReaderSetup.of(database, login.user(), login.password())
                        .table("orders")
                        .column("id")))
                .isEmpty();
        database.execute("REVOKE ALL ON orders FROM " + login.user());
    }

    @Test
    void aQueryThatIsNoneIsToldBeforeAnythingMoves() {
        for (String query : List.of(
                "SELEC 1",
                "SELECT * FROM nowhere",
                "DELETE FROM orders RETURNING id",
                "WITH d AS (DELETE FROM orders RETURNING id) SELECT id FROM d",
                "SELECT 1; SELECT 2",
                "SELECT")) {
            assertThat(errors(setup().querySql(query)))
                    .as(query)
                    .singleElement()
                    .satisfies(e -> assertThat(e.parameter()).isEqualTo("querySql"));
        }
    }

    @Test
    void aPseudoTypeIsToldBeforeAnythingMoves() {
        assertThat(errors(setup().column("id", "pg_sleep(0)")))
                .singleElement()
                .satisfies(e -> assertThat(e.parameter()).isEqualTo("column[1]"))
                .satisfies(e -> assertThat(e.code()).isEqualTo("UNSUPPORTED_TYPE"))
                .satisfies(e ->
                        assertThat(e.message()).contains("column pg_sleep(0) of public.orders", "pseudo type void"));
        assertThat(errors(setup().querySql("SELECT 1 AS a, pg_notify('x', '') AS b")))
                .singleElement()
                .satisfies(e -> assertThat(e.message()).contains("column b of querySql", "pseudo type void"));
    }

    @Test
    void aQueryCannotWriteThroughAFunction() throws SQLException {
        try (Reading reading = Reading.of(setup().querySql("SELECT writes()"), 1)) {
            assertThat(reading.checks.errors)
                    .singleElement()
                    .satisfies(e -> assertThat(e.message()).contains("INSERT in a read-only transaction"));
        }
        try (Reading reading = Reading.of(setup().querySql("SELECT writes()").withoutTrialRead(), 1)) {
            assertThatThrownBy(reading::rows).isInstanceOfSatisfying(TransvaseException.class, e -> {
                assertThat(e.code()).isEqualTo("READ_ONLY");
                assertThat(e.type()).isEqualTo(ErrorType.USER);
            });
        }
        assertThat(database.queryForString("SELECT count(*) FROM orders")).isEqualTo("0");
    }

    @Test
    void aWrongPasswordSaysWhatToDo() {
        ReaderSetup wrong =
                ReaderSetup.of(database, database.user(), "not-the-password").table("orders");
        assertThatThrownBy(() -> errors(wrong)).isInstanceOfSatisfying(TransvaseException.class, e -> {
            assertThat(e.code()).isEqualTo("AUTHENTICATION_FAILED");
            assertThat(e).hasMessageContaining("datasource test").hasMessageNotContaining("not-the-password");
        });
    }

    @Test
    void serverErrorsOfARunNameTheTableAndTheState() {
        try (Reading reading =
                Reading.of(setup().querySql("SELECT 1 / (n - 500) FROM generate_series(1, 1000) n"), 1)) {
            assertThatThrownBy(reading::rows).isInstanceOfSatisfying(TransvaseException.class, e -> {
                assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
                assertThat(e).hasMessageContaining("querySql").hasMessageContaining("22012");
            });
        }
    }
}
