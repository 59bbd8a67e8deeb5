package dev.transvase.postgresql.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlNamesTest {

    @Test
    void quotes() {
        assertThat(SqlNames.quote("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(SqlNames.quote(new TableName("My.Schema", "123Test"))).isEqualTo("\"My.Schema\".\"123Test\"");
        assertThat(SqlNames.quote(new TableName("", "t"))).isEqualTo("\"t\"");
        assertThatThrownBy(() -> SqlNames.quote("a\0b")).isInstanceOf(TransvaseException.class);
    }

    @Test
    void foldsWhatIsNotQuoted() {
        assertThat(SqlNames.parseTable("Public.Orders")).isEqualTo(new TableName("public", "orders"));
        assertThat(SqlNames.parseTable(" orders ")).isEqualTo(new TableName("", "orders"));
        assertThat(SqlNames.parseTable("\"123Test\"")).isEqualTo(new TableName("", "123Test"));
        assertThat(SqlNames.parseTable("\"a.b\".\"c\"\"d\"")).isEqualTo(new TableName("a.b", "c\"d"));
        assertThat(SqlNames.parseTable("public.\"my table\"")).isEqualTo(new TableName("public", "my table"));
        assertThat(SqlNames.parseTable("my-table")).isEqualTo(new TableName("", "my-table"));
        // Only ASCII, as the server does in a multi-byte encoding.
        assertThat(SqlNames.parseTable("ÄB")).isEqualTo(new TableName("", "Äb"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", ".", "a.", ".a", "a..b", "a.b.c", "\"a", "\"a\"b", "a\"b", "my table", "\"\"", "a.\"\""
            })
    void refusesWhatIsNoName(String text) {
        assertThatThrownBy(() -> SqlNames.parseTable(text))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("INVALID_NAME"));
    }

    @Test
    void knowsANameInQuotesFromAnExpression() {
        assertThat(SqlNames.quotedName(" \"a\"\"b\" ")).contains("a\"b");
        for (String text : List.of("a", "\"a\" + 1", "\"a\".\"b\"", "\"a", "\"\"")) {
            assertThat(SqlNames.quotedName(text)).as(text).isEmpty();
        }
    }

    private static void resolves(String text, List<String> names, String found) {
        assertThat(SqlNames.resolve(text, name -> Optional.of(name).filter(names::contains)))
                .as(text)
                .isEqualTo(Optional.ofNullable(found));
    }

    @Test
    void aNameWithoutQuotesIsFoldedWhenNothingIsCalledJustSo() {
        List<String> names = List.of("id", "Id", "name", "Total");
        resolves(" id ", names, "id");
        resolves("Id", names, "Id");
        resolves("ID", names, "id");
        resolves("NAME", names, "name");
        resolves("Total", names, "Total");
        resolves("total", names, null);
        resolves("TOTAL", names, null);
    }

    @Test
    void aNameInQuotesIsTakenJustAsItIs() {
        List<String> names = List.of("id", "Id", "a\"b", "a.b", " ");
        resolves("\"Id\"", names, "Id");
        resolves(" \"id\" ", names, "id");
        resolves("\"ID\"", names, null);
        resolves("\"a\"\"b\"", names, "a\"b");
        resolves("\"a.b\"", names, "a.b");
        resolves("\" \"", names, " ");
    }

    /** Two quoted names are no name, also when there is a column that has what is between the outer quotes. */
    @Test
    void twoNamesAreNone() {
        resolves("\"a\".\"b\"", List.of("a", "b", "a\".\"b", "a.b"), null);
        resolves("\"a\"b", List.of("a", "b", "ab", "a\"b"), null);
        resolves("\"\"", List.of(""), null);
    }

    /** As the server folds in UTF-8. In Java's lower case, Ä is another letter, and İ even two. */
    @Test
    void onlyAsciiIsFolded() {
        assertThat(SqlNames.fold("ÄRGER")).isEqualTo("Ärger");
        assertThat(SqlNames.fold("İD")).isEqualTo("İd");
        resolves("Ä", List.of("Ä"), "Ä");
        resolves("Ä", List.of("ä"), null);
        resolves("ÄRGER", List.of("Ärger"), "Ärger");
        resolves("ÄRGER", List.of("ärger"), null);
        resolves("İ", List.of("İ"), "İ");
        resolves("İ", List.of("i", "i\u0307"), null);
        resolves("İD", List.of("İd"), "İd");
        resolves("\u212A", List.of("k"), null);
    }

    @Test
    void cutsLongNamesAsTheServerDoes() {
        String long70 = "a".repeat(70);
        assertThat(SqlNames.parseTable(long70 + "." + long70)).isEqualTo(new TableName("a".repeat(63), "a".repeat(63)));
        assertThat(SqlNames.parseTable("a".repeat(62) + "ü")).isEqualTo(new TableName("", "a".repeat(62)));
        assertThat(SqlNames.parseTable("a".repeat(61) + "ü")).isEqualTo(new TableName("", "a".repeat(61) + "ü"));
        assertThat(SqlNames.parseTable("日".repeat(22))).isEqualTo(new TableName("", "日".repeat(21)));
    }

    @Test
    void literals() {
        assertThat(SqlNames.literal("it's")).isEqualTo("'it''s'");
        assertThat(SqlNames.literal("a\\'b")).isEqualTo(" E'a\\\\''b'");
    }
}
