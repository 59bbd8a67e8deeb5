package dev.transvase.postgresql.split;

import static dev.transvase.postgresql.error.PostgresErrors.BAD_SCHEMA;
import static dev.transvase.postgresql.error.PostgresErrors.COLUMN_CHANGED;
import static dev.transvase.spi.error.CommonErrors.BAD_SPLIT;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * All that is needed to read one split: its payload.
 *
 * @param label what is read, for messages
 * @param snapshot the exported snapshot to read; empty for one of its own
 * @param items the columns, in the order of the schema
 * @param from what follows FROM
 * @param conditions a row must meet all of them
 */
public record ReadTask(String label, String snapshot, List<SelectItem> items, String from, List<String> conditions) {

    private static final int FORMAT = 1;

    public ReadTask {
        items = List.copyOf(items);
        conditions = List.copyOf(conditions);
    }

    public ReadTask withSnapshot(String exported) {
        return new ReadTask(label, exported, items, from, conditions);
    }

    public ReadTask and(String condition) {
        List<String> all = new ArrayList<>(conditions);
        all.add(condition);
        return new ReadTask(label, snapshot, items, from, all);
    }

    /** The same rows with other columns. */
    public ReadTask selecting(List<SelectItem> others) {
        return new ReadTask(label, snapshot, others, from, conditions);
    }

    /** The statement that gives rows as this schema has them. */
    public String select(Schema schema) {
        if (schema.width() != items.size()) {
            throw TransvaseException.of(
                    BAD_SCHEMA, label + " has " + items.size() + " columns, its schema " + schema.width(), null);
        }
        StringJoiner list = new StringJoiner(", ");
        for (int i = 0; i < items.size(); i++) {
            list.add(items.get(i).sql(wire(schema, i)));
        }
        return "SELECT " + list + " FROM " + from + where();
    }

    /** What a column is in {@link #select}. */
    public String expression(Schema schema, int column) {
        return items.get(column).sql(wire(schema, column));
    }

    private static boolean wire(Schema schema, int column) {
        return schema.column(column).encoding() == Column.Encoding.WIRE;
    }

    /**
     * Fails when a column is no longer of the type that was planned with: its bytes would be taken for others.
     *
     * @param types those that {@link #select} gives, by OID
     */
    public void requireTypes(Schema schema, List<Integer> types) {
        for (int i = 0; i < items.size(); i++) {
            if (!items.get(i).gives(types.get(i), wire(schema, i))) {
                throw TransvaseException.of(
                        COLUMN_CHANGED,
                        "reading " + label + ": the type of column "
                                + schema.column(i).name() + " was changed after the job was checked; run the job again",
                        null);
            }
        }
    }

    private String where() {
        if (conditions.isEmpty()) {
            return "";
        }
        StringJoiner where = new StringJoiner(" AND ", " WHERE ", "");
        conditions.forEach(where::add);
        return where.toString();
    }

    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            write(out, label);
            write(out, snapshot);
            write(out, from);
            out.writeInt(conditions.size());
            for (String condition : conditions) {
                write(out, condition);
            }
            out.writeInt(items.size());
            for (SelectItem item : items) {
                write(out, item.expression());
                write(out, item.asText());
                out.writeInt(item.typeOid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public static ReadTask fromBytes(byte[] payload) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload))) {
            int format = in.readByte();
            if (format != FORMAT) {
                throw TransvaseException.of(BAD_SPLIT, "the split's format " + format + " is not known", null);
            }
            String label = read(in);
            String snapshot = read(in);
            String from = read(in);
            List<String> conditions = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                conditions.add(read(in));
            }
            List<SelectItem> items = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                items.add(new SelectItem(read(in), read(in), in.readInt()));
            }
            return new ReadTask(label, snapshot, items, from, conditions);
        } catch (IOException e) {
            throw TransvaseException.of(BAD_SPLIT, "the split is incomplete", e);
        }
    }

    /** Not writeUTF: that ends at 64 KiB. */
    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static String read(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
