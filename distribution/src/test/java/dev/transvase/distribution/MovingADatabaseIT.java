package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.transvase.distribution.TestingDistribution.Ended;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands and the job of {@code docs/whole-database.md} as they stand there, where pg_dump and psql are installed. */
class MovingADatabaseIT {

    private static final Path PAGE =
            Path.of(System.getProperty("transvase.docs")).resolve("whole-database.md");

    private static final String TABLES = """
            SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
            ORDER BY c.oid::regclass::text COLLATE "C\"""";

    private static final String MADE_AFTERWARDS = """
            SELECT string_agg(what, E'\\n' ORDER BY what COLLATE "C") FROM (
                SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
                    WHERE conrelid <> 0 AND contype IN ('p', 'u', 'f') AND connamespace <> 11
                UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                    WHERE relnamespace <> 11 AND relname NOT LIKE 'pg\\_%'
                UNION ALL SELECT replace(pg_get_triggerdef(oid), 'PROCEDURE', 'FUNCTION') FROM pg_trigger
                    WHERE NOT tgisinternal) AS made (what)""";

    @TempDir
    private Path folder;

    @Test
    void thePagesCommandsMoveADatabase() throws IOException, InterruptedException, SQLException {
        Ended found =
                TestingDistribution.run(new ProcessBuilder("/bin/sh", "-c", "command -v psql && command -v pg_dump"));
        assumeTrue(found.code() == 0, "there are no pg_dump and psql on the PATH");
        TestingDistribution transvase = TestingDistribution.unpack(folder.resolve("unpacked"));
        try (TestingDatabase source = TestingPostgres.oldest().createDatabase();
                TestingDatabase target = TestingPostgres.newest().createDatabase()) {
            fill(source);
            Files.writeString(transvase.home().resolve("move.json"), block("json"));
            Path sources = Files.writeString(
                    folder.resolve("sources.json"),
                    "{\"datasources\": {" + entry("source", source) + ", " + entry("target", target) + "}}");
            ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-e", "-c", block("sh"))
                    .directory(transvase.home().toFile());
            shell.environment()
                    .putAll(Map.of(
                            "SOURCE", conninfo(source),
                            "TARGET", conninfo(target),
                            "TRANSVASE_DATASOURCES", sources.toString()));
            Ended ended = TestingDistribution.run(shell);

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(rows(target)).isEqualTo(rows(source));
            assertThat(rows(target)).anyMatch(table -> table.startsWith("sales.line: 600 "));
            assertThat(target.queryForString(MADE_AFTERWARDS))
                    .isEqualTo(source.queryForString(MADE_AFTERWARDS))
                    .contains("FOREIGN KEY", "USING gin", "CREATE TRIGGER");
            assertThat(target.queryForString("SELECT nextval('sales.customer_id_seq')"))
                    .isEqualTo("201");
            assertThat(target.queryForString("SELECT nextval('sales.orders_id_seq')"))
                    .isEqualTo("5001");
        }
    }

    /** All that the sections hold, and a trigger that would change rows if it were there too early. */
    private static void fill(TestingDatabase source) throws SQLException {
        source.execute(
                "CREATE SCHEMA sales",
                "CREATE TYPE sales.mood AS ENUM ('sad', 'happy')",
                "CREATE TABLE sales.customer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text,"
                        + " mood sales.mood, doc jsonb)",
                "CREATE TABLE sales.orders (id serial PRIMARY KEY, customer bigint REFERENCES sales.customer,"
                        + " total numeric(12, 2))",
                "CREATE TABLE sales.line (o int REFERENCES sales.orders, n int, what text UNIQUE, PRIMARY KEY (o, n))",
                "CREATE TABLE \"Of Years\" (y int, v text) PARTITION BY RANGE (y)",
                "CREATE TABLE y2024 PARTITION OF \"Of Years\" FOR VALUES FROM (2024) TO (2025)",
                "CREATE TABLE y2025 PARTITION OF \"Of Years\" FOR VALUES FROM (2025) TO (2026)",
                "CREATE TABLE tree (id int PRIMARY KEY, parent int REFERENCES tree)",
                "CREATE UNLOGGED TABLE only_here (id int)",
                "CREATE VIEW sales.big AS SELECT * FROM sales.orders WHERE total > 100",
                "CREATE INDEX ON sales.customer USING gin (doc)",
                "INSERT INTO sales.customer (name, mood, doc) SELECT 'c' || i, 'happy', jsonb_build_object('i', i)"
                        + " FROM generate_series(1, 200) i",
                "INSERT INTO sales.orders (customer, total) SELECT i, i FROM generate_series(1, 200) i",
                "SELECT setval('sales.orders_id_seq', 5000)",
                "INSERT INTO sales.line SELECT 1 + i / 3, i % 3, 'w' || i FROM generate_series(0, 599) i",
                "INSERT INTO \"Of Years\" SELECT 2024 + i % 2, 'v' || i FROM generate_series(1, 50) i",
                "INSERT INTO tree VALUES (2, NULL), (1, 2), (3, 1)",
                "INSERT INTO only_here VALUES (1), (2), (3)",
                "CREATE FUNCTION sales.shout() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN NEW.name := upper(NEW.name); RETURN NEW; END'",
                "CREATE TRIGGER shout BEFORE INSERT ON sales.customer FOR EACH ROW EXECUTE PROCEDURE sales.shout()");
    }

    /** Each table with the number of its rows and what they hold, in whatever order they are stored. */
    private static List<String> rows(TestingDatabase database) throws SQLException {
        List<String> rows = new ArrayList<>();
        for (String table : database.queryForList(TABLES)) {
            rows.add(table + ": "
                    + database.queryForString("SELECT count(*) || ' ' || md5(string_agg(t::text, ',' ORDER BY t::text))"
                            + " FROM ONLY " + table + " t"));
        }
        return rows;
    }

    private static String entry(String name, TestingDatabase database) {
        return """
                "%s": {"type": "postgresql", "jdbcUrl": "%s", "username": "%s", "password": "%s"}""".formatted(name, database.jdbcUrl(), database.user(), database.password());
    }

    private static String conninfo(TestingDatabase database) {
        return "host=" + database.host() + " port=" + database.port() + " dbname=" + database.name() + " user="
                + database.user() + " password='" + database.password() + "'";
    }

    /** The page's only block of code in this language. */
    private static String block(String language) throws IOException {
        Matcher block = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }
}
