package dev.transvase.distribution.jobs;

import dev.transvase.testing.TestingDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A source whose tables are written to by several at once, and changed, made and emptied by one. */
final class ChangingSource implements AutoCloseable {

    private static final int WRITERS = 2;
    private static final int MOST_TABLES = 6;

    private final TestingDatabase source;
    private final TestingDatabase target;
    private final Random random;
    private final List<String> tables = new CopyOnWriteArrayList<>();
    private final List<Integer> regions = new CopyOnWriteArrayList<>();
    private final AtomicInteger next = new AtomicInteger(1);
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicBoolean paused = new AtomicBoolean();
    private final List<CompletableFuture<Void>> writers = new ArrayList<>();
    private final ConcurrentHashMap<Long, Boolean> resting = new ConcurrentHashMap<>();

    /** Numbers names. */
    private int made;

    ChangingSource(TestingDatabase source, TestingDatabase target, Random random) throws SQLException {
        this.source = source;
        this.target = target;
        this.random = random;
        createTable();
        createTable();
        source.execute(
                "CREATE TABLE parted (id int, region int, v int, PRIMARY KEY (id, region)) PARTITION BY LIST (region)",
                "ALTER TABLE parted REPLICA IDENTITY FULL");
        target.execute("CREATE TABLE parted (id int, region int, v int, PRIMARY KEY (id, region))");
        tables.add("parted");
        createPartition();
    }

    /** Begins to write. */
    void work() {
        for (int i = 0; i < WRITERS; i++) {
            long seed = random.nextLong();
            writers.add(CompletableFuture.runAsync(
                    () -> write(new Random(seed)), task -> new Thread(task, "writer").start()));
        }
    }

    private void write(Random chance) {
        while (!stop.get()) {
            try (Connection connection = source.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("SET lock_timeout = '2s'");
                while (!stop.get()) {
                    if (paused.get()) {
                        resting.put(Thread.currentThread().getId(), true);
                    } else {
                        resting.put(Thread.currentThread().getId(), false);
                        tryToTransact(statement, chance);
                    }
                    statement.execute("SELECT pg_sleep(0.01)");
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What it wants to change may have another name or shape by now, or be locked. */
    private void tryToTransact(Statement statement, Random chance) throws SQLException {
        try {
            statement.execute(transaction(chance));
        } catch (SQLException e) {
            if (e.getSQLState().startsWith("08") || e.getSQLState().startsWith("57P")) {
                throw e;
            }
            statement.execute("ROLLBACK");
        }
    }

    private String transaction(Random chance) {
        StringBuilder sql = new StringBuilder("BEGIN;");
        for (int changes = 1 + chance.nextInt(4); changes > 0; changes--) {
            sql.append(change(pick(tables, chance), chance)).append(';');
        }
        return sql.append(chance.nextInt(10) == 0 ? "ROLLBACK" : "COMMIT").toString();
    }

    private String change(String table, Random chance) {
        int id = next.getAndIncrement();
        int other = Math.max(1, id - chance.nextInt(300));
        boolean parted = table.equals("parted");
        return switch (chance.nextInt(4)) {
            case 0 -> "UPDATE " + table + " SET v = v + 1 WHERE id BETWEEN " + other + " AND " + (other + 20);
            case 1 -> "DELETE FROM " + table + " WHERE id = " + other;
            default ->
                parted
                        ? "INSERT INTO parted (id, region, v) VALUES (" + id + ", " + pick(regions, chance) + ", 0)"
                        : "INSERT INTO " + table + " (id, v) VALUES (" + id + ", 0)";
        };
    }

    private static <T> T pick(List<T> list, Random chance) {
        Object[] all = list.toArray();
        @SuppressWarnings("unchecked")
        T picked = (T) all[chance.nextInt(all.length)];
        return picked;
    }

    /** Waits until nobody writes, and says whether they did. */
    boolean pause() {
        if (paused.get()) {
            return false;
        }
        resting.clear();
        paused.set(true);
        while (resting.size() < writers.size() || resting.containsValue(false)) {
            writers.forEach(writer -> {
                if (writer.isDone()) {
                    writer.join();
                    throw new IllegalStateException("a writer has ended");
                }
            });
            Thread.onSpinWait();
        }
        return true;
    }

    void resume() {
        paused.set(false);
    }

    /** Changes something about the tables, and says what. */
    String change() throws SQLException {
        int chance = random.nextInt(100);
        String table = pick(tables, random);
        if (chance < 15 && tables.size() < MOST_TABLES) {
            return createTable();
        } else if (chance < 45) {
            return addColumn(table);
        } else if (chance < 55) {
            return did("TRUNCATE " + table);
        } else if (chance < 65) {
            return createPartition();
        } else if (chance < 75) {
            return attachPartition();
        } else if (chance < 83) {
            return rewrite(table);
        } else if (chance < 90) {
            return renameAndBack(table);
        } else if (chance < 93) {
            return detachPartition();
        } else if (chance < 95) {
            return createAndDropPartition();
        } else if (chance < 97) {
            return detachPartitionForAWhile();
        }
        return dropColumn(table);
    }

    private String did(String... statements) throws SQLException {
        source.execute(statements);
        return String.join("; ", statements);
    }

    private String createTable() throws SQLException {
        String name = "t" + ++made;
        String create = "CREATE TABLE " + name + " (id int" + (made % 2 == 0 ? "" : " PRIMARY KEY") + ", v int)";
        target.execute(create);
        String done = did(
                create,
                "ALTER TABLE " + name + " REPLICA IDENTITY FULL",
                "INSERT INTO " + name + " SELECT -i, 0 FROM generate_series(1, 500) i");
        tables.add(name);
        String publication =
                source.queryForString("SELECT coalesce(max(pg_catalog.quote_ident(pubname)), '') FROM pg_publication");
        if (random.nextInt(3) == 0 && !publication.isEmpty()) {
            done += "; " + did("ALTER PUBLICATION " + publication + " ADD TABLE " + name);
        }
        return done;
    }

    private String addColumn(String table) throws SQLException {
        String column = "c" + ++made;
        String kind = pick(
                List.of("int", "int DEFAULT 7", "text NOT NULL DEFAULT 'x''y'", "numeric(10,2) DEFAULT 1.50"), random);
        return did("ALTER TABLE " + table + " ADD COLUMN " + column + ' ' + kind);
    }

    private String dropColumn(String table) throws SQLException {
        List<String> columns = source.queryForList("SELECT attname FROM pg_attribute WHERE attrelid = '" + table
                + "'::regclass AND attname LIKE 'c%' AND attname <> 'cmin' AND attnum > 0 AND NOT attisdropped");
        return columns.isEmpty()
                ? addColumn(table)
                : did("ALTER TABLE " + table + " DROP COLUMN " + pick(columns, random));
    }

    private String createPartition() throws SQLException {
        int region = ++made;
        String done = did(
                "CREATE TABLE parted_" + region + " PARTITION OF parted FOR VALUES IN (" + region + ')',
                "ALTER TABLE parted_" + region + " REPLICA IDENTITY FULL");
        regions.add(region);
        return done;
    }

    private String attachPartition() throws SQLException {
        int region = ++made;
        String name = "parted_" + region;
        // Elsewhere, so that no pattern means it before.
        String done = did(
                "CREATE SCHEMA IF NOT EXISTS aside",
                "CREATE TABLE aside." + name + " (LIKE parted INCLUDING ALL)",
                "ALTER TABLE aside." + name + " REPLICA IDENTITY FULL",
                "ALTER TABLE parted ATTACH PARTITION aside." + name + " FOR VALUES IN (" + region + ')');
        regions.add(region);
        return done;
    }

    /** Of those that nobody may have looked at yet, too. */
    private String detachPartition() throws SQLException {
        if (regions.size() < 2) {
            return createPartition();
        }
        Integer region = pick(regions, random);
        regions.remove(region);
        String name = partition(region);
        return did("ALTER TABLE parted DETACH PARTITION " + name, "DROP TABLE " + name);
    }

    private String partition(int region) throws SQLException {
        return source.queryForString(
                "SELECT c.oid::regclass::text FROM pg_class c WHERE relname = 'parted_" + region + '\'');
    }

    /** With its rows, with some, or with none that it had. */
    private String detachPartitionForAWhile() throws SQLException {
        int region = pick(regions, random);
        String name = partition(region);
        return did(
                "ALTER TABLE parted DETACH PARTITION " + name,
                "DELETE FROM " + name + " WHERE id % 4 < " + random.nextInt(5),
                "ALTER TABLE parted ATTACH PARTITION " + name + " FOR VALUES IN (" + region + ')');
    }

    /** What comes and goes in no time. */
    private String createAndDropPartition() throws SQLException {
        int region = ++made;
        return did(
                "CREATE TABLE parted_" + region + " PARTITION OF parted FOR VALUES IN (" + region + ')',
                "INSERT INTO parted (id, region, v) VALUES (" + next.getAndIncrement() + ", " + region + ", 0)",
                "DROP TABLE parted_" + region);
    }

    private String rewrite(String table) throws SQLException {
        return did("VACUUM FULL " + table);
    }

    private String renameAndBack(String table) throws SQLException {
        return did(
                "ALTER TABLE " + table + " RENAME TO away",
                "SELECT pg_sleep(" + random.nextInt(3) * 0.6 + ')',
                "ALTER TABLE away RENAME TO " + table);
    }

    /** Has each table's last shape told by a row. */
    void touchAll() throws SQLException {
        for (String table : tables) {
            String columns = table.equals("parted") ? "(id, region, v)" : "(id, v)";
            String region = table.equals("parted") ? regions.get(0) + ", " : "";
            source.execute("INSERT INTO " + table + ' ' + columns + " VALUES (" + next.getAndIncrement() + ", " + region
                    + "1)");
        }
    }

    /** Makes the target's tables as the source's are by now, and empty. */
    void createTargetAnew() throws SQLException {
        for (String table : tables) {
            String columns = source.queryForString("SELECT string_agg(quote_ident(attname) || ' '"
                    + " || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '"
                    + table + "'::regclass AND attnum > 0 AND NOT attisdropped");
            String key = source.queryForString("SELECT coalesce(max(', ' || pg_get_constraintdef(oid)), '')"
                    + " FROM pg_constraint WHERE contype = 'p' AND conrelid = '" + table + "'::regclass");
            target.execute("DROP TABLE " + table, "CREATE TABLE " + table + " (" + columns + key + ')');
        }
    }

    List<String> tables() {
        return List.copyOf(tables);
    }

    /**
     * What of a table is not the same at both; empty when all is.
     *
     * @param without columns that do not count
     */
    String difference(String table, Set<String> without) throws SQLException {
        String columns = source.queryForString("SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)"
                + " FROM pg_attribute WHERE attrelid = '" + table + "'::regclass AND attnum > 0 AND NOT attisdropped"
                + without.stream()
                        .map(column -> " AND attname <> '" + column + '\'')
                        .collect(Collectors.joining()));
        String rows =
                "SELECT t::text, count(*) FROM (SELECT " + columns + " FROM " + table + ") t GROUP BY 1 ORDER BY 1";
        List<List<String>> here = new ArrayList<>(source.query(rows));
        List<List<String>> there;
        try {
            there = new ArrayList<>(target.query(rows));
        } catch (SQLException e) {
            return table + " at the target: " + e.getMessage();
        }
        if (here.equals(there)) {
            return "";
        }
        List<List<String>> missing = new ArrayList<>(here);
        missing.removeAll(there);
        there.removeAll(here);
        return table + " (" + columns + ") lacks " + missing.size() + ' '
                + missing.subList(0, Math.min(5, missing.size())) + " and has besides " + there.size() + ' '
                + there.subList(0, Math.min(5, there.size()));
    }

    @Override
    public void close() {
        stop.set(true);
        writers.forEach(CompletableFuture::join);
    }
}
