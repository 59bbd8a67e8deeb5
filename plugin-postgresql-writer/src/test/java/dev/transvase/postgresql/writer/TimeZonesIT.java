package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Schema;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedChecks;
import dev.transvase.testing.contract.CollectedJournal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What has no zone and becomes {@code timestamptz}, and the other way round, is what the server's own cast makes of it. */
class TimeZonesIT {

    /** With clocks set by 30 minutes, with summer time that is a standard one, with changes at midnight and long ago. */
    private static final List<String> ZONES =
            List.of("Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin", "America/Sao_Paulo");

    private static final String SOURCE = "CREATE TABLE source AS SELECT row_number() OVER () AS id, t::date AS d, t,"
            + " t AT TIME ZONE 'UTC' AS z, ARRAY[t, NULL, t + '1 s'] AS ta, ARRAY[t AT TIME ZONE 'UTC', NULL] AS za,"
            + " t::text AS tx, t::text || ' -03:30' AS tz, (t AT TIME ZONE 'UTC')::text AS zx"
            + " FROM unnest(ARRAY['1883-11-18', '1901-01-01', '1940-06-02', '1949-05-01', '1968-10-27', '1986-05-04',"
            + " '1991-09-15', '2018-11-04', '2019-02-17', '2024-03-10', '2024-03-31', '2024-04-07', '2024-10-06',"
            + " '2024-10-27', '2024-11-03', '2525-03-11']::date[]) day,"
            + " generate_series(day - interval '6 hours', day + interval '20 hours', '15 minutes') t"
            + " UNION ALL SELECT 100000 + n, d, d, d AT TIME ZONE 'UTC', ARRAY[d::timestamp], ARRAY[d AT TIME ZONE 'UTC'],"
            + " d::text, d::text, d::text FROM (VALUES (1, 'infinity'::date), (2, '-infinity'), (3, '0044-03-15 BC'),"
            + " (4, '20000-02-03')) AS v(n, d)";

    private static final String TARGET = "(id bigint PRIMARY KEY, d timestamptz, t timestamptz, z timestamp,"
            + " ta timestamptz[], za timestamp[], tx timestamptz, tz timestamptz, zx timestamptz)";

    /** The same as text, which has to be the server's, too. */
    private static final String TEXTS = "(id bigint PRIMARY KEY, z text, za text[], zaa text)";

    static Stream<Arguments> serversAndModes() {
        List<Integer> majors = TestingPostgres.majors();
        return Stream.of(majors.get(0), majors.get(majors.size() - 1))
                .flatMap(m -> Stream.of(Arguments.of(m, WriteMode.COPY), Arguments.of(m, WriteMode.INSERT)));
    }

    private static PostgresDataSource in(String zone, TestingDatabase database) {
        PostgresDataSource source = TestingWriter.dataSource(database, database.host(), database.port());
        return new PostgresDataSource(
                source.host(),
                source.port(),
                source.database(),
                source.jdbcUrl(),
                source.username(),
                source.password(),
                source.ssl(),
                source.properties(),
                source.connectTimeout(),
                source.silenceTimeout(),
                Optional.of(zone),
                60,
                Optional.empty(),
                Optional.empty(),
                100_000,
                false,
                30);
    }

    @ParameterizedTest
    @MethodSource("serversAndModes")
    void asTheServersOwnCast(int major, WriteMode mode) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase()) {
            database.execute("SET TimeZone = 'UTC'; " + SOURCE);
            for (String zone : ZONES) {
                database.execute(
                        "DROP TABLE IF EXISTS target, expected, texts, expected_texts, instants",
                        "CREATE TABLE target " + TARGET,
                        "CREATE TABLE expected " + TARGET,
                        "CREATE TABLE texts " + TEXTS,
                        "CREATE TABLE expected_texts " + TEXTS,
                        "CREATE TABLE instants AS SELECT id, z, za, za AS zaa FROM source",
                        "SET TimeZone = '" + zone + "';"
                                + " INSERT INTO expected SELECT id, d, t, z, ta, za, tx::timestamptz, tz::timestamptz,"
                                + " zx::timestamptz FROM source;"
                                + " INSERT INTO expected_texts SELECT id, z, za::text[], za FROM source");
                write("source", "target", zone, mode, database);
                write("instants", "texts", zone, mode, database);
                assertThat(difference(database, "target", "expected")).as(zone).isEmpty();
                assertThat(difference(database, "texts", "expected_texts"))
                        .as(zone)
                        .isEmpty();
            }
        }
    }

    private static List<List<String>> difference(TestingDatabase database, String a, String b) throws Exception {
        return database.query("(SELECT 'found', t::text FROM (SELECT * FROM " + a + " EXCEPT SELECT * FROM " + b
                + ") t UNION ALL SELECT 'expected', t::text FROM (SELECT * FROM " + b + " EXCEPT SELECT * FROM " + a
                + ") t) ORDER BY 2, 1 LIMIT 20");
    }

    private static void write(String from, String to, String zone, WriteMode mode, TestingDatabase database)
            throws Exception {
        Schema offered = TestingSource.offered(database, from);
        TestingWriter writer =
                TestingWriter.to(database, to).at(in(zone, database)).mode(mode);
        Schema accepted = writer.plan(offered).accepted();
        writer.write(new CollectedJournal(0), offered, List.of(TestingSource.read(database, accepted)));
    }

    @ParameterizedTest
    @MethodSource("serversAndModes")
    void aDateIsKeptOnlyOfMidnightInTheZone(int major, WriteMode mode) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase()) {
            database.execute(
                    "CREATE TABLE source AS SELECT 1 AS id, timestamptz '2024-05-01 16:00+00' AS z"
                            + " UNION ALL SELECT 2, '2024-05-01 00:00+00'",
                    "CREATE TABLE target (id integer, z date)");
            Schema offered = TestingSource.offered(database, "source");
            TestingWriter writer = TestingWriter.to(database, "target")
                    .at(in("Asia/Shanghai", database))
                    .mode(mode);
            Schema accepted = writer.plan(offered).accepted();
            CollectedJournal journal = new CollectedJournal(1);
            writer.write(journal, offered, List.of(TestingSource.read(database, accepted)));
            assertThat(database.query("SELECT id, z FROM target")).containsExactly(List.of("1", "2024-05-02"));
            assertThat(journal.dirtyRecords())
                    .singleElement()
                    .asString()
                    .contains("2024-05-01 08:00:00+08 has a time of day");
        }
    }

    @ParameterizedTest
    @MethodSource("serversAndModes")
    void aTimeHasAnOffsetOnlyWhereItIsTheSameEveryDay(int major, WriteMode mode) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase()) {
            database.execute(
                    "CREATE TABLE source AS SELECT 1 AS id, '12:00+02' AS a, time '10:00' AS b, '{10:00Z}' AS c"
                            + " UNION ALL SELECT 2, '12:00', NULL, NULL UNION ALL SELECT 3, '04:05 PM', NULL, NULL"
                            + " UNION ALL SELECT 4, NULL, NULL, '{10:00}' UNION ALL SELECT 5, '12:00 EST', NULL, NULL",
                    "CREATE TABLE target (id integer, a timetz, b timetz, c timetz[])");
            assertThat(times("Asia/Shanghai", mode, database).dirtyRecords()).isEmpty();
            assertThat(database.query("SELECT id, a, b, c FROM target WHERE id <> 5 ORDER BY id"))
                    .containsExactly(
                            List.of("1", "12:00:00+02", "10:00:00+08", "{10:00:00+00}"),
                            Arrays.asList("2", "12:00:00+08", null, null),
                            Arrays.asList("3", "16:05:00+08", null, null),
                            Arrays.asList("4", null, null, "{10:00:00+08}"));
            assertThat(times("America/New_York", mode, database).dirtyRecords())
                    .hasSize(4)
                    .allSatisfy(r -> assertThat(r.toString()).contains("America/New_York"));
            assertThat(database.query("SELECT id, a FROM target")).containsExactly(List.of("5", "12:00:00-05"));
        }
    }

    private static CollectedJournal times(String zone, WriteMode mode, TestingDatabase database) throws Exception {
        database.execute("TRUNCATE target");
        Schema offered = TestingSource.offered(database, "source");
        TestingWriter writer =
                TestingWriter.to(database, "target").at(in(zone, database)).mode(mode);
        Schema accepted = writer.plan(offered).accepted();
        CollectedJournal journal = new CollectedJournal(10);
        writer.write(journal, offered, List.of(TestingSource.read(database, accepted)));
        return journal;
    }

    @Test
    void theZoneIsToldAndOneWithUnknownRulesRefused() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase()) {
            database.execute(
                    "CREATE TABLE source (z timestamptz)",
                    "CREATE TABLE target (z timestamp)",
                    "CREATE TABLE same (z timestamptz)",
                    "ALTER DATABASE " + database.name() + " SET TimeZone = 'Asia/Tokyo'");
            Schema offered = TestingSource.offered(database, "source");
            CollectedChecks checks = TestingWriter.to(database, "target")
                    .at(in("Asia/Shanghai", database))
                    .check(offered);
            List<String> warnings = new ArrayList<>(checks.warnings());
            assertThat(warnings)
                    .anySatisfy(
                            w -> assertThat(w).contains("the time zone Asia/Shanghai, the server's own is Asia/Tokyo"));
            assertThat(warnings).anySatisfy(w -> assertThat(w).contains("in Asia/Shanghai"));
            assertThat(TestingWriter.to(database, "target")
                            .at(in("server", database))
                            .check(offered)
                            .warnings())
                    .singleElement()
                    .asString()
                    .contains("in Asia/Tokyo");
            PostgresDataSource odd = in("XYZ3ABC,M3.2.0,M11.1.0", database);
            assertThatThrownBy(
                            () -> TestingWriter.to(database, "target").at(odd).check(offered))
                    .isInstanceOf(TransvaseException.class)
                    .hasMessageContaining("XYZ3ABC");
            assertThat(TestingWriter.to(database, "same").at(odd).check(offered).errors())
                    .isEmpty();
        }
    }
}
