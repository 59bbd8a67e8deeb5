package dev.sluice.postgresql.reader;

import dev.sluice.postgresql.PgColumn;
import dev.sluice.postgresql.PgTypes;
import dev.sluice.postgresql.QueryDescription;
import dev.sluice.postgresql.QueryDescription.QueryColumn;
import dev.sluice.postgresql.SqlErrors;
import dev.sluice.postgresql.SqlNames;
import dev.sluice.postgresql.TableDescription;
import dev.sluice.postgresql.copy.ReadTask;
import dev.sluice.postgresql.copy.SelectItem;
import dev.sluice.postgresql.reader.ServerCheck.Subject;
import dev.sluice.postgresql.reader.TableChoice.Chosen;
import dev.sluice.spi.Column;
import dev.sluice.spi.Schema;
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

    /**
     * A table with what is selected from it.
     *
     * @param source what reading it gives; empty while only the server can tell, because of an expression
     */
    private record Draft(Chosen chosen, List<Selected> selected, Optional<Source> source) {

        TableDescription table() {
            return chosen.table();
        }

        String from() {
            return SqlNames.quote(table().table());
        }
    }

    /** The tables with which all is well; what is not with the others has been reported. */
    List<Source> plan() {
        List<Draft> drafts = new ArrayList<>();
        for (Chosen chosen : new TableChoice(server, parameters).choose()) {
            drafts.add(draft(chosen));
        }
        // Of names of columns the catalog has told all already: what is left to ask is whether they may be read.
        List<Source> known = drafts.stream().flatMap(d -> d.source().stream()).toList();
        List<Boolean> taken = server.explain(
                known.stream().map(s -> s.task().select(s.schema())).toList());
        List<Source> planned = new ArrayList<>();
        int next = 0;
        for (Draft draft : drafts) {
            boolean good = draft.source().isPresent() && taken.get(next++);
            (good ? draft.source() : judged(draft)).ifPresent(planned::add);
        }
        return planned;
    }

    private Draft draft(Chosen chosen) {
        List<Selected> selected = select(chosen.table());
        boolean names = !selected.isEmpty()
                && selected.stream().allMatch(s -> s.column().isPresent());
        Draft draft = new Draft(chosen, selected, Optional.empty());
        if (!names) {
            return draft;
        }
        List<QueryColumn> columns = selected.stream()
                .map(s -> asQueryColumn(s.column().orElseThrow()))
                .toList();
        return new Draft(chosen, selected, Optional.of(source(draft, new QueryDescription(columns))));
    }

    /** What describing a query of this column would say of its type. */
    private static QueryColumn asQueryColumn(PgColumn column) {
        return new QueryColumn(
                column.name(),
                column.typmod(),
                column.declaredType(),
                0,
                0,
                column.type().effective());
    }

    /** The table as the server sees it, which is asked for each thing by itself so as to tell what is wrong. */
    private Optional<Source> judged(Draft draft) {
        TableDescription table = draft.table();
        String from = draft.from();
        Optional<QueryDescription> description = describe(table, from, draft.selected());
        boolean whereFits = parameters.where().isEmpty() || checkWhere(table, from);
        if (description.isEmpty() || !whereFits || !carriesAll(draft, description.get())) {
            return Optional.empty();
        }
        Source source = source(draft, description.get());
        Subject subject =
                new Subject(draft.chosen().path(), "reading " + table.table(), "TABLE_NOT_READABLE", "", from);
        return server.explain(source.task().select(source.schema()), subject) ? Optional.of(source) : Optional.empty();
    }

    private boolean carriesAll(Draft draft, QueryDescription description) {
        boolean all = true;
        for (int i = 0; i < draft.selected().size(); i++) {
            Selected selected = draft.selected().get(i);
            String what =
                    "column " + selected.expression() + " of " + draft.table().table();
            all &= server.carries(description.columns().get(i), "column[" + selected.index() + ']', what);
        }
        return all;
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

    private Source source(Draft draft, QueryDescription description) {
        TableDescription table = draft.table();
        List<Selected> selected = draft.selected();
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
                    selected.get(i).expression(), result.type(), columns.get(i).type(), server.sendsBytes()));
        }
        List<String> conditions =
                parameters.where().map(w -> List.of(condition(w))).orElse(List.of());
        ReadTask task = new ReadTask(table.table().toString(), "", items, draft.from(), conditions);
        Schema schema = new Schema(table.table(), columns, WIRE_FORMAT);
        return new Source(
                schema,
                task,
                Optional.of(table),
                draft.chosen().path(),
                draft.chosen().byPattern());
    }

    static Column offered(String name, boolean nullable, QueryColumn result) {
        Type type = PgTypes.spiType(result.type());
        boolean wire = type instanceof Type.Native && PgTypes.wireCapable(result.type());
        return new Column(
                name, type, nullable, result.declaredType(), wire ? Column.Encoding.WIRE : Column.Encoding.STANDARD);
    }
}
