package dev.transvase.postgresql.cdc.table;

import static dev.transvase.postgresql.cdc.error.CdcErrors.TEXT_UNEXPECTED;

import dev.transvase.postgresql.cdc.pgoutput.ChangeHandler;
import dev.transvase.postgresql.cdc.pgoutput.FieldDecoder;
import dev.transvase.postgresql.cdc.pgoutput.Relation;
import dev.transvase.postgresql.cdc.pgoutput.TextDecoders;
import dev.transvase.postgresql.cdc.pgoutput.Tuple;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordKind;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;

/** Makes records of a table's rows as the stream sends them, in the layout of one relation message. */
public final class TableFeed {

    private final Shape shape;
    private final Schema schema;
    private final RecordBatchBuilder builder;

    /** Of each field of a record, which field of the stream's row it is. */
    private final int[] sources;

    /** Of each field of a record, whether it is part of the replica identity. */
    private final boolean[] inIdentity;

    private final FieldDecoder[] decoders;

    /** @param sources of each column of the schema, its place in the relation */
    TableFeed(FollowedTable table, Shape shape, Schema schema, Relation relation, int[] sources) {
        this.shape = shape;
        this.schema = schema;
        this.builder = new RecordBatchBuilder(schema, table.index());
        this.sources = sources.clone();
        this.inIdentity = new boolean[sources.length];
        this.decoders = new FieldDecoder[sources.length];
        for (int i = 0; i < sources.length; i++) {
            inIdentity[i] = relation.columns().get(sources[i]).inIdentity();
            Column column = schema.column(i);
            decoders[i] = TextDecoders.of(column.type()).orElse((data, offset, length, record) -> {
                throw TransvaseException.of(
                        TEXT_UNEXPECTED,
                        "column " + column.name() + " of type " + column.type() + " arrived as text",
                        null);
            });
        }
    }

    /** What the table looks like in the changes that come from here. */
    Shape shape() {
        return shape;
    }

    public Schema schema() {
        return schema;
    }

    public int size() {
        return builder.size();
    }

    public int bytes() {
        return builder.bytes();
    }

    public RecordBatch build() {
        return builder.build();
    }

    /** A row that was added. */
    public void insert(Tuple row) {
        append(RecordKind.INSERT, row);
    }

    /** A row that was changed. What the update did not touch is taken from the old row where that is sent whole. */
    public void update(ChangeHandler.Old kind, Tuple old, Tuple row) {
        boolean whole = kind == ChangeHandler.Old.FULL && !lacksFields(old, row);
        if (kind != ChangeHandler.Old.NONE) {
            appendOld(RecordKind.UPDATE_BEFORE, kind, old, whole);
        }
        builder.beginRecord(RecordKind.UPDATE_AFTER);
        for (int i = 0; i < sources.length; i++) {
            boolean fill = whole && row.kind(sources[i]) == Tuple.UNCHANGED;
            appendField(fill ? old : row, i);
        }
        builder.endRecord();
    }

    /**
     * Whether a row that is said to be whole has its key only. The server sends such ones of a partition without {@code REPLICA
     * IDENTITY FULL} under a root that has it. A value that is large enough to be left out of the new row is never NULL.
     */
    private boolean lacksFields(Tuple old, Tuple row) {
        for (int source : sources) {
            if (row.kind(source) == Tuple.UNCHANGED && old.kind(source) == Tuple.NULL) {
                return true;
            }
        }
        return false;
    }

    /** A row that was removed. */
    public void delete(ChangeHandler.Old kind, Tuple old) {
        appendOld(RecordKind.DELETE, kind, old, kind == ChangeHandler.Old.FULL);
    }

    /** All rows were removed. */
    public void truncate() {
        builder.beginRecord(RecordKind.TRUNCATE);
        for (int i = 0; i < sources.length; i++) {
            builder.appendNull();
        }
        builder.endRecord();
    }

    private void append(RecordKind kind, Tuple row) {
        builder.beginRecord(kind);
        for (int i = 0; i < sources.length; i++) {
            appendField(row, i);
        }
        builder.endRecord();
    }

    /**
     * Of a row that is identified by its key, the server sends all other fields as NULL, which they need not have been.
     *
     * @param whole whether it is identified by all of its fields
     */
    private void appendOld(RecordKind record, ChangeHandler.Old kind, Tuple old, boolean whole) {
        builder.beginRecord(record);
        for (int i = 0; i < sources.length; i++) {
            boolean reported =
                    whole || (kind == ChangeHandler.Old.KEY ? inIdentity[i] : old.kind(sources[i]) != Tuple.NULL);
            if (!reported) {
                builder.appendUnchanged();
            } else {
                appendField(old, i);
            }
        }
        builder.endRecord();
    }

    private void appendField(Tuple row, int field) {
        int source = sources[field];
        switch (row.kind(source)) {
            case Tuple.NULL -> builder.appendNull();
            case Tuple.UNCHANGED -> builder.appendUnchanged();
            case Tuple.BINARY -> builder.appendEncoded(row.data(), row.offset(source), row.length(source));
            default -> decoders[field].append(row.data(), row.offset(source), row.length(source), builder);
        }
    }
}
