package dev.sluice.postgresql.writer;

class InsertContractIT extends PostgresWriterContract {

    InsertContractIT() {
        super(WriteMode.INSERT);
    }
}
