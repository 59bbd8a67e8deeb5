package dev.transvase.postgresql.writer.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.writer.Numbers;
import dev.transvase.postgresql.writer.conversion.TargetServer;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.target.RowType;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.transfer.ColumnTransfer;
import dev.transvase.postgresql.writer.transfer.TransferChooser;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import dev.transvase.testing.contract.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchConverterTest {

    private static PgColumn column(String name, int oid, String type) {
        PgType pgType = new PgType(
                oid,
                type,
                new TableName("pg_catalog", type),
                'b',
                Optional.empty(),
                0,
                "out",
                true,
                true,
                0,
                PgType.Parts.NONE);
        return new PgColumn(name, oid, -1, type, false, false, false, PgColumn.NO_IDENTITY, pgType);
    }

    private static TargetTable target(PgColumn... columns) {
        List<ColumnTransfer> transfers = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            transfers.add(
                    TransferChooser.choose(Numbers.SCHEMA, Numbers.SCHEMA.column(i), columns[i], TargetServer.inUtc(18))
                            .orElseThrow());
        }
        TableName table = new TableName("public", "target");
        List<Column> wire = transfers.stream().map(ColumnTransfer::wire).toList();
        return new TargetTable(
                table,
                0,
                Numbers.SCHEMA,
                Schema.of(table, wire),
                transfers,
                new RowType(0, 0, List.of(), List.of()),
                true,
                WriteMode.COPY,
                IntStream.range(0, columns.length).boxed().toList(),
                Optional.empty());
    }

    @Test
    void withoutConversionsTheBatchItselfIsSent() {
        RecordBatch batch = Numbers.batch(0, 10, id -> "x");
        BatchConverter converter = new BatchConverter(0, target(column("a", 23, "integer"), column("b", 25, "text")));
        assertThat(converter.convert(batch, dirty -> {}))
                .singleElement()
                .satisfies(part -> assertThat(part.wire()).isSameAs(batch));
    }

    @Test
    void partsPairRecordsWithWhatTheyBecame() {
        RecordBatch batch = Numbers.batch(32_763, 32_770, id -> id % 2 == 0 ? null : "x" + id);
        BatchConverter converter = new BatchConverter(3, target(column("a", 21, "smallint"), column("b", 25, "text")));
        List<DirtyRecord> dirty = new ArrayList<>();
        List<WriteBatch.Part> parts = converter.convert(batch.slice(2, 7), dirty::add);
        assertThat(dirty).hasSize(2).allSatisfy(d -> assertThat(d.table()).isEqualTo(3));
        assertThat(parts).singleElement().satisfies(part -> {
            assertThat(part.wire().schema().column(0).type()).isEqualTo(Scalar.INT16);
            assertThat(Rows.of(part.wire())).isEqualTo(Rows.of(part.source())).hasSize(3);
        });
        assertThat(converter.convert(batch.slice(5, 7), dirty::add)).isEmpty();
    }

    @Test
    void aRefusedRecordInTheMiddleCutsTheBatch() {
        RecordBatch batch = Numbers.batch(0, 5, id -> id == 2 ? "n".repeat(64) : "n" + id);
        BatchConverter converter = new BatchConverter(0, target(column("a", 23, "integer"), column("b", 19, "name")));
        List<DirtyRecord> dirty = new ArrayList<>();
        List<WriteBatch.Part> parts = converter.convert(batch, dirty::add);
        assertThat(parts).extracting(WriteBatch.Part::size).containsExactly(2, 2);
        assertThat(Rows.of(parts.get(1).source()))
                .isEqualTo(Rows.of(parts.get(1).wire()));
        assertThat(Rows.of(parts.get(1).wire()).get(0)).containsExactly("3", "n3");
        assertThat(dirty).singleElement().satisfies(d -> assertThat(d.message()).startsWith("column b: value nnn"));
    }
}
