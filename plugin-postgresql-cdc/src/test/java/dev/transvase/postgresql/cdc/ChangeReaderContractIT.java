package dev.transvase.postgresql.cdc;

import dev.transvase.spi.Reader;
import dev.transvase.spi.StoredPositions;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.AbstractChangeReaderContractTest;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class ChangeReaderContractIT extends AbstractChangeReaderContractTest {

    private TestingDatabase database;

    @BeforeEach
    void createTable() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, note text)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, 3000) i");
    }

    @AfterEach
    void dropDatabase() {
        new Following(database, "t").reader().changeCapture().orElseThrow().drop();
        database.close();
    }

    @Override
    protected Reader newReader(StoredPositions stored) {
        return new Following(database, "t").reader(stored);
    }

    /** One of them is larger than a batch. */
    @Override
    protected void change(int number) {
        int rows = number == 3 ? 5000 : 10;
        int first = 10_000 * (number + 1);
        try {
            database.execute("BEGIN; INSERT INTO t SELECT i, repeat('n', 300) FROM generate_series(" + first + ", "
                    + (first + rows) + ") i; UPDATE t SET note = 'changed in " + number + "' WHERE id % 7 = " + number
                    + "; UPDATE t SET id = id + 5000000 WHERE id = " + first + "; DELETE FROM t WHERE id % 11 = "
                    + number
                    + "; COMMIT");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Set<List<String>> rowsAtSource() {
        try {
            return new HashSet<>(database.query("SELECT id, note FROM t"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
