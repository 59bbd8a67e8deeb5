package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.error.LeftOut;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row once: into its own table where the job reads that, else with the nearest table above it that the job reads. */
class InheritanceIT {

    private static final String ROWS = " FROM generate_series(1, 1500) n";

    static List<TestingPostgres> oldestAndNewest() {
        return List.of(TestingPostgres.oldest(), TestingPostgres.newest());
    }

    private TestingDatabase database;

    private void create(TestingPostgres server) throws SQLException {
        database = server.createDatabase();
        database.execute(
                "CREATE TABLE person (id int, name text)",
                "CREATE TABLE emp (salary int) INHERITS (person)",
                "CREATE TABLE boss (level int) INHERITS (emp)",
                "CREATE TABLE owner (share int) INHERITS (boss)",
                "CREATE TABLE firm (id int, tax text)",
                // Both parents are equally near to it, and boss is two steps above its child.
                "CREATE TABLE trader (deals int) INHERITS (firm, person)",
                "INSERT INTO person SELECT n, 'person' || repeat('x', 200)" + ROWS,
                "INSERT INTO emp SELECT 10000 + n, 'emp' || repeat('x', 200), n" + ROWS,
                "INSERT INTO boss SELECT 20000 + n, 'boss' || repeat('x', 200), n, n" + ROWS,
                "INSERT INTO owner SELECT 30000 + n, 'owner', n, n, n" + ROWS,
                "INSERT INTO firm SELECT 40000 + n, 'tax'" + ROWS,
                "INSERT INTO trader SELECT 50000 + n, 'trader', 'tax', n" + ROWS);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private ReaderSetup setup(String... tables) {
        return ReaderSetup.of(database).table(tables);
    }

    /** For each table the tables that its rows came from, by thousands of their ids, each row once. */
    private static Map<String, List<String>> read(Reading reading) {
        Map<String, List<Integer>> ids = new TreeMap<>();
        reading.splits.forEach(split -> {
            String table = reading.offered.get(split.table()).table().name();
            reading.rows(split)
                    .forEach(row ->
                            ids.computeIfAbsent(table, t -> new ArrayList<>()).add(Integer.parseInt(row.get(0))));
        });
        Map<String, List<String>> from = new TreeMap<>();
        List<String> names = List.of("person", "emp", "boss", "owner", "firm", "trader");
        ids.forEach((table, all) -> {
            assertThat(all).as("rows of %s", table).doesNotHaveDuplicates();
            List<String> sources = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                int kind = i;
                long count = all.stream().filter(id -> id / 10_000 == kind).count();
                if (count > 0) {
                    assertThat(count)
                            .as("rows of %s in %s", names.get(i), table)
                            .isEqualTo(1500);
                    sources.add(names.get(i));
                }
            }
            from.put(table, sources);
        });
        return from;
    }

    /** As a whole, by key, and by position. */
    private void assertRead(ReaderSetup setup, Map<String, List<String>> expected) {
        setup.column("id");
        try (Reading reading = Reading.of(setup, 1)) {
            assertThat(reading.checks.errors).isEmpty();
            assertThat(read(reading)).as("as a whole").isEqualTo(expected);
        }
        try (Reading reading = Reading.of(setup.byCtid(), 2)) {
            assertThat(reading.splits).hasSizeGreaterThan(expected.size());
            assertThat(read(reading)).as("by position").isEqualTo(expected);
        }
        try (Reading reading = Reading.of(setup.splitPk("id"), 2)) {
            assertThat(reading.splits).hasSizeGreaterThan(5 * expected.size());
            assertThat(read(reading)).as("by key").isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void everyRowOnceIntoItsOwnTableElseWithTheNearestAbove(TestingPostgres server) throws SQLException {
        create(server);
        // All of them: each its own, as pg_dump does.
        assertRead(
                setup("public.*"),
                Map.of(
                        "person", List.of("person"),
                        "emp", List.of("emp"),
                        "boss", List.of("boss"),
                        "owner", List.of("owner"),
                        "firm", List.of("firm"),
                        "trader", List.of("trader")));
        // Parent and child named.
        assertRead(
                setup("person", "emp", "boss", "owner", "trader"),
                Map.of(
                        "person", List.of("person"),
                        "emp", List.of("emp"),
                        "boss", List.of("boss"),
                        "owner", List.of("owner"),
                        "trader", List.of("trader")));
        // One alone stands for its tree.
        assertRead(setup("person"), Map.of("person", List.of("person", "emp", "boss", "owner", "trader")));
        assertRead(setup("emp"), Map.of("emp", List.of("emp", "boss", "owner")));
        // What lies between is not in the job: its rows go up, those of what lies below it stay in their own table.
        assertRead(
                setup("person", "boss"),
                Map.of("person", List.of("person", "emp", "trader"), "boss", List.of("boss", "owner")));
        // Two parents that are equally near: the first that it names has its rows, once.
        assertRead(
                setup("person", "firm"),
                Map.of("person", List.of("person", "emp", "boss", "owner"), "firm", List.of("firm", "trader")));
        // A pattern and what it does not match.
        assertRead(
                setup("public.*").excludeTable("emp", "trader"),
                Map.of(
                        "person", List.of("person", "emp"),
                        "boss", List.of("boss"),
                        "owner", List.of("owner"),
                        "firm", List.of("firm", "trader")));
        assertRead(
                setup("person", "boss").withoutInherited(),
                Map.of("person", List.of("person"), "boss", List.of("boss")));
        assertRead(
                setup("person", "boss").where("id % 10000 > 0 OR id < 0"),
                Map.of("person", List.of("person", "emp", "trader"), "boss", List.of("boss", "owner")));
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void whatIsTakenInAndWhatIsLeftOutIsTold(TestingPostgres server) throws SQLException {
        create(server);
        try (Reading reading = Reading.of(setup("person"), 1)) {
            assertThat(reading.checks.warnings)
                    .singleElement()
                    .satisfies(w -> assertThat(w.parameter()).isEqualTo("table"))
                    .satisfies(w -> assertThat(w.message())
                            .contains(
                                    "public.person includes the rows of 4 children",
                                    "public.emp",
                                    "public.owner",
                                    "public.trader",
                                    "inherited"));
            assertThat(reading.plan.leftOut()).isEmpty();
            assertThat(reading.splits.get(0).description()).endsWith("FROM \"public\".\"person\"");
        }
        try (Reading reading = Reading.of(setup("public.*"), 1)) {
            assertThat(reading.checks.warnings).isEmpty();
            assertThat(reading.splits)
                    .anySatisfy(s -> assertThat(s.description()).endsWith("FROM ONLY \"public\".\"person\""))
                    .anySatisfy(s -> assertThat(s.description()).endsWith("FROM \"public\".\"owner\""));
        }
        try (Reading reading = Reading.of(setup("firm", "person"), 1)) {
            assertThat(reading.checks.warnings)
                    .anySatisfy(w -> assertThat(w.message())
                            .contains("public.trader inherits from public.firm and from public.person", "read once"));
        }
        try (Reading reading = Reading.of(setup("boss").withoutInherited(), 1)) {
            assertThat(reading.plan.leftOut())
                    .singleElement()
                    .satisfies(l -> assertThat(l.table()).isEqualTo("public.owner"))
                    .extracting(LeftOut::why)
                    .asString()
                    .contains("inherited is exclude");
        }
        database.execute(
                "CREATE TABLE parts (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)");
        try (Reading reading = Reading.of(setup("parts", "parts_1"), 1)) {
            assertThat(reading.checks.warnings)
                    .singleElement()
                    .satisfies(w -> assertThat(w.parameter()).isEqualTo("table[1]"))
                    .satisfies(w -> assertThat(w.message()).contains("public.parts_1", "read twice"));
        }
    }
}
