package dev.sluice.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.spi.Column;
import dev.sluice.spi.RecordBatch;
import dev.sluice.spi.RecordBatchBuilder;
import dev.sluice.spi.RecordKind;
import dev.sluice.spi.Schema;
import dev.sluice.spi.Split;
import dev.sluice.testing.TestingDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many rows at once are found by keys of every type, those of the server's own and others. */
class KeyTypesIT {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int ROWS = 300;

    private static TestingServers servers;

    @BeforeAll
    static void createDatabases() throws SQLException {
        servers = new TestingServers();
        for (TestingDatabase database : List.of(servers.oldest(), servers.newest())) {
            database.execute(
                    "CREATE SCHEMA ext",
                    "CREATE EXTENSION citext SCHEMA ext",
                    "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
                    "CREATE TYPE pair AS (a integer, b text)",
                    "DO $$ BEGIN EXECUTE (SELECT 'CREATE TYPE mood AS ENUM (' || string_agg('''m' || i || '''', ', ')"
                            + " || ')' FROM generate_series(1, 300) i); END $$");
        }
    }

    @AfterAll
    static void dropDatabases() {
        servers.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "smallint         ; i",
                "bigint           ; i * 10000000000",
                "numeric          ; i + 0.50",
                "double precision ; i / 3.0",
                "text             ; 'k' || i",
                "varchar(9)       ; 'k' || i",
                "char(9)          ; 'k' || i",
                "\"char\"         ; chr(i)",
                "bytea            ; decode(lpad(to_hex(i), 8, '0'), 'hex')",
                "uuid             ; md5(i::text)::uuid",
                "date             ; date '2020-01-01' + i",
                "timestamptz      ; timestamptz '2020-01-01 00:00:00.000001+00' + i * interval '1 day'",
                "interval         ; i * interval '1 minute'",
                "inet             ; inet '10.0.0.0' + i",
                "bit varying      ; i::bit(12)::bit varying",
                "jsonb            ; jsonb_build_object('a', i)",
                "integer[]        ; ARRAY[i, NULL]",
                "int4range        ; int4range(i, i + 1)",
                "mood             ; ('m' || i)::mood",
                "positive         ; i",
                "pair             ; ROW(i, 'x')::pair",
                "ext.citext       ; 'K' || i",
            })
    void rowsAreDeletedByIt(String type, String value) throws SQLException {
        for (TestingDatabase database : List.of(servers.oldest(), servers.newest())) {
            for (Column.Encoding encoding : Column.Encoding.values()) {
                deletes(database, type, value, encoding);
            }
        }
    }

    private static void deletes(TestingDatabase database, String type, String value, Column.Encoding natives)
            throws SQLException {
        String source = "s" + NUMBER.incrementAndGet();
        String target = "t" + NUMBER.get();
        int rows = type.equals("\"char\"") ? 126 : ROWS;
        String fill = " SELECT (" + value + ")::" + type + ", i FROM generate_series(1, " + rows + ") i";
        database.execute(
                "CREATE TABLE " + source + " (k " + type + " PRIMARY KEY, i integer)",
                "CREATE TABLE " + target + " (i integer, k " + type + " PRIMARY KEY)",
                "INSERT INTO " + source + " (k, i)" + fill + " WHERE i % 3 > 0",
                "INSERT INTO " + target + " (k, i)" + fill);
        Schema offered = TestingSource.offered(database, source);
        Schema sent = new Schema(
                offered.table(),
                offered.columns().stream()
                        .map(c -> c.encoding() == Column.Encoding.STANDARD ? c : in(natives, c))
                        .toList(),
                offered.wireFormat());
        try (TestingStream stream = new TestingStream(TestingWriter.to(database, target), source, 0, sent)) {
            RecordBatch deleted = deletes(TestingSource.read(database, stream.schema(0)), stream.schema(0));
            Split split = new Split(source, Split.MANY_TABLES, 2, new byte[0], "");
            stream.channel().write(deleted, split, TestingStream.at(1));
            stream.flush();
        }
        assertThat(database.queryForString("SELECT string_agg(i::text, ' ' ORDER BY i) FROM " + target))
                .as("%s, %s", type, natives)
                .isEqualTo(database.queryForString(
                        "SELECT string_agg(i::text, ' ' ORDER BY i) FROM generate_series(3, " + rows + ", 3) i"));
    }

    private static Column in(Column.Encoding encoding, Column column) {
        return new Column(column.name(), column.type(), column.nullable(), column.declaredType(), encoding);
    }

    private static RecordBatch deletes(RecordBatch rows, Schema schema) {
        RecordBatchBuilder builder = new RecordBatchBuilder(schema);
        for (int i = 0; i < rows.size(); i++) {
            builder.appendRecord(RecordKind.DELETE, rows.data(), rows.start(i), rows.start(i + 1) - rows.start(i));
        }
        return builder.build();
    }
}
