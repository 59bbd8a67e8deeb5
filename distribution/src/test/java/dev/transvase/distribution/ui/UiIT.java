package dev.transvase.distribution.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.distribution.TestingDistribution;
import dev.transvase.distribution.TestingDistribution.Ended;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The UI's server as it is shipped, on real servers. */
class UiIT {

    private static final String COPY = """
            // copies orders
            {"type": "job", "version": "2.0", "steps": [
              {"stepType": "postgresql", "name": "Reader", "category": "reader",
               "parameter": {"datasource": "source", "table": "orders", "column": ["id", "total", "note"], "where": "id > 0"}},
              {"stepType": "postgresql", "name": "Writer", "category": "writer",
               "parameter": {"datasource": "target", "table": "orders", "column": ["id", "total", "note"]}}],
             "setting": {"errorLimit": {"record": 5}},
             "order": {"hops": [{"from": "Reader", "to": "Writer"}]}}
            """;

    private static final String FOLLOW = """
            {"type": "job", "version": "2.0", "steps": [
              {"stepType": "postgresql-cdc", "name": "Reader", "category": "reader",
               "parameter": {"datasource": "source", "solutionId": "%s", "table": "orders"}},
              {"stepType": "postgresql", "name": "Writer", "category": "writer",
               "parameter": {"datasource": "target", "column": ["*"]}}],
             "order": {"hops": [{"from": "Reader", "to": "Writer"}]}}
            """;

    @TempDir
    private static Path unpacked;

    private static TestingDistribution transvase;

    @TempDir
    private Path folder;

    private TestingDatabase source;
    private TestingDatabase target;
    private TestingUiProcess ui;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        transvase = TestingDistribution.unpack(unpacked);
    }

    @BeforeEach
    void start() throws IOException, InterruptedException, SQLException {
        source = TestingPostgres.oldest().createDatabase();
        target = TestingPostgres.newest().createDatabase();
        source.execute(
                "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(10,2), note text)",
                "ALTER TABLE orders REPLICA IDENTITY FULL",
                "INSERT INTO orders VALUES (1, 1.50, NULL), (2, 99999.99, ''), (3, 7, '<script>alert(1)</script>')",
                "CREATE TABLE \"<script>\" (id int)",
                "CREATE VIEW shown AS SELECT * FROM orders",
                "ANALYZE");
        target.execute("CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(6,2), note text)");
        ui = TestingUiProcess.start(transvase, folder);
        add("source", source);
        add("target", target);
    }

    @AfterEach
    void stop() throws InterruptedException {
        ui.close();
        source.close();
        target.close();
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode entry(String name, TestingDatabase database, String password) {
        ObjectNode source = object().put("name", name).put("type", "postgresql");
        source.putObject("parameters")
                .put("host", database.host())
                .put("port", database.port())
                .put("database", database.name())
                .put("username", database.user())
                .put("password", password);
        return source;
    }

    private void add(String name, TestingDatabase database) throws IOException, InterruptedException {
        HttpResponse<String> added = ui.ask(
                "POST", "/sources", entry(name, database, database.password()).toString());
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
    }

    private void job(String name, String script) throws IOException {
        Files.writeString(folder.resolve(name + ".json"), script);
    }

    private static JsonNode script(String script) {
        return object().put("script", script).put("name", "orders");
    }

    @Test
    void aDataSourceIsTriedAndItsSecretStaysHere() throws IOException, InterruptedException, SQLException {
        JsonNode tested = ui.post("/sources/source/test", "{}");
        assertThat(tested.path("facts").path("version").asText()).startsWith("PostgreSQL ");
        assertThat(tested.path("facts").path("role").asText()).isEqualTo("primary");
        assertThat(tested.path("facts").path("encoding").asText()).isEqualTo("UTF8");
        assertThat(tested.path("prerequisites"))
                .hasSizeGreaterThan(4)
                .allSatisfy(one -> assertThat(one.path("met").asBoolean())
                        .as(one.toString())
                        .isTrue());
        TestingLogin login = source.createLogin();
        ObjectNode draft = entry("draft", source, login.password());
        ((ObjectNode) draft.path("parameters")).put("username", login.user());
        JsonNode lacking = ui.post("/source-test", draft);
        assertThat(lacking.path("prerequisites"))
                .filteredOn(one -> !one.path("met").asBoolean())
                .extracting(one -> one.path("statements").get(0).asText())
                .anySatisfy(statement -> assertThat(statement).contains("REPLICATION"));
        JsonNode wrong = ui.post("/source-test", entry("draft", source, "not the password"));
        assertThat(wrong.path("error").path("message").asText()).isNotEmpty().doesNotContain("not the password");
        for (String path : List.of("/sources", "/sources/source", "/jobs", "/openapi.json")) {
            assertThat(ui.get(path).toString()).as(path).doesNotContain(source.password());
        }
        Path secret = folder.resolve("secrets/source.password");
        assertThat(secret).hasContent(source.password());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
        assertThat(folder.resolve("datasources.json")).content().doesNotContain(source.password());
    }

    @Test
    void tablesAreSearchedAndPatternsExplained() throws IOException, InterruptedException {
        JsonNode found = ui.get("/sources/source/tables?search=ord");
        assertThat(found.path("total").asInt()).isEqualTo(1);
        JsonNode orders = found.path("tables").get(0);
        assertThat(orders.path("name").asText()).isEqualTo("public.orders");
        assertThat(orders.path("records").asLong()).isEqualTo(3);
        assertThat(orders.path("key").get(0).asText()).isEqualTo("id");
        JsonNode meant =
                ui.post("/sources/source/tables/meant", "{\"table\": [\"public.*\"], \"excludeTable\": \"*script*\"}");
        assertThat(meant.path("tables"))
                .extracting(one ->
                        one.path("name").asText() + one.path("apart").asText().isEmpty())
                .containsExactlyInAnyOrder("public.orderstrue", "public.shownfalse");
        assertThat(ui.get("/sources/source/columns?table=orders").path("columns"))
                .extracting(one -> one.path("name").asText()
                        + ' '
                        + one.path("type").asText()
                        + ' '
                        + one.path("key").asBoolean())
                .containsExactly("id bigint true", "total numeric(10,2) false", "note text false");
    }

    @Test
    void aScriptIsCheckedPlannedAndItsFirstRecordsShown() throws IOException, InterruptedException, SQLException {
        JsonNode plan = ui.post("/scripts/plan", script(COPY));
        assertThat(plan.path("ok").asBoolean()).as(plan.toString()).isTrue();
        JsonNode total = plan.path("plan").path("tables").get(0).path("columns").get(1);
        assertThat(total.path("type").asText()).isEqualTo("numeric(10,2)");
        assertThat(total.path("into").asText()).contains("numeric(6,2)");
        assertThat(total.path("travelsAs").asText()).isNotEmpty();
        String wrong = COPY.replaceFirst("\"orders\"", "\"order\"");
        JsonNode finding =
                ui.post("/scripts/plan", script(wrong)).path("findings").get(0);
        assertThat(wrong.substring(
                        finding.path("from").asInt(), finding.path("to").asInt()))
                .isEqualTo("\"order\"");
        assertThat(finding.path("code").asText()).isEqualTo("TABLE_NOT_FOUND");
        JsonNode preview = ui.post("/scripts/preview", script(COPY));
        assertThat(preview.path("records")).as(preview.toString()).hasSize(3);
        assertThat(preview.path("complete").asBoolean()).isTrue();
        assertThat(preview.path("records").get(0).get(2).isNull()).isTrue();
        assertThat(preview.path("records").get(1).get(2).asText("x")).isEmpty();
        String writes = COPY.replace("id > 0", "id > nextval('counter')");
        source.execute("CREATE SEQUENCE counter");
        JsonNode refused = ui.post("/scripts/preview", script(writes));
        assertThat(refused.path("error").path("code").asText()).isNotEmpty();
        assertThat(source.queryForString("SELECT is_called FROM counter")).isEqualTo("f");
    }

    @Test
    void aJobIsRunToItsEndAndItsBadRowIsThere() throws IOException, InterruptedException, SQLException {
        job("orders", COPY);
        JsonNode started = ui.post("/runs", "{\"job\": \"orders\"}");
        JsonNode run = ui.awaitEnd(started.path("id").asText());
        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("succeeded");
        assertThat(run.path("written").asLong()).isEqualTo(2);
        assertThat(run.path("dirty").asLong()).isEqualTo(1);
        assertThat(target.queryForList("SELECT id FROM orders ORDER BY id")).containsExactly("1", "3");
        String dirty = "/runs/" + run.path("id").asText() + "/dirty";
        assertThat(ui.get(dirty + "/summary").path("sqlStates").path("22003").asLong())
                .isEqualTo(1);
        assertThat(ui.get(dirty + "?table=public.orders")
                        .path("records")
                        .get(0)
                        .path("values")
                        .path("total")
                        .asText())
                .isEqualTo("99999.99");
        assertThat(ui.end()).isZero();
    }

    @Test
    void aStreamIsFollowedWhileTheServerGoesAndComesAndThenDropped()
            throws IOException, InterruptedException, SQLException {
        target.execute("DROP TABLE orders", "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric, note text)");
        String id = "ui" + Long.toString(System.nanoTime(), 36);
        job("follow", FOLLOW.formatted(id));
        String run = ui.post("/runs", "{\"job\": \"follow\"}").path("id").asText();
        awaitRows(run, 3);
        ui.close();
        ui = TestingUiProcess.start(transvase, folder);
        assertThat(ui.get("/runs/" + run).path("state").asText()).isEqualTo("running");
        source.execute("INSERT INTO orders VALUES (4, 4, 'four')");
        awaitRows(run, 4);
        JsonNode stream = ui.get("/jobs/follow/stream");
        assertThat(stream.path("stream").asText()).isEqualTo("di_slot_" + id);
        assertThat(stream.path("source").path("active").asText()).isNotEqualTo("no");
        assertThat(stream.path("figures").path("retainedBytes").isIntegralNumber())
                .isTrue();
        String confirmed = "{\"stream\": \"di_slot_" + id + "\"}";
        assertThat(ui.post("/jobs/follow/stream/drop", confirmed)
                        .path("error")
                        .path("code")
                        .asText())
                .isEqualTo("JOB_RUNNING");
        ui.ask("POST", "/runs/" + run + "/stop", "");
        assertThat(ui.awaitEnd(run).path("state").asText()).isEqualTo("stopped");
        assertThat(ui.post("/jobs/follow/stream/drop", "{\"stream\": \"other\"}")
                        .path("error")
                        .path("code")
                        .asText())
                .isEqualTo("NOT_CONFIRMED");
        assertThat(ui.post("/jobs/follow/stream/drop", confirmed).path("dropped"))
                .hasSizeGreaterThan(1);
        assertThat(source.queryForString(
                        "SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'di_slot_" + id + "'"))
                .isEqualTo("0");
    }

    private void awaitRows(String run, int rows) throws SQLException, IOException, InterruptedException {
        while (!target.queryForString("SELECT count(*) FROM orders").equals(Integer.toString(rows))) {
            JsonNode now = ui.get("/runs/" + run);
            assertThat(now.path("state").asText()).as(now.toString()).isEqualTo("running");
        }
    }

    /** What the documentation shows, run as it stands. */
    @Test
    void theExamplesOfTheDocumentationWork() throws IOException, InterruptedException {
        String page = Files.readString(transvase.home().resolve("docs/ui.md"));
        Matcher blocks =
                Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL).matcher(page.substring(page.indexOf("## The API")));
        List<String> examples = new ArrayList<>();
        while (blocks.find()) {
            examples.add(blocks.group(1));
        }
        assertThat(examples).hasSizeGreaterThan(5);
        Path work = Files.createDirectories(folder.resolve("examples"));
        for (String example : examples) {
            ProcessBuilder shell = new ProcessBuilder("sh", "-eu", "-c", example).directory(work.toFile());
            shell.environment().put("UI", ui.root());
            shell.environment().put("TOKEN", ui.token());
            Ended ended = TestingDistribution.run(shell);
            assertThat(ended.code()).as(example + ended.err()).isZero();
        }
        assertThat(folder.resolve("numbers.json")).content().contains("prints some numbers");
        assertThat(ui.get("/runs?job=numbers").path("runs").get(0).path("state").asText())
                .isEqualTo("succeeded");
    }

    /** In KiB: of a machine that other work needs it takes little. */
    @Test
    void itsMemoryStaysSmall() throws IOException, InterruptedException {
        for (int i = 0; i < 50; i++) {
            ui.post("/scripts/plan", script(COPY));
            ui.get("/sources/source/tables?search=o&fresh=true");
        }
        Path status = Path.of("/proc/" + ui.pid() + "/status");
        if (Files.exists(status)) {
            String memory = Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Long.parseLong(memory.replaceAll("\\D", ""))).as(memory).isLessThan(150 * 1024L);
        }
    }
}
