package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution;
import dev.transvase.embedded.StopMode;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables join a stream while they and others are written to, and the run is killed, or a server crashes, at each step of that.
 * Nothing is lost, and nothing comes twice.
 */
class KilledJoinsIT {

    private static final int ROWS = 8000;

    /** When a run is killed, while one more table joins. */
    private enum Moment {
        /** The target knows that it is about to be copied. */
        INTENDED,
        /** It is published. */
        PUBLISHED,
        /** There is the snapshot that it is copied from. */
        SLOT,
        COPYING,
        SOURCE_CRASHES,
        TARGET_CRASHES,
        /** The target has a position that is of it too. */
        JOINED
    }

    @TempDir
    private Path folder;

    private SeparatePostgres sourceServer;
    private SeparatePostgres targetServer;
    private TestingDatabase source;
    private TestingDatabase target;
    private TestingJobs jobs;
    private TestingRunner runner;

    private final List<String> tables = new CopyOnWriteArrayList<>();
    private final AtomicBoolean stop = new AtomicBoolean();

    /** Rows that were written to each table after it was made; guarded by the writing thread. */
    private int next = 1_000_000;

    @AfterEach
    void drop() {
        sourceServer.close();
        targetServer.close();
    }

    /** From the oldest to the newest server; the other way round with a system property, since it takes its time. */
    @Test
    void runsAreKilledAtEachStep() throws Exception {
        int oldest = TestingPostgres.oldest().major();
        int newest = TestingPostgres.newest().major();
        boolean forward = !Boolean.getBoolean("transvase.test.backward");
        killedAtEachStep(forward ? oldest : newest, forward ? newest : oldest);
    }

    private void killedAtEachStep(int from, int to) throws Exception {
        sourceServer = SeparatePostgres.start(from, Map.of("synchronous_commit", "on"));
        targetServer = SeparatePostgres.start(to, Map.of("synchronous_commit", "on"));
        source = sourceServer.server().createDatabase();
        target = targetServer.server().createDatabase();
        execute("CREATE TABLE parent (id int PRIMARY KEY)");
        source.execute("ALTER TABLE parent REPLICA IDENTITY FULL");
        jobs = new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
        TestingDistribution transvase = TestingDistribution.unpack(folder.resolve("unpacked"));
        jobs.write(job());
        runner = new TestingRunner(transvase, folder, List.of(), "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        assertThat(runner.runUntilCurrent().code()).isZero();
        CompletableFuture<Void> writing =
                CompletableFuture.runAsync(this::write, task -> new Thread(task, "writer").start());
        for (Moment moment : Moment.values()) {
            create(moment.name().toLowerCase(Locale.ROOT), tables.size() % 2 == 0);
            kill(moment);
        }
        stop.set(true);
        writing.join();
        var ended = runner.runUntilCurrent();
        assertThat(ended.code()).as(ended.toString()).isZero();
        List<String> all = new ArrayList<>(tables);
        all.add("parent");
        for (String table : all) {
            String rows =
                    "SELECT count(*) || ' ' || md5(string_agg(t::text, ',' ORDER BY t::text)) FROM " + table + " t";
            assertThat(target.queryForString(rows)).as(table).isEqualTo(source.queryForString(rows));
        }
        assertThat(tables).hasSize(Moment.values().length);
    }

    private String job() {
        return TestingJobs.job(
                "postgresql-cdc",
                "{\"datasource\": \"source\", \"solutionId\": \"" + source.name()
                        + "\", \"table\": [\"public.*\"], \"newTables\": \"follow\", \"heartbeatSeconds\": 1}",
                "postgresql",
                "{\"datasource\": \"target\", \"column\": [\"*\"], \"writeMode\": \"copy\"}",
                // The copy takes a while.
                "{\"speed\": {\"concurrent\": 2, \"throttle\": true, \"record\": 30000}}");
    }

    private void execute(String sql) throws SQLException {
        source.execute(sql);
        target.execute(sql);
    }

    private void create(String table, boolean keyed) throws SQLException {
        execute("CREATE TABLE " + table + " (id int" + (keyed ? " PRIMARY KEY" : "") + ", v int REFERENCES parent)");
        source.execute(
                "ALTER TABLE " + table + " REPLICA IDENTITY FULL",
                "INSERT INTO " + table + " SELECT i, (SELECT max(id) FROM parent) FROM generate_series(1, " + ROWS
                        + ") i");
        tables.add(table);
    }

    /** Whatever it writes to a table refers to a row of the other that comes with it. */
    private void write() {
        while (!stop.get()) {
            try (Connection connection = source.connect();
                    Statement statement = connection.createStatement()) {
                while (!stop.get()) {
                    StringBuilder sql = new StringBuilder("BEGIN;");
                    int id = next++;
                    sql.append("INSERT INTO parent VALUES (").append(id).append(");");
                    for (String table : tables) {
                        sql.append("INSERT INTO " + table + " VALUES (" + id + ", " + id + ");");
                        sql.append("UPDATE " + table + " SET v = " + id + " WHERE id = " + id % ROWS + ';');
                        sql.append("DELETE FROM " + table + " WHERE id = " + (id - 100) + ';');
                    }
                    statement.execute(sql.append("COMMIT").toString());
                    statement.execute("SELECT pg_sleep(0.01)");
                }
            } catch (SQLException e) {
                String state = String.valueOf(e.getSQLState());
                if (!state.startsWith("08") && !state.startsWith("57P")) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void kill(Moment moment) throws Exception {
        String table = tables.get(tables.size() - 1);
        String before = context();
        Process process = runner.start();
        try {
            while (!come(moment, table, before)) {
                if (!process.isAlive()) {
                    throw new AssertionError(moment + ": ended by itself; it said: " + runner.output());
                }
                target.execute("SELECT pg_sleep(0.005)");
            }
            switch (moment) {
                case SOURCE_CRASHES -> sourceServer.stop(StopMode.IMMEDIATE);
                case TARGET_CRASHES -> targetServer.stop(StopMode.IMMEDIATE);
                default -> {
                    // The run alone is killed.
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        switch (moment) {
            case SOURCE_CRASHES -> sourceServer.start();
            case TARGET_CRASHES -> targetServer.start();
            default -> {
                // Both have gone on.
            }
        }
    }

    private boolean come(Moment moment, String table, String before) throws SQLException {
        return switch (moment) {
            case INTENDED -> !context().equals(before);
            case PUBLISHED ->
                !source.queryForString("SELECT count(*) FROM pg_publication_tables WHERE tablename = '" + table + '\'')
                        .equals("0");
            case SLOT ->
                !source.queryForString("SELECT count(*) FROM pg_replication_slots WHERE temporary")
                        .equals("0");
            case COPYING, SOURCE_CRASHES, TARGET_CRASHES ->
                !target.queryForString("SELECT (pg_relation_size('" + table + "') > 100000)::text")
                        .equals("false");
            case JOINED ->
                target.queryForString("SELECT count(*) FROM " + table + " WHERE id > " + ROWS)
                                        .compareTo("0")
                                > 0
                        && !source.queryForString("SELECT count(*) FROM pg_replication_slots WHERE temporary")
                                .equals("1");
        };
    }

    /** What is stored with the position; it tells of the tables. */
    private String context() throws SQLException {
        return target.queryForString("SELECT coalesce(max(md5(context)), '') FROM transvase_position");
    }
}
