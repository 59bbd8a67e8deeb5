package dev.transvase.postgresql.reader;

import static dev.transvase.postgresql.error.PostgresErrors.NO_COLUMNS;
import static dev.transvase.postgresql.reader.ReaderErrors.QUERY_INVALID;

import dev.transvase.postgresql.catalog.QueryDescription;
import dev.transvase.postgresql.catalog.QueryDescription.QueryColumn;
import dev.transvase.postgresql.reader.ServerCheck.Subject;
import dev.transvase.postgresql.split.ReadTask;
import dev.transvase.postgresql.split.SelectItem;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** Finds out what reading a {@code querySql} gives. */
final class QueryPlanner {

    /**
     * A comment that follows the last semicolon. With a quote in it, or the end of another comment, it may be a part of the
     * query that only looks like one.
     */
    private static final Pattern LAST_COMMENT = Pattern.compile("(?<=;)\\s*(--[^\\n'\"$*]*|/\\*[^'\"$*]*\\*/)$");

    private final ServerCheck server;
    private final PostgresReaderParameters parameters;

    QueryPlanner(ServerCheck server, PostgresReaderParameters parameters) {
        this.server = server;
        this.parameters = parameters;
    }

    /** The query, when all is well with it; otherwise what is not has been reported. */
    Optional<Source> plan(int index) {
        String path = parameters.querySql().size() == 1 ? "querySql" : "querySql[" + index + ']';
        Subject subject = new Subject(
                path, "the query", QUERY_INVALID, "give one SELECT, without a parameter; a reader cannot write", "");
        // As a sub-query nothing but a reading statement is grammatical.
        String query = '(' + withoutSemicolon(parameters.querySql().get(index)) + "\n)";
        return server.describe("SELECT * FROM " + query + " AS q", subject).flatMap(d -> source(query, d, subject));
    }

    private Optional<Source> source(String query, QueryDescription description, Subject subject) {
        if (description.columns().isEmpty()) {
            server.checks().error(subject.path(), NO_COLUMNS, "the query gives no column", subject.remedy());
            return Optional.empty();
        }
        boolean carried = true;
        for (QueryColumn result : description.columns()) {
            carried &= server.carries(result, subject.path(), "column " + result.name() + " of " + subject.path());
        }
        if (!carried) {
            return Optional.empty();
        }
        List<Column> columns = new ArrayList<>();
        List<SelectItem> items = new ArrayList<>();
        // Names of the query's own may be missing, or there twice.
        StringJoiner names = new StringJoiner(", ", " AS q (", ")");
        for (QueryColumn result : description.columns()) {
            Column column = TablePlanner.offered(result.name(), true, result);
            String name = SqlNames.quote("c" + (columns.size() + 1));
            names.add(name);
            items.add(SelectItem.of(name, result.type(), column.type(), server.forms()));
            columns.add(column);
        }
        ReadTask task = new ReadTask(subject.path(), "", items, query + names, List.of());
        Schema schema = Schema.of(new TableName("", subject.path()), ColumnOrigins.ofQuery(columns))
                .withWireFormat(TablePlanner.WIRE_FORMAT);
        Source source = new Source(schema, task, Optional.empty(), true);
        return server.explain(task.select(schema), subject) ? Optional.of(source) : Optional.empty();
    }

    private static String withoutSemicolon(String sql) {
        String text = LAST_COMMENT.matcher(sql.strip()).replaceFirst("");
        while (text.endsWith(";")) {
            text = text.substring(0, text.length() - 1).strip();
        }
        return text;
    }
}
