package dev.transvase.spi.error;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A record that the target would not take, or that could not be read, because of its data.
 *
 * @param table the index of its table in the plan
 * @param values each column's text form, {@code null} for NULL, in the order of the columns
 * @param sqlState the SQLSTATE of the server that refused it; empty when there is none
 * @param constraint the constraint that it violates; empty when there is none
 * @param message what is wrong with it, for people
 * @param position of a change, where its transaction is in the source's log, for example {@code 0/16B3748}; else empty
 * @param remedy what can be done about it other than to fix the data, as one or more sentences without the last full stop; else
 *     empty
 */
public record DirtyRecord(
        int table,
        Map<String, String> values,
        String sqlState,
        String constraint,
        String message,
        String position,
        String remedy) {

    /** A record that is at no position worth telling, and about which nothing can be done but to fix the data. */
    public static DirtyRecord of(
            int table, Map<String, String> values, String sqlState, String constraint, String message) {
        return new DirtyRecord(table, values, sqlState, constraint, message, "", "");
    }

    /** The same record as one of another table. */
    public DirtyRecord withTable(int other) {
        return new DirtyRecord(other, values, sqlState, constraint, message, position, remedy);
    }

    /** The same record at another position. */
    public DirtyRecord withPosition(String other) {
        return new DirtyRecord(table, values, sqlState, constraint, message, other, remedy);
    }

    /** The same record with another remedy. */
    public DirtyRecord withRemedy(String other) {
        return new DirtyRecord(table, values, sqlState, constraint, message, position, other);
    }

    public DirtyRecord {
        values = new LinkedHashMap<>(values);
        Objects.requireNonNull(sqlState, "sqlState");
        Objects.requireNonNull(constraint, "constraint");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(remedy, "remedy");
    }
}
