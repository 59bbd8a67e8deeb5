package dev.transvase.postgresql.writer;

import dev.transvase.spi.Writer;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordKind;
import dev.transvase.spi.table.Schema;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.AbstractChangeWriterContractTest;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class ChangeWriterContractIT extends AbstractChangeWriterContractTest {

    private TestingDatabase database;

    @BeforeEach
    void createTable() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute("CREATE TABLE target (id integer PRIMARY KEY, name text)");
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    @Override
    protected Writer newWriter() {
        return TestingWriter.to(database, "").open();
    }

    @Override
    protected Schema offered() {
        return Numbers.schema("target");
    }

    @Override
    protected RecordBatch inserts(Schema accepted, int from, int to) {
        RecordBatchBuilder builder = new RecordBatchBuilder(accepted);
        for (int id = from; id < to; id++) {
            builder.beginRecord(RecordKind.INSERT)
                    .appendLong(id)
                    .appendText("name " + id)
                    .endRecord();
        }
        return builder.build();
    }

    @Override
    protected int stored() {
        try {
            return Integer.parseInt(database.queryForString("SELECT count(*) FROM target"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
