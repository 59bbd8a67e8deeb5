package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.reader.RecordedChecks.Finding;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A name that is no column of the table and that the server takes for something else does not pass without a word. */
class ColumnNamesIT {

    private static TestingDatabase database;

    @BeforeAll
    static void create() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE TABLE orders (id int, user_name text, current_dates date)",
                "CREATE TABLE people (id int, \"User\" text)",
                "CREATE TABLE users (id int, \"user\" text)",
                "CREATE FUNCTION label(orders) RETURNS text LANGUAGE sql AS $$ SELECT $1.user_name $$");
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    private static List<Finding> warnings(ReaderSetup setup) {
        try (Reading reading = Reading.of(setup, 1)) {
            assertThat(reading.checks.errors).isEmpty();
            return reading.checks.warnings;
        }
    }

    private static ReaderSetup orders(String... columns) {
        return ReaderSetup.of(database).table("orders").column(columns);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user | the SQL value USER | user_name",
                " USER | the SQL value USER | user_name",
                "current_date | the SQL value CURRENT_DATE | current_dates",
                "current_timestamp | the SQL value CURRENT_TIMESTAMP | Its columns are id, user_name",
                "localtime | the SQL value LOCALTIME | id",
                "session_user | the SQL value SESSION_USER | user_name",
                "current_schema | the SQL value CURRENT_SCHEMA | id",
                "ctid | the system column ctid | id",
                "\"xmin\" | the system column xmin | id",
                "orders.tableoid | the system column tableoid | id",
                "orders | the whole row of the table | id",
                "orders.label | a call of the function label with the whole row | id",
                "public.orders.label | a call of the function label with the whole row | id",
            })
    void isToldWithWhatItWasTakenFor(String name, String meaning, String column) {
        assertThat(warnings(orders("id", name)))
                .singleElement()
                .satisfies(w -> assertThat(w.parameter()).isEqualTo("column[1]"))
                .satisfies(w -> assertThat(w.message())
                        .contains(name.strip() + " is no column of public.orders", "read as " + meaning, column));
    }

    @Test
    void columnsConstantsAndExpressionsPass() {
        assertThat(warnings(orders(
                        "id",
                        "ID",
                        "orders.id",
                        "public.orders.\"user_name\"",
                        "null",
                        "TRUE",
                        "1",
                        "'user'",
                        "(user)",
                        "current_date::text",
                        "now()")))
                .isEmpty();
        assertThat(warnings(ReaderSetup.of(database).table("users").column("id", "user", "USER")))
                .isEmpty();
        assertThat(warnings(ReaderSetup.of(database).table("people").column("User", "\"User\"", "people.\"User\"")))
                .isEmpty();
    }

    @Test
    void onlyTheTablesThatLackItAreTold() {
        assertThat(warnings(ReaderSetup.of(database).table("public.*").column("id", "user")))
                .singleElement()
                .satisfies(w -> assertThat(w.message())
                        .startsWith(
                                "user is no column of public.orders, public.people; it is read as the SQL value USER"));
    }
}
