package dev.transvase.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void columnsAreAlignedToTheLeftOrTheRight() {
        assertThat(new TextTable("  ", "name", ">rows", "note")
                        .row("orders", "7", "")
                        .row("a", "1000", "new")
                        .lines())
                .containsExactly("  name    rows  note", "  orders     7", "  a       1000  new");
    }

    @Test
    void whatTakesTwoColumnsOnTheScreenCountsTwice() {
        assertThat(new TextTable("", "table", "n")
                        .row("\u8ba2\u5355", "1") // two ideographs
                        .row("\u8a02\u55ae\ud840\udc00", "2") // one of them beyond the first plane
                        .row("\uc8fc\ubb38", "3") // Hangul
                        .row("\uff21b\u3002", "4") // Latin in full width, an ideographic full stop
                        .row("e\u0301e\u0301", "5") // two letters with accents of their own
                        .row("\u00e9\u0436\u0101", "6")
                        .lines())
                .containsExactly(
                        "table   n",
                        "\u8ba2\u5355    1",
                        "\u8a02\u55ae\ud840\udc00  2",
                        "\uc8fc\ubb38    3",
                        "\uff21b\u3002   4",
                        "e\u0301e\u0301      5",
                        "\u00e9\u0436\u0101     6");
    }

    @Test
    void noMarkupIsReadInACell() {
        assertThat(new TextTable("", "name").row("@|red x|@ %n \\n").lines())
                .containsExactly("name", "@|red x|@ %n \\n");
    }

    @Test
    void eachRowHasACellForEachColumn() {
        assertThatThrownBy(() -> new TextTable("", "a", "b").row("1")).isInstanceOf(IllegalArgumentException.class);
    }
}
