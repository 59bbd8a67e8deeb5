package dev.transvase.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.transvase.demo.Comparison.TablePair;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonIT {
    private static TestingDatabase source;
    private static TestingDatabase target;

    /** The rows come from hashes only, so that two servers asked to make them have the same ones. */
    @BeforeAll
    static void fillBoth() throws SQLException {
        source = TestingPostgres.major(14).createDatabase();
        target = TestingPostgres.newest().createDatabase();
        for (TestingDatabase database : new TestingDatabase[] {source, target}) {
            try (Connection connection = database.connect()) {
                DemoTables.create(connection);
                DemoTables.fill(connection, 1000);
            }
        }
    }

    @AfterAll
    static void drop() {
        source.close();
        target.close();
    }

    @Test
    void sameRowsOnTwoMajorsAreEqual() throws SQLException {
        Comparison comparison = afterAtTarget("SELECT 1");

        assertThat(comparison.equal()).isTrue();
        assertThat(comparison.tables())
                .extracting(TablePair::table, pair -> pair.source().rows())
                .containsExactly(
                        tuple("shop.orders", 1000L), tuple("shop.\"Customer-Notes\"", 100L), tuple("shop.depots", 5L));
    }

    @Test
    void orderOfRowsDoesNotMatter() throws SQLException {
        Comparison comparison = afterAtTarget("CREATE TEMP TABLE other AS SELECT * FROM shop.orders ORDER BY order_key;"
                + " TRUNCATE shop.orders; INSERT INTO shop.orders SELECT * FROM other");

        assertThat(comparison.equal()).isTrue();
    }

    @Test
    void settingsOfAServerDoNotMatter() throws SQLException {
        Comparison comparison = afterAtTarget("SET TimeZone = 'Asia/Tokyo';"
                + " SET IntervalStyle = 'iso_8601'; SET bytea_output = 'escape'; SET extra_float_digits = -5");

        assertThat(comparison.equal()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE shop.orders SET ordered_at = ordered_at + interval '1 microsecond' WHERE id = 500",
                "UPDATE shop.orders SET note = NULL WHERE id = (SELECT min(id) FROM shop.orders WHERE note = '')",
                "UPDATE shop.orders SET weight = weight * (1 + 3e-16::float8) WHERE id ="
                        + " (SELECT min(id) FROM shop.orders WHERE weight > 0)",
                "UPDATE shop.orders SET signature = signature || '\\x00' WHERE id ="
                        + " (SELECT min(id) FROM shop.orders WHERE signature IS NOT NULL)",
                // What one row has too much another has too little: their sum is the same.
                "UPDATE shop.orders SET amount = amount + CASE id WHEN 1 THEN 1 ELSE -1 END WHERE id IN (1, 2)",
                "DELETE FROM shop.orders WHERE id = 9000000000000",
                // One row twice, another not at all: their number is the same.
                "ALTER TABLE shop.orders DROP CONSTRAINT orders_pkey, DROP CONSTRAINT orders_order_key_key;"
                        + " INSERT INTO shop.orders SELECT * FROM shop.orders WHERE id = 7;"
                        + " DELETE FROM shop.orders WHERE id = 8",
                "TRUNCATE shop.orders"
            })
    void tellsWhichTableDiffers(String change) throws SQLException {
        Comparison comparison = afterAtTarget(change);

        assertThat(comparison.equal()).isFalse();
        assertThat(comparison.tables()).extracting(TablePair::equal).containsExactly(false, true, true);
    }

    @Test
    void textShowsTheDifference() throws SQLException {
        Comparison comparison = afterAtTarget("DELETE FROM shop.depots WHERE code = 'MUC'");

        assertThat(comparison.text().lines())
                .anySatisfy(line -> assertThat(line).startsWith("shop.orders ").endsWith(" yes"))
                .anySatisfy(line -> assertThat(line).matches("shop\\.depots +5 +4 +[0-9a-f]{12} +[0-9a-f]{12} +NO"));
    }

    private static Comparison afterAtTarget(String change) throws SQLException {
        try (Connection left = source.connect();
                Connection right = target.connect()) {
            right.setAutoCommit(false);
            try (Statement statement = right.createStatement()) {
                statement.execute(change);
                return Comparison.of(DemoTable.ALL, left, right);
            } finally {
                right.rollback();
            }
        }
    }
}
