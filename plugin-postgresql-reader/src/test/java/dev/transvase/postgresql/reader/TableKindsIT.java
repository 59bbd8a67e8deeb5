package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row once, whatever holds it and however that is cut. */
class TableKindsIT {

    private static final String ROWS =
            " SELECT n, CASE WHEN n % 4 > 0 THEN n * 7919 % 6007 END, repeat('x', 300) FROM generate_series(1, 2000) n";

    /** A server that reaches itself by a foreign table. */
    private static final String FOREIGN =
            "DO $$ BEGIN EXECUTE format('CREATE SERVER loop FOREIGN DATA WRAPPER postgres_fdw"
                    + " OPTIONS (host %%L, port %%L, dbname %%L)', '127.0.0.1', current_setting('port'), current_database());"
                    + " EXECUTE format('CREATE USER MAPPING FOR CURRENT_USER SERVER loop OPTIONS (user %%L, password %%L)',"
                    + " current_user, '%s'); END $$";

    static List<TestingPostgres> oldestAndNewest() {
        return List.of(TestingPostgres.oldest(), TestingPostgres.newest());
    }

    private TestingDatabase database;

    private boolean stable;

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void allRowsOnceWhateverHoldsThem(TestingPostgres server) throws SQLException {
        try (TestingDatabase created = server.createDatabase()) {
            database = created;
            create();
            if (server.major() >= 11) {
                database.execute("CREATE TABLE parted_rest PARTITION OF parted DEFAULT");
            }
            database.execute("INSERT INTO parted" + ROWS
                    + " WHERE n < 1900 OR current_setting('server_version_num')::int" + " >= 110000");

            // Without NULL where the column excludes it, with a split for it where it may be there.
            assertRead("plain", "id", 10);
            assertRead("plain", "other", 11);
            assertRead("parted", "id", 10);
            assertRead("parted", "other", 11);
            assertRead("parted_none", "id", 1);
            assertRead("base", "id", 11);
            assertRead("kept", "id", 11);

            // What they hold may be another thing for each split, unless the user knows better.
            for (String computed : List.of("seen", "distant", "partly")) {
                assertThat(assertRead(computed, "id", 1)).contains("splitPk");
            }
            stable = true;
            assertRead("seen", "id", 11);

            int ranges = server.major() >= 14 ? 10 : 2;
            assertRead("plain", "", ranges);
            assertRead("parted", "", ranges);
            assertRead("base", "", ranges);
            assertRead("kept", "", ranges);
            assertRead("parted_none", "", 1);
            assertRead("seen", "", 1);

            // Each session of the server at the other end sees a moment of its own.
            assertThat(assertRead("distant", "id", 11)).contains("consistentSnapshot");
            assertThat(assertRead("partly", "id", 11)).contains("consistentSnapshot");
            assertThat(assertRead("seen", "id", 11)).doesNotContain("consistentSnapshot");
            assertThat(assertRead("distant", "", 1)).contains("table").doesNotContain("consistentSnapshot");
            assertRead("partly", "", 1);
        }
    }

    private void create() throws SQLException {
        database.execute(
                "CREATE TABLE plain (id int PRIMARY KEY, other bigint, filler text)",
                "INSERT INTO plain" + ROWS,
                "CREATE VIEW seen AS SELECT * FROM plain",
                "CREATE MATERIALIZED VIEW kept AS SELECT * FROM plain",
                "CREATE TABLE parted (id int NOT NULL, other bigint, filler text) PARTITION BY RANGE (id)",
                "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (MINVALUE) TO (100)",
                "CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (100) TO (1500) PARTITION BY RANGE (id)",
                "CREATE TABLE parted_2_1 PARTITION OF parted_2 FOR VALUES FROM (100) TO (1000)",
                "CREATE TABLE parted_2_2 (filler text, id int NOT NULL, gone int, other bigint)",
                "ALTER TABLE parted_2_2 DROP COLUMN gone",
                "ALTER TABLE parted_2 ATTACH PARTITION parted_2_2 FOR VALUES FROM (1000) TO (1500)",
                "CREATE TABLE parted_3 PARTITION OF parted FOR VALUES FROM (1500) TO (1900)",
                "CREATE TABLE parted_empty PARTITION OF parted FOR VALUES FROM (5000) TO (6000)",
                "CREATE TABLE parted_none (id int NOT NULL, other bigint, filler text) PARTITION BY RANGE (id)",
                "CREATE TABLE base (id int, other bigint, filler text)",
                "CREATE TABLE child (more int) INHERITS (base)",
                "CREATE TABLE grandchild () INHERITS (child)",
                "INSERT INTO base" + ROWS,
                "INSERT INTO child SELECT n + 10000, 1, repeat('y', 300), n FROM generate_series(1, 500) n",
                "INSERT INTO grandchild VALUES (NULL, 1, 'z', 0), (NULL, 1, 'z', 0)",
                "CREATE EXTENSION postgres_fdw",
                FOREIGN.formatted(database.password().replace("'", "''")),
                "CREATE FOREIGN TABLE distant (id int NOT NULL, other bigint, filler text) SERVER loop"
                        + " OPTIONS (table_name 'plain')",
                "CREATE TABLE partly (id int NOT NULL, other bigint, filler text) PARTITION BY RANGE (id)",
                "CREATE TABLE partly_here PARTITION OF partly FOR VALUES FROM (5000) TO (6000)",
                "INSERT INTO partly SELECT n, n, 'here' FROM generate_series(5000, 5999) n",
                "CREATE FOREIGN TABLE partly_there PARTITION OF partly FOR VALUES FROM (1) TO (5000) SERVER loop"
                        + " OPTIONS (table_name 'plain')");
    }

    /** By key, or by position when there is none; gives the parameters that there was a warning of. */
    private List<String> assertRead(String table, String key, int splits) throws SQLException {
        ReaderSetup setup = ReaderSetup.of(database).table(table).column("id", "other", "filler");
        if (stable) {
            setup.splitPkStable();
        }
        try (Reading reading = Reading.of(key.isEmpty() ? setup.byCtid() : setup.splitPk(key), 2)) {
            assertThat(reading.splits).as("splits of %s by %s", table, key).hasSize(splits);
            assertThat(sorted(reading.rows()))
                    .as("%s by %s", table, key)
                    .isEqualTo(sorted(database.query("SELECT id, other, filler FROM " + table)));
            return reading.checks.warnings.stream()
                    .map(RecordedChecks.Finding::parameter)
                    .toList();
        }
    }

    private static List<String> sorted(List<List<String>> rows) {
        List<String> sorted = new ArrayList<>();
        rows.forEach(row -> sorted.add(String.valueOf(row)));
        sorted.sort(null);
        return sorted;
    }
}
