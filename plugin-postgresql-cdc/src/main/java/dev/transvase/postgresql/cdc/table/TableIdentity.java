package dev.transvase.postgresql.cdc.table;

import static dev.transvase.postgresql.cdc.error.CdcErrors.TABLE_DROPPED;
import static dev.transvase.postgresql.cdc.error.CdcErrors.TABLE_MADE_ANEW;
import static dev.transvase.postgresql.cdc.error.CdcErrors.TABLE_NOT_COPIED;
import static dev.transvase.postgresql.cdc.error.CdcErrors.TABLE_RENAMED;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells tables apart by their OIDs, which stay when a table is renamed or moved to another schema, and are others when it is
 * dropped and recreated.
 */
public final class TableIdentity {

    private static final String START_OVER = "remove the stream with `transvase cdc drop` and start over";

    private TableIdentity() {}

    /** A table has another name now, or had one when it was changed: it is the same, and its changes go where they went before. */
    static void renamed(TableName followed, TableName now, Notices notices) {
        notices.warn(followed + " was renamed to " + now + " at the source; its changes still go to the target of "
                + followed);
    }

    /**
     * Another table has its name now.
     *
     * @throws TransvaseException unless the job ignores such a change
     */
    static void madeAnew(TableName table, int before, int now, Ddl ddl, Notices notices) {
        String message = recreated(table, before, now) + "; " + START_OVER;
        if (ddl.other() == Ddl.Other.FAIL) {
            throw TransvaseException.of(TABLE_MADE_ANEW, message);
        }
        notices.warn(message);
    }

    /**
     * A table is called otherwise by now, while it is followed.
     *
     * @param now {@code null} when it is gone
     */
    public static void changedName(TableName followed, TableName now, Ddl ddl, Checks checks) {
        if (now == null) {
            report(
                    checks,
                    ddl,
                    TABLE_DROPPED,
                    followed + " was dropped at the source; the target still has its rows",
                    "exclude it with table or excludeTable; to get the changes made before it was dropped, set"
                            + " ddl.other to ignore");
        } else {
            report(
                    checks,
                    ddl,
                    TABLE_RENAMED,
                    followed + " was renamed to " + now + " at the source",
                    "give it its old name, or " + START_OVER
                            + "; or set ddl.other to ignore, and its changes go to the target of " + followed
                            + " until the job ends");
        }
    }

    private static String recreated(TableName table, int before, int now) {
        return table + " was dropped and recreated at the source (OID " + Integer.toUnsignedString(before) + ", now "
                + Integer.toUnsignedString(now) + "): the target has the rows of the old one";
    }

    /**
     * Compares the tables of a stream that goes on with those that it was of when it stopped.
     *
     * @param stored their shapes then; empty when none were stored
     */
    public static void check(List<FollowedTable> tables, Map<TableName, Shape> stored, Ddl ddl, Checks checks) {
        if (stored.isEmpty()) {
            return;
        }
        for (FollowedTable table : tables) {
            TableName name = table.table();
            int oid = table.shape().oid();
            Optional<TableName> before = stored.entrySet().stream()
                    .filter(e -> e.getValue().oid() == oid)
                    .map(Map.Entry::getKey)
                    .findFirst();
            Shape known = stored.get(name);
            if (before.isPresent() && !before.get().equals(name)) {
                report(
                        checks,
                        ddl,
                        TABLE_RENAMED,
                        before.get() + " was renamed to " + name + " at the source while the job was stopped",
                        "give it its old name, or " + START_OVER
                                + "; or set ddl.other to ignore, and its changes go to the target of " + name);
            } else if (known != null && known.oid() != 0 && known.oid() != oid) {
                report(
                        checks,
                        ddl,
                        TABLE_MADE_ANEW,
                        recreated(name, known.oid(), oid),
                        START_OVER + ", or exclude the table");
            } else if (known == null && before.isEmpty()) {
                checks.error(
                        "table",
                        TABLE_NOT_COPIED,
                        name
                                + " did not exist when the stream started, so the rows that it had before it was"
                                + " added are not at the target",
                        "set newTables to follow, which copies it first, or exclude it with table or excludeTable");
            }
        }
    }

    private static void report(Checks checks, Ddl ddl, ErrorCode code, String message, String remedy) {
        if (ddl.other() == Ddl.Other.FAIL) {
            checks.error("table", code, message, remedy);
        } else {
            checks.warning("table", message);
        }
    }
}
