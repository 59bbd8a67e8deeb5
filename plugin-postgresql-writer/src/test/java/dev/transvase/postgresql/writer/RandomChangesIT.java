package dev.transvase.postgresql.writer;

import static dev.transvase.postgresql.writer.TestingStream.UNCHANGED;
import static dev.transvase.postgresql.writer.TestingStream.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import dev.transvase.testing.TestingDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many changes by chance, of a few rows, come to the same as when they are applied one by one. */
class RandomChangesIT {

    private static final int TRANSACTIONS = 60;
    private static final int KEYS = 12;

    /** A table with a key, one that refers to it, one without a key, and one whose values are unique one by one. */
    private static final List<String> TABLES = List.of("parent", "child", "loose", "unique_values");

    private static TestingServers servers;

    @BeforeAll
    static void createDatabases() {
        servers = new TestingServers();
    }

    @AfterAll
    static void dropDatabases() {
        servers.close();
    }

    private static void create(TestingDatabase database, String schema) throws SQLException {
        database.execute(
                "DROP SCHEMA IF EXISTS " + schema + " CASCADE",
                "CREATE SCHEMA " + schema,
                "CREATE TABLE " + schema + ".parent (id integer PRIMARY KEY, a text, b text)",
                "CREATE TABLE " + schema + ".child (id integer PRIMARY KEY, a text, b text, parent integer REFERENCES "
                        + schema + ".parent ON DELETE CASCADE ON UPDATE CASCADE)",
                "CREATE TABLE " + schema + ".loose (id integer, a text, b text)",
                "CREATE TABLE " + schema + ".unique_values (id integer PRIMARY KEY, a text UNIQUE, b text)");
    }

    private static Schema schema(String table) {
        List<Column> columns = new ArrayList<>(
                List.of(Column.of("id", Scalar.INT32), Column.of("a", Scalar.TEXT), Column.of("b", Scalar.TEXT)));
        if (table.equals("child")) {
            columns.add(Column.of("parent", Scalar.INT32));
        }
        return Schema.of(new TableName("applied", table), columns);
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "true, 2", "true, 3", "true, 4"})
    void comeToTheSame(boolean newest, long seed) throws SQLException {
        TestingDatabase database = newest ? servers.newest() : servers.oldest();
        create(database, "model");
        create(database, "applied");
        Random random = new Random(seed);
        Schema[] schemas = TABLES.stream().map(RandomChangesIT::schema).toArray(Schema[]::new);
        try (Connection connection = database.connect();
                TestingStream stream =
                        new TestingStream(TestingWriter.to(database, ""), "random " + seed, 0, schemas)) {
            Model model = new Model(random, connection, stream);
            for (int i = 0; i < TRANSACTIONS; i++) {
                for (int n = random.nextInt(20); n >= 0; n--) {
                    model.change();
                }
                stream.commit();
                if (random.nextInt(4) == 0) {
                    stream.flush();
                }
            }
            stream.flush();
            assertThat(stream.journal().committedRecords()).isEqualTo(stream.changes());
        }
        for (String table : TABLES) {
            assertThat(database.query("SELECT * FROM applied." + table + " ORDER BY 1, 2, 3"))
                    .as(table + ", seed " + seed)
                    .isEqualTo(database.query("SELECT * FROM model." + table + " ORDER BY 1, 2, 3"));
        }
    }

    /** Makes changes, and applies each at once to tables of its own. */
    private static final class Model {

        private final Random random;
        private final Connection connection;
        private final TestingStream stream;

        /** Of each table its rows by their id; in the one without a key there may be several of each. */
        private final List<Map<Integer, String[]>> rows =
                List.of(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());

        Model(Random random, Connection connection, TestingStream stream) {
            this.random = random;
            this.connection = connection;
            this.stream = stream;
        }

        void change() throws SQLException {
            int table = random.nextInt(TABLES.size());
            Map<Integer, String[]> known = rows.get(table);
            int id = random.nextInt(KEYS);
            if (random.nextInt(150) == 0 && table > 0) {
                known.clear();
                run("TRUNCATE model." + TABLES.get(table));
                stream.truncate(table);
            } else if (!known.containsKey(id)) {
                insert(table, id);
            } else if (random.nextInt(3) == 0) {
                delete(table, id);
            } else {
                update(table, id);
            }
        }

        private void insert(int table, int id) throws SQLException {
            String[] row = table == 1
                    ? row(Integer.toString(id), value(), value(), anyParent())
                    : row(Integer.toString(id), table == 3 ? unused() : value(), value());
            rows.get(table).put(id, row);
            run("INSERT INTO model." + TABLES.get(table) + " VALUES (" + literals(row) + ")");
            stream.insert(table, row);
        }

        private void delete(int table, int id) throws SQLException {
            String[] row = rows.get(table).remove(id);
            run("DELETE FROM model." + TABLES.get(table) + " WHERE id = " + id);
            stream.delete(table, table != 2 && random.nextBoolean() ? keyOf(row) : row);
            if (table == 0) {
                // As a source does: the deleted rows of the other table follow.
                for (String[] child : List.copyOf(rows.get(1).values())) {
                    if (row[0].equals(child[3])) {
                        rows.get(1).remove(Integer.parseInt(child[0]));
                        stream.delete(1, child);
                    }
                }
            }
        }

        private void update(int table, int id) throws SQLException {
            String[] old = rows.get(table).get(id);
            String[] row = old.clone();
            int other = random.nextInt(KEYS);
            boolean moves = random.nextInt(4) == 0 && !rows.get(table).containsKey(other);
            if (moves) {
                row[0] = Integer.toString(other);
            }
            boolean keepsA = random.nextBoolean();
            row[1] = keepsA ? row[1] : table == 3 ? unused() : value();
            row[2] = value();
            rows.get(table).remove(id);
            rows.get(table).put(Integer.parseInt(row[0]), row);
            run("UPDATE model." + TABLES.get(table) + " SET id = " + row[0] + ", a = " + literal(row[1]) + ", b = "
                    + literal(row[2]) + " WHERE id = " + id);
            String[] told = row.clone();
            if (keepsA && random.nextBoolean()) {
                told[1] = UNCHANGED;
            }
            if (table == 2 || random.nextBoolean()) {
                stream.update(table, old, told);
            } else if (moves) {
                stream.update(table, keyOf(old), told);
            } else {
                stream.update(table, told);
            }
            if (table == 0 && moves) {
                for (String[] child : rows.get(1).values()) {
                    if (old[0].equals(child[3])) {
                        child[3] = row[0];
                        stream.update(1, child);
                    }
                }
            }
        }

        private static String[] keyOf(String[] row) {
            String[] key = row.clone();
            for (int i = 1; i < key.length; i++) {
                key[i] = UNCHANGED;
            }
            return key;
        }

        private String value() {
            return random.nextInt(5) == 0 ? null : "v" + random.nextInt(3);
        }

        /** One of few values, so that a row often gets what another has just given up. */
        private String unused() {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < KEYS + 2; i++) {
                values.add("u" + i);
            }
            rows.get(3).values().forEach(r -> values.remove(r[1]));
            return values.get(random.nextInt(values.size()));
        }

        private String anyParent() {
            List<Integer> parents = List.copyOf(rows.get(0).keySet());
            return parents.isEmpty()
                    ? null
                    : parents.get(random.nextInt(parents.size())).toString();
        }

        private static String literals(String[] row) {
            List<String> literals = new ArrayList<>();
            for (String value : row) {
                literals.add(literal(value));
            }
            return String.join(", ", literals);
        }

        private static String literal(String value) {
            return value == null ? "NULL" : "'" + value + "'";
        }

        private void run(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }
}
