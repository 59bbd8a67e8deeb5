package dev.transvase.postgresql.writer.changes.plan;

import dev.transvase.postgresql.sql.SqlNames;
import java.util.List;

/**
 * The columns by which a change finds its row.
 *
 * @param columns their names
 * @param operators for each of them what says that two values are equal, as SQL
 * @param deferrable whether it is unique at the end of a transaction only
 * @param indexed whether there is a unique index over them, in their own collations
 */
public record ChangeKey(List<String> columns, List<String> operators, boolean deferrable, boolean indexed) {

    /** What the server takes on its search path. */
    static final String EQUAL = "=";

    public ChangeKey {
        columns = List.copyOf(columns);
        operators = List.copyOf(operators);
    }

    /** For people. */
    @Override
    public String toString() {
        return String.join(", ", columns.stream().map(SqlNames::quote).toList());
    }
}
