package dev.transvase.postgresql.writer;

class CopyContractIT extends PostgresWriterContract {

    CopyContractIT() {
        super(WriteMode.COPY);
    }
}
