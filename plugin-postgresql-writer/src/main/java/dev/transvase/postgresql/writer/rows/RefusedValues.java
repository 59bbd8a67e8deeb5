package dev.transvase.postgresql.writer.rows;

import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.batch.DirtyRecords;
import dev.transvase.postgresql.writer.batch.SuspectRowException;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.session.TargetSession;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.wire.ByteBuilder;
import dev.transvase.postgresql.writer.wire.TextForm;
import dev.transvase.postgresql.writer.wire.WireBytes;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Column;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the server about a record that it refused: which value it does not take, since of an INSERT it does not say so, and
 * how it prints values that travel in its binary form. Values are handed to the input functions of their columns' types,
 * which is what COPY does and changes nothing.
 *
 * <p>To be called between statements, in a transaction that may be set back in the way given.
 */
final class RefusedValues {

    private static final Logger log = LoggerFactory.getLogger(RefusedValues.class);

    /** A larger record is not sent once more to be asked about. */
    private static final long MOST_BYTES = 64L << 20;

    private final TargetSession session;

    /** Undoes what was tried in a transaction, by rolling it back as a whole or to a savepoint. */
    @FunctionalInterface
    interface SetBack {
        void run() throws SQLException;
    }

    /** Of the table that was asked about last. */
    private List<Input> inputs = List.of();

    private int inputsOf = -1;

    RefusedValues(TargetSession session) {
        this.session = session;
    }

    /**
     * How a type reads a text.
     *
     * @param function its input function, quoted
     * @param arguments what follows the text, as SQL
     */
    private record Input(String function, String arguments) {}

    /**
     * What is known about this record, which was rejected for its data.
     *
     * @param setBack undoes what was tried to find out
     */
    DirtyRecords.Told describe(WriteBatch record, SQLException error, SetBack setBack) {
        try {
            Optional<Integer> column = ofAValue(error) ? find(record, error, setBack) : Optional.empty();
            return new DirtyRecords.Told(column, printed(record));
        } catch (SQLException e) {
            log.debug("asking about a refused record", e);
            return DirtyRecords.Told.NOTHING;
        } finally {
            undo(setBack);
        }
    }

    private static void undo(SetBack setBack) {
        try {
            setBack.run();
        } catch (SQLException e) {
            // The record has been refused either way. What is wrong with the connection shows at the next statement.
            log.debug("undoing what was tried to ask about a refused record", e);
        }
    }

    /** Not of a constraint of the table, but perhaps of one of a domain. */
    private static boolean ofAValue(SQLException error) {
        return SqlErrors.sqlState(error).startsWith("22")
                || error instanceof SuspectRowException
                || !SqlErrors.dataType(error).isEmpty();
    }

    /**
     * The index of the column whose value the server does not take by itself. When there are several it is the one that the
     * server has complained of, else the first.
     *
     * @param setBack makes the transaction usable again after an error
     * @throws SQLException when the server cannot be asked
     */
    Optional<Integer> find(WriteBatch record, SQLException error, SetBack setBack) throws SQLException {
        List<Integer> columns = new ArrayList<>();
        RecordCursor cursor = only(record);
        for (int i = 0; i < record.target().transfers().size(); i++) {
            if (!cursor.isNull(i)) {
                columns.add(i);
            }
        }
        if (columns.isEmpty() || record.wireBytes() > MOST_BYTES) {
            return Optional.empty();
        }
        Optional<SQLException> refusal = refusal(record, columns, error, setBack);
        if (refusal.isEmpty()) {
            return Optional.empty();
        }
        SQLException last = refusal.get();
        int from = 0;
        int to = columns.size();
        while (to - from > 1) {
            int middle = (from + to) / 2;
            Optional<SQLException> half = refusal(record, columns.subList(from, middle), error, setBack);
            if (half.isEmpty()) {
                from = middle; // what was said of all that is left is said of the other half
            } else {
                to = middle;
                last = half.get();
            }
        }
        int first = columns.get(from);
        return Optional.of(saysTheSame(last, error) ? first : meant(record, columns, first, error, setBack));
    }

    private int meant(WriteBatch record, List<Integer> columns, int first, SQLException error, SetBack setBack)
            throws SQLException {
        for (int column : columns) {
            Optional<SQLException> own =
                    column > first ? refusal(record, List.of(column), error, setBack) : Optional.empty();
            if (own.isPresent() && saysTheSame(own.get(), error)) {
                return column;
            }
        }
        return first;
    }

    private static boolean saysTheSame(SQLException own, SQLException error) {
        return SqlErrors.message(own).equals(SqlErrors.message(SuspectRowException.reported(error)));
    }

    private static RecordCursor only(WriteBatch record) {
        RecordCursor cursor = record.parts().get(0).wire().cursor();
        cursor.advance();
        return cursor;
    }

    /** Why the server does not take the values of these columns; empty when it does. */
    private Optional<SQLException> refusal(
            WriteBatch record, List<Integer> columns, SQLException error, SetBack setBack) throws SQLException {
        List<Input> known = inputs(record);
        StringJoiner checks = new StringJoiner(", ", "SELECT ", " FROM (SELECT ?::pg_catalog.text[] AS v) s");
        int texts = 0;
        for (int column : columns) {
            String text = isPrintedByServer(record.target(), column)
                    ? output(record.target(), column)
                    : "pg_catalog.textout(s.v[" + ++texts + "])";
            checks.add(known.get(column).function() + "(" + text
                    + known.get(column).arguments() + ") IS NULL");
        }
        try (PreparedStatement statement = session.connection().prepareStatement(checks.toString())) {
            int parameter = bindPrinted(statement, record, columns);
            statement.setArray(
                    parameter, new PgArray(session.connection(), Oid.TEXT_ARRAY, texts(record, columns, texts)));
            statement.executeQuery().close();
            return Optional.empty();
        } catch (SQLException e) {
            if (!SqlErrors.isDirty(e) && !SqlErrors.sqlState(e).equals(SuspectRowException.sqlState(error))) {
                throw e;
            }
            setBack.run();
            return Optional.of(e);
        }
    }

    /** The values as texts, in one array: as bytes, since what is wrong with them may be that they are no text. */
    private static byte[] texts(WriteBatch record, List<Integer> columns, int count) {
        RecordBatch wire = record.parts().get(0).wire();
        RecordCursor cursor = only(record);
        ByteBuilder bytes = new ByteBuilder(1024);
        byte[] header = new byte[WireBytes.ARRAY_HEADER];
        WireBytes.putArrayHeader(header, Oid.TEXT, count);
        bytes.append(header, 0, header.length);
        for (int column : columns) {
            if (!isPrintedByServer(record.target(), column)) {
                int start = bytes.size();
                bytes.appendInt(0);
                if (record.target().isLabel(column)) {
                    bytes.append(wire.data(), cursor.valueOffset(column), cursor.valueLength(column));
                } else {
                    new TextForm(record.target().wire().column(column), column).append(cursor, wire.data(), bytes);
                }
                bytes.putInt(start, bytes.size() - start - Integer.BYTES);
            }
        }
        return bytes.toByteArray();
    }

    /** The text of the values that are in the server's binary form. */
    private Map<Integer, String> printed(WriteBatch record) throws SQLException {
        RecordCursor cursor = only(record);
        List<Integer> columns = IntStream.range(0, record.target().transfers().size())
                .filter(i -> isPrintedByServer(record.target(), i) && !cursor.isNull(i))
                .boxed()
                .toList();
        if (columns.isEmpty() || record.wireBytes() > MOST_BYTES) {
            return Map.of();
        }
        StringJoiner outputs = new StringJoiner(", ", "SELECT ", "");
        for (int column : columns) {
            outputs.add("pg_catalog.textin(" + output(record.target(), column) + ")");
        }
        Map<Integer, String> texts = new HashMap<>();
        try (PreparedStatement statement = session.connection().prepareStatement(outputs.toString())) {
            bindPrinted(statement, record, columns);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                for (int i = 0; i < columns.size(); i++) {
                    texts.put(columns.get(i), row.getString(i + 1));
                }
            }
        }
        return texts;
    }

    private static String output(TargetTable target, int column) {
        return target.transfers().get(column).target().type().outputFunction() + "((?)[1])";
    }

    /** Binds an array of one element for each value that is in binary, and returns the number of the next parameter. */
    private int bindPrinted(PreparedStatement statement, WriteBatch record, List<Integer> columns) throws SQLException {
        RecordCursor cursor = only(record);
        int parameter = 1;
        for (int column : columns) {
            if (isPrintedByServer(record.target(), column)) {
                PgType type =
                        record.target().transfers().get(column).target().type().effective();
                byte[] value = cursor.getBytes(column);
                byte[] array = new byte[WireBytes.ARRAY_HEADER + Integer.BYTES + value.length];
                int at = WireBytes.putArrayHeader(array, type.oid(), 1);
                WireBytes.putInt(array, at, value.length);
                System.arraycopy(value, 0, array, at + Integer.BYTES, value.length);
                statement.setArray(parameter++, new PgArray(session.connection(), type.arrayOid(), array));
            }
        }
        return parameter;
    }

    /** Whether only the server knows the value's text. */
    private static boolean isPrintedByServer(TargetTable target, int column) {
        PgType type = target.transfers().get(column).target().type().effective();
        return target.wire().column(column).encoding() == Column.Encoding.WIRE
                && !target.isLabel(column)
                && type.arrayOid() != 0;
    }

    private List<Input> inputs(WriteBatch record) throws SQLException {
        if (inputsOf != record.table()) {
            inputs = load(record.target());
            inputsOf = record.table();
        }
        return inputs;
    }

    private List<Input> load(TargetTable target) throws SQLException {
        String sql = "SELECT a.attname, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname),"
                + " CASE WHEN p.pronargs > 1 THEN ', ' || CASE WHEN t.typtype <> 'd' AND t.typelem <> 0"
                + " THEN t.typelem ELSE t.oid END || '::pg_catalog.oid' ELSE '' END"
                + " || CASE WHEN p.pronargs > 2 THEN ', ' || a.atttypmod ELSE '' END"
                + " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
                + " JOIN pg_catalog.pg_proc p ON p.oid = t.typinput"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"
                + " WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = "
                + SqlNames.literal(SqlNames.quote(target.table())) + "::pg_catalog.regclass";
        Map<String, Input> columns = new HashMap<>();
        try (Statement statement = session.connection().createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                columns.put(rows.getString(1), new Input(rows.getString(2), rows.getString(3)));
            }
        }
        return target.transfers().stream()
                .map(t -> columns.get(t.target().name()))
                .toList();
    }
}
