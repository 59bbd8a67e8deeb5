package dev.transvase.postgresql.writer;

import dev.transvase.postgresql.writer.parameter.WriteMode;

class InsertContractIT extends PostgresWriterContract {

    InsertContractIT() {
        super(WriteMode.INSERT);
    }
}
