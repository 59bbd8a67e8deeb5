package dev.transvase.postgresql.reader;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the entries of the job file's {@code column} mean for a table: columns of it, or SQL. */
final class ColumnNames {

    private static final int TABLES_SHOWN = 3;
    private static final int COLUMNS_SHOWN = 20;

    private final List<String> entries;

    /** For each entry that was taken for something else than a column, what that is and for which tables. */
    private final Map<Integer, Map<String, List<TableDescription>>> taken = new LinkedHashMap<>();

    ColumnNames(List<String> entries) {
        this.entries = entries;
    }

    /**
     * What is selected for one column of the result.
     *
     * @param index where it stands in the job file's list
     * @param expression as SQL
     * @param column the table's column when it is nothing but that
     */
    record Selected(int index, String expression, Optional<PgColumn> column) {}

    List<Selected> select(TableDescription table) {
        List<Selected> selected = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            String text = entries.get(i);
            if (isAll(text)) {
                for (PgColumn column : table.columns()) {
                    selected.add(new Selected(i, SqlNames.quote(column.name()), Optional.of(column)));
                }
            } else {
                Optional<PgColumn> column = SqlNames.resolve(text, table::column);
                selected.add(new Selected(
                        i, column.map(c -> SqlNames.quote(c.name())).orElseGet(() -> expression(text)), column));
            }
        }
        return selected;
    }

    /** Whether it asks for what the tables have, and for nothing else. */
    boolean allOnly() {
        return entries.stream().allMatch(ColumnNames::isAll);
    }

    private static boolean isAll(String text) {
        return text.strip().equals("*");
    }

    /** A comment at its end must not swallow what follows. */
    static String expression(String text) {
        return text.contains("--") ? text + '\n' : text.strip();
    }

    /** What to do about a column that is not there. */
    static String remedy(TableDescription table, String wanted) {
        List<String> names = table.columns().stream().map(PgColumn::name).toList();
        String name = SqlNames.quotedName(wanted).orElse(wanted.strip());
        return Spelling.nearest(name, names)
                .map(n -> "did you mean " + n + "?")
                .orElse("columns of " + table.table() + ": " + String.join(", ", names));
    }

    /** Keeps what the server took these for, now that it takes them. */
    void accepted(TableDescription table, List<Selected> selected) {
        for (Selected one : selected) {
            if (one.column().isEmpty()) {
                TakenName.of(entries.get(one.index()), table)
                        .ifPresent(what -> taken.computeIfAbsent(one.index(), i -> new LinkedHashMap<>())
                                .computeIfAbsent(what.meaning(), m -> new ArrayList<>())
                                .add(table));
            }
        }
    }

    /** Warns of names that are no columns and were taken for something else. */
    void warn(Checks checks) {
        taken.forEach((index, meanings) -> meanings.forEach((meaning, tables) -> {
            String name = entries.get(index).strip();
            String more = tables.size() > TABLES_SHOWN ? " and " + (tables.size() - TABLES_SHOWN) + " more" : "";
            checks.warning(
                    "column[" + index + ']',
                    name + " is no column of "
                            + String.join(
                                    ", ",
                                    tables.stream()
                                            .limit(TABLES_SHOWN)
                                            .map(t -> t.table().toString())
                                            .toList())
                            + more + "; it is read as " + meaning + ". " + nearest(tables.get(0), name) + ". If "
                            + meaning + " is meant, write (" + name + ") to avoid this warning");
        }));
    }

    private static String nearest(TableDescription table, String wanted) {
        List<String> names = table.columns().stream().map(PgColumn::name).toList();
        String name = SqlNames.fold(SqlNames.quotedName(wanted).orElse(wanted.substring(wanted.lastIndexOf('.') + 1)));
        return Spelling.nearest(name, names)
                .or(() -> names.stream()
                        .filter(n -> SqlNames.fold(n).contains(name))
                        .findFirst())
                .map(n -> "The nearest column is " + SqlNames.quote(n))
                .orElse("Its columns are " + String.join(", ", names.subList(0, Math.min(COLUMNS_SHOWN, names.size())))
                        + (names.size() > COLUMNS_SHOWN ? " and " + (names.size() - COLUMNS_SHOWN) + " more" : ""));
    }
}
