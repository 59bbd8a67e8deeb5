package dev.transvase.postgresql.split;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.spi.error.Checks;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Ranges of physical position, for tables without a usable key. With partitions or children the ranges hold for each of
 * them, and are chosen so that all blocks of a range are about as many as those of any other. The last range has no end, so
 * rows in blocks that were added after the count are in one too.
 */
public final class BlockRanges {

    /** Before this release a server scans the whole table for each range, and sends what is in it. */
    private static final int RANGE_SCANS_FROM = 14;

    private final PostgresSession session;
    private final TableDescription table;
    private final TreePart part;
    private final Checks checks;

    public BlockRanges(PostgresSession session, TableDescription table, TreePart part, Checks checks) {
        this.session = session;
        this.table = table;
        this.part = part;
        this.checks = checks;
    }

    /**
     * One condition for each range; none when the table is read as a whole.
     *
     * @param parts how many ranges there are to be
     * @param channels how many are read at a time, which is as many as there are where each scans the table
     */
    public List<String> conditions(int parts, int channels) throws SQLException {
        TableBlocks blocks = TableBlocks.of(session, table, part);
        if (!blocks.plain()) {
            checks.warning(
                    "splitBy",
                    "ctid is ignored for " + table.table() + ", a " + table.kind() + ", whose rows are not all"
                            + " stored on this server; it is read by one channel");
            return List.of();
        }
        if (!blocks.positions()) {
            checks.warning(
                    "splitBy",
                    "ctid is ignored for " + table.table() + ": the positions of its rows take SELECT on the table,"
                            + " not only on some columns; it is read by one channel");
            return List.of();
        }
        List<String> conditions = new ArrayList<>();
        long start = 0;
        int ranges = session.majorVersion() < RANGE_SCANS_FROM ? Math.min(parts, channels) : parts;
        for (long end : ends(blocks, ranges)) {
            conditions.add("(ctid >= " + position(start) + " AND ctid < " + position(end) + ')');
            start = end;
        }
        if (start > 0) {
            conditions.add("(ctid >= " + position(start) + ')');
        }
        return conditions;
    }

    private static String position(long block) {
        return "'(" + block + ",0)'::pg_catalog.tid";
    }

    /** The block that each range but the last ends before, ascending. */
    public static List<Long> ends(TableBlocks blocks, int parts) {
        TreeSet<Long> ends = new TreeSet<>();
        for (int i = 1; i < parts; i++) {
            long share = blocks.total() / parts * i + blocks.total() % parts * i / parts;
            long tooFew = 0;
            long enough = blocks.largest();
            while (enough - tooFew > 1) {
                long block = tooFew + (enough - tooFew) / 2;
                if (blocks.before(block) >= share) {
                    enough = block;
                } else {
                    tooFew = block;
                }
            }
            ends.add(enough);
        }
        // What is there ends before the last one: the range behind it would be empty.
        ends.remove(blocks.largest());
        return List.copyOf(ends);
    }
}
