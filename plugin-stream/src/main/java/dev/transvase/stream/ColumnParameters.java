package dev.transvase.stream;

import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Reach;
import java.util.Optional;
import java.util.function.Predicate;

/** One column of the stream reader, as a job file gives it. */
public record ColumnParameters(
        @Parameter(
                description = "The column's name. Without it: col1, col2 and so on, by position.",
                reach = Reach.VALUE)
        Optional<String> name,

        @Parameter(
                description = "string, long, int, short, double, float, decimal, bool, bytes, date (date and time"
                        + " without zone, as DataX has it), timestamp (the same), timestamptz, day (a date"
                        + " without time), time, timetz, uuid, json or jsonb.",
                defaultValue = "string",
                reach = Reach.VALUE)
        String type,

        @Parameter(description = "The value that every record has.", reach = Reach.VALUE)
        Optional<String> value,

        @Parameter(
                description = "A random value for each record: \"LOW,HIGH\" for numbers, dates and times (both"
                        + " included), the minimum and maximum length for string and bytes, the ratio"
                        + " FALSE,TRUE for bool, true for uuid. For double, float and decimal, a third number sets"
                        + " the decimal places.",
                reach = Reach.VALUE)
        Optional<String> random,

        @Parameter(
                description = "A sequence: \"START,STEP\" for long, int and short; it continues across all channels"
                        + " without repeating a value.",
                reach = Reach.VALUE)
        Optional<String> incr,

        @Parameter(
                description = "Format of value and random for a date, timestamp, timestamptz, day or time,"
                        + " for example yyyy/MM/dd HH:mm:ss. Without it: yyyy-MM-dd HH:mm:ss.",
                reach = Reach.VALUE)
        Optional<String> dateFormat,

        @Parameter(
                description = "The percentage of records in which the column is NULL; with 100 it needs no value.",
                defaultValue = "0",
                min = 0,
                max = 100)
        int nullPercent) {

    /** An empty text counts as not given, as in DataX; but an empty {@code value} is one. */
    public ColumnParameters {
        name = name.filter(Predicate.not(String::isBlank));
        random = random.filter(Predicate.not(String::isBlank));
        incr = incr.filter(Predicate.not(String::isBlank));
        dateFormat = dateFormat.filter(Predicate.not(String::isBlank));
    }
}
