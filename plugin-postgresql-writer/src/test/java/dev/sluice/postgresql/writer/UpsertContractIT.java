package dev.sluice.postgresql.writer;

class UpsertContractIT extends PostgresWriterContract {

    UpsertContractIT() {
        super(WriteMode.UPSERT);
    }
}
