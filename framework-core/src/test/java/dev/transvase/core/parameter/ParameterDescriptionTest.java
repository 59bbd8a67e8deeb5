package dev.transvase.core.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.transvase.core.parameter.ParameterDescription.Entry;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Reach;
import dev.transvase.spi.parameter.Secret;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParameterDescriptionTest {

    enum Mode {
        INSERT,
        COPY
    }

    record Tls(
            @Parameter(description = "How strict.", defaultValue = "copy")
            Mode mode,

            @Parameter(description = "Opens the key.", reach = Reach.VALUE)
            Optional<Secret> password) {}

    record Settings(
            @Parameter(description = "The columns.", required = true, acceptsSingle = true, reach = Reach.VALUE)
            List<String> column,

            @Parameter(
                    description =
                            "Records per batch. More of them need more memory, fewer of them need more round trips"
                                    + " to the server.",
                    defaultValue = "512",
                    min = 1,
                    max = 100)
            int fetchSize,

            @Parameter(description = "A flag.", defaultValue = "true")
            boolean flag,

            @Parameter(description = "Encryption.") Optional<Tls> ssl,

            @Parameter(description = "More.", reach = Reach.VALUE)
            Map<String, String> properties,

            @Parameter(description = "Itself.") List<Settings> inner) {}

    @Test
    void everyParameterIsDescribed() {
        List<Entry> entries = ParameterDescription.of(Settings.class).entries();

        assertThat(entries)
                .extracting(Entry::name, Entry::type, Entry::required, Entry::defaultValue, Entry::range)
                .containsExactly(
                        tuple("column", "list of text, or one alone", true, "", ""),
                        tuple("fetchSize", "whole number", false, "512", "from 1 to 100"),
                        tuple("flag", "true or false", false, "true", ""),
                        tuple("ssl", "object", false, "", ""),
                        tuple("properties", "object of text", false, "", ""),
                        tuple("inner", "list of object", false, "", ""));
        assertThat(entries.get(3).nested())
                .containsExactly(
                        new Entry(
                                "ssl.mode",
                                "word",
                                false,
                                "copy",
                                "",
                                "How strict.",
                                List.of("insert", "copy"),
                                List.of()),
                        new Entry(
                                "ssl.password", "secret text", false, "", "", "Opens the key.", List.of(), List.of()));
    }

    @Test
    void theTableFitsATerminalAndSaysItAll() {
        String table = ParameterDescription.of(Settings.class).table();

        assertThat(table.lines())
                .anySatisfy(line -> assertThat(line).matches("parameter +type +default +meaning"))
                .anySatisfy(line ->
                        assertThat(line).matches("column +list of text, or one alone +\\(required\\) +The columns\\."))
                .anySatisfy(line ->
                        assertThat(line).matches("fetchSize +whole number from 1 to 100 +512 +Records per batch.*"))
                .anySatisfy(line ->
                        assertThat(line).matches("ssl\\.mode +word +copy +How strict\\. One of: insert, copy\\."))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(105));
    }

    @Test
    void theSchemaSaysTheSameToAnEditor() throws IOException {
        JsonNode schema = ParameterDescription.jsonSchema(Tls.class, "tls");

        assertThat(schema).isEqualTo(JsonFile.value("""
                                {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "tls",
                                 "type": "object",
                                 "properties": {
                                   "mode": {"enum": ["insert", "copy"], "description": "How strict.", "default": "copy"},
                                   "password": {"type": ["string", "number", "boolean"], "writeOnly": true,
                                     "description": "Opens the key."}},
                                 "additionalProperties": false}"""));
    }

    @Test
    void numbersListsAndNestedObjectsAreInTheSchema() throws IOException {
        JsonNode schema = ParameterDescription.jsonSchema(Settings.class, "settings");
        JsonNode properties = schema.path("properties");

        assertThat(schema.path("required").toString()).isEqualTo("[\"column\"]");
        assertThat(properties.path("column").path("anyOf")).isEqualTo(JsonFile.value("""
                                [{"type": "array", "items": {"type": ["string", "number", "boolean"]}, "minItems": 1},
                                 {"type": ["string", "number", "boolean"]}]"""));
        assertThat(properties.path("fetchSize").path("anyOf").toString())
                .isEqualTo("[{\"type\":\"integer\",\"minimum\":1,\"maximum\":100},"
                        + "{\"type\":\"string\",\"pattern\":\"^[+-]?[0-9]+$\"}]");
        assertThat(properties.path("fetchSize").path("default").asInt()).isEqualTo(512);
        assertThat(properties.path("flag").toString())
                .isEqualTo("{\"anyOf\":[{\"type\":\"boolean\"},{\"enum\":[\"true\",\"false\"]}],"
                        + "\"description\":\"A flag.\",\"default\":true}");
        assertThat(properties.path("ssl").path("additionalProperties").asBoolean(true))
                .isFalse();
        assertThat(properties
                        .path("properties")
                        .path("additionalProperties")
                        .path("type")
                        .size())
                .isEqualTo(3);
        assertThat(properties.path("inner").path("items").toString()).isEqualTo("{\"type\":\"object\"}");
    }
}
