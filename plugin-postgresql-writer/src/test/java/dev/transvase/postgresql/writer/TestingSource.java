package dev.transvase.postgresql.writer;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.catalog.PgTypes;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.split.OutputForms;
import dev.transvase.postgresql.split.SelectItem;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import dev.transvase.testing.TestingDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.copy.CopyOut;

/** A table's records as a reader would deliver them: rows of a binary COPY. */
final class TestingSource {

    /** As the readers of PostgreSQL name it. */
    static final String WIRE_FORMAT = "postgresql";

    private TestingSource() {}

    /** All columns, with the binary form of native types on offer where it means the same everywhere. */
    static Schema offered(TestingDatabase database, String table) {
        try (PostgresSession session = session(database)) {
            TableDescription described = TableDescription.describe(session, SqlNames.parseTable(table));
            List<Column> columns = new ArrayList<>();
            for (PgColumn column : described.columns()) {
                Type type = PgTypes.spiType(column.type());
                boolean wire = type instanceof Type.Native && PgTypes.wireCapable(column.type());
                Column offered = Column.of(column.name(), type)
                        .withNullable(!column.notNull())
                        .withDeclaredType(column.declaredType())
                        .withEncoding(wire ? Column.Encoding.WIRE : Column.Encoding.STANDARD)
                        .withDetail(column.type().effective().parts().detail());
                columns.add(column.generated() ? offered.withOrigin(Column.Origin.COMPUTED) : offered);
            }
            return Schema.of(described.table(), columns).withWireFormat(WIRE_FORMAT);
        }
    }

    /** The table's records, native ones in the encoding that was accepted. */
    static RecordBatch read(TestingDatabase database, Schema accepted) throws SQLException {
        try (PostgresSession session = session(database)) {
            TableName table = accepted.table();
            TableDescription described = TableDescription.describe(session, table);
            OutputForms forms = OutputForms.of(session).withoutBytes();
            List<String> expressions = new ArrayList<>();
            for (Column column : accepted.columns()) {
                String name = SqlNames.quote(column.name());
                PgType type = described.column(column.name()).orElseThrow().type();
                expressions.add(
                        SelectItem.of(name, type, column.type(), forms).sql(column.encoding() == Column.Encoding.WIRE));
            }
            String sql = "COPY (SELECT " + String.join(", ", expressions) + " FROM " + SqlNames.quote(table)
                    + ") TO STDOUT (FORMAT binary)";
            return rows(session, sql, accepted);
        }
    }

    private static RecordBatch rows(PostgresSession session, String sql, Schema schema) throws SQLException {
        RecordBatchBuilder builder = new RecordBatchBuilder(schema);
        CopyOut copy = session.pg().getCopyAPI().copyOut(sql);
        boolean first = true;
        for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
            int start = first ? 19 : 0;
            first = false;
            // The end is a message of its own: -1 in place of a number of fields.
            if (row.length - start > 2) {
                builder.appendRecord(row, start, row.length - start);
            }
        }
        return builder.build();
    }

    private static PostgresSession session(TestingDatabase database) {
        return PostgresSession.open(
                TestingWriter.dataSource(database, database.host(), database.port()), "test source");
    }
}
