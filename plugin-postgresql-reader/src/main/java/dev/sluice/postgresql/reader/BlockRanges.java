package dev.sluice.postgresql.reader;

import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.TableDescription;
import dev.sluice.spi.Checks;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Ranges of physical position, for tables without a usable key. With partitions or children the ranges hold for each of
 * them. The last range has no end, so rows in blocks that were added after the count are in one too.
 */
final class BlockRanges {

    /** Before this release every range would scan the whole table. */
    private static final int RANGE_SCANS_FROM = 14;

    private final PostgresSession session;
    private final TableDescription table;
    private final Checks checks;

    BlockRanges(PostgresSession session, TableDescription table, Checks checks) {
        this.session = session;
        this.table = table;
        this.checks = checks;
    }

    /** One condition for each range; none when the table is read as a whole. */
    List<String> conditions(int parts) throws SQLException {
        TableBlocks blocks = TableBlocks.of(session, table);
        if (session.majorVersion() < RANGE_SCANS_FROM) {
            checks.warning(
                    "splitBy",
                    "ctid is ignored: PostgreSQL " + session.majorVersion() + " cannot scan a range of positions, that"
                            + " takes " + RANGE_SCANS_FROM + " or later; the table is read by one channel");
            return List.of();
        }
        if (!blocks.sampleable()) {
            checks.warning(
                    "splitBy",
                    "ctid is ignored for " + table.table() + ", which is a " + table.kind()
                            + " and has no rows of its own on this server, or not all; it is read by one channel");
            return List.of();
        }
        List<String> conditions = new ArrayList<>();
        long previous = 0;
        for (int i = 1; i < parts; i++) {
            long end = blocks.largest() * i / parts;
            if (end > previous) {
                conditions.add("(ctid >= '(" + previous + ",0)'::pg_catalog.tid AND ctid < '(" + end
                        + ",0)'::pg_catalog.tid)");
                previous = end;
            }
        }
        if (previous > 0) {
            conditions.add("(ctid >= '(" + previous + ",0)'::pg_catalog.tid)");
        }
        return conditions;
    }
}
