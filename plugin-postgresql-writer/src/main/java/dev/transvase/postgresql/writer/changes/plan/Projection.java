package dev.transvase.postgresql.writer.changes.plan;

import dev.transvase.postgresql.writer.batch.BatchConverter;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.target.RowType;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.transfer.ColumnTransfer;
import dev.transvase.postgresql.writer.wire.RowImage;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Some fields of a layout's records, gathered into batches that the writer's statements take. */
public final class Projection {

    /** Each part of a batch is a message of its own to the server: fewer bytes than this are rather put together. */
    private static final int WORTH_A_PART = 4096;

    private final ChangeLayout layout;
    private final int[] fields;
    private final boolean whole;
    private final TargetTable target;
    private final RecordBatchBuilder builder;
    private final BatchConverter converter;

    /** What was added before the records in the builder. */
    private final List<RecordBatch> added = new ArrayList<>();

    /** @param fields ascending */
    Projection(ChangeLayout layout, int[] fields) {
        this.layout = layout;
        this.fields = fields;
        this.whole = fields.length == layout.source().width();
        this.target = target(layout, fields);
        this.builder = new RecordBatchBuilder(target.accepted());
        this.converter = new BatchConverter(layout.table().index(), target);
    }

    private static TargetTable target(ChangeLayout layout, int[] fields) {
        List<Column> columns = Arrays.stream(fields)
                .mapToObj(field -> layout.transfer(field).source())
                .toList();
        Schema source = layout.source();
        return target(
                layout,
                fields,
                Schema.of(source.table(), columns).withWireFormat(source.wireFormat()),
                IntStream.range(0, fields.length).boxed().toList());
    }

    /**
     * How records get into the layout's table.
     *
     * @param fields of the layout's records
     * @param accepted what the records to be written look like
     * @param places where these fields are in them
     */
    static TargetTable target(ChangeLayout layout, int[] fields, Schema accepted, List<Integer> places) {
        ChangeTable table = layout.table();
        List<ColumnTransfer> transfers =
                Arrays.stream(fields).mapToObj(layout::transfer).toList();
        boolean allBinary = transfers.stream().noneMatch(t -> t.kind() == ColumnTransfer.Kind.TEXT);
        boolean anyWire = transfers.stream().anyMatch(t -> t.source().encoding() == Column.Encoding.WIRE);
        boolean asDelivered =
                fields.length == accepted.width() && transfers.stream().noneMatch(ColumnTransfer::converts);
        Schema wire = asDelivered
                ? accepted
                : Schema.of(
                                accepted.table(),
                                transfers.stream().map(ColumnTransfer::wire).toList())
                        .withWireFormat(accepted.wireFormat());
        boolean copies = table.mode() == WriteMode.COPY && (allBinary || !anyWire);
        return new TargetTable(
                table.table().table(),
                table.table().oid(),
                accepted,
                wire,
                transfers,
                RowType.of(table.table(), table.rowOid(), table.arrayOid(), transfers),
                copies && allBinary,
                copies ? WriteMode.COPY : WriteMode.INSERT,
                places,
                Optional.empty());
    }

    public ChangeLayout layout() {
        return layout;
    }

    public TargetTable target() {
        return target;
    }

    public int[] fields() {
        return fields;
    }

    /** Where a field is among them. */
    public int indexOf(int field) {
        return Arrays.binarySearch(fields, field);
    }

    /** Adds a record to the next batch; it has all of these fields. */
    public void add(RowImage image) {
        if (whole) {
            builder.appendRecord(image.data(), image.start(), image.bytes());
            return;
        }
        builder.beginRecord();
        for (int field : fields) {
            image.append(field, builder);
        }
        builder.endRecord();
    }

    /** Adds records to the next batch; they have all of these fields. Many that have no others are not copied. */
    public void add(RecordBatch records) {
        if (whole && records.bytes() >= WORTH_A_PART) {
            endBuilt();
            added.add(records);
            return;
        }
        RowImage image = new RowImage(layout.source());
        for (int i = 0; i < records.size(); i++) {
            add(image.moveTo(records.data(), records.start(i)));
        }
    }

    private void endBuilt() {
        if (builder.size() > 0) {
            added.add(builder.build());
        }
    }

    /** The records that were added, ready to be sent. */
    public WriteBatch build() throws UnfitValueException {
        endBuilt();
        List<RecordBatch> batches = List.copyOf(added);
        added.clear();
        List<DirtyRecord> dirty = new ArrayList<>();
        List<WriteBatch.Part> parts = new ArrayList<>();
        for (RecordBatch batch : batches) {
            parts.addAll(converter.convert(batch, dirty::add));
        }
        if (!dirty.isEmpty()) {
            throw new UnfitValueException(dirty.get(0));
        }
        return WriteBatch.of(layout.table().index(), target, parts);
    }
}
