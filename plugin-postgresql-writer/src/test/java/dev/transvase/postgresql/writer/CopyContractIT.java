package dev.transvase.postgresql.writer;

import dev.transvase.postgresql.writer.parameter.WriteMode;

class CopyContractIT extends PostgresWriterContract {

    CopyContractIT() {
        super(WriteMode.COPY);
    }
}
