package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.report.JobReport;
import dev.transvase.distribution.jobs.RegressionSchema.Content;
import dev.transvase.distribution.jobs.RegressionSchema.Side;
import dev.transvase.spi.error.LeftOut;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A database with every kind of table arrives as it is: each row once, and in its own table. */
class RegressionSchemaIT {

    /** Settings of the databases that differ: nothing that is moved depends on them. */
    private static final List<String> SOURCE_SETTINGS = List.of(
            "DateStyle = 'SQL, DMY'",
            "IntervalStyle = 'sql_standard'",
            "TimeZone = 'Asia/Shanghai'",
            "extra_float_digits = -3",
            "bytea_output = 'escape'",
            "default_transaction_isolation = 'serializable'",
            "search_path = odd, \"My.Schema \"\"1\"\"\", types, pg_catalog");

    private static final List<String> TARGET_SETTINGS = List.of(
            "DateStyle = 'German'",
            "IntervalStyle = 'iso_8601'",
            "TimeZone = 'America/New_York'",
            "xmloption = 'document'",
            "array_nulls = off",
            "quote_all_identifiers = on",
            "search_path = inh, public");

    /** Characters that LATIN1 lacks, and those to use there. */
    private static final Map<String, String> LATIN1 = Map.of(
            "世", "ß", "界", "ä", "心", "ö", "😀", "ñ", "\\u0301", "\\u00b4", "\\ufeff", "\\u00a0", "\\u2028", "\\u0085");

    /** What has nothing to move. */
    private static final Set<String> COLUMNLESS = Set.of(
            "kinds.no_columns", "kinds.all_dropped", "inh.no_columns", "kinds.only_stored", "kinds.only_virtual");

    private static final List<String> KEYED = List.of("keys.*", "types.users", "types.wide", "kinds.always");

    @TempDir
    private Path folder;

    /**
     * Two servers.
     *
     * @param encoding of the target's database
     */
    record Pair(int source, int target, String encoding) {}

    static List<Pair> pairs() {
        int oldest = TestingPostgres.oldest().major();
        int newest = TestingPostgres.newest().major();
        return List.of(
                new Pair(oldest, newest, "UTF8"),
                new Pair(newest, newest, "UTF8"),
                new Pair(newest, oldest, "UTF8"),
                new Pair(newest, newest, "LATIN1"));
    }

    /** A database of each, in which the regression schema is, and the way to run jobs between them. */
    private record Setting(RegressionSchema from, RegressionSchema to, TestingJobs jobs) {}

    @ParameterizedTest
    @MethodSource("pairs")
    void everyRowArrivesOnceAndInItsOwnTable(Pair pair) throws SQLException {
        try (TestingDatabase source = TestingPostgres.major(pair.source()).createDatabase();
                TestingDatabase target = TestingPostgres.major(pair.target())
                        .createDatabase(
                                "TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING '" + pair.encoding() + "'")) {
            Setting setting = create(pair, source, target);
            // Without circles of foreign keys, whose tables no order can load.
            String all = "\"table\": [\"*.*\"], \"excludeTable\": [\"circle.*\", \"unread.*\"]";
            moves(setting, all, "\"writeMode\": \"insert\"", 1, "circle.");
            moves(setting, all, "\"writeMode\": \"copy\", \"batchSize\": 7", 3, "circle.");
            if (pair.source() == pair.target()) {
                return;
            }
            String schemas =
                    "\"table\": [\"part.by_list\", \"public.*\", \"inh.*\", \"odd.*\", \"types.*\", \"keys.*\","
                            + " \"circle.*\", \"kinds.*\", \"part.*\", \"\\\"My.Schema \\\"\\\"1\\\"\\\"\\\".*\"]";
            String unchecked = "\"session\": [\"SET session_replication_role = replica\"]";
            moves(setting, schemas, "\"writeMode\": \"insert\", \"batchSize\": 100, " + unchecked, 3, "");
            moves(setting, schemas, "\"writeMode\": \"copy\", " + unchecked, 1, "");
            upserts(setting);
        }
    }

    private Setting create(Pair pair, TestingDatabase source, TestingDatabase target) throws SQLException {
        int major = Math.min(pair.source(), pair.target());
        Map<String, String> replacements = pair.encoding().equals("LATIN1") ? LATIN1 : Map.of();
        // So that no OID is the same by chance.
        target.execute(
                "CREATE SCHEMA unread_too", "CREATE TABLE unread_too.filler ()", "DROP SCHEMA unread_too CASCADE");
        RegressionSchema from = RegressionSchema.create(source, Side.SOURCE, major, replacements);
        RegressionSchema to = RegressionSchema.create(target, Side.TARGET, major, replacements);
        set(source, SOURCE_SETTINGS);
        set(target, TARGET_SETTINGS);
        TestingJobs jobs = new TestingJobs(folder);
        TestingLogin reader = reader(source);
        jobs.dataSource("source", source, e -> e.put("username", reader.user()).put("password", reader.password()));
        jobs.dataSource("target", target);
        return new Setting(from, to, jobs);
    }

    /** One that policies hide nothing from, and that may do no more than read. */
    private static TestingLogin reader(TestingDatabase source) throws SQLException {
        TestingLogin login = source.createLogin();
        source.execute("ALTER ROLE " + login.user() + " BYPASSRLS");
        for (String schema : source.queryForList("SELECT quote_ident(nspname) FROM pg_namespace"
                + " WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'")) {
            source.execute(
                    "GRANT USAGE ON SCHEMA " + schema + " TO " + login.user(),
                    "GRANT SELECT ON ALL TABLES IN SCHEMA " + schema + " TO " + login.user());
        }
        return login;
    }

    private static void set(TestingDatabase database, List<String> settings) throws SQLException {
        database.execute(settings.stream()
                .map(setting -> "ALTER DATABASE " + database.name() + " SET " + setting)
                .toArray(String[]::new));
    }

    /** @param except the schema, with a dot, whose tables are not moved; empty when there is none */
    private void moves(Setting setting, String reader, String writer, int channels, String except) throws SQLException {
        setting.to().truncate();
        TestingJobs.Ended ended = run(setting, reader, writer, channels);
        assertEqual(setting, writer, except);
        assertAllIsTold(setting, ended.report());
    }

    /** What was read is in the report's tables, all else under what was left out. */
    private static void assertAllIsTold(Setting setting, JobReport report) throws SQLException {
        Set<String> read = report.tables().stream().map(JobReport.Table::source).collect(Collectors.toSet());
        Set<String> leftOut = report.leftOut().stream().map(LeftOut::table).collect(Collectors.toSet());
        SoftAssertions softly = new SoftAssertions();
        setting.from().relations().forEach((name, kind) -> {
            boolean told = read.contains(name) || leftOut.contains(name);
            softly.assertThat(told || name.startsWith("unread."))
                    .as("%s, kind %s, is told", name, kind)
                    .isTrue();
            softly.assertThat(read.contains(name) && !"rp".contains(kind))
                    .as("%s, kind %s, is read", name, kind)
                    .isFalse();
        });
        softly.assertThat(leftOut).as("large objects").anyMatch(left -> left.startsWith("kinds.large_objects"));
        softly.assertAll();
    }

    private TestingJobs.Ended run(Setting setting, String reader, String writer, int channels) {
        TestingJobs.Ended ended = setting.jobs()
                .run(TestingJobs.postgresJob(
                        "{\"datasource\": \"source\", \"column\": [\"*\"], " + reader + "}",
                        "{\"datasource\": \"target\", \"column\": [\"*\"], " + writer + "}",
                        "{\"speed\": {\"concurrent\": " + channels + "}}"));
        assertThat(ended.errors()).as(writer).isEmpty();
        assertThat(ended.dirty())
                .extracting(record -> record.path("table").asText() + ": "
                        + record.path("message").asText())
                .as(writer)
                .isEmpty();
        assertThat(ended.errorMessage()).as(writer).isEmpty();
        assertThat(ended.report().written()).isEqualTo(ended.report().read());
        return ended;
    }

    /** Twice, so that each row is there already. */
    private void upserts(Setting setting) throws SQLException {
        setting.to().truncate();
        String reader = "\"table\": " + KEYED.stream().collect(Collectors.joining("\", \"", "[\"", "\"]"))
                + ", \"excludeTable\": [\"circle.*\"]";
        for (int channels : List.of(1, 3)) {
            TestingJobs.Ended ended = run(setting, reader, "\"writeMode\": \"upsert\"", channels);
            Map<String, Content> expected = setting.from().contents();
            Map<String, Content> found = setting.to().contents();
            for (JobReport.Table table : ended.report().tables()) {
                String name = table.source();
                assertThat(setting.to().difference(found.get(name), setting.from(), expected.get(name)))
                        .as("%s by upsert", name)
                        .startsWith("0 rows of " + expected.get(name).rows() + " are others, 0 of");
            }
        }
    }

    private static void assertEqual(Setting setting, String mode, String except) throws SQLException {
        Map<String, Content> expected = setting.from().contents();
        Map<String, Content> found = setting.to().contents();
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        SoftAssertions softly = new SoftAssertions();
        for (Map.Entry<String, Content> table : expected.entrySet()) {
            String name = table.getKey();
            boolean leftOut = COLUMNLESS.contains(name) || (!except.isEmpty() && name.startsWith(except));
            Content content = found.get(name);
            if (leftOut) {
                softly.assertThat(content.rows()).as("%s is left out", name).isZero();
            } else if (!content.same(table.getValue())) {
                softly.fail(
                        "%s by %s: %s", name, mode, setting.to().difference(content, setting.from(), table.getValue()));
            }
        }
        softly.assertAll();
    }
}
