package dev.transvase.postgresql.writer.parameter;

import static dev.transvase.postgresql.error.PostgresErrors.INVALID_NAME;
import static dev.transvase.postgresql.error.PostgresErrors.TRANSACTION_LEFT_OPEN;
import static dev.transvase.postgresql.writer.error.WriterErrors.CONFLICT_KEY_UNUSED;
import static dev.transvase.postgresql.writer.error.WriterErrors.UNKNOWN_PG_TYPE;
import static dev.transvase.spi.error.CommonErrors.CONFLICTING_PARAMETERS;
import static dev.transvase.spi.error.CommonErrors.DUPLICATE_COLUMN;

import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.sql.StatementText;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Reach;
import dev.transvase.spi.parameter.Validated;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What a job file tells the writer. */
public record PostgresWriterParameters(
        @Parameter(description = "Name of the data source to write to.", required = true, reach = Reach.VALUE)
        String datasource,

        @Parameter(
                description = "Table to write to, or a list with one for each of the reader's tables, in their"
                        + " order. Default: the names of the reader's tables.",
                acceptsSingle = true,
                reach = Reach.VALUE)
        List<String> table,

        @Parameter(
                description = "Instead of table: maps tables of the reader, or patterns with * and ?, to target"
                        + " tables, in which wildcards stand for the matched text: {\"public.*\": \"archive.*\"}."
                        + " Tables without an entry keep their names.",
                reach = Reach.VALUE)
        Map<String, String> tableMapping,

        @Parameter(
                description = "Columns to write, matched to the reader's by position. [\"*\"] means all columns of"
                        + " the table except generated ones; if the reader has [\"*\"] too, they are matched by"
                        + " name when all names match. Without table, all are matched by name.",
                required = true,
                acceptsSingle = true,
                reach = Reach.VALUE)
        List<String> column,

        @Parameter(
                description = "insert: INSERT statements. copy: COPY FROM, faster. upsert: INSERT ... ON CONFLICT, rows"
                        + " whose conflictKey exists are updated. In every mode, a row that the table rejects"
                        + " becomes a dirty record, and the other rows of its batch are kept.",
                defaultValue = "insert")
        WriteMode writeMode,

        @Parameter(
                description = "With upsert: the columns of the unique key that decides whether a row exists; they"
                        + " must be written. Default: the table's primary key.",
                acceptsSingle = true,
                reach = Reach.VALUE)
        List<String> conflictKey,

        @Parameter(
                description = "Statements to run one by one before the first record is written. @{table} stands for"
                        + " each target table in turn; so does @table where it stands alone, and elsewhere it is"
                        + " the name as the job gives it.",
                acceptsSingle = true,
                reach = Reach.CODE)
        List<String> preSql,

        @Parameter(
                description = "Statements to run one by one after all records have been written. @{table} and"
                        + " @table work as in preSql.",
                acceptsSingle = true,
                reach = Reach.CODE)
        List<String> postSql,

        @Parameter(
                description =
                        "Records in one INSERT. In copy mode, where one COPY lasts for a transaction: records that"
                                + " are retried together when some of them are rejected. A batch never exceeds 4 MiB.",
                defaultValue = "1024",
                min = 1,
                max = 1_000_000)
        int batchSize,

        @Parameter(
                description =
                        "Expected types of columns, which are checked: bigint[], double[], text[], jsonb or json.",
                reach = Reach.VALUE)
        Map<String, String> pgType,

        @Parameter(
                description = "Statements to run on each connection after it was opened, for example SET work_mem ="
                        + " '64MB'.",
                acceptsSingle = true,
                reach = Reach.CODE)
        List<String> session,

        @Parameter(
                description =
                        "Seconds to retry after the connection is lost or cannot be opened; uncommitted records are"
                                + " written again. 0: the job fails at once.",
                defaultValue = "60",
                min = 0,
                max = 86_400)
        int retrySeconds,

        @Parameter(
                description =
                        "Columns that identify the row of a change, in a job that follows its source. Default: the"
                                + " table's primary key, else its first unique index on NOT NULL columns, else all"
                                + " columns.",
                acceptsSingle = true,
                reach = Reach.VALUE)
        List<String> key,

        @Parameter(
                description = "Table in the target's database that stores how far changes have been applied, in a"
                        + " job that follows its source. It is created if it is missing.",
                defaultValue = "transvase_position",
                reach = Reach.VALUE)
        String positionTable,

        @Parameter(
                description =
                        "What to do when the target skips records without an error, because a trigger returns NULL"
                                + " or a rule does something else instead. fail: the transaction is rolled back and"
                                + " the job fails. allow: they are counted as skippedByTarget.",
                defaultValue = "fail")
        SkippedByTarget skippedByTarget,

        @Parameter(
                description =
                        "Whether an empty text is written as NULL to a numeric column, as DataX does. Otherwise it"
                                + " is a dirty record.",
                defaultValue = "false")
        boolean emptyAsNull,

        @Parameter(
                description = "Whether the sequences of the tables are set after all records are written: past the"
                        + " highest number in the tables and past the source's sequences.",
                defaultValue = "false")
        boolean sequences,

        @Parameter(
                description =
                        "Whether the job is rejected when a table has rows before it starts, unless preSql empties it.",
                defaultValue = "false")
        boolean targetMustBeEmpty)
        implements Validated {

    /** What {@link #pgType} may say. */
    static final List<String> PG_TYPES = List.of("bigint[]", "double[]", "text[]", "jsonb", "json");

    static final String ALL = "*";

    public PostgresWriterParameters {
        table = List.copyOf(table);
        tableMapping = Collections.unmodifiableMap(new LinkedHashMap<>(tableMapping));
        column = List.copyOf(column);
        conflictKey = List.copyOf(conflictKey);
        preSql = withoutBlank(preSql);
        postSql = withoutBlank(postSql);
        pgType = Map.copyOf(pgType);
        session = withoutBlank(session);
        key = List.copyOf(key);
    }

    /** A list that nobody has filled in holds an empty text. */
    private static List<String> withoutBlank(List<String> statements) {
        return statements.stream().filter(Predicate.not(String::isBlank)).toList();
    }

    /** Where the target of the reader's table of this index stands: {@code table[2]}, or {@code table} when all have one. */
    public String pathOfTable(int index) {
        return table.size() > 1 ? "table[" + index + "]" : "table";
    }

    /** Whether all columns of the table are meant. */
    public boolean allColumns() {
        return column.size() == 1 && column.get(0).strip().equals(ALL);
    }

    @Override
    public void validate(Checks checks) {
        validateTables(checks);
        validateMapping(checks);
        validateColumns(checks);
        validateConflictKey(checks);
        pgType.forEach((name, type) -> {
            if (!PG_TYPES.contains(type)) {
                checks.error(
                        "pgType." + name,
                        UNKNOWN_PG_TYPE,
                        "expected one of " + String.join(", ", PG_TYPES) + ", found " + type,
                        "");
            }
        });
        requireEnded("preSql", preSql, checks);
        requireEnded("postSql", postSql, checks);
        for (int i = 0; i < session.size(); i++) {
            if (StatementText.controlsTransactions(session.get(i))) {
                checks.error(
                        "session[" + i + "]",
                        TRANSACTION_LEFT_OPEN,
                        "the statement begins or ends a transaction, which only the writer may do",
                        "remove it");
            }
        }
        validateChanges(checks);
    }

    private void validateChanges(Checks checks) {
        for (int i = 0; i < key.size(); i++) {
            if (key.get(i).isBlank()) {
                checks.error("key[" + i + "]", INVALID_NAME, "expected a column name, found nothing", "");
            }
        }
        try {
            SqlNames.parseTable(positionTable);
        } catch (TransvaseException e) {
            checks.error("positionTable", e.errorCode(), e.getMessage(), "");
        }
    }

    private void validateTables(Checks checks) {
        for (int i = 0; i < table.size(); i++) {
            try {
                SqlNames.parseTable(table.get(i));
            } catch (TransvaseException e) {
                checks.error("table[" + i + "]", e.errorCode(), e.getMessage(), "");
            }
        }
    }

    private void validateMapping(Checks checks) {
        if (!table.isEmpty() && !tableMapping.isEmpty()) {
            checks.error(
                    "tableMapping",
                    CONFLICTING_PARAMETERS,
                    "both table and tableMapping are given",
                    "keep one of the two");
        }
        TableMapping.of(tableMapping, checks);
    }

    private void validateColumns(Checks checks) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < column.size(); i++) {
            String name = column.get(i).strip();
            if (name.isEmpty()) {
                checks.error("column[" + i + "]", INVALID_NAME, "expected a column name, found nothing", "");
            } else if (name.equals(ALL) && column.size() > 1) {
                checks.error(
                        "column[" + i + "]", INVALID_NAME, "\"*\" means all columns, so it must be the only entry", "");
            } else if (!seen.add(name)) {
                checks.error("column[" + i + "]", DUPLICATE_COLUMN, "column " + name + " is named twice", "");
            }
        }
    }

    private void validateConflictKey(Checks checks) {
        if (!conflictKey.isEmpty() && writeMode != WriteMode.UPSERT) {
            checks.error(
                    "conflictKey",
                    CONFLICT_KEY_UNUSED,
                    "only writeMode upsert uses it, found " + writeMode.name().toLowerCase(Locale.ROOT),
                    "set writeMode to upsert, or remove conflictKey");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < conflictKey.size(); i++) {
            String name = conflictKey.get(i).strip();
            if (name.isEmpty() || name.equals(ALL)) {
                checks.error(
                        "conflictKey[" + i + "]",
                        INVALID_NAME,
                        "expected a column name, found " + (name.isEmpty() ? "nothing" : name),
                        "");
            } else if (!seen.add(name)) {
                checks.error("conflictKey[" + i + "]", DUPLICATE_COLUMN, "column " + name + " is named twice", "");
            }
        }
    }

    /** What their text does not tell shows when they are run. */
    private static void requireEnded(String parameter, List<String> statements, Checks checks) {
        StatementText.leavesOpen(statements)
                .ifPresent(opening -> checks.error(
                        parameter + "[" + opening + "]",
                        TRANSACTION_LEFT_OPEN,
                        "the statement begins a transaction that no statement of " + parameter
                                + " ends, so it would be rolled back",
                        "end it with COMMIT"));
    }
}
