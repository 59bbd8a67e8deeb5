package dev.transvase.benchmarks;

/**
 * A job that copies the source table, or its first rows, to the target table.
 *
 * @param rows how many of the first rows
 * @param fetchSize of the reader
 * @param writeMode of the writer
 * @param batchSize of the writer
 * @param channels with more than one the table is split by its key
 */
record CopyJob(long rows, int fetchSize, String writeMode, int batchSize, int channels) {

    static final int DEFAULT_FETCH_SIZE = 512;
    static final int DEFAULT_BATCH_SIZE = 1024;

    /** Of all rows in copy mode, and else with the defaults. */
    static CopyJob of(MeasuredServer server) {
        return new CopyJob(server.rows(), DEFAULT_FETCH_SIZE, "copy", DEFAULT_BATCH_SIZE, 1);
    }

    CopyJob withRows(long count) {
        return new CopyJob(count, fetchSize, writeMode, batchSize, channels);
    }

    CopyJob withFetchSize(int records) {
        return new CopyJob(rows, records, writeMode, batchSize, channels);
    }

    CopyJob withWriteMode(String mode) {
        return new CopyJob(rows, fetchSize, mode, batchSize, channels);
    }

    CopyJob withBatchSize(int records) {
        return new CopyJob(rows, fetchSize, writeMode, records, channels);
    }

    CopyJob withChannels(int count) {
        return new CopyJob(rows, fetchSize, writeMode, batchSize, count);
    }

    /** The job file. */
    String json() {
        return """
                {
                  "type": "job",
                  "version": "2.0",
                  "steps": [
                    {"stepType": "postgresql", "name": "Reader", "category": "reader", "parameter": {
                      "datasource": "measured", "table": "%s", "column": ["*"], "where": "id <= %d",
                      %s "fetchSize": %d}},
                    {"stepType": "postgresql", "name": "Writer", "category": "writer", "parameter": {
                      "datasource": "measured", "table": "%s", "column": ["*"],
                      "writeMode": "%s", "batchSize": %d}}
                  ],
                  "setting": {"errorLimit": {"record": 0}, "speed": {"concurrent": %d}},
                  "order": {"hops": [{"from": "Reader", "to": "Writer"}]}
                }
                """.formatted(
                        OrdersTable.SOURCE,
                        rows,
                        channels > 1 ? "\"splitPk\": \"id\"," : "",
                        fetchSize,
                        OrdersTable.TARGET,
                        writeMode,
                        batchSize,
                        channels);
    }
}
