package dev.transvase.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.ui.TestingUi.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder's jobs. */
class JobsTest {

    private static final String SCRIPT =
            "\uFEFF// caf\u00e9\r\n{\"steps\": [], // a list\r\n \"unknown\" : 1.50,}\r\n\r\n";

    @TempDir
    Path root;

    private TestingUi ui;

    @BeforeEach
    void start() throws IOException {
        ui = new TestingUi(root);
    }

    @AfterEach
    void stop() {
        ui.close();
    }

    private static String object(String... members) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < members.length; i += 2) {
            object.put(members[i], members[i + 1]);
        }
        return object.toString();
    }

    @Test
    void aScriptIsKeptByteForByte() throws IOException {
        ui.job("orders", SCRIPT);
        Answer read = ui.get("/api/v1/jobs/orders/script");
        assertThat(read.body()).isEqualTo(SCRIPT);
        String changed = SCRIPT.replace("1.50", "2.50");
        Answer saved = ui.ask("PUT", "/api/v1/jobs/orders/script", changed, "If-Match: " + read.header("etag"));
        assertThat(saved.status()).isEqualTo(200);
        assertThat(Files.readString(ui.folder().resolve("orders.json"))).isEqualTo(changed);
        assertThat(saved.header("etag")).isNotEqualTo(read.header("etag"));
    }

    @Test
    void whoSavesWhatSomebodyElseHasChangedIsTold() throws IOException {
        ui.job("orders", SCRIPT);
        String version = ui.get("/api/v1/jobs/orders").header("etag");
        ui.job("orders", SCRIPT + "// mine");
        Answer late = ui.ask("PUT", "/api/v1/jobs/orders/script", "{}", "If-Match: " + version);
        assertThat(late.status()).isEqualTo(412);
        assertThat(late.error()).isEqualTo("CHANGED_MEANWHILE");
        assertThat(Files.readString(ui.folder().resolve("orders.json"))).endsWith("// mine");
        assertThat(ui.ask("PUT", "/api/v1/jobs/orders/script", "{}").error()).isEqualTo("VERSION_MISSING");
    }

    @Test
    void jobsAreMadeCopiedRenamedAndRemoved() throws IOException {
        assertThat(ui.post("/api/v1/jobs", object("name", "a")).status()).isEqualTo(201);
        assertThat(ui.post("/api/v1/jobs", object("name", "a")).error()).isEqualTo("NAME_TAKEN");
        assertThat(ui.post("/api/v1/jobs/a/copy", object("name", "b 2.x")).status())
                .isEqualTo(201);
        assertThat(ui.post("/api/v1/jobs/a/rename", object("name", "c")).status())
                .isEqualTo(200);
        assertThat(ui.post("/api/v1/jobs/c/rename", object("name", "b 2.x")).error())
                .isEqualTo("NAME_TAKEN");
        assertThat(names("")).containsExactlyInAnyOrder("b 2.x", "c");
        assertThat(names("?search=2.X")).containsExactly("b 2.x");
        assertThat(names("?search=postgresql")).hasSize(2);
        assertThat(ui.ask("DELETE", "/api/v1/jobs/b%202.x", "").status()).isEqualTo(204);
        assertThat(names("")).containsExactly("c");
    }

    private Set<String> names(String query) throws IOException {
        Set<String> names = new HashSet<>();
        for (JsonNode job : ui.get("/api/v1/jobs" + query).json().path("jobs")) {
            names.add(job.path("name").asText());
        }
        return names;
    }

    @Test
    void noNameLeadsOutOfTheFolder() throws IOException {
        Files.writeString(root.resolve("secret.json"), "{\"secret\": 1}");
        Files.createSymbolicLink(ui.folder().resolve("link.json"), root.resolve("secret.json"));
        Files.createDirectories(ui.folder().resolve("inner"));
        Files.writeString(ui.folder().resolve("inner/job.json"), "{\"secret\": 1}");
        Files.writeString(ui.folder().resolve("datasources.json"), "{\"datasources\": {}}");
        for (String name : new String[] {
            "..%2fsecret",
            "%2e%2e%2fsecret",
            "../secret",
            "..%5csecret",
            "link",
            "inner%2fjob",
            "inner/job",
            ".",
            "..",
            "%00",
            "datasources",
            "secret%00",
            "%2fetc%2fpasswd"
        }) {
            for (String path : new String[] {"", "/script", "/stream"}) {
                Answer answer = ui.get("/api/v1/jobs/" + name + path);
                assertThat(answer.status()).as(name + path).isBetween(400, 404);
                assertThat(answer.body()).as(name + path).doesNotContain("secret\": 1");
            }
            assertThat(ui.ask("DELETE", "/api/v1/jobs/" + name, "").status())
                    .as(name)
                    .isBetween(400, 405);
        }
        for (String name :
                new String[] {"../x", "/x", ".x", "a/b", "a\\b", "", " ", "a\nb", "a\u0000b", "<x>", "x".repeat(101)}) {
            assertThat(ui.post("/api/v1/jobs", object("name", name)).status())
                    .as(name)
                    .isEqualTo(400);
        }
        assertThat(root.resolve("secret.json")).exists();
        assertThat(root.resolve("x.json")).doesNotExist();
        assertThat(names("")).isEmpty();
    }

    @Test
    void aScriptInAFileNameStaysText() throws IOException {
        ui.job("<script>alert(1)<", "{}");
        Answer answer = ui.get("/api/v1/jobs");
        assertThat(answer.header("content-type")).startsWith("application/json");
        assertThat(names("")).containsExactly("<script>alert(1)<");
    }

    @Test
    void aFolderThatTakesNothingIsToldOf() throws IOException {
        ui.job("a", "{}");
        assumeThat(ui.folder().toFile().setWritable(false)).isTrue();
        try {
            assumeThat(Files.isWritable(ui.folder()))
                    .as("the user root may write everywhere")
                    .isFalse();
            Answer made = ui.post("/api/v1/jobs", object("name", "b"));
            assertThat(made.status()).isEqualTo(502);
            assertThat(made.error()).isEqualTo("FILE_NOT_WRITTEN");
            assertThat(made.body()).contains("permission denied").doesNotContain(root.toString());
            assertThat(names("")).containsExactly("a");
        } finally {
            assertThat(ui.folder().toFile().setWritable(true)).isTrue();
        }
    }

    @Test
    void valuesOfAScriptAreChangedOneByOne() throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("script", SCRIPT);
        body.putArray("edits")
                .add(JsonNodeFactory.instance
                        .objectNode()
                        .put("path", "unknown")
                        .put("value", 2))
                .add(JsonNodeFactory.instance.objectNode().put("path", "gone").put("remove", true));
        Answer edited = ui.post("/api/v1/scripts/edit", body.toString());
        assertThat(edited.json().path("script").asText()).isEqualTo(SCRIPT.replace("1.50", "2"));
        body.put("script", "{");
        assertThat(ui.post("/api/v1/scripts/edit", body.toString()).error()).isEqualTo("EDIT_IMPOSSIBLE");
    }

    @Test
    void findingsHaveTheirPlaceInTheScript() throws IOException {
        String script = "{\n \"steps\": 1, \"typ\": \"job\"}";
        JsonNode checked =
                ui.post("/api/v1/scripts/check", object("script", script)).json();
        assertThat(checked.path("ok").asBoolean()).isFalse();
        JsonNode finding = checked.path("findings").get(0);
        for (JsonNode one : checked.path("findings")) {
            finding = one.path("path").asText().equals("steps") ? one : finding;
        }
        assertThat(script.substring(
                        finding.path("from").asInt(), finding.path("to").asInt()))
                .isEqualTo("1");
        JsonNode syntax = ui.post("/api/v1/scripts/check", object("script", "{\n \"a\" 1}"))
                .json()
                .path("findings")
                .get(0);
        assertThat(syntax.path("code").asText()).isEqualTo("JSON_SYNTAX");
        assertThat(syntax.path("from").asInt()).isEqualTo(7);
    }

    @Test
    void theVariablesOfAScriptAreKnownBeforeItsRun() throws IOException {
        String script =
                "{\"job\": {\"content\": [{\"reader\": {\"name\": \"${a}\", \"parameter\": {\"x\": [${b}], \"y\":"
                        + " \"${bizdate} ${c} ${a}\"}}}]}}";
        assertThat(ui.post("/api/v1/scripts/variables", object("script", script))
                        .json()
                        .path("variables"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void theDescriptionHasAllThatThereIs() throws IOException {
        JsonNode description = ui.get("/api/v1/openapi.json").json();
        assertThat(description.path("openapi").asText()).startsWith("3.1");
        assertThat(description
                        .path("paths")
                        .path("/jobs/{job}/script")
                        .path("put")
                        .path("summary")
                        .asText())
                .isNotEmpty();
        assertThat(description.path("paths").size()).isGreaterThan(30);
        Set<String> ids = new HashSet<>();
        description
                .path("paths")
                .forEach(path -> path.forEach(operation -> assertThat(
                                ids.add(operation.path("operationId").asText()))
                        .as(operation.toString())
                        .isTrue()));
        for (JsonNode reference : description.findValues("$ref")) {
            String name = reference.asText().replace("#/components/schemas/", "");
            assertThat(description.path("components").path("schemas").has(name))
                    .as(name)
                    .isTrue();
        }
    }
}
