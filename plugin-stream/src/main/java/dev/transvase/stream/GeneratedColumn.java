package dev.transvase.stream;

import static dev.transvase.spi.error.CommonErrors.DUPLICATE_COLUMN;
import static dev.transvase.stream.StreamErrors.AMBIGUOUS_COLUMN;
import static dev.transvase.stream.StreamErrors.BAD_DATE_FORMAT;
import static dev.transvase.stream.StreamErrors.BAD_VALUE;
import static dev.transvase.stream.StreamErrors.MISSING_VALUE;
import static dev.transvase.stream.StreamErrors.UNKNOWN_TYPE;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Type;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A column of the stream reader, ready to make values. */
record GeneratedColumn(String name, Column.Origin origin, Type type, boolean nullable, Values values) {

    private static final int LONGEST_SHOWN = 60;

    private static final List<ColumnParameters> DEFAULTS = List.of(
            new ColumnParameters(
                    Optional.of("id"),
                    "long",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("1,1"),
                    Optional.empty(),
                    0),
            new ColumnParameters(
                    Optional.of("text"),
                    "string",
                    Optional.of("made by the stream reader"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    0));

    Column column() {
        return Column.of(name, type).withNullable(nullable).withOrigin(origin);
    }

    /** The columns; some are missing when {@code checks} has their errors. */
    static List<GeneratedColumn> compile(List<ColumnParameters> given, Checks checks) {
        List<ColumnParameters> columns = given.isEmpty() ? DEFAULTS : given;
        List<GeneratedColumn> compiled = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            String path = "column[" + i + "]";
            ColumnParameters parameters = columns.get(i);
            String name = parameters.name().orElse("col" + (i + 1));
            Integer earlier = names.putIfAbsent(name, i);
            if (earlier != null) {
                checks.error(
                        path,
                        DUPLICATE_COLUMN,
                        "the name " + name + " is already used by column[" + earlier + "]",
                        "Give one of the two another name.");
            }
            compile(path, name, parameters, checks).ifPresent(compiled::add);
        }
        return compiled;
    }

    /** Tells what will have no effect. */
    static void warn(List<ColumnParameters> columns, Checks checks) {
        for (int i = 0; i < columns.size(); i++) {
            ColumnParameters parameters = columns.get(i);
            boolean temporal =
                    ValueType.of(parameters.type()).map(ValueType::temporal).orElse(true);
            if (parameters.dateFormat().isPresent() && !temporal) {
                checks.warning(
                        "column[" + i + "].dateFormat", "has no effect on a column of type " + parameters.type());
            }
        }
    }

    private static Optional<GeneratedColumn> compile(
            String path, String name, ColumnParameters parameters, Checks checks) {
        Optional<ValueType> type = ValueType.of(parameters.type());
        if (type.isEmpty()) {
            checks.error(
                    path + ".type",
                    UNKNOWN_TYPE,
                    "there is no type \"" + parameters.type() + "\"",
                    "Use one of " + ValueType.labels() + ".");
        }
        boolean counted = countSources(path, parameters, checks);
        if (type.isEmpty() || !counted) {
            return Optional.empty();
        }
        return values(path, type.get(), parameters, checks)
                .map(values -> new GeneratedColumn(
                        name,
                        parameters.name().isPresent() ? Column.Origin.NAMED : Column.Origin.UNNAMED,
                        type.get().type(),
                        parameters.nullPercent() > 0,
                        nulls(parameters, values)));
    }

    private static Values nulls(ColumnParameters parameters, Values values) {
        int percent = parameters.nullPercent();
        if (percent == 0) {
            return values;
        }
        return percent == 100 ? new Values.Constant(null) : new Values.SomeNull(percent, values);
    }

    private static boolean countSources(String path, ColumnParameters parameters, Checks checks) {
        List<String> given = new ArrayList<>();
        parameters.value().ifPresent(v -> given.add("value"));
        parameters.random().ifPresent(v -> given.add("random"));
        parameters.incr().ifPresent(v -> given.add("incr"));
        if (given.size() > 1) {
            checks.error(
                    path,
                    AMBIGUOUS_COLUMN,
                    "has " + String.join(" and ", given) + ", but only one of them is allowed",
                    "Keep one of them.");
            return false;
        }
        if (given.isEmpty() && parameters.nullPercent() < 100) {
            checks.error(
                    path,
                    MISSING_VALUE,
                    "has no value; JSON null counts as no value",
                    "Give value, random or incr; for a column of NULLs give \"nullPercent\": 100.");
            return false;
        }
        return true;
    }

    private static String shortened(String text) {
        return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text;
    }

    private static Optional<Values> values(String path, ValueType type, ColumnParameters parameters, Checks checks) {
        TimeText times;
        try {
            times = new TimeText(type.temporal() ? parameters.dateFormat() : Optional.empty());
        } catch (IllegalArgumentException e) {
            checks.error(
                    path + ".dateFormat",
                    BAD_DATE_FORMAT,
                    "\"" + shortened(parameters.dateFormat().orElse("")) + "\" is not a date format: " + e.getMessage(),
                    "Write it as in yyyy-MM-dd HH:mm:ss.");
            return Optional.empty();
        }
        String key =
                parameters.value().isPresent() ? "value" : parameters.random().isPresent() ? "random" : "incr";
        try {
            if (parameters.value().isPresent()) {
                return Optional.of(
                        new ConstantText(times).parse(type, parameters.value().get()));
            }
            if (parameters.random().isPresent()) {
                return Optional.of(
                        new RandomText(times).parse(type, parameters.random().get()));
            }
            if (parameters.incr().isPresent()) {
                return Optional.of(SequenceText.parse(type, parameters.incr().get()));
            }
            return Optional.of(new Values.Constant(null));
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            checks.error(path + "." + key, BAD_VALUE, e.getMessage(), "");
            return Optional.empty();
        }
    }
}
