package dev.transvase.ui.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import org.junit.jupiter.api.Test;

class JsonTextTest {

    private static final String JOB = """
            // nightly
            {
              "type": "job", /* always */
              "steps": [
                {
                  "stepType": "postgresql", // the shop
                  "parameter": {"table": "orders", "where": "id > ${last}"}
                },
              ],
              "setting": {}
            }
            """;

    private static JsonText text(String json) throws JsonTextException {
        return JsonText.of(json);
    }

    private static ValuePath path(String path) throws JsonTextException {
        return ValuePath.parse(path);
    }

    private static JsonNode word(String word) {
        return TextNode.valueOf(word);
    }

    @Test
    void aValueIsReplacedAndNothingElse() throws JsonTextException {
        String changed =
                text(JOB).set(path("steps[0].parameter.table"), word("items")).text();
        assertThat(changed).isEqualTo(JOB.replace("\"orders\"", "\"items\""));
    }

    @Test
    void aMemberIsAddedInTheMannerOfTheOthers() throws JsonTextException {
        assertThat(text(JOB).set(path("steps[0].parameter.splitPk"), word("id")).text())
                .isEqualTo(JOB.replace("${last}\"}", "${last}\", \"splitPk\": \"id\"}"));
        assertThat(text(JOB).set(path("steps[0].name"), word("Reader")).text())
                .isEqualTo(JOB.replace("${last}\"}\n", "${last}\"},\n      \"name\": \"Reader\"\n"));
        assertThat(text(JOB).set(path("steps[1]"), word("x")).text())
                .isEqualTo(JOB.replace("    },\n  ]", "    },\n    \"x\",\n  ]"));
    }

    @Test
    void objectsOnTheWayAreMade() throws JsonTextException {
        assertThat(text(JOB)
                        .set(path("setting.speed.concurrent"), IntNode.valueOf(4))
                        .text())
                .isEqualTo(JOB.replace("{}", "{\"speed\": {\"concurrent\": 4}}"));
    }

    @Test
    void aCommentBehindTheLastMemberStaysBehindIt() throws JsonTextException {
        assertThat(text("{\n  \"a\": 1 // one\n}")
                        .set(path("b"), IntNode.valueOf(2))
                        .text())
                .isEqualTo("{\n  \"a\": 1, // one\n  \"b\": 2\n}");
        assertThat(text("{\n  // none yet\n}")
                        .set(path("b"), IntNode.valueOf(2))
                        .text())
                .isEqualTo("{\n  // none yet\n  \"b\": 2\n}");
        assertThat(text("{\"a\": 1 /* one */}")
                        .set(path("b"), IntNode.valueOf(2))
                        .text())
                .isEqualTo("{\"a\": 1, /* one */ \"b\": 2}");
    }

    @Test
    void aMemberIsRemovedWithItsLineAndItsComma() throws JsonTextException {
        assertThat(text(JOB).remove(path("setting")).text())
                .isEqualTo(JOB.replace("  ],\n  \"setting\": {}\n", "  ]\n"));
        assertThat(text(JOB).remove(path("type")).text()).isEqualTo(JOB.replace("\"type\": \"job\", ", ""));
        assertThat(text(JOB).remove(path("steps[0].parameter.table")).text())
                .isEqualTo(JOB.replace("\"table\": \"orders\", ", ""));
        assertThat(text("{\"a\": 1, \"b\": 2}").remove(path("b")).text()).isEqualTo("{\"a\": 1}");
        assertThat(text("[1, 2, 3]").remove(path("[1]")).text()).isEqualTo("[1, 3]");
        assertThat(text("{\r\n  \"a\": 1,\r\n  \"b\": 2\r\n}").remove(path("a")).text())
                .isEqualTo("{\r\n  \"b\": 2\r\n}");
    }

    @Test
    void variablesWithoutQuotesAreValues() throws JsonTextException {
        String job = "{\"column\": [${columns}, ${ more }], \"n\": ${n}}";
        assertThat(text(job).set(path("n"), IntNode.valueOf(3)).text()).isEqualTo(job.replace("${n}", "3"));
        assertThat(text(job).find(path("column[1]")).orElseThrow().in(job)).isEqualTo("${ more }");
    }

    @Test
    void namesThatAreNoWordsStandInBrackets() throws JsonTextException {
        String json = "{\"my key.x\": {\"\\u0061\": 1}}";
        assertThat(text(json).find(path("[\"my key.x\"].a")).orElseThrow().in(json))
                .isEqualTo("1");
        assertThat(text(json).set(path("[\"a \\\"b\\\"\"]"), IntNode.valueOf(1)).text())
                .isEqualTo("{\"my key.x\": {\"\\u0061\": 1}, \"a \\\"b\\\"\": 1}");
    }

    @Test
    void whatIsNoJsonIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> text("{\"a\": 1 \"b\": 2}"))
                .isInstanceOfSatisfying(
                        JsonTextException.class, e -> assertThat(e.offset()).isEqualTo(8));
        for (String bad :
                new String[] {"", "{", "[1", "{\"a\"}", "{a: 1}", "[1] 2", "\"x", "/* x", "[,]", "{\"a\": ${x}"}) {
            assertThatThrownBy(() -> text(bad)).as(bad).isInstanceOf(JsonTextException.class);
        }
        assertThatThrownBy(() -> text("[1]").set(path("[3]"), word("x"))).isInstanceOf(JsonTextException.class);
        assertThatThrownBy(() -> text("{\"a\": 1}").set(path("a.b"), word("x"))).isInstanceOf(JsonTextException.class);
        assertThatThrownBy(() -> text("{\"a\": 1}").remove(path("b"))).isInstanceOf(JsonTextException.class);
        assertThatThrownBy(() -> path("a[")).isInstanceOf(JsonTextException.class);
        assertThatThrownBy(() -> path("a..b")).isInstanceOf(JsonTextException.class);
    }

    @Test
    void aWideValueGetsLinesOfItsOwn() throws JsonTextException {
        JsonNode wide = JsonNodeFactory.instance.arrayNode().add("x".repeat(60)).add("y".repeat(60));
        assertThat(text("{\n  \"a\": 1\n}").set(path("b"), wide).text())
                .isEqualTo("{\n  \"a\": 1,\n  \"b\": [\n    \"" + "x".repeat(60) + "\",\n    \"" + "y".repeat(60)
                        + "\"\n  ]\n}");
    }
}
