package dev.transvase.postgresql.writer.statement;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.target.TargetTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A batch as a row source of a statement: an array of the table's rows in binary, and beside it an array of text for each
 * column that the server has to read. {@link RowArrays} sets them.
 *
 * @param alias what the statement calls it
 */
public record RowSource(TargetTable target, String alias) {

    private static final int REGCLASS_OID = 2205;

    /** Whether there is an array of rows. */
    boolean hasRows() {
        for (int column = 0; column < width(); column++) {
            if (target.inRow(column)) {
                return true;
            }
        }
        return false;
    }

    /** @param parameter what stands in place of each array, for example {@code ?} */
    String arrays(String parameter) {
        return arrays(parameter + "::", "");
    }

    private String arrays(String before, String after) {
        List<String> arrays = new ArrayList<>();
        if (hasRows()) {
            arrays.add("pg_catalog.unnest(" + before + SqlNames.quote(target.table()) + "[]" + after + ")");
        }
        for (int column = 0; column < width(); column++) {
            if (!target.inRow(column)) {
                arrays.add("pg_catalog.unnest(" + before + "pg_catalog.text[]" + after + ")");
            }
        }
        return arrays.stream().collect(Collectors.joining(", ", "ROWS FROM (", ")"));
    }

    /**
     * What stands behind FROM where its rows are to be found in a table. Within a SELECT the server cannot see how long an
     * array is and takes it to be short: so it looks rows of a large table up by an index, which is faster than to read and
     * hash the whole of it.
     */
    public String from() {
        return arrays("(SELECT ?::", ")") + " AS " + alias + "(" + String.join(", ", names()) + ")";
    }

    /** The names of the arrays' columns. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        if (hasRows()) {
            for (int i = 0; i < target.rowType().attributes().size(); i++) {
                names.add("r" + i);
            }
        }
        for (int column = 0; column < width(); column++) {
            if (!target.inRow(column)) {
                names.add("t" + column);
            }
        }
        return names;
    }

    /** For each column its value, of the type that it is written with. */
    List<String> values() {
        List<String> values = new ArrayList<>();
        for (int column = 0; column < width(); column++) {
            values.add(value(column));
        }
        return values;
    }

    /** A column's value, of the type that it is written with. */
    public String value(int column) {
        return target.inRow(column) ? field(column) : read(alias + ".t" + column, column(column));
    }

    /** The text as a value of the column's type. */
    private static String read(String text, PgColumn column) {
        PgType type = column.type().effective();
        if (type.oid() == REGCLASS_OID) {
            // A cast would not take the text that stands for no relation.
            return "pg_catalog.regclassin(pg_catalog.textout(" + text + "))";
        }
        // Without the modifier: a cast to varchar(3) cuts off, while the assignment to such a column refuses.
        return text + "::" + type.cast();
    }

    /** A column's value as it is once it is stored, which is the same for what was stored. */
    public String stored(int column) {
        PgColumn type = column(column);
        if (!target.inRow(column)) {
            return type.type().effective().oid() == REGCLASS_OID
                    ? value(column)
                    : alias + ".t" + column + "::" + type.cast();
        }
        return isDomain(column) ? field(column) + "::" + type.cast() : field(column);
    }

    /** The table's own value of a column, to be compared with {@link #stored}. */
    public String own(int column, String tableAlias) {
        String own = tableAlias + "." + name(column);
        return isDomain(column) ? own + "::" + column(column).cast() : own;
    }

    /** A column's quoted name. */
    public String name(int column) {
        return SqlNames.quote(column(column).name());
    }

    private String field(int column) {
        return alias + ".r" + target.rowType().fields().indexOf(column);
    }

    private boolean isDomain(int column) {
        return column(column).type().typtype() == 'd';
    }

    private PgColumn column(int column) {
        return target.transfers().get(column).target();
    }

    private int width() {
        return target.transfers().size();
    }
}
