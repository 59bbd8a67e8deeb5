package dev.transvase.core.run;

import dev.transvase.core.job.JobSettings.DirtyValues;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is reported about dirty records. The file for them has their values unless the job says otherwise; log, messages and report
 * have none unless the job says so. A plugin's or a server's message may hold a value anywhere, in any language, so where values are
 * not reported, the message is not either: SQLSTATE, column and constraint take its place.
 */
final class DirtyReporting {

    /** As many columns are worth naming. */
    private static final int MOST_COLUMNS = 5;

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("02000", "a change to a row that does not exist"),
            Map.entry("21000", "a change that matches several rows"),
            Map.entry("22001", "a text that is too long"),
            Map.entry("22003", "a number that is out of range"),
            Map.entry("22007", "a text that is not a date or time"),
            Map.entry("22008", "a date or time that is out of range"),
            Map.entry("22012", "a division by zero"),
            Map.entry("22021", "a character that does not exist in the encoding"),
            Map.entry("22P02", "a text that is not valid for its type"),
            Map.entry("22P05", "a character that does not exist in the encoding"),
            Map.entry("23502", "a NULL in a NOT NULL column"),
            Map.entry("23503", "a foreign key to a row that does not exist"),
            Map.entry("23505", "a key that already exists"),
            Map.entry("23514", "a violated check constraint"),
            Map.entry("23P01", "a violated exclusion constraint"));

    private final Optional<DirtyValues> values;

    /** @param values what the job says, if it does */
    DirtyReporting(Optional<DirtyValues> values) {
        this.values = values;
    }

    /** Why it is dirty, for the log, for messages and for the report. */
    String message(DirtyRecord dirty) {
        return values.equals(Optional.of(DirtyValues.FULL)) ? dirty.message() : withoutValues(dirty);
    }

    /**
     * The record as the file for them has it.
     *
     * @param source of the table that it is from
     */
    DirtyRecord forFile(DirtyRecord dirty, Schema source) {
        return switch (values.orElse(DirtyValues.FULL)) {
            case FULL -> dirty;
            case MASK -> changed(dirty, masked(dirty.values(), source));
            case OMIT -> changed(dirty, Map.of());
        };
    }

    private static DirtyRecord changed(DirtyRecord dirty, Map<String, String> shown) {
        return new DirtyRecord(
                dirty.table(),
                shown,
                dirty.sqlState(),
                dirty.constraint(),
                withoutValues(dirty),
                dirty.position(),
                dirty.remedy());
    }

    private static Map<String, String> masked(Map<String, String> values, Schema source) {
        Map<String, String> masked = new LinkedHashMap<>();
        values.forEach((name, value) -> masked.put(name, value == null ? null : mask(name, value, source)));
        return masked;
    }

    private static String mask(String name, String value, Schema source) {
        String type = source.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .map(DirtyReporting::typeOf)
                .orElse("");
        return "*** (" + (type.isEmpty() ? "" : type + ", ") + value.length() + " characters)";
    }

    private static String typeOf(Column column) {
        return column.declaredType().isEmpty()
                ? column.type().toString().toLowerCase(Locale.ROOT)
                : column.declaredType();
    }

    private static String withoutValues(DirtyRecord dirty) {
        StringBuilder reported = new StringBuilder(REASONS.getOrDefault(dirty.sqlState(), "a rejected record"));
        if (!dirty.sqlState().isEmpty()) {
            reported.append(" (SQLSTATE ").append(dirty.sqlState()).append(')');
        }
        if (!dirty.constraint().isEmpty()) {
            reported.append(", constraint ").append(dirty.constraint());
        }
        dirty.values().keySet().stream()
                .filter(name -> names(dirty.message(), name))
                .limit(MOST_COLUMNS)
                .forEach(name -> reported.append(", column ").append(name));
        return reported.toString();
    }

    /** Whether the message speaks of this column. Its name is shown then, which is not a value, even if a value is the same. */
    private static boolean names(String message, String column) {
        return message.startsWith("column " + column + ':') || message.contains('"' + column + '"');
    }
}
