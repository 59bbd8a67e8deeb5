package dev.transvase.postgresql.reader;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Column.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tells which columns have a name of their own, by which a writer may pair them, and which only what the server calls them. */
final class ColumnOrigins {

    /** What the server calls a column of a query for which it finds no name. */
    private static final String NONE = "?column?";

    private static final Pattern ALIAS =
            Pattern.compile("\\bAS\\s+(\"(?:[^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*)\\s*$", Pattern.CASE_INSENSITIVE);

    /** A name without AS before it, or the end of an expression. */
    private static final Pattern LAST_WORD =
            Pattern.compile("\\s*(\"(?:[^\"]|\"\")+\"|\\b[\\p{L}_][\\p{L}\\p{N}_$]*)\\s*$");

    private ColumnOrigins() {}

    /**
     * Of what the job's list of columns has at one place. An expression has the name that it is given, or that of the column
     * that it is a cast of; other expressions are called after a function or by nothing.
     */
    static Origin origin(TableDescription table, String expression, Optional<PgColumn> column, Column offered) {
        if (column.isPresent()) {
            return column.get().generated() ? Origin.COMPUTED : Origin.NAMED;
        }
        boolean named =
                ALIAS.matcher(expression).find() || table.column(offered.name()).isPresent();
        return named ? Origin.NAMED : Origin.UNNAMED;
    }

    /** What an expression may be without the name that it may be given: the first of these that is a value is it. */
    static List<String> withoutAlias(String expression) {
        return List.of(
                expression,
                ALIAS.matcher(expression).replaceFirst("").strip(),
                LAST_WORD.matcher(expression).replaceFirst("").strip());
    }

    /** The columns of a query: one that has no name, or shares it with another, cannot be identified by it. */
    static List<Column> ofQuery(List<Column> columns) {
        Map<String, Long> counts = columns.stream()
                .map(Column::name)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return columns.stream()
                .map(c -> c.name().equals(NONE) || counts.get(c.name()) > 1 ? c.withOrigin(Origin.UNNAMED) : c)
                .toList();
    }
}
