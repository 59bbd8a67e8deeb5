package dev.sluice.postgresql.reader;

import dev.sluice.postgresql.PgColumn;
import dev.sluice.postgresql.PgTypes;
import dev.sluice.postgresql.QueryDescription;
import dev.sluice.postgresql.QueryDescription.QueryColumn;
import dev.sluice.postgresql.SqlErrors;
import dev.sluice.postgresql.SqlNames;
import dev.sluice.postgresql.TableDescription;
import dev.sluice.postgresql.reader.ServerCheck.Subject;
import dev.sluice.spi.Column;
import dev.sluice.spi.Schema;
import dev.sluice.spi.SluiceException;
import dev.sluice.spi.Type;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out what reading a table gives, from the job file's {@code table}, {@code column} and {@code where}. */
final class TablePlanner {

    static final String WIRE_FORMAT = "postgresql";

    private static final String UNDEFINED_COLUMN = "42703";

    private final ServerCheck server;
    private final PostgresReaderParameters parameters;

    TablePlanner(ServerCheck server, PostgresReaderParameters parameters) {
        this.server = server;
        this.parameters = parameters;
    }

    /**
     * What is selected for one column of the result.
     *
     * @param index where it stands in the job file's list
     * @param expression as SQL
     * @param column the table's column when it is nothing but that
     */
    private record Selected(int index, String expression, Optional<PgColumn> column) {}

    /** The table, when all is well with it; otherwise what is not has been reported. */
    Optional<Source> plan(int index) {
        String path = parameters.table().size() == 1 ? "table" : "table[" + index + ']';
        Optional<TableDescription> found = find(parameters.table().get(index), path);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        TableDescription table = found.get();
        String from = SqlNames.quote(table.table());
        List<Selected> selected = select(table);
        Optional<QueryDescription> description = describe(table, from, selected);
        boolean whereFits = parameters.where().isEmpty() || checkWhere(table, from);
        if (description.isEmpty() || !whereFits) {
            return Optional.empty();
        }
        Source source = source(table, from, selected, description.get(), path);
        Subject subject = new Subject(path, "reading " + table.table(), "TABLE_NOT_READABLE", "", from);
        return server.explain(source.task().select(source.schema()), subject) ? Optional.of(source) : Optional.empty();
    }

    private Optional<TableDescription> find(String name, String path) {
        try {
            return Optional.of(TableDescription.describe(server.session(), SqlNames.parseTable(name)));
        } catch (SluiceException e) {
            switch (e.code()) {
                case "TABLE_NOT_FOUND" ->
                    server.checks()
                            .error(
                                    path,
                                    e.code(),
                                    e.getMessage(),
                                    "correct the name; capitals need double quotes, and a schema that is not on the"
                                            + " search path must be named");
                case "INVALID_NAME" -> server.checks().error(path, e.code(), e.getMessage(), "correct the name");
                default -> throw e;
            }
            return Optional.empty();
        }
    }

    private List<Selected> select(TableDescription table) {
        List<Selected> selected = new ArrayList<>();
        for (int i = 0; i < parameters.column().size(); i++) {
            String text = parameters.column().get(i);
            if (text.strip().equals("*")) {
                for (PgColumn column : table.columns()) {
                    selected.add(new Selected(i, SqlNames.quote(column.name()), Optional.of(column)));
                }
            } else {
                Optional<PgColumn> column = resolve(table, text);
                selected.add(new Selected(
                        i, column.map(c -> SqlNames.quote(c.name())).orElseGet(() -> expression(text)), column));
            }
        }
        return selected;
    }

    /** The column that the text names: in double quotes, just as it is, or folded to lower case as the server would. */
    static Optional<PgColumn> resolve(TableDescription table, String text) {
        Optional<String> quoted = SqlNames.quotedName(text);
        if (quoted.isPresent()) {
            return table.column(quoted.get());
        }
        String name = text.strip();
        return table.column(name).or(() -> table.column(SqlNames.fold(name)));
    }

    /** A comment at its end must not swallow what follows. */
    static String expression(String text) {
        return text.contains("--") ? text + '\n' : text.strip();
    }

    private Optional<QueryDescription> describe(TableDescription table, String from, List<Selected> selected) {
        String all = selected.stream()
                .map(Selected::expression)
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
        if (selected.isEmpty()) {
            server.checks().error("column", "NO_COLUMNS", table.table() + " has no column", "choose another table");
            return Optional.empty();
        }
        try {
            QueryDescription description = QueryDescription.of(server.session(), "SELECT " + all + " FROM " + from);
            if (description.columns().size() == selected.size()) {
                return Optional.of(description);
            }
            selected.forEach(s -> checkAlone(table, from, s));
        } catch (SQLException e) {
            int before = reported;
            selected.stream().filter(s -> s.column().isEmpty()).forEach(s -> checkAlone(table, from, s));
            if (reported == before) {
                // None is wrong by itself: no privilege, for example, or columns that do not go together.
                server.report(e, new Subject("column", "columns of " + table.table(), "COLUMN_INVALID", "", from));
            }
        }
        return Optional.empty();
    }

    private int reported;

    private void checkAlone(TableDescription table, String from, Selected selected) {
        String path = "column[" + selected.index() + ']';
        String what = "column " + selected.expression().strip() + " of " + table.table();
        try {
            QueryDescription one =
                    QueryDescription.of(server.session(), "SELECT " + selected.expression() + " FROM " + from);
            if (one.columns().size() != 1) {
                reported++;
                server.checks()
                        .error(
                                path,
                                "COLUMN_INVALID",
                                what + " gives " + one.columns().size() + " columns, expected one",
                                "give each column an entry of its own");
            }
        } catch (SQLException e) {
            reported++;
            boolean missing = UNDEFINED_COLUMN.equals(SqlErrors.sqlState(e));
            server.report(
                    e,
                    new Subject(
                            path,
                            what,
                            missing ? "COLUMN_NOT_FOUND" : "COLUMN_INVALID",
                            missing ? remedy(table, selected.expression()) : "correct the SQL expression",
                            from));
        }
    }

    /** What to do about a column that is not there. */
    static String remedy(TableDescription table, String wanted) {
        List<String> names = table.columns().stream().map(PgColumn::name).toList();
        String name = SqlNames.quotedName(wanted).orElse(wanted.strip());
        return SqlNames.nearest(name, names)
                .map(n -> "did you mean " + n + "?")
                .orElse("columns of " + table.table() + ": " + String.join(", ", names));
    }

    private boolean checkWhere(TableDescription table, String from) {
        String sql = "SELECT 1 FROM " + from + " WHERE "
                + condition(parameters.where().orElseThrow());
        Subject subject = new Subject(
                "where",
                "where on " + table.table(),
                "WHERE_INVALID",
                "write an SQL condition as it would stand behind WHERE",
                from);
        return server.describe(sql, subject).isPresent();
    }

    private static String condition(String where) {
        return '(' + expression(where) + ')';
    }

    private Source source(
            TableDescription table, String from, List<Selected> selected, QueryDescription description, String path) {
        List<Column> columns = new ArrayList<>();
        List<SelectItem> items = new ArrayList<>();
        for (int i = 0; i < selected.size(); i++) {
            QueryColumn result = description.columns().get(i);
            Optional<PgColumn> column = selected.get(i).column();
            columns.add(offered(
                    column.map(PgColumn::name).orElse(result.name()),
                    column.map(c -> !c.notNull()).orElse(true),
                    result));
            items.add(SelectItem.of(
                    selected.get(i).expression(), result.type(), columns.get(i).type()));
        }
        List<String> conditions =
                parameters.where().map(w -> List.of(condition(w))).orElse(List.of());
        ReadTask task = new ReadTask(table.table().toString(), "", items, from, conditions);
        return new Source(new Schema(table.table(), columns, WIRE_FORMAT), task, Optional.of(table), path);
    }

    static Column offered(String name, boolean nullable, QueryColumn result) {
        Type type = PgTypes.spiType(result.type());
        boolean wire = type instanceof Type.Native && PgTypes.wireCapable(result.type());
        return new Column(
                name, type, nullable, result.declaredType(), wire ? Column.Encoding.WIRE : Column.Encoding.STANDARD);
    }
}
