package dev.transvase.postgresql.reader;

import static dev.transvase.postgresql.error.PostgresErrors.COLUMN_NOT_FOUND;
import static dev.transvase.postgresql.error.PostgresErrors.NO_COLUMNS;
import static dev.transvase.postgresql.reader.ReaderErrors.COLUMN_INVALID;
import static dev.transvase.postgresql.reader.ReaderErrors.TABLE_NOT_READABLE;
import static dev.transvase.postgresql.reader.ReaderErrors.WHERE_INVALID;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgTypes;
import dev.transvase.postgresql.catalog.QueryDescription;
import dev.transvase.postgresql.catalog.QueryDescription.QueryColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.reader.ColumnNames.Selected;
import dev.transvase.postgresql.reader.ServerCheck.Subject;
import dev.transvase.postgresql.reader.TableChoice.Chosen;
import dev.transvase.postgresql.split.ReadTask;
import dev.transvase.postgresql.split.SelectItem;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.LeftOut;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.Type;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds out what reading a table gives, from the job file's {@code table}, {@code column} and {@code where}. */
final class TablePlanner {

    static final String WIRE_FORMAT = "postgresql";

    private static final String UNDEFINED_COLUMN = "42703";

    private final ServerCheck server;
    private final PostgresReaderParameters parameters;
    private final ColumnNames columns;
    private final LargeObjects largeObjects = new LargeObjects();
    private final List<LeftOut> leftOut = new ArrayList<>();

    TablePlanner(ServerCheck server, PostgresReaderParameters parameters) {
        this.server = server;
        this.parameters = parameters;
        this.columns = new ColumnNames(parameters.column());
    }

    /**
     * A table with what is selected from it.
     *
     * @param source what reading it gives; empty while only the server can tell, because of an expression
     */
    private record Draft(Chosen chosen, List<Selected> selected, Optional<Source> source) {

        TableDescription table() {
            return chosen.table();
        }

        String name() {
            return SqlNames.quote(table().table());
        }

        String from() {
            return chosen.part().from(table());
        }
    }

    /** The tables with which all is well; what is not with the others has been reported. */
    List<Source> plan() {
        TableChoice choice = new TableChoice(server, parameters);
        List<Chosen> chosen = choice.choose();
        leftOut.addAll(choice.leftOut());
        chosen.forEach(this::warnOfForeign);
        List<Draft> drafts = withColumns(chosen).stream().map(this::draft).toList();
        // The catalog has already confirmed the names of columns: what is left to ask is whether they may be read.
        List<Draft> known = drafts.stream().filter(d -> d.source().isPresent()).toList();
        List<Boolean> taken = taken(known);
        List<Source> planned = new ArrayList<>();
        int next = 0;
        for (Draft draft : drafts) {
            boolean good = draft.source().isPresent() && taken.get(next++);
            Optional<Source> source = good ? draft.source() : judged(draft);
            if (source.isPresent()) {
                planned.add(source.get());
                columns.accepted(draft.table(), draft.selected());
                largeObjects.add(draft.table(), draft.selected());
            }
        }
        columns.warn(server.checks());
        leftOut.addAll(largeObjects.leftOut(server.session()));
        return planned;
    }

    /** For each of these whether the server reads it so, with {@code where} as one condition. */
    private List<Boolean> taken(List<Draft> known) {
        List<String> statements = new ArrayList<>();
        known.forEach(draft -> {
            Source source = draft.source().orElseThrow();
            statements.add(source.task().select(source.schema()));
        });
        parameters.where().ifPresent(where -> known.forEach(draft -> statements.add(balanced(draft, where))));
        List<Boolean> each = server.explain(statements);
        return IntStream.range(0, known.size())
                .mapToObj(i -> each.get(i) && each.get(each.size() - known.size() + i))
                .toList();
    }

    private void warnOfForeign(Chosen chosen) {
        chosen.foreign()
                .ifPresent(table -> server.checks()
                        .warning(
                                chosen.path(),
                                table
                                        + " is a foreign table: rows that row-level security on the other server"
                                        + " hides from the user of the foreign server are missing, and this server"
                                        + " cannot detect it; read that"
                                        + " server itself to be sure"));
    }

    /** What is not read; complete once {@link #plan} is done. */
    List<LeftOut> leftOut() {
        return leftOut;
    }

    /**
     * Without tables that have nothing to be read: these are reported and do not prevent the others from being read. The only table
     * that a job names stays, and is reported when it is drafted.
     */
    private List<Chosen> withColumns(List<Chosen> chosen) {
        List<Chosen> kept = new ArrayList<>();
        for (Chosen one : chosen) {
            Optional<String> why = whyNothing(one);
            if (why.isEmpty() || (chosen.size() == 1 && !one.byPattern())) {
                kept.add(one);
            } else {
                leftOut.add(new LeftOut(one.table().table().toString(), why.get()));
                server.checks().warning(one.path(), one.table().table() + " is skipped: " + why.get());
            }
        }
        if (kept.isEmpty() && !chosen.isEmpty()) {
            server.checks()
                    .error(
                            chosen.get(0).path(),
                            NO_COLUMNS,
                            "no table has anything to read: "
                                    + chosen.get(0).table().table()
                                    + (chosen.size() > 1 ? " and " + (chosen.size() - 1) + " more" : ""),
                            "choose other tables");
        }
        return kept;
    }

    private Optional<String> whyNothing(Chosen chosen) {
        List<PgColumn> all = chosen.table().columns();
        if (columns.allOnly() && all.isEmpty()) {
            return Optional.of("it has no columns, so its rows are empty");
        }
        if (chosen.byPattern() && columns.allOnly() && all.stream().allMatch(PgColumn::generated)) {
            return Optional.of("it has only generated columns, which the target computes itself; name it to read them");
        }
        return chosen.byPattern() && server.standby() && chosen.table().persistence() == 'u'
                ? Optional.of("it is unlogged, so its rows are not on a standby; read it from the primary")
                : Optional.empty();
    }

    private Draft draft(Chosen chosen) {
        List<Selected> selected = columns.select(chosen.table());
        boolean names = !selected.isEmpty()
                && selected.stream().allMatch(s -> s.column().isPresent());
        Draft draft = new Draft(chosen, selected, Optional.empty());
        if (!names) {
            return draft;
        }
        List<QueryColumn> columns = selected.stream()
                .map(s -> asQueryColumn(s.column().orElseThrow()))
                .toList();
        List<String> expressions = selected.stream().map(Selected::expression).toList();
        return new Draft(chosen, selected, Optional.of(source(draft, new QueryDescription(columns), expressions)));
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
        Optional<QueryDescription> description = describe(draft);
        boolean whereFits = parameters.where().isEmpty() || checkWhere(draft);
        if (description.isEmpty() || !whereFits || !carriesAll(draft, description.get())) {
            return Optional.empty();
        }
        List<Optional<String>> values = draft.selected().stream()
                .map(s -> s.column().isPresent() ? Optional.of(s.expression()) : value(draft, s.expression()))
                .toList();
        List<String> expressions = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            expressions.add(values.get(i).orElse(draft.selected().get(i).expression()));
        }
        Source source = source(draft, description.get(), expressions);
        List<String> computed = IntStream.range(0, expressions.size())
                .filter(i -> draft.selected().get(i).column().isEmpty())
                .mapToObj(expressions::get)
                .toList();
        if (values.stream().anyMatch(Optional::isEmpty) || server.combineRows(computed, draft.from())) {
            source = whole(draft, description.get(), source);
        }
        Subject subject = new Subject(
                draft.chosen().path(), "reading " + draft.table().table(), TABLE_NOT_READABLE, "", draft.name());
        return server.explain(source.task().select(source.schema()), subject) ? Optional.of(source) : Optional.empty();
    }

    /** What the value of an expression is, without a name behind it; empty when it is none by itself, as with DISTINCT. */
    private Optional<String> value(Draft draft, String expression) {
        return ColumnOrigins.withoutAlias(expression).stream()
                .filter(value -> server.takes("SELECT (" + value + "\n) FROM " + draft.from()))
                .findFirst();
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

    private Optional<QueryDescription> describe(Draft draft) {
        TableDescription table = draft.table();
        List<Selected> selected = draft.selected();
        if (selected.isEmpty()) {
            server.checks().error("column", NO_COLUMNS, table.table() + " has no column", "choose another table");
            return Optional.empty();
        }
        String sql = "SELECT "
                + selected.stream().map(Selected::expression).collect(Collectors.joining(", ")) + " FROM "
                + draft.from();
        try {
            QueryDescription description = QueryDescription.of(server.session(), sql);
            if (description.columns().size() == selected.size()) {
                return Optional.of(description);
            }
            selected.forEach(s -> checkAlone(draft, s));
        } catch (SQLException e) {
            if (server.isRowSecurity(e, draft.chosen().path(), sql)) {
                return Optional.empty();
            }
            int before = reported;
            selected.stream().filter(s -> s.column().isEmpty()).forEach(s -> checkAlone(draft, s));
            if (reported == before) {
                // None is wrong by itself: no privilege, for example, or columns that do not go together.
                server.report(
                        e, new Subject("column", "columns of " + table.table(), COLUMN_INVALID, "", draft.name()));
            }
        }
        return Optional.empty();
    }

    private int reported;

    private void checkAlone(Draft draft, Selected selected) {
        TableDescription table = draft.table();
        String path = "column[" + selected.index() + ']';
        String what = "column " + selected.expression().strip() + " of " + table.table();
        try {
            QueryDescription one =
                    QueryDescription.of(server.session(), "SELECT " + selected.expression() + " FROM " + draft.from());
            if (one.columns().size() != 1) {
                reported++;
                server.checks()
                        .error(
                                path,
                                COLUMN_INVALID,
                                what + " gives " + one.columns().size() + " columns, expected one",
                                "give each column its own entry");
            }
        } catch (SQLException e) {
            reported++;
            boolean missing = UNDEFINED_COLUMN.equals(SqlErrors.sqlState(e));
            server.report(
                    e,
                    new Subject(
                            path,
                            what,
                            missing ? COLUMN_NOT_FOUND : COLUMN_INVALID,
                            missing ? ColumnNames.remedy(table, selected.expression()) : "correct the SQL expression",
                            draft.name()));
        }
    }

    private boolean checkWhere(Draft draft) {
        String where = parameters.where().orElseThrow();
        String sql = "SELECT 1 FROM " + draft.from() + " WHERE " + condition(where);
        Subject subject = new Subject(
                "where",
                "where on " + draft.table().table(),
                WHERE_INVALID,
                "write an SQL condition as it would stand behind WHERE",
                draft.name());
        return server.describe(sql, subject).isPresent()
                && server.describe(balanced(draft, where), subject).isPresent();
    }

    /** What closes our bracket and opens another, {@code a) OR (b}, would stand beside all other conditions and is refused. */
    private static String balanced(Draft draft, String where) {
        return "SELECT 1 FROM " + draft.from() + " WHERE CASE WHEN " + ColumnNames.expression(where)
                + " THEN true END AND false"; // so that no partition is planned or locked for it
    }

    private static String condition(String where) {
        return '(' + ColumnNames.expression(where) + ')';
    }

    /** @param expressions of the columns, without names behind them */
    private Source source(Draft draft, QueryDescription description, List<String> expressions) {
        TableDescription table = draft.table();
        List<Selected> selected = draft.selected();
        List<Column> offered = new ArrayList<>();
        List<SelectItem> items = new ArrayList<>();
        for (int i = 0; i < selected.size(); i++) {
            QueryColumn result = description.columns().get(i);
            Optional<PgColumn> column = selected.get(i).column();
            Column plain = offered(
                    column.map(PgColumn::name).orElse(result.name()),
                    column.map(c -> !c.notNull()).orElse(true),
                    result);
            offered.add(
                    plain.withOrigin(ColumnOrigins.origin(table, selected.get(i).expression(), column, plain)));
            items.add(SelectItem.of(expressions.get(i), result.type(), plain.type(), server.forms()));
        }
        List<String> conditions = new ArrayList<>();
        parameters.where().ifPresent(where -> conditions.add(condition(where)));
        draft.chosen().part().condition(table).ifPresent(conditions::add);
        ReadTask task = new ReadTask(table.table().toString(), "", items, draft.from(), conditions);
        Schema schema =
                Schema.of(table.table(), offered).withWireFormat(WIRE_FORMAT).withListed(!parameters.allColumns());
        return new Source(schema, task, Optional.of(draft.chosen()), false);
    }

    /** The same from a query around the table, with plain columns: each is computed over all rows, however they are read. */
    private Source whole(Draft draft, QueryDescription description, Source source) {
        ReadTask task = source.task();
        StringJoiner expressions = new StringJoiner(", ", "(SELECT ", " FROM " + task.from());
        StringJoiner names = new StringJoiner(", ", ") AS q (", ")");
        List<SelectItem> items = new ArrayList<>();
        for (int i = 0; i < task.items().size(); i++) {
            String name = SqlNames.quote("c" + (i + 1));
            expressions.add(draft.selected().get(i).expression());
            names.add(name);
            items.add(SelectItem.of(
                    name,
                    description.columns().get(i).type(),
                    source.schema().column(i).type(),
                    server.forms()));
        }
        String where = task.conditions().isEmpty() ? "" : " WHERE " + String.join(" AND ", task.conditions());
        ReadTask all = new ReadTask(task.label(), "", items, expressions + where + names, List.of());
        return new Source(source.schema(), all, source.chosen(), true);
    }

    static Column offered(String name, boolean nullable, QueryColumn result) {
        Type type = PgTypes.spiType(result.type());
        boolean wire = type instanceof Type.Native && PgTypes.wireCapable(result.type());
        return Column.of(name, type)
                .withNullable(nullable)
                .withDeclaredType(result.declaredType())
                .withEncoding(wire ? Column.Encoding.WIRE : Column.Encoding.STANDARD)
                .withDetail(result.type().effective().parts().detail());
    }
}
