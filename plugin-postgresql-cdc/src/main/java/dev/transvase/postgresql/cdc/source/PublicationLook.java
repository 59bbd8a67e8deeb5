package dev.transvase.postgresql.cdc.source;

import static dev.transvase.postgresql.cdc.error.CdcErrors.PUBLICATION_MISSING;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.spi.error.TransvaseException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out up to where the log has been published as it should be. The stream does not tell: once its publication is gone, or lacks
 * a table, a server may leave changes out and go on.
 */
public final class PublicationLook {

    /** Whether a transaction that has not ended as others see it, or has ended since, has changed or removed the publication. */
    private static final String DOUBTFUL = "WITH found AS ("
            + "SELECT oid, xmax::pg_catalog.text::pg_catalog.int8 AS xid FROM pg_catalog.pg_publication WHERE"
            + " pubname = ?),"
            + " changed AS (SELECT xid FROM found UNION ALL"
            + " SELECT r.xmax::pg_catalog.text::pg_catalog.int8 FROM pg_catalog.pg_publication_rel r"
            + " JOIN found ON found.oid = r.prpubid),"
            + " now AS (SELECT pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()) AS next)"
            + " SELECT count(*) FROM changed, now WHERE xid <> 0 AND"
            // Rows have the lower 32 bits of the number, which is close to the next one.
            + " coalesce(pg_catalog.txid_status(next - (((next - xid) + 2147483648) % 4294967296 - 2147483648)),"
            + " 'aborted')"
            + " <> 'aborted'";

    private PublicationLook() {}

    /**
     * Up to where all changes were published as is known; empty when the publication has changed, or is about to. Blocks on the
     * server.
     *
     * @param known how it was published before
     * @throws TransvaseException when the publication is gone
     */
    public static Optional<Lsn> upTo(PostgresSession session, String name, SourceFacts.Published known)
            throws SQLException {
        // In this order: a change whose commit is logged before this end is in progress still, or is seen.
        Lsn end = SourceState.end(session);
        boolean doubtful = doubtful(session, name);
        SourceFacts.Published now = SourceFacts.published(session, name);
        if (now.publication() == 0) {
            throw missing(name);
        }
        return doubtful || !asKnown(known, now) ? Optional.empty() : Optional.of(end);
    }

    /** For a stream whose publication is gone. */
    public static TransvaseException missing(String publication) {
        return TransvaseException.of(
                PUBLICATION_MISSING,
                "the publication " + publication + " no longer exists, so the stream cannot be continued;"
                        + " remove the rest with `transvase cdc drop` and start over");
    }

    private static boolean doubtful(PostgresSession session, String name) throws SQLException {
        try (PreparedStatement statement = session.jdbc().prepareStatement(DOUBTFUL)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1) > 0;
            }
        }
    }

    private static boolean asKnown(SourceFacts.Published known, SourceFacts.Published now) {
        if (known.publication() == 0) {
            return true;
        }
        for (Map.Entry<Integer, Integer> entry : known.entries().entrySet()) {
            if (!entry.getValue().equals(now.entries().get(entry.getKey()))) {
                return false;
            }
        }
        return known.publication() == now.publication() && known.changedBy() == now.changedBy();
    }
}
