package dev.transvase.postgresql.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names with wildcards. */
class TablePatternTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
                    public.*            | public  | orders      | true
                    public.*            | public  | Orders      | true
                    public.*            | shop    | orders      | false
                    PUBLIC.Sales_*      | public  | sales_2026  | true
                    public.sales_*      | public  | Sales_2026  | false
                    public."Sales_"*    | public  | Sales_2026  | true
                    public.sales_????   | public  | sales_2026  | true
                    public.sales_????   | public  | sales_26    | false
                    *.*                 | any     | any         | true
                    *                   | any     | any         | true
                    s*.?x               | shop    | ax          | true
                    s*.?x               | shop    | x           | false
                    "My Schema".*       | My Schema | t         | true
                    public."Weird*Name" | public  | Weird*Name  | true
                    public."Weird*Name" | public  | WeirdXName  | false
                    public."a""b"*      | public  | a"bc        | true
                    public.$^(          | public  | $^(         | true
                    """)
    void matches(String pattern, String schema, String name, boolean expected) {
        assertThat(TablePattern.parse(pattern).matches(new TableName(schema, name)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "public.", ".*", "public.*.", "a b*", "public.\"x*", "\"\".*", "a.b.*"})
    void whatIsNoPattern(String text) {
        assertThatThrownBy(() -> TablePattern.parse(text))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("INVALID_NAME"));
    }

    @Test
    void aNameIsReadAsAlways() {
        TablePattern name = TablePattern.parse("Public.\"Weird*Name\"");
        assertThat(name.isName()).isTrue();
        assertThat(name.name()).isEqualTo(new TableName("public", "Weird*Name"));
        assertThat(TablePattern.parse("public.*").isName()).isFalse();
        assertThatThrownBy(() -> TablePattern.parse("\"a\"b")).isInstanceOf(TransvaseException.class);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
                    public.*         | archive.*           | public | orders     | archive.orders
                    *.*              | *_old.*             | shop   | orders     | shop_old.orders
                    public.sales_*   | archive.*_sales     | public | sales_2026 | archive."2026_sales"
                    public.order_??  | public.orders       | public | order_07   | public.orders
                    shop.*_?         | a.*_part_?          | shop   | order_7    | a.order_part_7
                    orders           | orders_2026         | shop   | orders     | shop.orders_2026
                    public.*         | "My Schema".*       | public | t          | "My Schema".t
                    """)
    void leadsIntoAnother(String from, String to, String schema, String name, String expected) {
        TablePattern source = TablePattern.parse(from);
        TablePattern target = TablePattern.parse(to);
        assertThat(source.whyNotInto(target)).isEmpty();
        assertThat(source.into(target, new TableName(schema, name)).orElseThrow())
                .hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({"public.*, *.*", "public.orders, archive.*", "public.*, archive.*_*", "public.a?, archive.a*", "*, *.*"
    })
    void aWildcardThatStandsForNothing(String from, String to) {
        assertThat(TablePattern.parse(from).whyNotInto(TablePattern.parse(to))).isPresent();
    }

    @Test
    void aNameIsCutAsTheServerDoes() {
        assertThat(TablePattern.parse("a".repeat(70)).name()).isEqualTo(new TableName("", "a".repeat(63)));
    }
}
