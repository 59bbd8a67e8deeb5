package dev.transvase.postgresql.cdc.table;

import dev.transvase.spi.table.TableName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The columns of a table as the stream has them at a position. Stored with the position, since the catalog only tells what
 * they are today.
 *
 * @param oid the table's; 0 in what was stored before it was kept
 * @param columns those that are carried, in the order of the records' fields
 * @param left names of columns that are not carried: not asked for, or added later and to be ignored
 * @param numbers which columns these are, whatever they are called
 */
public record Shape(int oid, List<Attribute> columns, Set<String> left, ColumnNumbers numbers) {

    private static final int WITHOUT_OIDS = 1;
    private static final int WITHOUT_NUMBERS = 2;
    private static final int WITHOUT_HIDDEN = 3;
    private static final int FORMAT = 4;

    public Shape {
        columns = List.copyOf(columns);
        left = Set.copyOf(left);
    }

    /**
     * A column.
     *
     * @param name as the catalog has it
     * @param typeOid its type, which may be a domain
     * @param typmod its type's modifier; -1 when there is none
     */
    public record Attribute(String name, int typeOid, int typmod) {}

    /** The same columns of another table, which has them under numbers of its own. */
    Shape of(int otherOid) {
        return new Shape(otherOid, columns, left, ColumnNumbers.UNKNOWN);
    }

    /** The column of this name. */
    Optional<Attribute> column(String name) {
        return columns.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /** Fit to be stored. */
    public static byte[] toBytes(Map<TableName, Shape> shapes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeInt(shapes.size());
            for (Map.Entry<TableName, Shape> entry : shapes.entrySet()) {
                out.writeUTF(entry.getKey().namespace());
                out.writeUTF(entry.getKey().name());
                out.writeInt(entry.getValue().oid());
                out.writeInt(entry.getValue().columns().size());
                for (Attribute column : entry.getValue().columns()) {
                    out.writeUTF(column.name());
                    out.writeInt(column.typeOid());
                    out.writeInt(column.typmod());
                }
                out.writeInt(entry.getValue().left().size());
                for (String name : entry.getValue().left()) {
                    out.writeUTF(name);
                }
                write(out, entry.getValue().numbers());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, ColumnNumbers numbers) throws IOException {
        out.writeInt(numbers.last());
        out.writeInt(numbers.byName().size());
        for (Map.Entry<String, Integer> number : numbers.byName().entrySet()) {
            out.writeUTF(number.getKey());
            out.writeInt(number.getValue());
        }
        out.writeInt(numbers.hidden().size());
        for (int number : numbers.hidden()) {
            out.writeInt(number);
        }
        out.writeInt(numbers.changedBy().size());
        for (Map.Entry<Integer, Integer> change : numbers.changedBy().entrySet()) {
            out.writeInt(change.getKey());
            out.writeInt(change.getValue());
        }
    }

    private static ColumnNumbers readNumbers(DataInputStream in, int format) throws IOException {
        int last = in.readInt();
        Map<String, Integer> byName = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            byName.put(in.readUTF(), in.readInt());
        }
        Set<Integer> hidden = new HashSet<>();
        for (int left = format == WITHOUT_HIDDEN ? 0 : in.readInt(); left > 0; left--) {
            hidden.add(in.readInt());
        }
        Map<Integer, Integer> changedBy = new HashMap<>();
        for (int left = format == WITHOUT_HIDDEN ? 0 : in.readInt(); left > 0; left--) {
            changedBy.put(in.readInt(), in.readInt());
        }
        return new ColumnNumbers(last, byName, hidden, changedBy);
    }

    /** What {@link #toBytes} made, of this version or an older one. */
    public static Map<TableName, Shape> fromBytes(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int format = in.readByte();
            if (format < WITHOUT_OIDS || format > FORMAT) {
                throw new IOException("format " + format);
            }
            Map<TableName, Shape> shapes = new LinkedHashMap<>();
            for (int tables = in.readInt(); tables > 0; tables--) {
                TableName table = new TableName(in.readUTF(), in.readUTF());
                int oid = format == WITHOUT_OIDS ? 0 : in.readInt();
                List<Attribute> columns = new ArrayList<>();
                for (int left = in.readInt(); left > 0; left--) {
                    columns.add(new Attribute(in.readUTF(), in.readInt(), in.readInt()));
                }
                List<String> ignored = new ArrayList<>();
                for (int left = in.readInt(); left > 0; left--) {
                    ignored.add(in.readUTF());
                }
                ColumnNumbers numbers = format <= WITHOUT_NUMBERS ? ColumnNumbers.UNKNOWN : readNumbers(in, format);
                shapes.put(table, new Shape(oid, columns, Set.copyOf(ignored), numbers));
            }
            return shapes;
        } catch (IOException e) {
            throw new UncheckedIOException("the stored shapes of the tables cannot be read", e);
        }
    }
}
