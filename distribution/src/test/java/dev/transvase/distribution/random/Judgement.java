package dev.transvase.distribution.random;

import dev.transvase.core.report.JobReport;
import dev.transvase.distribution.jobs.TestingJobs.Ended;
import dev.transvase.distribution.random.Oracle.Verdict;
import dev.transvase.distribution.random.RandomColumn.Role;
import dev.transvase.spi.error.ErrorType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Compares how a job ended, and what the target has then, with what should have become of its rows. Used once. */
final class Judgement {

    private static final int SHOWN = 400;

    private final RandomCase job;
    private final Verdict verdict;
    private final Ended ended;
    private final JobReport report;
    private final Connection connection;
    private final String schema;
    private final String expected;
    private final List<String> wrong = new ArrayList<>();
    private String strict = "";

    /**
     * @param connection to the target's database
     * @param schema of the target's table
     * @param expected the table that has what should be there
     */
    Judgement(RandomCase job, Verdict verdict, Ended ended, Connection connection, String schema, String expected) {
        this.job = job;
        this.verdict = verdict;
        this.ended = ended;
        this.report = ended.report();
        this.connection = connection;
        this.schema = schema;
        this.expected = expected;
    }

    /** Whether the job was refused before it ran. */
    boolean refused() {
        return report.channels() == 0;
    }

    /** How it ended: the codes of its errors, or {@code succeeded}. */
    String ending() {
        if (ended.succeeded()) {
            return "succeeded";
        }
        return ended.errors().isEmpty()
                ? ended.errorCode()
                : ended.errors().stream().map(e -> e.code()).distinct().sorted().collect(Collectors.joining(","));
    }

    /** The conversions that refused values which the server's cast keeps, with what was said; empty when there are none. */
    String strict() {
        return strict;
    }

    /** What is wrong; empty when all is well. */
    List<String> wrong() throws SQLException {
        boolean defect = ended.errors().isEmpty()
                && report.error().map(e -> e.type() == ErrorType.INTERNAL).orElse(false);
        require(!defect, "INTERNAL");
        long there = count("SELECT count(*) FROM " + actual());
        if (refused()) {
            boolean began = count("SELECT count(to_regclass('" + schema + ".before')::text)") > 0;
            require(!began, "refused, but preSql was run");
            require(there == 0, "refused, but there are rows");
            require(!job.mayRefuse().isEmpty(), "refused without a reason");
            return wrong;
        }
        require(!job.mustRefuse(), "not refused");
        List<String> unexpected = onlyIn(actual(), expected);
        require(unexpected.isEmpty(), "not expected: " + unexpected + ", expected: " + onlyIn(expected, actual()));
        if (!job.writer().contains("upsert")) {
            require(there == report.written().records(), "there are " + there + " rows");
        }
        require(
                report.dirty() == ended.dirty().size(),
                "the file has " + ended.dirty().size() + " dirty records");
        if (ended.succeeded()) {
            complete();
        } else {
            boolean limit = ended.errorCode().equals("ERROR_LIMIT_EXCEEDED")
                    && job.setting().contains("\"record\":0")
                    && report.dirty() > 0;
            require(limit || !job.mayFail().isEmpty(), "failed without a reason");
        }
        return wrong;
    }

    /** All that was read is accounted for. */
    private void complete() throws SQLException {
        long accounted = report.written().records() + report.dirty();
        boolean allowed = job.writer().contains("\"skippedByTarget\":\"allow\"");
        require(report.read().records() == verdict.read(), "read another number of rows");
        require(allowed || verdict.skipped() == 0, "the target skipped rows without a word");
        require(
                report.read().records() == accounted + (allowed ? verdict.skipped() : 0)
                        || (allowed && !job.sameTypes() && report.read().records() >= accounted),
                "rows are unaccounted for");
        require(report.dirty() >= verdict.refused(), "fewer dirty records than rows the server refuses");
        List<String> missing = onlyIn(expected, actual());
        if (job.sameTypes() && !job.key().isEmpty()) {
            String keys = "SELECT count(DISTINCT " + job.key() + ") FROM ";
            require(count(keys + expected) == count(keys + actual()), "other keys");
        } else if (job.sameTypes()) {
            require(missing.isEmpty(), "missing " + missing);
            require(report.dirty() == verdict.refused(), "dirty without a reason");
        } else if (!missing.isEmpty()) {
            String types = job.moves().stream()
                    .filter(m -> !m.sameType())
                    .map(m -> m.type() + " -> " + m.target().type())
                    .collect(Collectors.joining(", "));
            strict = ended.dirty().stream()
                    .map(d -> d.path("message").asText().lines().findFirst().orElse(""))
                    .distinct()
                    .limit(3)
                    .collect(Collectors.joining("; ", types + ": ", ""));
        }
    }

    private List<String> onlyIn(String table, String other) throws SQLException {
        return rows("SELECT " + forms() + " FROM " + table + " EXCEPT ALL SELECT " + forms() + " FROM " + other);
    }

    private String actual() {
        return schema + "." + job.to();
    }

    /** All columns as text, but for numbers that the server gives by itself. */
    private String forms() {
        return job.columns().stream()
                .filter(c -> c.role() != Role.NUMBERED)
                .map(c -> "CASE WHEN " + c.quoted() + " IS DISTINCT FROM NULL THEN '=' || "
                        + switch (c.type()) {
                            case "xml" -> c.quoted() + "::text";
                            case "xml[]" -> "format('%s', " + c.quoted() + "::text[])";
                            default -> "format('%s', " + c.quoted() + ")";
                        }
                        + " ELSE 'NULL' END")
                .collect(Collectors.joining(", ", "ARRAY[", "]::text"));
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            wrong.add(otherwise);
        }
    }

    private long count(String sql) throws SQLException {
        return Long.parseLong(rows(sql).get(0));
    }

    private List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                String row = result.getString(1);
                rows.add(row.length() > SHOWN ? row.substring(0, SHOWN) + "..." : row);
            }
        }
        return rows;
    }
}
