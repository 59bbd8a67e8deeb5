package dev.transvase.postgresql.writer.conversion;

import dev.transvase.postgresql.writer.wire.WireBytes;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import java.util.List;

/**
 * Does to each element of an array what is done to a value of its type: in binary, an element lies in its array as a field
 * lies in a record, so the elements are looked at as records of one field.
 */
public final class ArrayElements {

    private static final int HEADER = 12;
    private static final int DIMENSION = 8;

    private final Schema elements;

    /** @param element a column of the elements' type */
    public ArrayElements(Column element) {
        this.elements = schema(element);
    }

    private static Schema schema(Column element) {
        return Schema.of(new TableName("", "array"), List.of(element));
    }

    /** A check of arrays that makes this one for each element. */
    public ValueCheck checked(ValueCheck check) {
        return (from, column) -> {
            RecordCursor cursor = elements(from.getBytes(column)).cursor();
            while (cursor.advance()) {
                if (!cursor.isNull(0)) {
                    try {
                        check.check(cursor, 0);
                    } catch (BadValueException e) {
                        throw inElement(cursor, e);
                    }
                }
            }
        };
    }

    /**
     * A conversion of arrays that makes this one for each element.
     *
     * @param target the type of the converted elements
     * @param elementOid the same as the server has it
     */
    public Conversion converted(Conversion conversion, Scalar target, int elementOid) {
        Schema wire = schema(Column.of("element", target));
        return (from, column, to) -> {
            byte[] value = from.getBytes(column);
            byte[] array = join(value, convert(elements(value), conversion, wire), elementOid);
            to.appendEncoded(array, 0, array.length);
        };
    }

    private static RecordBatch convert(RecordBatch elements, Conversion conversion, Schema wire)
            throws BadValueException {
        RecordBatchBuilder builder = new RecordBatchBuilder(wire);
        RecordCursor cursor = elements.cursor();
        while (cursor.advance()) {
            builder.beginRecord();
            if (cursor.isNull(0)) {
                builder.appendNull();
            } else {
                try {
                    conversion.convert(cursor, 0, builder);
                } catch (BadValueException e) {
                    throw inElement(cursor, e);
                }
            }
            builder.endRecord();
        }
        return builder.build();
    }

    private RecordBatch elements(byte[] array) {
        RecordBatchBuilder builder = new RecordBatchBuilder(elements);
        int at = headerLength(array);
        while (at < array.length) {
            int length = WireBytes.getInt(array, at);
            at += Integer.BYTES;
            builder.beginRecord();
            if (length == RecordBatch.NULL) {
                builder.appendNull();
            } else {
                builder.appendEncoded(array, at, length);
                at += length;
            }
            builder.endRecord();
        }
        return builder.build();
    }

    /** The array with other elements in place of its own, as many. */
    private static byte[] join(byte[] array, RecordBatch elements, int elementOid) {
        int header = headerLength(array);
        byte[] joined = new byte[header + elements.bytes() - elements.size() * Short.BYTES];
        System.arraycopy(array, 0, joined, 0, header);
        WireBytes.putInt(joined, WireBytes.ARRAY_ELEMENT_OID, elementOid);
        int at = header;
        for (int i = 0; i < elements.size(); i++) {
            int start = elements.start(i) + Short.BYTES;
            int length = elements.start(i + 1) - start;
            System.arraycopy(elements.data(), start, joined, at, length);
            at += length;
        }
        return joined;
    }

    private static int headerLength(byte[] array) {
        return HEADER + DIMENSION * WireBytes.getInt(array, 0);
    }

    private static BadValueException inElement(RecordCursor cursor, BadValueException e) {
        return new BadValueException(e.sqlState(), "element " + (cursor.index() + 1) + ": " + e.getMessage());
    }
}
