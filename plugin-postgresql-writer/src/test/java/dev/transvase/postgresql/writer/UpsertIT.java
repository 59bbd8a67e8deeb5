package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Schema;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingJob;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedJournal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows whose key is there are updated, all others inserted, as if records were written one by one in their order. */
class UpsertIT {

    private TestingDatabase database;

    static List<Integer> majors() {
        return TestingPostgres.majors();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private void on(TestingPostgres server, String... sql) throws Exception {
        database = server.createDatabase();
        database.execute(sql);
    }

    /** Writes the table source, in the order in which its rows were inserted. */
    private CollectedJournal write(TestingWriter writer, long tolerated) throws Exception {
        Schema offered = TestingSource.offered(database, "source");
        RecordBatch batch = TestingSource.read(database, writer.plan(offered).accepted());
        CollectedJournal journal = new CollectedJournal(tolerated);
        writer.write(journal, offered, List.of(batch));
        assertThat(journal.committedRecords() + journal.dirtyRecords().size()).isEqualTo(batch.size());
        return journal;
    }

    private TestingWriter upsert(String... conflictKey) {
        return TestingWriter.to(database, "target").upsert(conflictKey);
    }

    private List<List<String>> target() throws Exception {
        return database.query("SELECT * FROM target ORDER BY 1, 2");
    }

    @ParameterizedTest
    @MethodSource("majors")
    void onEveryMajor(int major) throws Exception {
        on(TestingPostgres.major(major));
        updatesWhatIsThereAndInsertsTheRest();
        database.execute("DROP TABLE target, source");
        keysOfSeveralColumnsAreTheSameOnlyWithoutNull(major);
        database.execute("DROP TABLE target, source");
        partitionedTables(major);
    }

    private void updatesWhatIsThereAndInsertsTheRest() throws Exception {
        database.execute(
                "CREATE TABLE target (extra text DEFAULT 'd', id integer PRIMARY KEY, note text)",
                "CREATE TABLE source (note text, id integer)",
                "INSERT INTO source VALUES ('new', 1), ('a', 2), (NULL, 3), ('c', 4), ('b', 2), ('z', 2), ('e', 3)");
        for (int batchSize : new int[] {1024, 3}) {
            database.execute("TRUNCATE target", "INSERT INTO target VALUES ('mine', 1, 'old'), ('mine', 9, 'old')");
            CollectedJournal journal = write(upsert().columns("note", "id").batchSize(batchSize), 0);
            assertThat(journal.committedRecords()).isEqualTo(7);
            assertThat(database.query("SELECT id, note, extra FROM target ORDER BY id"))
                    .containsExactly(
                            List.of("1", "new", "mine"),
                            List.of("2", "z", "d"),
                            List.of("3", "e", "d"),
                            List.of("4", "c", "d"),
                            List.of("9", "old", "mine"));
        }
        // The key as text, which only the server reads.
        database.execute(
                "TRUNCATE target",
                "INSERT INTO target VALUES ('mine', 2, 'old')",
                "ALTER TABLE source ALTER id TYPE text");
        write(upsert("id").columns("note", "id"), 0);
        assertThat(database.queryForList("SELECT note || extra FROM target ORDER BY id"))
                .containsExactly("newd", "zmine", "ed", "cd");
    }

    private void keysOfSeveralColumnsAreTheSameOnlyWithoutNull(int major) throws Exception {
        database.execute(
                "CREATE TABLE target (a integer, b text, note text, UNIQUE (a, b))",
                "CREATE TABLE source (a integer, b text, note text)",
                "INSERT INTO source VALUES (1, NULL, 'x'), (1, 'k', 'p'), (1, NULL, 'y'), (1, 'k', 'q'), (2, 'k', 'r')");
        write(upsert("b", "a"), 0);
        write(upsert("b", "a"), 0);
        assertThat(database.queryForList("SELECT note FROM target ORDER BY note"))
                .containsExactly("q", "r", "x", "x", "y", "y");
        if (major >= 15) {
            database.execute(
                    "TRUNCATE target",
                    "ALTER TABLE target DROP CONSTRAINT target_a_b_key",
                    "ALTER TABLE target ADD UNIQUE NULLS NOT DISTINCT (a, b)");
            write(upsert("b", "a"), 0);
            write(upsert("b", "a"), 0);
            assertThat(database.queryForList("SELECT note FROM target ORDER BY note"))
                    .containsExactly("q", "r", "y");
        }
    }

    private void partitionedTables(int major) throws Exception {
        database.execute(
                "CREATE TABLE target (id integer, note text) PARTITION BY LIST (id)",
                "CREATE TABLE target1 PARTITION OF target FOR VALUES IN (1)",
                "CREATE TABLE target2 (note text, id integer)",
                "ALTER TABLE target ATTACH PARTITION target2 FOR VALUES IN (2)",
                "CREATE TABLE source (id integer, note text)",
                "INSERT INTO source VALUES (1, 'a'), (2, 'b'), (2, 'c'), (3, 'd')");
        if (major < 11) {
            assertThat(upsert().check(Numbers.SCHEMA).errors())
                    .singleElement()
                    .asString()
                    .startsWith("table UPSERT_NOT_POSSIBLE: PostgreSQL 10.")
                    .contains("does not support unique keys on partitioned tables such as public.target");
            return;
        }
        database.execute("ALTER TABLE target ADD PRIMARY KEY (id)", "INSERT INTO target VALUES (1, 'old')");
        assertThat(write(upsert(), 1).dirtyRecords())
                .extracting(DirtyRecord::sqlState)
                .containsExactly("23514");
        assertThat(target()).containsExactly(List.of("1", "a"), List.of("2", "c"));
    }

    @Test
    void theServerSaysWhatIsTheSame() throws Exception {
        on(
                TestingPostgres.newest(),
                "CREATE EXTENSION citext",
                "CREATE DOMAIN folded AS citext",
                "CREATE TYPE pair AS (a numeric, b text)",
                "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        isTheSame("citext", "Aa", "aA");
        isTheSame("numeric", "1.0", "1.00");
        isTheSame("char(5)", "a", "a  ");
        isTheSame("double precision", "0", "-0");
        isTheSame("interval", "1 day", "24:00:00");
        isTheSame("jsonb", "[1.0]", "[1.00]");
        isTheSame("numeric[]", "{1.0,NULL}", "{1.00,NULL}");
        isTheSame("folded", "Aa", "aA");
        isTheSame("text COLLATE ci", "Aa", "aA");
        isTheSame("pair", "(1.0,)", "(1.00,)");
        isTheSame("timestamptz", "2024-01-01 00:00+00", "2024-01-01 01:00+01");
        isTheSame("bytea", "\\x00ff", "\\x00FF");
    }

    private void isTheSame(String type, String one, String other) throws Exception {
        database.execute(
                "CREATE TABLE target (k " + type + " PRIMARY KEY, v integer)",
                "CREATE TABLE source (k " + type + ", v integer)",
                "INSERT INTO source VALUES ('" + one + "', 1), ('" + other + "', 2)");
        String first = database.queryForString("SELECT k::text FROM source WHERE v = 1");
        write(upsert(), 0);
        // A key is what it was when the row was inserted, as it would be one by one.
        assertThat(database.query("SELECT k::text, v FROM target")).containsExactly(List.of(first, "2"));
        database.execute("TRUNCATE target", "ALTER TABLE source ALTER k TYPE text USING k::text");
        write(upsert(), 0);
        assertThat(database.query("SELECT k::text, v FROM target")).containsExactly(List.of(first, "2"));
        database.execute("DROP TABLE target, source");
    }

    @Test
    void theKeysOwnCollationCounts() throws Exception {
        on(
                TestingPostgres.newest(),
                "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "CREATE TABLE target (k text COLLATE ci, v integer)",
                "CREATE UNIQUE INDEX ON target (k COLLATE \"C\")",
                "CREATE TABLE source (k text, v integer)",
                "INSERT INTO source VALUES ('Aa', 1), ('aA', 2), ('Aa', 3)");
        write(upsert("k"), 0);
        assertThat(database.query("SELECT k, v FROM target ORDER BY v"))
                .containsExactly(List.of("aA", "2"), List.of("Aa", "3"));
        database.execute(
                "TRUNCATE target",
                "DROP INDEX target_k_idx",
                "ALTER TABLE target ALTER k TYPE text COLLATE \"default\"",
                "CREATE UNIQUE INDEX ON target (k text_pattern_ops)");
        assertThat(upsert("k").check(TestingSource.offered(database, "source")).errors())
                .isEmpty();
        database.execute("CREATE UNIQUE INDEX ON target (k)");
        write(upsert("k"), 0);
        assertThat(database.query("SELECT k, v FROM target ORDER BY v"))
                .containsExactly(List.of("aA", "2"), List.of("Aa", "3"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 1})
    void columnsThatAnUpdateLeavesAloneKeepTheFirstValue(int batchSize) throws Exception {
        on(
                TestingPostgres.newest(),
                "CREATE TABLE target (id integer PRIMARY KEY, a integer GENERATED ALWAYS AS IDENTITY, note text)",
                "CREATE TABLE source (id integer, a integer, note text)",
                "INSERT INTO source VALUES (1, 10, 'a'), (2, 20, 'b'), (1, 30, 'c')");
        write(upsert().batchSize(batchSize), 0);
        assertThat(target()).containsExactly(List.of("1", "10", "c"), List.of("2", "20", "b"));
        write(upsert().batchSize(batchSize), 0);
        assertThat(target()).containsExactly(List.of("1", "10", "c"), List.of("2", "20", "b"));
        // The key itself may be one, too; and when nothing is left to update, what is there stays.
        database.execute(
                "DROP TABLE target",
                "CREATE TABLE target (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                        + " a integer GENERATED BY DEFAULT AS IDENTITY, note text)");
        write(upsert().batchSize(batchSize), 0);
        assertThat(target()).containsExactly(List.of("1", "30", "c"), List.of("2", "20", "b"));
        database.execute("DROP TABLE target", "CREATE TABLE target (id integer PRIMARY KEY)");
        database.execute("ALTER TABLE source DROP a, DROP note", "INSERT INTO target VALUES (2)");
        assertThat(write(upsert().batchSize(batchSize), 0).committedRecords()).isEqualTo(3);
        assertThat(database.queryForList("SELECT id FROM target ORDER BY id")).containsExactly("1", "2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void badRecordsLeaveTheOthersRight(boolean newest) throws Exception {
        on(
                newest ? TestingPostgres.newest() : TestingPostgres.oldest(),
                "CREATE TABLE target (id smallint PRIMARY KEY, mail text UNIQUE, n integer, CHECK (n < 100))",
                "INSERT INTO target VALUES (1, 'one', 1), (7, 'seven', 7)",
                "CREATE TABLE source (id integer, mail text, n text)",
                "INSERT INTO source SELECT i, 'm' || i, '0' FROM generate_series(100, 1200) i",
                // Of one key: the last is refused, by the table or while it is converted.
                "INSERT INTO source VALUES (1, 'a', '2'), (1, 'b', '3'), (1, 'c', '100'), (1, 'd', 'x')",
                // Taken by another row: that record alone is refused, for a row that is there and for one that is not.
                "INSERT INTO source VALUES (2, 'seven', '1'), (3, 'm100', '1'), (100, 'seven', '9'), (70000, 'e', '1')",
                "INSERT INTO source SELECT i, 'm' || i, '1' FROM generate_series(100, 1200) i");
        CollectedJournal journal = write(upsert(), 10);
        assertThat(journal.dirtyRecords())
                .extracting(d -> d.values().get("id") + " " + d.sqlState())
                .containsExactlyInAnyOrder("1 23514", "1 22P02", "2 23505", "3 23505", "100 23505", "70000 22003");
        assertThat(journal.dirtyRecords())
                .filteredOn(d -> d.sqlState().equals("23505"))
                .extracting(DirtyRecord::constraint)
                .containsOnly("target_mail_key");
        assertThat(database.query("SELECT * FROM target WHERE id < 101 ORDER BY id"))
                .containsExactly(List.of("1", "b", "3"), List.of("7", "seven", "7"), List.of("100", "m100", "1"));
        assertThat(database.queryForString("SELECT count(*) FROM target WHERE n = 1"))
                .isEqualTo("1101");
    }

    @Test
    void aTriggerThatChangesTheKeyIsObeyed() throws Exception {
        on(
                TestingPostgres.newest(),
                "CREATE TABLE target (id integer PRIMARY KEY, name text)",
                "CREATE FUNCTION halve() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN NEW.id := NEW.id / 2; RETURN NEW; END'",
                "CREATE TRIGGER halve BEFORE INSERT ON target FOR EACH ROW EXECUTE PROCEDURE halve()",
                "CREATE TABLE source (id integer, name text)",
                "INSERT INTO source SELECT i, 'n' || i FROM generate_series(0, 99) i");
        assertThat(write(upsert(), 0).committedRecords()).isEqualTo(100);
        assertThat(database.queryForString("SELECT count(*) FROM target WHERE name = 'n' || (2 * id + 1)"))
                .isEqualTo("50");
    }

    @Test
    void whatLackedALaterRowDoesNotReplaceWhatCameBehindIt() throws Exception {
        on(
                TestingPostgres.newest(),
                "CREATE TABLE target (id integer PRIMARY KEY, parent integer REFERENCES target, n integer CHECK (n < 9))",
                "CREATE TABLE source (id integer, parent integer, n integer)",
                "INSERT INTO source VALUES (1, 50, 1), (2, 50, 2), (1, NULL, 3), (3, 99, 4), (4, NULL, 9)",
                "INSERT INTO source SELECT i, NULL, 0 FROM generate_series(30, 60) i");
        CollectedJournal journal = write(upsert(), 2);
        assertThat(journal.dirtyRecords())
                .extracting(d -> d.values().get("id") + " " + d.sqlState())
                .containsExactlyInAnyOrder("3 23503", "4 23514");
        assertThat(database.query("SELECT * FROM target WHERE id < 30 ORDER BY id"))
                .containsExactly(Arrays.asList("1", null, "3"), List.of("2", "50", "2"));
    }

    @Test
    void aBatchIsOneStatement() throws Exception {
        on(
                TestingPostgres.newest(),
                "CREATE TABLE target (id integer PRIMARY KEY, name text)",
                "CREATE SEQUENCE statements",
                "CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM nextval(''statements''); RETURN NULL; END'",
                "CREATE TRIGGER c BEFORE INSERT ON target FOR EACH STATEMENT EXECUTE PROCEDURE count_statement()",
                "CREATE TABLE source (id integer, name text)",
                "INSERT INTO source SELECT i % 3000, 'n' || i FROM generate_series(1, 10240) i");
        write(upsert(), 0);
        assertThat(database.queryForString("SELECT last_value FROM statements")).isEqualTo("10");
        assertThat(database.queryForString("SELECT count(*) FROM target t WHERE name = (SELECT 'n' || max(i)"
                        + " FROM generate_series(1, 10240) i WHERE i % 3000 = t.id)"))
                .isEqualTo("3000");
    }

    /** 64 batches of the first transaction write all of the 20 rows each, those of later ones together. */
    @Test
    void keysThatComeOftenAreWrittenOnceInATransaction() throws Exception {
        on(
                TestingPostgres.newest(),
                "CREATE TABLE source AS SELECT i % 20 AS id, 'v' || i AS name FROM generate_series(1, 20000) i",
                "CREATE TABLE target (id integer PRIMARY KEY, name text)",
                "CREATE SEQUENCE updates",
                "CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM nextval(''updates''); RETURN NULL; END'",
                "CREATE TRIGGER count AFTER UPDATE ON target FOR EACH ROW EXECUTE PROCEDURE counted()");
        assertThat(write(upsert("id").batchSize(100), 0).committedRecords()).isEqualTo(20_000);
        assertThat(database.queryForString("SELECT count(*) FROM target WHERE name = 'v' || (19980 + id)"
                        + " OR (id = 0 AND name = 'v20000')"))
                .isEqualTo("20");
        assertThat(Integer.parseInt(database.queryForString("SELECT last_value FROM updates")))
                .isBetween(20, 64 * 20 + 4 * 20);
    }

    /** A transaction is one statement, which meets its rows in one order: nobody waits in a circle. */
    @Test
    void channelsThatMeetInTheSameRowsNeverGetIntoADeadlock() throws Exception {
        on(
                TestingPostgres.newest(),
                "CREATE TABLE target (id integer PRIMARY KEY, name text)",
                "CREATE TABLE statements (transaction bigint DEFAULT txid_current())",
                "CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO statements DEFAULT VALUES; RETURN NULL; END'",
                "CREATE TRIGGER c BEFORE INSERT ON target FOR EACH STATEMENT EXECUTE PROCEDURE count_statement()");
        CollectedJournal journal = new CollectedJournal(0);
        writeByThreeChannels(journal, "none");
        assertThat(journal.committedRecords()).isEqualTo(3 * 4000);
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("1000");
        assertThat(database.query("SELECT count(*), count(DISTINCT transaction) FROM statements"))
                .containsExactly(List.of("3", "3"));
    }

    /** Also when there are bad records among them: whatever is tried, each transaction is one statement. */
    @Test
    void noDeadlocksWhereChannelsHaveBadRecords() throws Exception {
        on(
                TestingPostgres.newest(),
                "CREATE TABLE target (id integer PRIMARY KEY, name text CHECK (name <> 'bad'))",
                "CREATE TABLE statements (transaction bigint DEFAULT txid_current())",
                "CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO statements DEFAULT VALUES; RETURN NULL; END'",
                "CREATE TRIGGER c BEFORE INSERT ON target FOR EACH STATEMENT EXECUTE PROCEDURE count_statement()");
        CollectedJournal journal = new CollectedJournal(100);
        writeByThreeChannels(journal, "bad");
        assertThat(journal.dirtyRecords()).isNotEmpty();
        assertThat(journal.committedRecords() + journal.dirtyRecords().size()).isEqualTo(3 * 4000);
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("1000");
        assertThat(database.query("SELECT count(*) - count(DISTINCT transaction), count(*) > 3 FROM statements"))
                .containsExactly(List.of("0", "t"));
        assertThat(database.queryForString("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
                .isEqualTo("0");
    }

    private void writeByThreeChannels(CollectedJournal journal, String bad) throws Exception {
        try (PostgresWriter writer = open(upsert().batchSize(500), 3)) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            CompletableFuture<?>[] channels = new CompletableFuture<?>[3];
            for (int i = 0; i < channels.length; i++) {
                int channel = i;
                channels[i] = CompletableFuture.runAsync(() -> write(writer, journal, channel, bad));
            }
            CompletableFuture.allOf(channels).join();
        }
    }

    private static PostgresWriter open(TestingWriter writer, int channels) {
        return new PostgresWriter(
                writer.parameters(),
                writer.source(),
                TestingJob.in(Path.of(".")).withChannels(channels));
    }

    /** The same as in one channel, and each record is counted once however often it is written. */
    @Test
    void inOneOfSeveralChannelsRecordsMayReferToLaterOnes() throws Exception {
        on(
                TestingPostgres.newest(),
                "CREATE TABLE target (id integer PRIMARY KEY, parent integer REFERENCES target, n integer CHECK (n < 9))",
                "CREATE TABLE source (id integer, parent integer, n integer)",
                "INSERT INTO source VALUES (1, 50, 1), (2, 50, 2), (1, NULL, 3), (3, 99, 4), (4, NULL, 9)",
                "INSERT INTO source SELECT i, NULL, 0 FROM generate_series(30, 60) i");
        CollectedJournal journal = new CollectedJournal(2);
        RecordBatch batch;
        try (PostgresWriter writer = open(upsert(), 2)) {
            batch = TestingSource.read(
                    database,
                    TestingWriter.planned(writer, TestingSource.offered(database, "source"))
                            .accepted());
            try (ChannelWriter channel = writer.open(journal)) {
                channel.write(batch, TestingWriter.SPLIT, BatchEnd.commitPoint());
                channel.flush();
            }
        }
        assertThat(journal.dirtyRecords())
                .extracting(d -> d.values().get("id") + " " + d.sqlState())
                .containsExactlyInAnyOrder("3 23503", "4 23514");
        assertThat(journal.committedRecords()).isEqualTo(batch.size() - 2);
        assertThat(database.query("SELECT * FROM target WHERE id < 30 ORDER BY id"))
                .containsExactly(Arrays.asList("1", null, "3"), List.of("2", "50", "2"));
    }

    /** Each channel has the same thousand rows four times, starting elsewhere and every second time backwards. */
    private static void write(PostgresWriter writer, CollectedJournal journal, int channel, String bad) {
        try (ChannelWriter open = writer.open(journal)) {
            for (int round = 0; round < 4; round++) {
                for (int i = 0; i < 10; i++) {
                    int from = 100 * ((round + channel) % 2 == 0 ? i : 9 - i);
                    boolean last = round == 3;
                    open.write(
                            Numbers.batch(from, from + 100, id -> last && id % 300 == 7 ? bad : "c" + channel),
                            TestingWriter.SPLIT,
                            BatchEnd.commitPoint());
                }
            }
            open.flush();
        }
    }
}
