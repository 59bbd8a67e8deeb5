package dev.sluice.postgresql.writer;

class CopyContractIT extends PostgresWriterContract {

    CopyContractIT() {
        super(WriteMode.COPY);
    }
}
