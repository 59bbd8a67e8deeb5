package dev.transvase.distribution.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.transvase.distribution.TestingDistribution;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody does in a day with the UI, in a real browser, between servers of two majors. */
class JourneyIT {

    private static final String ROWS = "SELECT string_agg(t::text, '|' ORDER BY id) FROM orders t";

    @TempDir
    private static Path unpacked;

    private static TestingBrowser browser;
    private static TestingDistribution transvase;

    @TempDir
    private Path folder;

    private TestingDatabase source;
    private TestingDatabase target;
    private TestingUiProcess ui;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        browser = TestingBrowser.open();
        transvase = TestingDistribution.unpack(unpacked);
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void start() throws IOException, SQLException {
        source = TestingPostgres.oldest().createDatabase();
        target = TestingPostgres.newest().createDatabase();
        source.execute(
                "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(10,2), note text)",
                "ALTER TABLE orders REPLICA IDENTITY FULL",
                "INSERT INTO orders SELECT i, i * 1.5, CASE i WHEN 7 THEN NULL WHEN 8 THEN '' WHEN 9"
                        + " THEN '<img src=x onerror=alert(1)>' ELSE 'note ' || i END FROM generate_series(1, 2000) i",
                "ANALYZE");
        ui = TestingUiProcess.start(transvase, folder);
    }

    @AfterEach
    void stop() throws InterruptedException {
        browser.leave();
        ui.close();
        source.close();
        target.close();
    }

    private void visit(String path) {
        browser.visit(ui.root() + path + "?token=" + ui.token());
    }

    /** Fills in the form of a data source. */
    private void fillIn(String name, TestingDatabase database, String password) {
        browser.type("Name", name)
                .typeParameter("host", database.host())
                .typeParameter("port", String.valueOf(database.port()))
                .typeParameter("database", database.name())
                .typeParameter("username", database.user())
                .typeParameter("password", password);
    }

    private void addSources() throws IOException, InterruptedException {
        for (TestingDatabase database : new TestingDatabase[] {source, target}) {
            assertThat(ui.ask(
                                    "POST",
                                    "/sources",
                                    UiIT.entry(database == source ? "shop" : "warehouse", database, database.password())
                                            .toString())
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    private void job(String name, String script) throws IOException {
        Files.writeString(folder.resolve(name + ".json"), script);
    }

    private static String copies(String more) {
        return """
                {"type": "job", "version": "2.0", "steps": [
                  {"stepType": "postgresql", "name": "Reader", "category": "reader",
                   "parameter": {"datasource": "shop", "table": "orders", "column": ["*"]}},
                  {"stepType": "postgresql", "name": "Writer", "category": "writer",
                   "parameter": {"datasource": "warehouse", "table": "orders", "column": ["*"]%s}}],
                 "setting": {"errorLimit": {"record": 10}},
                 "order": {"hops": [{"from": "Reader", "to": "Writer"}]}}
                """.formatted(more);
    }

    private static String value(TestingDatabase database, String query) throws SQLException {
        return database.queryForString(query);
    }

    @Test
    void aFirstDayLeadsFromNothingToACopyThatIsTheSame() throws IOException, SQLException {
        visit("/");
        browser.sees("Welcome to Transvase").look("home-empty");

        browser.press("Add a data source").sees("New data source");
        fillIn("shop", source, "wrong");
        browser.press("Test connection")
                .sees("The server refused this password")
                .look("source-wrong-password");
        browser.typeParameter("password", source.password())
                .press("Test connection")
                .sees("PostgreSQL " + TestingPostgres.oldest().major())
                .look("source-tested");
        browser.press("Save").sees("Saved.");
        assertThat(browser.source()).doesNotContain(source.password());
        visit("/sources/new");
        fillIn("warehouse", target, target.password());
        browser.press("Save").sees("Saved.");
        visit("/sources");
        browser.sees("warehouse").look("sources");

        visit("/jobs");
        browser.press("Make the first job").type("Name of the job", "orders").press("Create");
        browser.sees("Read with").chooseParameter("steps[0].parameter.datasource", "shop");
        browser.seesInScript("\"shop\"")
                .press("Choose tables …")
                .type("Search schemas and tables", "ord")
                .tick("public.orders")
                .look("picker");
        browser.press("Use these (1)").seesInScript("orders");
        browser.press("Target").chooseParameter("steps[1].parameter.datasource", "warehouse");
        browser.seesInScript("\"warehouse\"")
                .press("Columns")
                .sees("There is no table")
                .press("Source")
                .press("Preview rows")
                .sees("onerror=alert(1)")
                .look("preview");
        browser.press("Close").press("Settings").sees("Error limit").look("job-settings");

        browser.press("Target").typeParameter("steps[1].parameter.table", "public.orders");
        browser.press("Check").sees("CREATE TABLE").look("job-check-finding");
        target.execute("CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(10,2), note text)");
        browser.press("Columns").press("Match by name").seesInScript("\"note\"");
        browser.press("Check how values travel").sees("The job can run.").look("job-check-good");
        browser.press("Columns").sees("TEXT").look("job-columns");
        browser.press("Save").sees("Saved");
        browser.press("Run").press("Start").sees("The run has succeeded.").look("run-succeeded");
        assertThat(value(target, ROWS)).isEqualTo(value(source, ROWS));

        visit("/");
        browser.sees("Latest runs").look("home");
        visit("/jobs");
        browser.sees("succeeded").look("jobs");
        visit("/runs");
        browser.sees("succeeded").look("runs");
    }

    @Test
    void theFormChangesTheScriptAndKeepsItsComments() throws IOException, InterruptedException {
        addSources();
        job("orders", copies(""));
        visit("/jobs/orders");
        browser.sees("Read with").typeOnTopOfScript("// moved every night\n");
        browser.press("Target").chooseParameter("steps[1].parameter.writeMode", "upsert");
        browser.seesInScript("\"upsert\"").seesInScript("// moved every night");
        browser.press("Save").sees("Saved");
        assertThat(Files.readString(folder.resolve("orders.json")))
                .isEqualTo("// moved every night\n" + copies(", \"writeMode\": \"upsert\""));

        Files.writeString(folder.resolve("orders.json"), copies("") + "// by somebody else\n");
        browser.typeOnTopOfScript("// mine\n").press("Save").sees("The file was changed elsewhere");
        assertThat(Files.readString(folder.resolve("orders.json"))).endsWith("// by somebody else\n");
        browser.press("Save mine over it").sees("Saved");
        assertThat(Files.readString(folder.resolve("orders.json"))).startsWith("// mine\n");
    }

    @Test
    void badRowsAreSeenWithTheirReason() throws IOException, InterruptedException, SQLException {
        addSources();
        target.execute(
                "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(10,2), note text, CONSTRAINT cheap CHECK (total < 2992))");
        source.execute("UPDATE orders SET note = NULL WHERE id = 2000", "UPDATE orders SET note = '' WHERE id = 1999");
        job("orders", copies(""));
        visit("/jobs/orders");
        browser.sees("Read with")
                .press("Run")
                .press("Start")
                .sees("See the bad rows")
                .look("run-dirty");
        browser.press("See the bad rows").sees("cheap").sees("NULL").look("bad-rows");
        assertThat(value(target, "SELECT count(*) FROM orders")).isEqualTo("1994");
    }

    @Test
    void aRunOutlivesItsPageAndItsServer() throws IOException, InterruptedException, SQLException {
        addSources();
        target.execute("CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(10,2), note text)");
        job("orders", copies(""));
        try (Connection blocker = target.connect();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("LOCK TABLE orders IN SHARE MODE");
            visit("/jobs/orders");
            browser.sees("Read with")
                    .press("Run")
                    .press("Start")
                    .sees("for a lock")
                    .look("run-waiting");
            String run = browser.address().replaceFirst(".*/runs/([^?]*).*", "$1");
            browser.reload().sees("for a lock");
            assertThat(ui.end()).isZero();
            browser.sees("does not answer");
            ui = TestingUiProcess.start(transvase, folder);
            visit("/runs/" + run);
            browser.sees("running").sees("for a lock");
            blocker.rollback();
        }
        browser.sees("The run has succeeded.");
        assertThat(value(target, ROWS)).isEqualTo(value(source, ROWS));
    }

    @Test
    void aStreamIsFollowedStoppedAndDropped() throws IOException, InterruptedException, SQLException {
        addSources();
        target.execute("CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(10,2), note text)");
        String id = "ui_" + source.name().replaceAll("[^a-z0-9]", "");
        visit("/jobs");
        browser.press("Make the first job").type("Name of the job", "follow").press("Create");
        browser.sees("Read with").choose("Read with", "postgresql-cdc");
        browser.seesInScript("postgresql-cdc")
                .chooseParameter("steps[0].parameter.datasource", "shop")
                .seesInScript("\"shop\"")
                .typeParameter("steps[0].parameter.solutionId", id)
                .seesInScript(id)
                .typeParameter("steps[0].parameter.table", "public.orders")
                .press("Target")
                .chooseParameter("steps[1].parameter.datasource", "warehouse")
                .seesInScript("\"public.orders\"");
        browser.press("Columns").press("All columns").seesInScript("\"*\"");
        browser.press("Save").sees("Saved").press("Run").press("Start").sees("Up to date with the source");
        source.execute("INSERT INTO orders VALUES (3000, 1, 'new')", "DELETE FROM orders WHERE id = 1");
        browser.sees("inserts").look("run-stream");
        JsonNode running = ui.get("/runs?state=running").path("runs").get(0);
        browser.press("Stop");
        browser.sees("All that it had read is written");
        assertThat(ui.awaitEnd(running.path("id").asText()).path("exitCode").asInt())
                .isZero();
        assertThat(value(target, ROWS)).isEqualTo(value(source, ROWS));

        visit("/jobs/follow");
        browser.press("Stream").sees("di_slot_" + id).look("job-stream");
        browser.press("Drop")
                .sees("Drop the change stream?")
                .type("Type", ui.get("/jobs/follow/stream").path("stream").asText());
        browser.pressFirst("Drop").seesNoMore("Drop the change stream?");
        assertThat(value(source, "SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'di_slot_" + id + "'"))
                .isEqualTo("0");
    }

    @Test
    void oneOfTwoThousandTablesIsFoundAsOneTypes() throws IOException, InterruptedException, SQLException {
        addSources();
        source.execute(
                "DO $$ BEGIN FOR i IN 1..2000 LOOP EXECUTE 'CREATE TABLE many_' || i || ' (id int)'; END LOOP; END $$");
        job("orders", copies(""));
        visit("/jobs/orders");
        browser.press("Choose tables …")
                .sees("of 2,001 matches shown")
                .type("Search schemas and tables", "many_1999")
                .tick("public.many_1999")
                .type("Pattern", "public.many_1*")
                .press("Add the pattern")
                .sees("Patterns match 1,111 tables now");
        browser.press("Use these (3)").seesInScript("public.many_1*").seesInScript("public.many_1999");
    }
}
