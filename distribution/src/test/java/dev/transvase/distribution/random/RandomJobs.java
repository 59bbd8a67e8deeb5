package dev.transvase.distribution.random;

import dev.transvase.core.report.JobReport;
import dev.transvase.distribution.jobs.TestingJobs;
import dev.transvase.distribution.jobs.TestingJobs.Ended;
import dev.transvase.distribution.jobs.TypeSamples;
import dev.transvase.distribution.random.Oracle.Verdict;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.TreeMap;

/** Runs random cases between two databases and says where the target has what it should not, without a word about it. */
final class RandomJobs implements AutoCloseable {

    /** What each database begins its sessions with: none of it may matter. */
    private static final List<String> SETTINGS = List.of(
            "DateStyle = 'German, DMY'",
            "IntervalStyle = 'sql_standard'",
            "extra_float_digits = -3",
            "bytea_output = 'escape'",
            "xmloption = 'document'",
            "array_nulls = off",
            "default_transaction_isolation = 'serializable'",
            "quote_all_identifiers = on");

    private final TestingDatabase source;
    private final TestingDatabase target;
    private final TestingJobs jobs;
    private final Map<String, Integer> endings = new TreeMap<>();
    private final Map<String, Integer> strict = new TreeMap<>();

    RandomJobs(TestingPostgres from, TestingPostgres to, Path folder) throws SQLException {
        source = from.createDatabase();
        target = to.createDatabase();
        for (TestingDatabase database : List.of(source, target)) {
            database.execute(TypeSamples.DEFINITIONS.toArray(String[]::new));
            database.execute("CREATE TABLE public.\"Odd Name\" ()");
        }
        for (int i = 0; i < SETTINGS.size(); i++) {
            TestingDatabase database = i % 2 == 0 ? source : target;
            database.execute("ALTER DATABASE " + database.name() + " SET " + SETTINGS.get(i));
        }
        jobs = new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
    }

    /** How many jobs ended in which way. */
    Map<String, Integer> endings() {
        return endings;
    }

    /** Which conversions refused values that the server's cast keeps, and how many. */
    Map<String, Integer> strict() {
        return strict;
    }

    /** Runs one; what is wrong with it, or empty. */
    Optional<String> run(long seed) throws SQLException {
        RandomCase job =
                new CaseGenerator(seed, source.server().major(), target.server().major()).make();
        String prefix = "c" + seed;
        try (Connection from = source.connect();
                Connection to = target.connect();
                Oracle oracle = new Oracle(to, job, prefix)) {
            execute(from, Oracle.settings("UTC"), "CREATE SCHEMA " + prefix);
            execute(to, Oracle.settings(TimeZone.getDefault().getID()), "CREATE SCHEMA " + prefix);
            try {
                execute(from, inSchema(job.source(), prefix));
                execute(to, inSchema(job.target(), prefix));
                execute(to, inSchema(job.unique(), prefix));
                Verdict verdict = oracle.judge();
                Ended ended = jobs.run(TestingJobs.postgresJob(
                        job.reader().replace("@schema", prefix),
                        job.writer().replace("@schema", prefix),
                        job.setting()));
                Judgement judgement = new Judgement(job, verdict, ended, to, prefix, oracle.table());
                List<String> wrong = judgement.wrong();
                endings.merge(judgement.ending(), 1, Integer::sum);
                if (!judgement.strict().isEmpty()) {
                    strict.merge(judgement.strict(), 1, Integer::sum);
                }
                return wrong.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                String.join("; ", wrong) + "\n" + told(ended) + "\n" + verdict + "\n" + job.story());
            } catch (SQLException e) {
                throw new SQLException(e.getMessage() + "\n" + job.story(), e.getSQLState(), e);
            } finally {
                execute(from, "DROP SCHEMA " + prefix + " CASCADE");
                execute(to, "DROP SCHEMA " + prefix + " CASCADE");
            }
        }
    }

    private static String told(Ended ended) {
        JobReport report = ended.report();
        return "report: " + report.status() + " read " + report.read().records() + ", written "
                + report.written().records() + ", dirty " + report.dirty() + " " + ended.errorCode() + " "
                + ended.errorMessage() + "\nerrors: " + ended.errors() + "\nwarnings: " + ended.warnings() + "\ndirty: "
                + ended.dirty().stream().limit(5).toList();
    }

    private static String[] inSchema(List<String> statements, String schema) {
        return statements.stream().map(s -> s.replace("@schema", schema)).toArray(String[]::new);
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                try {
                    statement.execute(sql);
                } catch (SQLException e) {
                    throw new SQLException(e.getMessage() + " in " + sql, e.getSQLState(), e);
                }
            }
        }
    }

    @Override
    public void close() {
        target.close();
        source.close();
    }
}
