package dev.transvase.postgresql.cdc.prerequisite;

import static dev.transvase.postgresql.cdc.error.CdcErrors.REPLICA_IDENTITY;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.ReplicaIdentity;
import dev.transvase.postgresql.cdc.source.Publication;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.Fix;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Whether an update or delete tells the old row, so that it can be found at the target. Blocks on the server. */
final class ReplicaIdentityCheck {

    private final PostgresSession session;
    private final Checks checks;

    ReplicaIdentityCheck(PostgresSession session, Checks checks) {
        this.session = session;
        this.checks = checks;
    }

    /**
     * Checks a table. Of a partitioned table its own counts, which says how rows are sent, and those of its partitions.
     *
     * @param path where the job file means it
     * @param begun whether the stream has begun, so that a partition may have come since, which is not made like the others
     */
    void table(int oid, String path, ReplicaIdentity wanted, boolean begun) throws SQLException {
        String sql = "WITH RECURSIVE tree AS (SELECT " + Integer.toUnsignedString(oid) + "::pg_catalog.oid AS oid UNION"
                + " SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_class p ON p.oid = tree.oid AND p.relkind = 'p'"
                + " JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid)"
                + " SELECT n.nspname, c.relname, c.relreplident,"
                + " EXISTS (SELECT FROM pg_catalog.pg_index x WHERE x.indrelid = c.oid AND x.indisprimary"
                + " AND x.indisvalid AND x.indimmediate), EXISTS (SELECT FROM pg_catalog.pg_index x WHERE x.indrelid"
                + " = c.oid"
                + " AND x.indisreplident AND x.indisvalid AND x.indimmediate), "
                + (session.majorVersion() >= Publication.GENERATED_FROM
                        ? "EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid"
                                + " AND a.attgenerated = 'v' AND NOT a.attisdropped)"
                        : "false")
                + ", c.oid <> " + Integer.toUnsignedString(oid)
                + " FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' OR c.oid = "
                + Integer.toUnsignedString(oid) + " ORDER BY c.oid";
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                TableName one = new TableName(row.getString(1), row.getString(2));
                char found = row.getString(3).charAt(0);
                boolean key = (found == 'i' && row.getBoolean(5)) || (found == 'd' && row.getBoolean(4));
                if (found == 'f' && row.getBoolean(6)) {
                    virtual(one, path, row.getBoolean(4));
                }
                String full = "ALTER TABLE " + SqlNames.quote(one) + " REPLICA IDENTITY FULL";
                boolean keyed = key && wanted != ReplicaIdentity.KEY;
                if (found != 'f' && keyed && begun && row.getBoolean(7)) {
                    checks.warning(
                            path,
                            Finding.of(
                                            REPLICA_IDENTITY,
                                            one
                                                    + ", a partition created since the stream started, has REPLICA"
                                                    + " IDENTITY "
                                                    + name(found) + ": old rows are identified by their key only",
                                            "run " + full)
                                    .of(one, "partitions created since the stream started lack REPLICA IDENTITY FULL")
                                    .mendedBy(Fix.mend(place(), full)));
                } else if (found != 'f' && !(key && wanted == ReplicaIdentity.KEY)) {
                    checks.error(
                            path,
                            Finding.of(
                                            REPLICA_IDENTITY,
                                            one + " has REPLICA IDENTITY " + name(found)
                                                    + (found == 'd' && !row.getBoolean(4)
                                                            ? " and no primary key that is not deferrable"
                                                            : "")
                                                    + (found == 'i' && !row.getBoolean(5)
                                                            ? " and the index is gone"
                                                            : "")
                                                    + ", so its updates and deletes do not include the old row",
                                            "run " + full + (key ? ", or set replicaIdentity to key" : ""))
                                    .of(one, "tables lack REPLICA IDENTITY FULL")
                                    .mendedBy(Fix.mend(place(), full)));
                }
            }
        }
    }

    /** Whoever published such a table would break each update and delete of it. */
    private void virtual(TableName table, String path, boolean hasKey) throws SQLException {
        String byKey = "ALTER TABLE " + SqlNames.quote(table) + " REPLICA IDENTITY DEFAULT";
        Finding finding = Finding.of(
                REPLICA_IDENTITY,
                table
                        + " has REPLICA IDENTITY FULL and a virtual generated column: once it is published, the"
                        + " server rejects every update and delete of it",
                "set replicaIdentity to key, and run "
                        + (hasKey
                                ? byKey
                                : "ALTER TABLE " + SqlNames.quote(table)
                                        + " REPLICA IDENTITY USING INDEX with a unique index of columns that are NOT"
                                        + " NULL"));
        checks.error(path, hasKey ? finding.mendedBy(Fix.mend(place(), byKey)) : finding);
    }

    private static String name(char identity) {
        return switch (identity) {
            case 'n' -> "NOTHING";
            case 'i' -> "USING INDEX";
            case 'f' -> "FULL";
            default -> "DEFAULT";
        };
    }

    private Fix.Place place() throws SQLException {
        return session.place("source");
    }
}
