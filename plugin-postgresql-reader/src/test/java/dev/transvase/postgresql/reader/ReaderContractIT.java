package dev.transvase.postgresql.reader;

import dev.transvase.spi.Reader;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.AbstractReaderContractTest;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The contract of readers, for each way to cut a table, and for a query. */
class ReaderContractIT {

    private static TestingDatabase database;

    @BeforeAll
    static void createTable() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, note text)",
                "INSERT INTO t SELECT i, CASE WHEN i % 10 <> 0 THEN 'row ' || i END FROM generate_series(1, 3000) i",
                "ANALYZE t");
    }

    @AfterAll
    static void dropDatabase() {
        database.close();
    }

    private abstract static class Contract extends AbstractReaderContractTest {

        abstract ReaderSetup setup();

        @Override
        protected Reader newReader() {
            return setup().reader();
        }

        @Override
        protected List<List<String>> expected(int channels) {
            try {
                return database.query("SELECT id, note FROM t");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Nested
    class OfATableByKey extends Contract {
        @Override
        ReaderSetup setup() {
            return ReaderSetup.of(database).table("t").splitPk("id");
        }
    }

    @Nested
    class OfATableByPhysicalRanges extends Contract {
        @Override
        ReaderSetup setup() {
            return ReaderSetup.of(database).table("t").byCtid();
        }
    }

    @Nested
    class OfAQuery extends Contract {
        @Override
        ReaderSetup setup() {
            return ReaderSetup.of(database).querySql("SELECT id, note FROM t");
        }
    }
}
