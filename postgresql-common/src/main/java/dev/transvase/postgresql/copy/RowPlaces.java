package dev.transvase.postgresql.copy;

import dev.transvase.postgresql.copy.BadRow.Single;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.transaction.Savepoints;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells people where a table's row is: its position and its primary key. */
final class RowPlaces {

    private final CarefulRead read;
    private final Savepoints savepoints;

    /** For each table the columns of its primary key, quoted. */
    private final Map<Long, List<String>> keys = new HashMap<>();

    RowPlaces(CarefulRead read) {
        this.read = read;
        this.savepoints = read.savepoints();
    }

    String of(RowId row, Single single) throws SQLException, InterruptedException {
        StringBuilder place = new StringBuilder("row ")
                .append(row.place())
                .append(" of ")
                .append(read.task().label());
        List<String> key = key(row.table());
        if (!key.isEmpty()) {
            savepoints.attempt(() -> {
                List<String> values = savepoints
                        .query(read.select(
                                key.stream().map(BadRow::text).toList(), single.from(), List.of(single.condition())))
                        .get(0);
                for (int i = 0; i < key.size(); i++) {
                    place.append(", ")
                            .append(SqlNames.quotedName(key.get(i)).orElseThrow())
                            .append(" = ")
                            .append(values.get(i));
                }
            });
        }
        return place.toString();
    }

    private List<String> key(long table) throws SQLException {
        List<String> known = keys.get(table);
        if (known == null) {
            known = savepoints
                    .query("SELECT a.attname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a"
                            + " ON a.attrelid OPERATOR(pg_catalog.=) i.indrelid"
                            + " AND a.attnum OPERATOR(pg_catalog.=) ANY (i.indkey) WHERE i.indisprimary"
                            + " AND i.indrelid OPERATOR(pg_catalog.=) '" + table + "'::pg_catalog.oid"
                            + " ORDER BY a.attnum")
                    .stream()
                    .map(row -> SqlNames.quote(row.get(0)))
                    .toList();
            keys.put(table, known);
        }
        return known;
    }
}
