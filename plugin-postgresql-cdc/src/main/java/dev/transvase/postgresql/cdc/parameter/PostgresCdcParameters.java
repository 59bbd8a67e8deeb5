package dev.transvase.postgresql.cdc.parameter;

import static dev.transvase.postgresql.cdc.error.CdcErrors.COLUMNS_OF_MANY_TABLES;
import static dev.transvase.postgresql.error.PostgresErrors.EMPTY_VALUE;
import static dev.transvase.postgresql.error.PostgresErrors.INVALID_NAME;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Reach;
import dev.transvase.spi.parameter.Validated;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a job file says of the change reader. */
public record PostgresCdcParameters(
        @Parameter(
                description = "Name of the data source to read from: a primary server; its user needs the REPLICATION"
                        + " privilege.",
                required = true,
                reach = Reach.VALUE)
        String datasource,

        @Parameter(
                description =
                        "Names the slot di_slot_<solutionId> and the publication di_pub_<solutionId> at the source:"
                                + " lower-case letters, digits and underscores.",
                required = true,
                reach = Reach.VALUE)
        String solutionId,

        @Parameter(
                description =
                        "Tables to follow: names, patterns such as public.*, or * for all tables that the user owns.",
                required = true,
                acceptsSingle = true,
                reach = Reach.VALUE)
        List<String> table,

        @Parameter(
                description = "Tables to exclude from the patterns: names or patterns.",
                acceptsSingle = true,
                reach = Reach.VALUE)
        List<String> excludeTable,

        @Parameter(
                description =
                        "Columns to copy, for a job with one table. Default, or [\"*\"]: all except generated columns.",
                reach = Reach.VALUE)
        List<String> column,

        @Parameter(
                description = "initial: existing rows first, then the changes. never: only changes from now on. only:"
                        + " existing rows; then the job ends and keeps nothing at the source.",
                defaultValue = "initial")
        Snapshot snapshot,

        @Parameter(
                description = "full: each table must have REPLICA IDENTITY FULL. key: a primary key, or an index"
                        + " set as REPLICA IDENTITY, is enough.",
                defaultValue = "full")
        ReplicaIdentity replicaIdentity,

        @Parameter(description = "What to do when a table is altered or truncated.")
        Optional<Ddl> ddl,

        @Parameter(
                description = "What to do with tables that have joined the job since the stream started. ignore: those"
                        + " that match a pattern are skipped, with a warning. follow: at the next start,"
                        + " their rows are copied and then their changes followed. fail: the job does not start.",
                defaultValue = "ignore")
        NewTables newTables,

        @Parameter(
                description = "Seconds after which the position is stored and confirmed even if these tables have not"
                        + " changed, so that the source can remove its log.",
                defaultValue = "10",
                min = 1,
                max = 3600)
        int heartbeatSeconds,

        @Parameter(
                description = "Seconds to retry when the connection is lost, or another session still holds the slot,"
                        + " before the job fails.",
                defaultValue = "300",
                min = 0,
                max = 86_400)
        int reconnectSeconds,

        @Parameter(
                description = "Seconds that a new slot may wait for transactions in progress at the source, and its"
                        + " snapshot for exclusive locks on the tables, before the job fails and names"
                        + " them.",
                defaultValue = "300",
                min = 1,
                max = 86_400)
        int slotWaitSeconds,

        @Parameter(
                description = "Seconds without any answer from the server after which the connection counts as lost.",
                defaultValue = "60",
                min = 1,
                max = 3600)
        int silenceSeconds,

        @Parameter(
                description = "Whether the server sends large transactions while they are still in progress. They"
                        + " are kept on this machine's disk until they are committed. Needs PostgreSQL 14 or later.",
                defaultValue = "true")
        boolean streaming,

        @Parameter(description = "Folder for transactions in progress. Default: the system's temporary folder.")
        Optional<Path> spillFolder,

        @Parameter(
                description = "Number of splits of a table's snapshot for each channel.",
                defaultValue = "5",
                min = 1,
                max = 100)
        int splitFactor)
        implements Validated {

    private static final Pattern SOLUTION_ID = Pattern.compile("[a-z0-9_]{1,50}");

    static final String ALL = "*";

    public PostgresCdcParameters {
        table = List.copyOf(table);
        excludeTable = List.copyOf(excludeTable);
        column = List.copyOf(column);
    }

    /** Whether rows come before changes. */
    public enum Snapshot {
        INITIAL,
        NEVER,
        ONLY
    }

    /** What tells the old row of an update or delete. */
    public enum ReplicaIdentity {
        FULL,
        KEY
    }

    /** What to do about tables that were not there when the stream began. */
    public enum NewTables {
        IGNORE,
        FOLLOW,
        FAIL
    }

    /** What to do about a change of a table that is not one of its rows. */
    public record Ddl(
            @Parameter(
                    description = "apply: a column added at the source is added at the target before the first row"
                            + " that has it. ignore: the column is skipped. fail: the job stops.",
                    defaultValue = "apply")
            AddColumn addColumn,

            @Parameter(
                    description = "fail: a TRUNCATE at the source stops the job. ignore: the target keeps its rows."
                            + " apply: the target is emptied too.",
                    defaultValue = "fail")
            Truncate truncate,

            @Parameter(
                    description =
                            "fail: the job stops when a column is dropped, renamed or changes its type. ignore: the"
                                    + " remaining columns are copied.",
                    defaultValue = "fail")
            Other other) {

        /** About a column that is added. */
        public enum AddColumn {
            APPLY,
            IGNORE,
            FAIL
        }

        /** About a table that is emptied. */
        public enum Truncate {
            FAIL,
            IGNORE,
            APPLY
        }

        /** About everything else. */
        public enum Other {
            FAIL,
            IGNORE
        }
    }

    /** What to do about changes of tables: what is said, or the defaults. */
    public Ddl changesOfTables() {
        return ddl.orElse(new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.FAIL, Ddl.Other.FAIL));
    }

    public String slot() {
        return "di_slot_" + solutionId;
    }

    public String publication() {
        return "di_pub_" + solutionId;
    }

    /** Whether all columns are carried. */
    public boolean allColumns() {
        return column.isEmpty() || (column.size() == 1 && column.get(0).strip().equals(ALL));
    }

    @Override
    public void validate(Checks checks) {
        if (!SOLUTION_ID.matcher(solutionId).matches()) {
            checks.error(
                    "solutionId",
                    INVALID_NAME,
                    "expected 1 to 50 lower-case letters, digits and underscores, found \"" + solutionId + '"',
                    "choose a name such as orders_1, which becomes part of the names of a slot and a publication");
        }
        for (int i = 0; i < table.size(); i++) {
            if (table.get(i).isBlank()) {
                checks.error("table[" + i + ']', EMPTY_VALUE, "an empty text", "remove it, or name a table");
            }
        }
        if (!allColumns() && table.size() > 1) {
            checks.error(
                    "column",
                    COLUMNS_OF_MANY_TABLES,
                    "columns can be chosen for one table only, but the job has " + table.size(),
                    "leave column out, or follow one table");
        }
    }
}
