package dev.transvase.postgresql.writer.plan;

import static dev.transvase.postgresql.writer.error.WriterErrors.MISSING_PRIVILEGE;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.ColumnSequence;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.Fix;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.table.SequenceValue;
import dev.transvase.spi.table.TableName;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sets the sequences that number rows of the target tables past each number that is in use, so that the next row that is
 * inserted there gets a new one. A sequence is never set back.
 */
public final class TargetSequences {

    private final List<TargetTable> targets;
    private final List<SequenceValue> source;

    /**
     * @param targets one for each table of the plan
     * @param plan tells how far the source has counted
     */
    public TargetSequences(List<TargetTable> targets, ReadPlan plan) {
        this.targets = targets;
        this.source = plan.sequences();
    }

    /**
     * A table's column that a sequence numbers.
     *
     * @param readable whether the user may read it
     */
    private record Numbered(TargetTable table, String column, boolean readable) {}

    /** Reports sequences that the user may not set. Blocks on the server. */
    public void check(PostgresSession session, Checks checks) throws SQLException {
        String user = SqlNames.quote(session.jdbc().getMetaData().getUserName());
        for (Map.Entry<ColumnSequence, List<Numbered>> entry :
                ofTargets(session).entrySet()) {
            ColumnSequence sequence = entry.getKey();
            for (Numbered numbered : entry.getValue()) {
                if (!numbered.readable()) {
                    TableName table = numbered.table().table();
                    report(
                            "column " + numbered.column() + " of " + table
                                    + " may not be read, but its sequence is to be set past its highest number",
                            "GRANT SELECT (" + SqlNames.quote(numbered.column()) + ") ON " + SqlNames.quote(table)
                                    + " TO " + user,
                            table,
                            "tables have a column that may not be read, but its sequence is to be set past its"
                                    + " highest number",
                            session,
                            checks);
                }
            }
            if (!sequence.settable()) {
                report(
                        "the sequence " + sequence.name() + " may not be set",
                        "GRANT UPDATE, SELECT ON SEQUENCE " + SqlNames.quote(sequence.name()) + " TO " + user,
                        sequence.name(),
                        "sequences may not be set",
                        session,
                        checks);
            }
        }
    }

    private static void report(
            String message, String grant, Object subject, String plural, PostgresSession session, Checks checks)
            throws SQLException {
        checks.error(
                "sequences",
                Finding.of(MISSING_PRIVILEGE, message, grant)
                        .of(subject, plural)
                        .mendedBy(Fix.mend(session.place("target"), grant)));
    }

    /** Sets them, each in a transaction of its own when the session is in auto-commit mode. Blocks on the server. */
    public void set(PostgresSession session, Notices notices) throws SQLException {
        for (Map.Entry<ColumnSequence, List<Numbered>> entry :
                ofTargets(session).entrySet()) {
            ColumnSequence sequence = entry.getKey();
            BigDecimal farthest = null;
            for (Numbered numbered : entry.getValue()) {
                farthest = farther(sequence, farthest, inTable(session, sequence, numbered));
                farthest = farther(sequence, farthest, atSource(sequence, numbered));
            }
            if (farthest != null) {
                set(session, sequence, farthest, notices);
            }
        }
    }

    private static void set(PostgresSession session, ColumnSequence sequence, BigDecimal farthest, Notices notices)
            throws SQLException {
        boolean up = sequence.increment() > 0;
        BigDecimal first = BigDecimal.valueOf(up ? sequence.min() : sequence.max());
        BigDecimal last = BigDecimal.valueOf(up ? sequence.max() : sequence.min());
        int direction = up ? 1 : -1;
        if (farthest.compareTo(first) * direction < 0) {
            return; // all that is in use comes before what the sequence gives out
        }
        BigDecimal value = farthest;
        if (farthest.compareTo(last) * direction >= 0) {
            value = last;
            notices.warn("the sequence " + sequence.name() + " ends at " + last + ", and numbers up to "
                    + farthest.toPlainString() + " are in use: the next row that uses it will be rejected");
        }
        String behind = up ? "< " : "> ";
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("SELECT pg_catalog.setval("
                    + SqlNames.literal(SqlNames.quote(sequence.name())) + "::pg_catalog.regclass, "
                    + value.toPlainString()
                    + ") FROM " + SqlNames.quote(sequence.name()) + " WHERE last_value " + behind
                    + value.toPlainString()
                    + " OR NOT is_called AND last_value = " + value.toPlainString());
        }
    }

    /** The one of two numbers that a sequence gives out later; {@code null} is none. */
    private static BigDecimal farther(ColumnSequence sequence, BigDecimal one, BigDecimal other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return sequence.increment() > 0 ? one.max(other) : one.min(other);
    }

    private static BigDecimal inTable(PostgresSession session, ColumnSequence sequence, Numbered numbered)
            throws SQLException {
        String extreme = sequence.increment() > 0 ? "max" : "min";
        String column = SqlNames.quote(numbered.column());
        // No sequence gives out what is no number; integers have none, and their largest is found by an index.
        String numbers = sequence.decimal()
                ? " WHERE " + column + "::pg_catalog.text NOT IN ('NaN', 'Infinity', '-Infinity')"
                : "";
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.trunc(pg_catalog." + extreme + "("
                        + column + ")::pg_catalog.numeric) FROM "
                        + SqlNames.quote(numbered.table().table()) + numbers)) {
            row.next();
            return row.getBigDecimal(1);
        }
    }

    private BigDecimal atSource(ColumnSequence sequence, Numbered numbered) {
        BigDecimal farthest = null;
        for (SequenceValue value : source) {
            TargetTable to = targets.get(value.table());
            if (to.oid() == numbered.table().oid() && into(to, value.column()).equals(numbered.column())) {
                farthest = farther(sequence, farthest, BigDecimal.valueOf(value.last()));
            }
        }
        return farthest;
    }

    /** The column that the reader's column is written to; empty when it is not written. */
    private static String into(TargetTable table, int field) {
        int transfer = table.fields().indexOf(field);
        return transfer < 0 ? "" : table.transfers().get(transfer).target().name();
    }

    private Map<ColumnSequence, List<Numbered>> ofTargets(PostgresSession session) throws SQLException {
        Map<Integer, TargetTable> byOid = new HashMap<>();
        targets.forEach(target -> byOid.put(target.oid(), target));
        Map<Integer, ColumnSequence> sequences = new LinkedHashMap<>();
        Map<Integer, List<Numbered>> columns = new HashMap<>();
        for (ColumnSequence found : ColumnSequence.of(session, byOid.keySet())) {
            TargetTable table = byOid.get(found.table());
            sequences.putIfAbsent(found.oid(), found);
            columns.computeIfAbsent(found.oid(), oid -> new ArrayList<>())
                    .add(new Numbered(table, found.column(), found.readable()));
        }
        Map<ColumnSequence, List<Numbered>> all = new LinkedHashMap<>();
        sequences.forEach((oid, sequence) -> all.put(sequence, columns.get(oid)));
        return all;
    }
}
