package dev.transvase.postgresql.reader;

import static dev.transvase.postgresql.error.PostgresErrors.EMPTY_VALUE;
import static dev.transvase.postgresql.error.PostgresErrors.TRANSACTION_LEFT_OPEN;
import static dev.transvase.spi.error.CommonErrors.MISSING_PARAMETER;
import static dev.transvase.spi.error.CommonErrors.TOO_MANY_COLUMNS;

import dev.transvase.postgresql.sql.StatementText;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Reach;
import dev.transvase.spi.parameter.Validated;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What a job file says of the PostgreSQL reader. */
public record PostgresReaderParameters(
        @Parameter(description = "Name of the data source to read from.", required = true, reach = Reach.VALUE)
        String datasource,

        @Parameter(
                description =
                        "The table or view to read, or a list of them; with its schema unless that is on the search"
                                + " path. Put names with capitals, dots or spaces in double quotes. Outside quotes,"
                                + " * and ? are wildcards for tables: public.*, sales_????.",
                acceptsSingle = true,
                reach = Reach.VALUE)
        List<String> table,

        @Parameter(
                description = "Tables to exclude from the wildcards in table: a name or pattern, or a list of them;"
                        + " without a schema, in any schema.",
                acceptsSingle = true,
                reach = Reach.VALUE)
        List<String> excludeTable,

        @Parameter(
                description =
                        "What to read of each row, in this order: [\"*\"], names of columns, constants such as 'x' or"
                                + " 1, SQL expressions.",
                acceptsSingle = true,
                reach = Reach.EXPRESSION)
        List<String> column,

        @Parameter(
                description =
                        "An integer column, preferably the primary key. The table is cut into ranges of it that are"
                                + " read in parallel.",
                reach = Reach.VALUE)
        Optional<String> splitPk,

        @Parameter(
                description = "Number of splits of a table for each channel.",
                defaultValue = "5",
                min = 1,
                max = 100)
        int splitFactor,

        @Parameter(
                description = "key: split by splitPk. ctid: without a usable splitPk, split by physical position, from"
                        + " PostgreSQL 14 on.",
                defaultValue = "key")
        SplitBy splitBy,

        @Parameter(description = "Which rows to read, an SQL condition.", reach = Reach.CODE)
        Optional<String> where,

        @Parameter(
                description = "A query, or a list of them, in place of table, column, where and splitPk.",
                acceptsSingle = true,
                reach = Reach.CODE)
        List<String> querySql,

        @Parameter(description = "Records per batch.", defaultValue = "512", min = 1, max = 1_000_000)
        int fetchSize,

        @Parameter(
                description = "Whether everything is read at one point in time; with false, each split sees the data as"
                        + " it is when the split starts.",
                defaultValue = "true")
        boolean consistentSnapshot,

        @Parameter(
                description =
                        "Whether referenced tables are moved before the tables that refer to them by foreign keys,"
                                + " so that a target with the same keys accepts every row.",
                defaultValue = "true")
        boolean foreignKeyOrder,

        @Parameter(
                description = "include: a parent table is read with the rows of the children that the job does not read"
                        + " as separate tables. exclude: without these rows, as with ONLY.",
                defaultValue = "include")
        Inherited inherited,

        @Parameter(
                description = "refuse: it is an error if row-level security policies would hide rows. apply: only the"
                        + " rows that the policies show are read.",
                defaultValue = "refuse")
        RowSecurityChoice rowSecurity,

        @Parameter(
                description = "Whether splitPk may be a column of a view or a foreign table. Each row must always have"
                        + " the same value there; otherwise rows are read twice or not at all.",
                defaultValue = "false")
        boolean splitPkStable,

        @Parameter(
                description = "Whether the first row of each table and query is read and discarded before the target is"
                        + " changed, so that errors that prevent the read appear while nothing has been"
                        + " changed. A query that sorts or aggregates then does so twice.",
                defaultValue = "true")
        boolean trialRead,

        @Parameter(
                description = "Statements to run on each connection first, for example SET search_path.",
                acceptsSingle = true,
                reach = Reach.CODE)
        List<String> session)
        implements Validated {

    private static final int MOST_COLUMNS = 1664;

    /** From here on, records that are held back cost more memory than larger batches bring. */
    private static final int LARGE_FETCH = 2048;

    /** How a table is cut. */
    public enum SplitBy {
        KEY,
        CTID
    }

    /** Whether the rows of inheriting tables are read with those of the table that they inherit from. */
    public enum Inherited {
        INCLUDE,
        EXCLUDE
    }

    /** What becomes of a read that policies of row-level security would hide rows of. */
    public enum RowSecurityChoice {
        REFUSE,
        APPLY
    }

    public PostgresReaderParameters {
        table = List.copyOf(table);
        excludeTable = List.copyOf(excludeTable);
        column = List.copyOf(column);
        querySql = withoutBlank(querySql);
        session = withoutBlank(session);
        splitPk = splitPk.filter(Predicate.not(String::isBlank));
        where = where.filter(Predicate.not(String::isBlank));
    }

    /** A list that nobody has filled in holds an empty text. */
    private static List<String> withoutBlank(List<String> statements) {
        return statements.stream().filter(Predicate.not(String::isBlank)).toList();
    }

    /** Whether each table is read with all its columns, in the table's order. */
    boolean allColumns() {
        return column.size() == 1 && column.get(0).strip().equals("*");
    }

    @Override
    public void validate(Checks checks) {
        if (querySql.isEmpty()) {
            if (table.isEmpty()) {
                missing("table", checks);
            }
            if (column.isEmpty()) {
                missing("column", checks);
            }
        } else {
            warnOfOverridden(checks);
        }
        checkBlank("table", table, checks);
        checkBlank("excludeTable", excludeTable, checks);
        checkBlank("column", column, checks);
        if (column.size() > MOST_COLUMNS) {
            checks.error(
                    "column",
                    TOO_MANY_COLUMNS,
                    "expected up to " + MOST_COLUMNS + " columns, which is the most that a SELECT may have, found "
                            + column.size(),
                    "read them in several jobs");
        }
        for (int i = 0; i < session.size(); i++) {
            if (StatementText.controlsTransactions(session.get(i))) {
                checks.error(
                        "session[" + i + ']',
                        TRANSACTION_LEFT_OPEN,
                        "the statement begins or ends a transaction, which only the reader may do",
                        "remove it");
            }
        }
        if (fetchSize > LARGE_FETCH) {
            checks.warning(
                    "fetchSize", fetchSize + " is above " + LARGE_FETCH + ": it needs more memory and is not faster");
        }
    }

    private void warnOfOverridden(Checks checks) {
        if (splitPk.isPresent()) {
            checks.warning("splitPk", "ignored: a querySql is read as a whole, by one channel");
        }
        if (!table.isEmpty()) {
            checks.warning("table", "ignored: querySql defines what is read");
        }
        if (where.isPresent()) {
            checks.warning("where", "ignored: querySql defines what is read; put the condition into it");
        }
    }

    private static void missing(String parameter, Checks checks) {
        checks.error(
                parameter,
                MISSING_PARAMETER,
                parameter + " is missing, and there is no querySql",
                "add " + parameter + (parameter.equals("column") ? ", for example [\"*\"]" : ""));
    }

    private static void checkBlank(String parameter, List<String> values, Checks checks) {
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i).isBlank()) {
                checks.error(
                        parameter + '[' + i + ']', EMPTY_VALUE, "an empty text", "remove it, or write what to read");
            }
        }
    }
}
