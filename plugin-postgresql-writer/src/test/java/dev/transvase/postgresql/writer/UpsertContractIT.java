package dev.transvase.postgresql.writer;

class UpsertContractIT extends PostgresWriterContract {

    UpsertContractIT() {
        super(WriteMode.UPSERT);
    }
}
