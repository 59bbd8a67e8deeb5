package dev.transvase.postgresql.writer;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.Writer;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.AbstractWriterContractTest;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract of writers, in one mode. */
abstract class PostgresWriterContract extends AbstractWriterContractTest {

    private final WriteMode mode;
    private TestingDatabase database;

    PostgresWriterContract(WriteMode mode) {
        this.mode = mode;
    }

    @BeforeEach
    void createTable() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute("CREATE TABLE target (id bigint PRIMARY KEY, name text, amount double precision)");
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    @Override
    protected Writer newWriter() {
        return TestingWriter.to(database, "target").mode(mode).open();
    }

    @Override
    protected Schema offered() {
        return Schema.of(
                new TableName("", "source"),
                List.of(
                        Column.of("id", Scalar.INT64),
                        Column.of("name", Scalar.TEXT),
                        Column.of("amount", Scalar.FLOAT64)));
    }

    @Override
    protected RecordBatch records(Schema accepted, int from, int to) {
        RecordBatchBuilder builder = new RecordBatchBuilder(accepted);
        for (int id = from; id < to; id++) {
            builder.beginRecord()
                    .appendLong(id)
                    .appendText("name " + id)
                    .appendDouble(id / 8.0)
                    .endRecord();
        }
        return builder.build();
    }

    @Override
    protected List<List<String>> stored() {
        try {
            return database.query("SELECT * FROM target");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
