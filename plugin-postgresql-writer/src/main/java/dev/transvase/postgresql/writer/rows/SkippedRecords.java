package dev.transvase.postgresql.writer.rows;

import static dev.transvase.spi.error.CommonErrors.SKIPPED_BY_TARGET;

import dev.transvase.postgresql.writer.batch.TakenRows;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.parameter.SkippedByTarget;
import dev.transvase.postgresql.writer.session.TargetSession;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.target.TargetTree;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.TransvaseException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the run, unless the job allows it, when the target took another number of rows than it was sent. */
final class SkippedRecords {

    /** Triggers and rules that may be the reason, of the table and of the tables that its rows are stored in. */
    private static final String REASONS = "WITH RECURSIVE " + TargetTree.SQL
            // The type of a trigger: 1 for each row, 2 before, 4 on INSERT, 16 on UPDATE, 64 instead.
            + " SELECT 'trigger ' || pg_catalog.quote_ident(g.tgname)"
            + " || CASE WHEN t.member = t.top THEN '' ELSE ' on ' || pg_catalog.quote_ident(m.relname) END"
            + " FROM pg_catalog.pg_trigger g JOIN tree t ON t.member = g.tgrelid"
            + " JOIN pg_catalog.pg_class m ON m.oid = t.member WHERE g.tgenabled <> 'D' AND NOT g.tgisinternal"
            + " AND g.tgtype & 1 <> 0 AND g.tgtype & 66 <> 0 AND g.tgtype & 20 <> 0"
            + " UNION SELECT 'rule ' || pg_catalog.quote_ident(r.rulename)"
            + " || CASE WHEN t.member = t.top THEN '' ELSE ' on ' || pg_catalog.quote_ident(m.relname) END"
            + " FROM pg_catalog.pg_rewrite r JOIN tree t ON t.member = r.ev_class"
            + " JOIN pg_catalog.pg_class m ON m.oid = t.member WHERE (t.member = t.top OR NOT m.relispartition)"
            + " AND r.ev_type = '3' AND r.ev_enabled <> 'D' ORDER BY 1 LIMIT 5";

    private static final Logger log = LoggerFactory.getLogger(SkippedRecords.class);

    private final SkippedByTarget wanted;
    private final TargetSession target;
    private final WriteJournal journal;

    SkippedRecords(SkippedByTarget wanted, TargetSession target, WriteJournal journal) {
        this.wanted = wanted;
        this.target = target;
        this.journal = journal;
    }

    /**
     * To be called before the commit.
     *
     * @param taken what the server says of the whole transaction
     * @param batches what was sent in it
     * @throws TransvaseException when the target left records out, or wrote more; the transaction is rolled back then
     */
    void requireNone(TakenRows taken, List<WriteBatch> batches) throws TransvaseException {
        Map<Integer, TakenRows.Count> differing = taken.differing();
        if (differing.isEmpty()) {
            return;
        }
        if (wanted == SkippedByTarget.ALLOW) {
            log.debug("the target took a different number of rows than it was sent: {}", differing);
            return;
        }
        try {
            target.rollback();
        } catch (SQLException e) {
            log.debug("rolling back; the server does so at the end of the session", e);
        }
        List<String> reported = new ArrayList<>();
        differing.forEach((table, count) -> {
            if (count.skipped() > 0) {
                journal.skipped(table, count.skipped());
            }
            batches.stream()
                    .filter(batch -> batch.table() == table)
                    .findFirst()
                    .ifPresent(batch -> reported.add(described(batch.target(), count)));
        });
        throw TransvaseException.of(
                SKIPPED_BY_TARGET,
                String.join("; ", reported)
                        + ". The transaction was rolled back. If this is intended, set the writer's parameter"
                        + " \"skippedByTarget\" to \"allow\"; if not, disable the trigger or rule, or set \"session\" to"
                        + " [\"SET session_replication_role = replica\"]");
    }

    private String described(TargetTable table, TakenRows.Count count) {
        List<String> reasons = reasons(table);
        return "the target took " + count.taken() + " rows for " + count.sent() + " records of "
                + table.table()
                + (reasons.isEmpty()
                        ? "; a trigger that returns NULL, or a rule, may be the reason"
                        : "; see its " + String.join(", ", reasons));
    }

    private List<String> reasons(TargetTable table) {
        List<String> reasons = new ArrayList<>();
        try (PreparedStatement statement = target.connection().prepareStatement(REASONS)) {
            Object[] oid = {Integer.toUnsignedString(table.oid())};
            statement.setArray(1, target.connection().createArrayOf("text", oid));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reasons.add(rows.getString(1));
                }
            }
            target.rollback();
        } catch (SQLException e) {
            log.debug("looking for triggers and rules of {}", table.table(), e);
        }
        return reasons;
    }
}
