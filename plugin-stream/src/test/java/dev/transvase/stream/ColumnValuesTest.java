package dev.transvase.stream;

import static dev.transvase.stream.TestingColumns.column;
import static dev.transvase.stream.TestingColumns.parameters;
import static dev.transvase.stream.TestingColumns.random;
import static dev.transvase.stream.TestingColumns.texts;
import static dev.transvase.stream.TestingColumns.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.contract.CollectedChecks;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnValuesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "string; DataX ünï; DataX ünï",
                "STRING; ''; ''",
                "text; 1; 1",
                "long; -9223372036854775808; -9223372036854775808",
                "long; 100.0; 100",
                "int; 2147483647; 2147483647",
                "short; -32768; -32768",
                "double; 1989.64; 1989.64",
                "double; 1e300; 1e+300",
                "double; -Infinity; -Infinity",
                "float; 0.1; 0.1",
                "float; NaN; NaN",
                "decimal; 12345678901234567890.120; 12345678901234567890.120",
                "decimal; infinity; Infinity",
                "bool; true; t",
                "bool; FALSE; f",
                "boolean; true; t",
                "bytes; test; \\x74657374",
                "date; 1989-06-04 08:12:13; 1989-06-04 08:12:13",
                "date; 2014-12-12; 2014-12-12 00:00:00",
                "timestamp; 2014-12-12T12:12:12.123456; 2014-12-12 12:12:12.123456",
                "timestamp; infinity; infinity",
                "timestamptz; 2014-12-12 12:12:12+02; 2014-12-12 10:12:12+00",
                "timestamptz; 2014-12-12 12:12:12-03:30; 2014-12-12 15:42:12+00",
                "timestamptz; 2014-12-12T12:12:12Z; 2014-12-12 12:12:12+00",
                "timestamptz; 2014-12-12 12:12; 2014-12-12 12:12:00+00",
                "day; 2024-02-29; 2024-02-29",
                "day; -infinity; -infinity",
                "time; 23:59:59.5; 23:59:59.5",
                "time; 24:00:00; 24:00:00",
                "timetz; 12:00:00+02:00; 12:00:00+02",
                "uuid; 123E4567-e89b-12d3-a456-426614174000; 123e4567-e89b-12d3-a456-426614174000",
                "json; {\"a\": [1, -2.5e3, \"\\u00e9\", null, true]}; {\"a\": [1, -2.5e3, \"\\u00e9\", null, true]}",
                "jsonb; 12; 12"
            })
    void aConstantIsReadByItsType(String type, String text, String expected) {
        assertThat(texts(2, value(type, text))).containsExactly(expected, expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "long; 9223372036854775808; whole number",
                "long; 1.5; whole number",
                "int; 2147483648; 2147483647",
                "short; 40000; 32767",
                "double; 1f; not a number",
                "double; 1e400; out of range",
                "float; 1e40; out of range",
                "decimal; 1e-20000; digits",
                "decimal; 0x10; not a number",
                "bool; yes; neither true nor false",
                "date; 2023-02-30; yyyy-MM-dd HH:mm:ss",
                "date; 12/12/2014; yyyy-MM-dd HH:mm:ss",
                "timestamp; 2014-12-12 25:00:00; yyyy-MM-dd HH:mm:ss",
                "time; noon; HH:mm:ss",
                "uuid; 1-1-1-1-1; not a UUID",
                "json; {a: 1}; not JSON",
                "json; [1, 2; not JSON",
                "jsonb; 01; not JSON",
                "json; \"\\x\"; not JSON"
            })
    void aConstantThatIsNoneOfItsTypeIsRefused(String type, String text, String message) {
        assertThat(errors(value(type, text)))
                .singleElement()
                .asString()
                .startsWith("column[0].value BAD_VALUE: ")
                .contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "yyyy/MM/dd HH:mm:ss; 1989/06/04 12:13:14; 1989-06-04 12:13:14",
                "yyyyMMddHHmmss; 19890604121314; 1989-06-04 12:13:14",
                "dd.MM.yyyy; 04.06.1989; 1989-06-04 00:00:00",
                "MM/dd/yyyy hh:mm a; 06/04/1989 01:05 PM; 1989-06-04 13:05:00",
                "yyyy-MM-dd HH; 1989-06-04 12; 1989-06-04 12:00:00",
                "yyyy-MM; 1989-06; 1989-06-01 00:00:00",
                "yyyy-MM-dd HH:mm:ss.SSS; 1989-06-04 12:13:14.250; 1989-06-04 12:13:14.25"
            })
    void aDateIsReadInItsDateFormat(String format, String text, String expected) {
        assertThat(texts(1, column("date", text, null, null, format, 0))).containsExactly(expected);
        assertThat(texts(1, column("date", null, text + "," + text, null, format, 0)))
                .containsExactly(expected);
    }

    @Test
    void aDateThatDoesNotExistIsRefusedInADateFormatToo() {
        assertThat(errors(column("date", "30.02.2023", null, null, "dd.MM.yyyy", 0)))
                .singleElement()
                .asString()
                .contains("\"30.02.2023\" is not of the form dd.MM.yyyy", "FEBRUARY");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "long; 10,14",
                "int; -2, 2",
                "short; 0,4",
                "double; 0,0.4,1",
                "decimal; 1.0,1.4",
                "day; 2024-02-27,2024-03-02"
            })
    void randomNumbersReachBothBoundsAndNothingBeyond(String type, String range) {
        TreeSet<String> seen = new TreeSet<>(texts(2000, random(type, range)));

        assertThat(seen).hasSize(5);
        String[] bounds = range.split(",", -1);
        assertThat(seen).contains(bounds[0].strip(), bounds[1].strip());
    }

    @Test
    void aRandomLongCanBeAnyLong() {
        List<Long> drawn = texts(1000, random("long", "-9223372036854775808,9223372036854775807")).stream()
                .map(Long::parseLong)
                .toList();

        assertThat(drawn).anyMatch(v -> v < Long.MIN_VALUE / 2).anyMatch(v -> v > Long.MAX_VALUE / 2);
        assertThat(drawn).doesNotHaveDuplicates();
    }

    @Test
    void randomDoublesLieBetweenTheirBounds() {
        assertThat(texts(5000, random("double", "-1.5,2.5")).stream().map(Double::parseDouble))
                .allMatch(v -> v >= -1.5 && v <= 2.5)
                .anyMatch(v -> v < -1.4)
                .anyMatch(v -> v > 2.4);
        assertThat(texts(100, random("double", "-1.7e308,1.7e308")).stream().map(Double::parseDouble))
                .allMatch(Double::isFinite);
    }

    @Test
    void randomDecimalsHaveTheDecimalPlacesAskedFor() {
        assertThat(texts(1000, random("decimal", "0,100,2")).stream().map(BigDecimal::new))
                .allMatch(v -> v.scale() == 2 && v.signum() >= 0 && v.compareTo(new BigDecimal(100)) <= 0);
    }

    @Test
    void randomTextsHaveEveryLengthOfTheRangeAndLettersAndDigitsOnly() {
        List<String> drawn = texts(2000, random("string", "8,15"));

        assertThat(drawn).allMatch(s -> s.matches("[0-9A-Za-z]{8,15}")).doesNotHaveDuplicates();
        assertThat(drawn.stream().map(String::length).distinct().sorted())
                .containsExactly(8, 9, 10, 11, 12, 13, 14, 15);
        assertThat(drawn.stream().flatMapToInt(String::chars).distinct()).hasSize(62);
    }

    @Test
    void randomBytesHaveEveryLengthOfTheRange() {
        List<String> drawn = texts(500, random("bytes", "0,3"));

        assertThat(drawn.stream().map(s -> (s.length() - 2) / 2).distinct().sorted())
                .containsExactly(0, 1, 2, 3);
    }

    @Test
    void randomBooleansKeepTheRatioOfFalseToTrue() {
        assertThat(texts(10_000, random("bool", "1,3")).stream()
                        .filter("t"::equals)
                        .count())
                .isBetween(7300L, 7700L);
        assertThat(texts(100, random("bool", "0,10"))).containsOnly("t");
        assertThat(texts(100, random("bool", "10,0"))).containsOnly("f");
    }

    @Test
    void randomTimesLieBetweenTheirBounds() {
        assertThat(texts(1000, random("date", "2014-07-07 00:00:00, 2014-07-08 00:00:00")))
                .allMatch(t -> t.compareTo("2014-07-07 00:00:00") >= 0 && t.compareTo("2014-07-08 00:00:00") <= 0)
                .doesNotHaveDuplicates();
        assertThat(texts(1000, random("timestamptz", "1969-12-31 23:00:00+00,1970-01-01 02:00:00+01")))
                .allMatch(t -> t.startsWith("1969-12-31 23:")
                        || t.startsWith("1970-01-01 00:")
                        || t.startsWith("1970-01-01 01:00:00+"))
                .anyMatch(t -> t.startsWith("1969"))
                .anyMatch(t -> t.startsWith("1970"));
        assertThat(texts(1000, random("time", "09:00:00,10:00:00")))
                .allMatch(t -> t.startsWith("09:") || t.equals("10:00:00"));
    }

    @Test
    void randomUuidsAreOfVersionFour() {
        assertThat(texts(1000, random("uuid", "true")))
                .allMatch(u -> u.matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "long; 1,2,3; LOW,HIGH",
                "int; 1,2147483648; 2147483647",
                "string; -1,5; a length is from 0",
                "string; 1,1000000000; a length is from 0",
                "bool; 0,0; at least one",
                "bool; -1,1; negative",
                "double; 5,1; greater than",
                "double; 0,1,99; decimal places",
                "double; 0.11,0.12,1; between its bounds",
                "decimal; 0,99999999999999999999; 18",
                "date; 2016-07-07 00:00:00,2014-07-07 00:00:00; greater than",
                "date; 2016-07-07,soon; yyyy-MM-dd HH:mm:ss",
                "date; 2016-07-07,infinity; infinity",
                "uuid; 1,2; \"random\": true",
                "timetz; 01:00,02:00; only a fixed value"
            })
    void aBadRangeIsRefused(String type, String range, String message) {
        assertThat(errors(random(type, range)))
                .singleElement()
                .asString()
                .startsWith("column[0].random BAD_VALUE: ")
                .contains(message);
    }

    @Test
    void anEmptyTextIsNotGivenButForTheValue() {
        ColumnParameters given = new ColumnParameters(
                Optional.of(""),
                "date",
                Optional.of("2026-01-31 00:00:00"),
                Optional.of(" "),
                Optional.of(""),
                Optional.of(""),
                0);
        assertThat(given).isEqualTo(TestingColumns.value("date", "2026-01-31 00:00:00"));
        assertThat(TestingColumns.value("string", "").value()).hasValue("");
    }

    private static List<String> errors(ColumnParameters column) {
        CollectedChecks checks = new CollectedChecks();
        parameters(1, column).validate(checks);
        return checks.errors();
    }
}
