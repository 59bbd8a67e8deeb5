package dev.transvase.postgresql.writer;

import dev.transvase.postgresql.writer.parameter.WriteMode;

class UpsertContractIT extends PostgresWriterContract {

    UpsertContractIT() {
        super(WriteMode.UPSERT);
    }
}
