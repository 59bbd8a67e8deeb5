package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Split;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordKind;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.testing.TestingDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many rows at once are found by keys of types of all kinds. */
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
                "cidr             ; inet '10.0.0.0' + i",
                "macaddr          ; ('08:00:2b:01:' || lpad(to_hex(i / 256), 2, '0') || ':' || lpad(to_hex(i % 256), 2, '0'))",
                "name             ; 'k' || i",
                "oid              ; i",
                "oidvector        ; i || ' 1'",
                "regprocedure     ; (ARRAY(SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 11 ORDER BY oid))[i]",
                "money            ; i",
                "real             ; i",
                "time             ; time '00:00' + i * interval '1 minute'",
                "timetz           ; (time '00:00' + i * interval '1 minute')::text || '+01'",
                "pg_lsn           ; '0/' || to_hex(i)",
                "bit(12)          ; i::bit(12)",
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
            String source = "s" + NUMBER.incrementAndGet();
            database.execute("CREATE TABLE " + source + " (k " + type + " PRIMARY KEY, i integer)");
            Schema offered = TestingSource.offered(database, source);
            deletes(database, type, value, offered);
            if (offered.columns().get(0).encoding() == Column.Encoding.WIRE) {
                List<Column> asText =
                        offered.columns().stream().map(KeyTypesIT::asText).toList();
                deletes(
                        database,
                        type,
                        value,
                        Schema.of(offered.table(), asText).withWireFormat(offered.wireFormat()));
            }
        }
    }

    private static Column asText(Column column) {
        return Column.of(column.name(), column.type())
                .withNullable(column.nullable())
                .withDeclaredType(column.declaredType());
    }

    private static void deletes(TestingDatabase database, String type, String value, Schema offered)
            throws SQLException {
        String source = offered.table().name();
        String target = "t" + NUMBER.incrementAndGet();
        int rows = type.equals("\"char\"") ? 126 : ROWS;
        String fill = " SELECT (" + value + ")::" + type + ", i FROM generate_series(1, " + rows + ") i";
        database.execute(
                "TRUNCATE " + source,
                "CREATE TABLE " + target + " (i integer, k " + type + " PRIMARY KEY)",
                "INSERT INTO " + source + " (k, i)" + fill + " WHERE i % 3 > 0",
                "INSERT INTO " + target + " (k, i)" + fill);
        try (TestingStream stream = new TestingStream(TestingWriter.to(database, target), target, 0, offered)) {
            RecordBatch deleted = deletes(TestingSource.read(database, stream.schema(0)), stream.schema(0));
            Split split = Split.of(target, Split.MANY_TABLES, new byte[0], "").inStage(2);
            stream.channel().write(deleted, split, BatchEnd.resumeAt(TestingStream.at(1)));
            stream.flush();
        }
        assertThat(database.queryForString("SELECT string_agg(i::text, ' ' ORDER BY i) FROM " + target))
                .as("%s, %s", type, offered)
                .isEqualTo(database.queryForString(
                        "SELECT string_agg(i::text, ' ' ORDER BY i) FROM generate_series(3, " + rows + ", 3) i"));
    }

    @Test
    void onlyAnIndexIsAskedForAllKeysAtOnce() throws SQLException {
        TestingDatabase database = servers.newest();
        database.execute(
                "CREATE TABLE asked (statement text)",
                "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO asked VALUES (current_query()); RETURN NULL; END'",
                "CREATE TABLE indexed (id integer PRIMARY KEY, name text)",
                "CREATE TABLE bare (id integer, name text)",
                "CREATE TABLE parted (id integer PRIMARY KEY, name text) PARTITION BY RANGE (id)",
                "CREATE TABLE parted1 PARTITION OF parted DEFAULT",
                "CREATE TABLE mother (id integer PRIMARY KEY, name text)",
                "CREATE TABLE daughter () INHERITS (mother)",
                "CREATE TABLE collated (id text NOT NULL, name text)",
                "CREATE UNIQUE INDEX ON collated (id COLLATE \"C\")");
        TestingWriter writer = TestingWriter.to(database, "");
        assertThat(deleting(database, "indexed", writer))
                .contains(" OPERATOR(pg_catalog.=) ANY (ARRAY(")
                .doesNotContain(" USING ");
        assertThat(deleting(database, "bare", writer.key("id")))
                .contains(" USING ")
                .doesNotContain(" ANY ");
        assertThat(deleting(database, "parted", writer)).contains(" USING ").doesNotContain(" ANY ");
        assertThat(deleting(database, "mother", writer)).contains(" USING ").doesNotContain(" ANY ");
        assertThat(deleting(database, "collated", writer)).contains(" USING ").doesNotContain(" ANY ");
    }

    /** The statement that deletes from a table. */
    private static String deleting(TestingDatabase database, String table, TestingWriter writer) throws SQLException {
        database.execute(
                "DELETE FROM asked",
                "INSERT INTO " + table + " VALUES (1, 'one'), (2, 'two'), (3, 'three')",
                "CREATE TRIGGER note AFTER DELETE ON " + table + " FOR EACH STATEMENT EXECUTE PROCEDURE note()");
        try (TestingStream stream = new TestingStream(writer, table, 0, Numbers.schema(table))) {
            stream.delete(0, "1", "one").delete(0, "3", "three").commit().flush();
        }
        assertThat(database.queryForList("SELECT id FROM " + table)).containsExactly("2");
        return database.queryForString("SELECT statement FROM asked");
    }

    private static RecordBatch deletes(RecordBatch rows, Schema schema) {
        RecordBatchBuilder builder = new RecordBatchBuilder(schema);
        for (int i = 0; i < rows.size(); i++) {
            builder.appendRecord(RecordKind.DELETE, rows.data(), rows.start(i), rows.start(i + 1) - rows.start(i));
        }
        return builder.build();
    }
}
