package dev.transvase.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                " true\r\n",
                "-0",
                "1E+05",
                "1e999999999999",
                "\"\"",
                "\"\\u00E9 \\ud800 \\/ \\b\u007f\"",
                "[]",
                "{}",
                "{\"a\": 1, \"a\": [{}, \"2\"]}",
            })
    void jsonIsTakenAsItIs(String text) {
        assertThat(JsonText.checked(text)).isSameAs(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "text",
                "'a'",
                "1 2",
                "1,2",
                "[1] ]",
                "[1,]",
                "[1 2]",
                "[[",
                "{\"a\"}",
                "{\"a\": 1,}",
                "{\"a\": 1 \"b\": 2}",
                "{1: 2}",
                "]",
                "true1",
                "tru",
                "NaN",
                "+1",
                "-",
                "1.",
                "1.e5",
                "1e",
                ".5",
                "00",
                "\"",
                "\"\\",
                "\"\\u00g0\"",
                "\"line\nline\"",
                "\"\u0000\"",
                "1\u0000",
                "\uFEFF1",
                "\u00a01",
                "/* none */ 1",
                "1 // none",
                "# none\n1",
            })
    void whatRfc8259DoesNotHaveIsRefused(String text) {
        assertThatThrownBy(() -> JsonText.checked(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the text is not JSON from about character ");
    }

    @Test
    void theMessageSaysWhere() {
        assertThatThrownBy(() -> JsonText.checked("{\"a\": 1 \"b\": 2}")).hasMessageContaining("about character 9 on");
        assertThatThrownBy(() -> JsonText.checked("[1] 2")).hasMessageContaining("about character 5 on");
    }

    @Test
    void onlyNestingHasALimit() {
        String digits = "1".repeat(100_000);
        JsonText.checked(digits + "." + digits);
        JsonText.checked("{\"" + digits + "\": \"" + digits.repeat(250) + "\"}");
        JsonText.checked("[".repeat(512) + "]".repeat(512));
        assertThatThrownBy(() -> JsonText.checked("[".repeat(513) + "]".repeat(513)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the JSON is nested deeper than 512 levels");
        assertThatThrownBy(() -> JsonText.checked("[".repeat(1_000_000))).hasMessageContaining("deeper than 512");
    }
}
