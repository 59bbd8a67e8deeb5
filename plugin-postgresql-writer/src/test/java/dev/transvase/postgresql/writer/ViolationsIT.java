package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedJournal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way in which a table refuses a record, at each place of a batch, in both modes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ViolationsIT {

    /** Two commits of two batches and a rest each. */
    private static final int RECORDS = 40;

    private static final int COMMIT_AFTER = 20;
    private static final int BATCH = 8;

    /** After bad records a channel has small transactions; so many good ones, and it takes several batches again. */
    private static final int RECOVERY = 3;

    /** Where the bad ones are; one place after the other is tried. */
    private static final List<IntPredicate> PLACES = List.of(
            index -> index % BATCH == 0,
            index -> index % BATCH == BATCH - 1,
            index -> index == 13,
            index -> index >= 8 && index < 16,
            index -> index % 2 == 1,
            index -> true);

    private static final int ALL = PLACES.size() * (RECORDS + RECOVERY);

    /**
     * A way to be refused.
     *
     * @param table its name, which also tells what is wrong
     * @param columns what its declaration holds, an {@code id} aside
     * @param bad a value of the column {@code v} that is refused
     * @param state the SQLSTATE
     * @param constraint the name that is told; empty for none
     * @param message a part of what is told
     * @param sql statements to run, in place of a plain {@code CREATE TABLE}, where there are some
     * @param since the first major that has it
     */
    private record Violation(
            String table,
            String columns,
            String bad,
            String state,
            String constraint,
            String message,
            List<String> sql,
            int since) {

        static Violation of(String table, String columns, String bad, String state, String constraint, String message) {
            String create = "CREATE TABLE " + table + " (id integer, " + columns + ")";
            return new Violation(table, columns, bad, state, constraint, message, List.of(create), 10);
        }

        Violation after(String statement) {
            return new Violation(
                    table, columns, bad, state, constraint, message, List.of(statement, sql.get(0)), since);
        }

        Violation then(String statement) {
            return new Violation(
                    table, columns, bad, state, constraint, message, List.of(sql.get(0), statement), since);
        }

        Violation since(int major) {
            return new Violation(table, columns, bad, state, constraint, message, sql, major);
        }

        String good(int id) {
            return switch (table) {
                case "elsewhere" -> "here";
                case "overlap", "overlap_late" -> "[" + id + "," + id + "]";
                case "no_json" -> "{\"a\": " + id + "}";
                case "no_time" -> "2020-02-29";
                default -> Integer.toString(id + 1);
            };
        }

        /** Whether it is bad only beside another of its kind. */
        boolean needsAnother() {
            return state.equals("23505") || state.equals("23P01");
        }
    }

    private static final String REFUSING = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN IF NEW.v = ''-7'' THEN RAISE EXCEPTION ''the trigger said no'' USING ERRCODE = TG_ARGV[0],"
            + " CONSTRAINT = ''own_rule''; END IF; RETURN NEW; END'";

    private static final String DEFERRED = " DEFERRABLE INITIALLY DEFERRED";

    private static final List<Violation> VIOLATIONS = List.of(
            Violation.of("taken", "v text UNIQUE", "old", "23505", "taken_v_key", "Key (v)=(old) already exists"),
            Violation.of("taken_end", "v text UNIQUE DEFERRABLE", "old", "23505", "taken_end_v_key", "already exists"),
            Violation.of(
                    "taken_late", "v text UNIQUE" + DEFERRED, "old", "23505", "taken_late_v_key", "already exists"),
            Violation.of(
                    "orphan", "v integer REFERENCES parent", "-1", "23503", "orphan_v_fkey", "Key (v)=(-1) is not"),
            Violation.of(
                    "orphan_late",
                    "v integer REFERENCES parent" + DEFERRED,
                    "-1",
                    "23503",
                    "orphan_late_v_fkey",
                    "Key (v)=(-1) is not"),
            Violation.of("no_value", "v text NOT NULL", null, "23502", "", "violates not-null constraint"),
            Violation.of("checked", "v text CHECK (v <> 'bad')", "bad", "23514", "checked_v_check", "check constraint"),
            Violation.of(
                    "overlap",
                    "v int4range, CONSTRAINT apart EXCLUDE USING gist (v WITH &&)",
                    "[-9,-9]",
                    "23P01",
                    "apart",
                    "conflicts with existing key"),
            Violation.of(
                    "overlap_late",
                    "v int4range, CONSTRAINT apart_late EXCLUDE USING gist (v WITH &&)" + DEFERRED,
                    "[-9,-9]",
                    "23P01",
                    "apart_late",
                    "conflicts with existing key"),
            Violation.of("no_number", "v integer", "one", "22P02", "", "one"),
            Violation.of("too_large", "v integer", "99999999999", "22003", "", "out of range"),
            Violation.of("too_long", "v varchar(3)", "long", "22001", "", "too long"),
            Violation.of("no_json", "v json", "{\"a\":", "22P02", "", "json"),
            Violation.of("no_time", "v timestamp", "2020-02-30", "22008", "", "out of range"),
            Violation.of("no_member", "v positive", "-1", "23514", "positive_check", "violates check constraint")
                    .after("CREATE DOMAIN positive AS integer CHECK (VALUE > 0)"),
            Violation.of("elsewhere", "v text) PARTITION BY LIST (v", "there", "23514", "", "no partition")
                    .then("CREATE TABLE here PARTITION OF elsewhere FOR VALUES IN ('here')"),
            Violation.of("refused", "v text", "-7", "23999", "own_rule", "the trigger said no")
                    .then("CREATE TRIGGER t BEFORE INSERT ON refused FOR EACH ROW EXECUTE PROCEDURE refuse('23999')"),
            Violation.of("refused_end", "v text", "-7", "22999", "own_rule", "the trigger said no")
                    .then(
                            "CREATE TRIGGER t AFTER INSERT ON refused_end FOR EACH ROW EXECUTE PROCEDURE refuse('22999')"),
            Violation.of("refused_late", "v text", "-7", "23001", "own_rule", "the trigger said no")
                    .then("CREATE CONSTRAINT TRIGGER t AFTER INSERT ON refused_late" + DEFERRED
                            + " FOR EACH ROW EXECUTE PROCEDURE refuse('23001')"),
            Violation.of(
                            "generated",
                            "v integer, g integer GENERATED ALWAYS AS (100 / v) STORED",
                            "0",
                            "22012",
                            "",
                            "division by zero")
                    .since(12));

    /** What is tried. */
    private record Case(int major, WriteMode mode, Violation violation) {
        @Override
        public String toString() {
            return major + " " + mode + " " + violation.table();
        }
    }

    private final Map<Integer, TestingDatabase> databases = new HashMap<>();
    private final Map<Integer, Connection> connections = new HashMap<>();

    @BeforeAll
    void createTables() throws SQLException {
        for (TestingPostgres server : List.of(TestingPostgres.oldest(), TestingPostgres.newest())) {
            TestingDatabase database = server.createDatabase();
            databases.put(server.major(), database);
            connections.put(server.major(), database.connect());
            List<String> sql = new ArrayList<>(List.of(
                    REFUSING,
                    "CREATE TABLE parent (id integer PRIMARY KEY)",
                    "INSERT INTO parent SELECT generate_series(1, 1000)"));
            VIOLATIONS.stream().filter(v -> v.since() <= server.major()).forEach(v -> sql.addAll(v.sql()));
            database.execute(sql.toArray(String[]::new));
        }
    }

    @AfterAll
    void dropDatabases() throws SQLException {
        for (Connection connection : connections.values()) {
            connection.close();
        }
        databases.values().forEach(TestingDatabase::close);
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int major : List.of(
                TestingPostgres.oldest().major(), TestingPostgres.newest().major())) {
            for (WriteMode mode : List.of(WriteMode.INSERT, WriteMode.COPY)) {
                VIOLATIONS.stream().filter(v -> v.since() <= major).forEach(v -> cases.add(new Case(major, mode, v)));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theBadAreToldAndTheGoodAreThere(Case tried) throws SQLException {
        Violation violation = tried.violation();
        try (Statement statement = connections.get(tried.major()).createStatement()) {
            statement.execute("TRUNCATE " + violation.table());
            if (violation.needsAnother()) {
                statement.execute("INSERT INTO " + violation.table() + " VALUES (-1, '" + violation.bad() + "')");
            }
        }
        Set<Integer> bad = new TreeSet<>();
        for (int place = 0; place < PLACES.size(); place++) {
            IntPredicate there = PLACES.get(place);
            int start = place * (RECORDS + RECOVERY);
            IntStream.range(0, RECORDS).filter(there).forEach(index -> bad.add(start + index));
        }
        CollectedJournal journal = new CollectedJournal(bad.size());
        write(tried, journal, bad);
        assertTold(violation, journal, bad);
        assertThat(journal.committedRecords()).isEqualTo(ALL - bad.size());
        assertThat(stored(tried))
                .containsExactlyElementsOf(IntStream.range(0, ALL)
                        .filter(id -> !bad.contains(id))
                        .boxed()
                        .toList());
    }

    static List<Case> duplicates() {
        return cases().stream().filter(c -> c.violation().needsAnother()).toList();
    }

    /** Of several records with one key the first is kept, wherever the others are. */
    @ParameterizedTest
    @MethodSource("duplicates")
    void ofDuplicatesOneIsKept(Case tried) throws SQLException {
        try (Statement statement = connections.get(tried.major()).createStatement()) {
            statement.execute("TRUNCATE " + tried.violation().table());
        }
        CollectedJournal journal = new CollectedJournal(3);
        // In one batch, in two batches of one transaction, and in two transactions.
        write(tried, journal, Set.of(3, 5, 12, 33));
        assertTold(tried.violation(), journal, new TreeSet<>(Set.of(5, 12, 33)));
        assertThat(stored(tried)).hasSize(ALL - 3).contains(3);
    }

    /** All in one channel. */
    private void write(Case tried, CollectedJournal journal, Set<Integer> bad) {
        Violation violation = tried.violation();
        RecordBatch all = Numbers.batch(0, ALL, id -> bad.contains(id) ? violation.bad() : violation.good(id));
        try (PostgresWriter writer = TestingWriter.to(databases.get(tried.major()), violation.table())
                .columns("id", "v")
                .mode(tried.mode())
                .batchSize(BATCH)
                .open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            try (ChannelWriter channel = writer.open(journal)) {
                for (int from = 0; from < ALL; from += RECORDS + RECOVERY) {
                    write(channel, all, from, from + COMMIT_AFTER);
                    write(channel, all, from + COMMIT_AFTER, from + RECORDS);
                    for (int i = 0; i < RECOVERY; i++) {
                        write(channel, all, from + RECORDS + i, from + RECORDS + i + 1);
                    }
                }
            }
        }
    }

    private static void write(ChannelWriter channel, RecordBatch all, int from, int to) {
        channel.write(all.slice(from, to), TestingWriter.SPLIT, BatchEnd.commitPoint());
        channel.flush();
    }

    private static void assertTold(Violation violation, CollectedJournal journal, Set<Integer> bad) {
        assertThat(journal.dirtyRecords())
                .extracting(dirty -> Integer.valueOf(dirty.values().get("id")))
                .containsExactlyElementsOf(bad);
        for (DirtyRecord dirty : journal.dirtyRecords()) {
            assertThat(dirty.table()).isZero();
            assertThat(dirty.values()).containsOnlyKeys("id", "v").containsEntry("v", violation.bad());
            assertThat(dirty.sqlState()).isEqualTo(violation.state());
            assertThat(dirty.constraint()).isEqualTo(violation.constraint());
            assertThat(dirty.message()).contains(violation.message());
        }
    }

    private List<Integer> stored(Case tried) throws SQLException {
        List<Integer> ids = new ArrayList<>();
        String sql = "SELECT id FROM " + tried.violation().table() + " WHERE id >= 0 ORDER BY id";
        try (Statement statement = connections.get(tried.major()).createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                ids.add(row.getInt(1));
            }
        }
        return ids;
    }
}
