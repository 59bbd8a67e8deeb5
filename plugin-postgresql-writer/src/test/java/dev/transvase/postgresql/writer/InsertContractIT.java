package dev.transvase.postgresql.writer;

class InsertContractIT extends PostgresWriterContract {

    InsertContractIT() {
        super(WriteMode.INSERT);
    }
}
