package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.transvase.core.parameter.JsonFile;
import dev.transvase.core.parameter.ParameterDescription;
import dev.transvase.core.parameter.Problems;
import dev.transvase.spi.StepType;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every job file of the archive's {@code examples}, run as the lines at its top say. */
class ExamplesIT {

    @TempDir
    private Path folder;

    private static TestingDatabase shop;
    private static TestingDatabase warehouse;

    private TestingJobs jobs;

    @BeforeAll
    static void createDatabases() {
        shop = TestingPostgres.oldest().createDatabase();
        warehouse = TestingPostgres.newest().createDatabase();
    }

    @AfterAll
    static void dropDatabases() {
        shop.close();
        warehouse.close();
    }

    @BeforeEach
    void dropTables() throws Exception {
        jobs = new TestingJobs(folder).dataSource("shop", shop).dataSource("warehouse", warehouse);
        for (TestingDatabase database : List.of(shop, warehouse)) {
            database.execute(
                    "SET client_min_messages = warning",
                    "DROP SCHEMA IF EXISTS public, sales, archive CASCADE",
                    "CREATE SCHEMA public");
        }
    }

    @Test
    void eachExampleHasATest() throws IOException {
        assertThat(examples())
                .containsExactly(
                        "datax.json",
                        "incremental-by-id.json",
                        "incremental-by-timestamp.json",
                        "postgresql-cdc.json",
                        "postgresql-to-postgresql.json",
                        "postgresql-to-stream.json",
                        "stream-to-stream.json",
                        "whole-database.json");
    }

    static List<String> examples() throws IOException {
        try (Stream<Path> files = Files.list(TestingJobs.examples())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theSchemaOfEachStepTypeTakesItsExamples(String example) {
        for (JsonNode step : json(example).path("steps")) {
            boolean reads = step.path("category").asText().equals("reader");
            String name = step.path("stepType").asText();
            StepType type = reads
                    ? TestingJobs.plugins().reader(name).type()
                    : TestingJobs.plugins().writer(name).type();
            Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(ParameterDescription.jsonSchema(type.parameters(), name));
            assertThat(schema.validate(step.path("parameter"))).isEmpty();
            // And it takes nothing else.
            ObjectNode misspelt = step.path("parameter").<ObjectNode>deepCopy().put("nonesuch", 1);
            assertThat(schema.validate(misspelt)).hasSize(1);
            assertThat(schema.validate(misspelt.arrayNode())).isNotEmpty();
        }
    }

    @Test
    void streamToStream() throws IOException {
        assertThat(printed("stream-to-stream.json").lines())
                .hasSize(10)
                .allSatisfy(line -> assertThat(line).matches("order,\\d{1,4},[tf],2026-[-0-9]{5} [:0-9]{8}(\\.\\d+)?"));
    }

    @Test
    void postgresqlToStream() throws Exception {
        createOrders(shop, 30);
        assertThat(printed("postgresql-to-stream.json").lines().map(line -> line.split("\t", -1)[0]))
                .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    }

    @Test
    void postgresqlToPostgresql() throws Exception {
        createOrders(shop, 30);
        createOrders(warehouse, 20);
        for (int round = 0; round < 2; round++) {
            shop.execute("UPDATE orders SET customer = customer || '!' WHERE id > 10");
            TestingJobs.Ended ended = run("postgresql-to-postgresql.json", Map.of("since", "2026-01-11"));
            assertThat(ended.report().written().records()).isEqualTo(20);
            assertSame("orders", "id, customer, amount, modified_at");
        }
    }

    @Test
    void postgresqlCdc() throws Exception {
        String example = "postgresql-cdc.json";
        createOrders(shop, 30);
        createOrders(warehouse, 0);
        for (TestingDatabase database : List.of(shop, warehouse)) {
            database.execute("CREATE TABLE customers (id int PRIMARY KEY, name text)");
        }
        shop.execute(
                "INSERT INTO customers VALUES (1, 'Ada')",
                comment(example, "(ALTER TABLE public.orders .*);"),
                comment(example, "(ALTER TABLE public.customers .*);"));
        follow(example);
        shop.execute(
                "INSERT INTO customers VALUES (2, 'Grace')",
                "UPDATE orders SET id = 1000 + id, customer = 'moved' WHERE id = 7",
                "DELETE FROM orders WHERE id = 8");
        follow(example);
    }

    private void follow(String example) throws Exception {
        TestingJobs.Ended ended = jobs.runUntilCurrent(text(example));
        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.warnings()).isEmpty();
        assertSame("orders", "*");
        assertSame("customers", "*");
    }

    @Test
    void dataX() throws Exception {
        createOrders(warehouse, 0);
        try (TestingDatabase beside = TestingPostgres.newest().createDatabase()) { // both take the same log-in
            createOrders(beside, 50);
            run(
                    "datax.json",
                    Map.of(
                            "shop",
                            beside.host() + ":" + beside.port() + "/" + beside.name(),
                            "warehouse",
                            warehouse.host() + ":" + warehouse.port() + "/" + warehouse.name(),
                            "user",
                            warehouse.user(),
                            "password",
                            warehouse.password()));
            String query = "SELECT id, customer, amount FROM orders ORDER BY id";
            assertThat(warehouse.query(query)).isEqualTo(beside.query(query)).hasSize(50);
        }
    }

    @Test
    void wholeDatabase() throws Exception {
        for (String name :
                List.of("public.customers", "public.tmp_work", "public.audit_log", "sales.orders", "sales.returns")) {
            shop.execute(
                    "CREATE SCHEMA IF NOT EXISTS sales",
                    "CREATE TABLE " + name + " AS SELECT '" + name
                            + "'::text AS here, i FROM generate_series(1, 20) i");
        }
        warehouse.execute(
                "CREATE SCHEMA archive",
                "CREATE TABLE public.customers (here text, i int)",
                "CREATE TABLE archive.orders_2026 (here text, i int)",
                "CREATE TABLE archive.returns (here text, i int)");

        TestingJobs.Ended ended = run("whole-database.json", Map.of());

        assertThat(ended.report().written().records()).isEqualTo(60);
        assertThat(warehouse.queryForString("SELECT min(here) || count(*) FROM public.customers"))
                .isEqualTo("public.customers20");
        assertThat(warehouse.queryForString("SELECT min(here) || count(*) FROM archive.orders_2026"))
                .isEqualTo("sales.orders20");
        assertThat(warehouse.queryForString("SELECT min(here) || count(*) FROM archive.returns"))
                .isEqualTo("sales.returns20");
    }

    /** By a timestamp, half-open windows, and an overlap for what is committed late. */
    @Test
    void incrementalByTimestamp() throws Exception {
        String example = "incremental-by-timestamp.json";
        createOrders(shop, 100);
        createOrders(warehouse, 0);
        warehouse.execute(once(example));

        Bounds first = bounds(example);
        assertThat(first.from()).isEqualTo("-infinity");
        assertThat(round(example, first, "0")).isEqualTo(100);
        assertSame("orders", "id, customer, amount, modified_at");

        // A row of exactly the moment that the first window ended at is in the second, and in no other.
        shop.execute(
                "INSERT INTO orders VALUES (101, 'edge', 1, timestamptz '" + first.to() + "')",
                "UPDATE orders SET amount = amount + 1, modified_at = clock_timestamp() WHERE id <= 10");
        try (Connection late = shop.connect();
                Statement statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("UPDATE orders SET customer = 'late', modified_at = now() WHERE id = 50");
            Bounds second = bounds(example);
            assertThat(second.from()).isEqualTo(first.to());
            assertThat(round(example, second, "0")).isEqualTo(11);
            // The end that the documentation offers to who can see all sessions leaves it to the next window.
            assertThat(shop.queryForString("SELECT (" + endBeforeOpenTransactions() + ") <= modified_at FROM (SELECT"
                            + " max(xact_start) AS modified_at FROM pg_stat_activity WHERE state = 'idle in transaction'"
                            + " AND datname = current_database()) late"))
                    .isEqualTo("t");
            late.commit();
        }
        assertThat(warehouse.queryForString("SELECT customer FROM orders WHERE id = 50"))
                .isNotEqualTo("late");

        // What was changed before the second window ended and committed after it was read is in the overlap.
        assertThat(round(example, bounds(example), "1 hour")).isGreaterThanOrEqualTo(12);
        assertSame("orders", "id, customer, amount, modified_at");
        // Read twice, there once; and a window in which nothing happened is empty.
        assertThat(round(example, bounds(example), "0")).isZero();
        assertSame("orders", "id, customer, amount, modified_at");
    }

    /** By a number that only grows, and an overlap for numbers that are committed late. */
    @Test
    void incrementalById() throws Exception {
        String example = "incremental-by-id.json";
        for (TestingDatabase database : List.of(shop, warehouse)) {
            database.execute("CREATE TABLE events (id bigserial PRIMARY KEY, what text)");
        }
        warehouse.execute(once(example));
        assertThat(bounds(example)).isEqualTo(new Bounds("0", "0"));
        assertThat(round(example, bounds(example), "0")).isZero();

        shop.execute("INSERT INTO events (what) SELECT 'e' || i FROM generate_series(1, 500) i");
        assertThat(round(example, bounds(example), "0")).isEqualTo(500);
        assertSame("events", "*");

        try (Connection late = shop.connect();
                Statement statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("INSERT INTO events (what) VALUES ('late')");
            shop.execute("INSERT INTO events (what) SELECT 'f' || i FROM generate_series(1, 20) i");
            Bounds third = bounds(example);
            assertThat(third).isEqualTo(new Bounds("500", "521"));
            assertThat(round(example, third, "0")).isEqualTo(20);
            late.commit();
        }
        shop.execute("INSERT INTO events (what) VALUES ('last')");
        assertThat(round(example, bounds(example), "100")).isEqualTo(101);
        assertSame("events", "*");
        assertThat(round(example, bounds(example), "0")).isZero();
    }

    /** Between which values a run reads. */
    record Bounds(String from, String to) {}

    /** Runs it once; gives how many rows were read. */
    private long round(String example, Bounds bounds, String overlap) throws IOException {
        return run(example, Map.of("from", bounds.from(), "to", bounds.to(), "overlap", overlap))
                .report()
                .read()
                .records();
    }

    /** What the example says to ask before a run. */
    private Bounds bounds(String example) throws Exception {
        return new Bounds(
                warehouse.queryForString(comment(example, "from, at warehouse: +(SELECT .*);")),
                shop.queryForString(comment(example, "to, at shop: +(SELECT .*);")));
    }

    private static String endBeforeOpenTransactions() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("transvase.docs"), "incremental-reads.md"));
        Matcher found = Pattern.compile("```sql\n(.*);\n```").matcher(page);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private String once(String example) throws IOException {
        return comment(example, "(CREATE TABLE .*);");
    }

    private String comment(String example, String pattern) throws IOException {
        Matcher found =
                Pattern.compile("^// *" + pattern + "$", Pattern.MULTILINE).matcher(text(example));
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }

    private TestingJobs.Ended run(String example, Map<String, String> variables) throws IOException {
        TestingJobs.Ended ended = jobs.run(text(example), variables);
        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.warnings()).isEmpty();
        return ended;
    }

    private String printed(String example) throws IOException {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            run(example, Map.of());
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static JsonNode json(String example) {
        return JsonFile.read(TestingJobs.examples().resolve(example), "job file", new Problems())
                .orElseThrow();
    }

    private static String text(String example) throws IOException {
        return Files.readString(TestingJobs.examples().resolve(example));
    }

    private static void createOrders(TestingDatabase database, int rows) throws Exception {
        database.execute(
                "CREATE TABLE orders (id bigint PRIMARY KEY, customer text, amount numeric(10,2), modified_at timestamptz,"
                        + " created_at timestamptz DEFAULT now())",
                "INSERT INTO orders SELECT i, 'c' || i, i, timestamptz '2026-01-01',"
                        + " timestamptz '2025-12-31' + i * interval '1 day' FROM generate_series(1, " + rows + ") i");
    }

    private void assertSame(String table, String columns) throws Exception {
        String query = "SELECT " + columns + " FROM " + table + " ORDER BY id";
        assertThat(warehouse.query(query)).isEqualTo(shop.query(query)).isNotEmpty();
    }
}
