package dev.transvase.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A session has the server's own settings, whatever the driver would tell it, and the time zone of the data source. */
class ServerSettingsIT {

    static List<Integer> majors() {
        return List.of(
                TestingPostgres.majors().get(0),
                TestingPostgres.majors().get(TestingPostgres.majors().size() - 1));
    }

    private static String ask(PostgresSession session, String sql) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void alter(TestingDatabase database, String setting) throws SQLException {
        database.execute("ALTER DATABASE " + database.name() + " SET " + setting);
    }

    @ParameterizedTest
    @MethodSource("majors")
    void whatSqlSeesIsTheServersOwn(int major) throws SQLException {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase()) {
            for (String setting : List.of(
                    "DateStyle = 'German, DMY'",
                    "IntervalStyle = 'sql_standard'",
                    "extra_float_digits = -2",
                    "bytea_output = 'escape'",
                    "TimeZone = 'Asia/Shanghai'",
                    "xmloption = 'document'",
                    "array_nulls = off")) {
                alter(database, setting);
            }
            try (PostgresSession session = PostgresSession.open(Sources.in("server", Sources.of(database)), "test")) {
                assertThat(ask(session, "SELECT date '01.02.2024'::text || ' ' || '04/03/2024'::date"))
                        .isEqualTo("01.02.2024 04.03.2024");
                assertThat(ask(session, "SELECT interval '-1 day -2 hours'::text"))
                        .isEqualTo("-1 2:00:00");
                assertThat(ask(session, "SELECT (1::float8 / 3)::text")).isEqualTo("0.3333333333333");
                assertThat(ask(session, "SELECT '\\x00'::bytea::text")).isEqualTo("\\000");
                assertThat(ask(session, "SELECT extract(epoch FROM timestamptz '01.05.2024 08:00')::bigint"))
                        .isEqualTo("1714521600");
                assertThat(ask(session, "SELECT current_setting('xmloption') || current_setting('array_nulls')"))
                        .isEqualTo("documentoff");
                assertThat(session.timeZone()).isEqualTo("Asia/Shanghai");
                assertThat(session.serverTimeZone()).contains("Asia/Shanghai");
                ask(session, "SELECT set_config('DateStyle', 'SQL, MDY', false)");
                assertThat(ask(session, "SELECT date '01/02/2024'::text")).isEqualTo("01/02/2024");
                try (Statement statement = session.jdbc().createStatement()) {
                    statement.execute("RESET DateStyle");
                }
                assertThat(ask(session, "SELECT date '01/02/2024'::text")).isEqualTo("01.02.2024");
            }
        }
    }

    /** Without a setting of the database's, the server's own is what its file says. */
    @ParameterizedTest
    @MethodSource("majors")
    void theZoneOfTheServersFileIsSeen(int major) throws SQLException {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase()) {
            String ofTheFile;
            try (PostgresSession session = PostgresSession.open(Sources.in("server", Sources.of(database)), "test")) {
                ofTheFile = session.timeZone();
                assertThat(session.serverTimeZone()).contains(ofTheFile);
                assertThat(ask(session, "SELECT source FROM pg_settings WHERE name = 'TimeZone'"))
                        .isIn("configuration file", "default", "environment variable", "override");
            }
            try (PostgresSession session =
                    PostgresSession.open(Sources.in("America/St_Johns", Sources.of(database)), "test")) {
                assertThat(session.timeZone()).isEqualTo("America/St_Johns");
                assertThat(session.serverTimeZone()).contains(ofTheFile);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("majors")
    void withoutAWordItIsTheMachines(int major) throws SQLException {
        TimeZone before = TimeZone.getDefault();
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase()) {
            alter(database, "TimeZone = 'Asia/Shanghai'");
            for (String[] zone : new String[][] {{"Asia/Kolkata", "05:30:00"}, {"GMT+03:00", "03:00:00"}}) {
                TimeZone.setDefault(TimeZone.getTimeZone(ZoneId.of(zone[0])));
                try (PostgresSession session = PostgresSession.open(Sources.of(database), "test")) {
                    assertThat(ask(
                                    session,
                                    "SELECT (now() AT TIME ZONE current_setting('TimeZone')"
                                            + " - now() AT TIME ZONE 'UTC')::text"))
                            .isEqualTo(zone[1]);
                    assertThat(session.serverTimeZone()).contains("Asia/Shanghai");
                }
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @ParameterizedTest
    @MethodSource("majors")
    void aZoneThatTheServerDoesNotKnowIsRefused(int major) throws SQLException {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase()) {
            assertThatThrownBy(() -> PostgresSession.open(Sources.in("Asia/Shanghia", Sources.of(database)), "test"))
                    .isInstanceOf(TransvaseException.class)
                    .hasMessageContaining("\"Asia/Shanghia\"")
                    .extracting(e -> ((TransvaseException) e).code())
                    .isEqualTo("TIME_ZONE_UNKNOWN");
            for (String offset : List.of("GMT+8", "UTC-05:30", "+08:00")) {
                assertThatThrownBy(() -> PostgresSession.open(Sources.in(offset, Sources.of(database)), "test"))
                        .hasMessageContaining(offset)
                        .hasMessageContaining("give the name of a zone");
            }
            for (String zone : List.of("Etc/GMT-8", "EST5EDT", "GMT+0")) {
                PostgresSession.open(Sources.in(zone, Sources.of(database)), "test")
                        .close();
            }
        }
    }

    /** A role's settings for transactions are not those that ours begin with. */
    @ParameterizedTest
    @MethodSource("majors")
    void transactionsBeginAsWeSay(int major) throws SQLException {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase()) {
            alter(database, "default_transaction_isolation = 'serializable'");
            alter(database, "default_transaction_deferrable = on");
            alter(database, "gin_fuzzy_search_limit = 5");
            try (PostgresSession session = PostgresSession.open(Sources.of(database), "test")) {
                session.jdbc().setAutoCommit(false);
                assertThat(ask(session, "SHOW transaction_isolation")).isEqualTo("read committed");
                assertThat(ask(session, "SHOW transaction_deferrable")).isEqualTo("off");
                assertThat(ask(session, "SHOW gin_fuzzy_search_limit")).isEqualTo("0");
            }
        }
    }
}
