package dev.transvase.postgresql.cdc.pgoutput;

import static dev.transvase.postgresql.cdc.error.CdcErrors.STREAM_MALFORMED;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.util.ByteConverter;

/**
 * Decodes messages of PostgreSQL's output plugin pgoutput, protocol versions 1 and 2, and hands on what they say. Used by one
 * thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">Logical Replication
 *     Message Formats</a>
 */
public final class PgOutputDecoder {

    private static final int TRUNCATE_CASCADE = 1;
    private static final int TRUNCATE_RESTART_IDENTITY = 2;

    private final Tuple old = new Tuple();
    private final Tuple row = new Tuple();

    /**
     * The sub-transaction that a message of a transaction in progress belongs to, which stands behind its first byte.
     *
     * @param message with an array, from its position on
     */
    public static int xidOf(ByteBuffer message) {
        return message.getInt(message.position() + 1);
    }

    /**
     * Decodes one message.
     *
     * @param message with an array, from its position to its limit
     * @param inProgress whether it belongs to a transaction in progress, so that its changes tell their sub-transaction
     * @param handler takes what it says, on this thread
     */
    public void decode(ByteBuffer message, boolean inProgress, ChangeHandler handler)
            throws SQLException, InterruptedException {
        byte type = message.get();
        if (inProgress && carriesXid(type)) {
            message.getInt();
        }
        switch (type) {
            case 'B' -> begin(message, handler);
            case 'C' -> commit(message, handler);
            case 'R' -> handler.relation(relation(message));
            case 'I' -> insert(message, handler);
            case 'U' -> update(message, handler);
            case 'D' -> delete(message, handler);
            case 'T' -> truncate(message, handler);
            case 'S' -> handler.streamStart(message.getInt(), message.get() != 0);
            case 'E' -> handler.streamStop();
            case 'c' -> streamCommit(message, handler);
            case 'A' -> handler.streamAbort(message.getInt(), message.getInt());
            case 'O', 'Y', 'M' -> {
                // Where a transaction comes from, the name of a type, a message of somebody's: of no concern here.
            }
            default ->
                throw TransvaseException.of(
                        STREAM_MALFORMED, "the server sent a message of unknown type '" + (char) type + "'", null);
        }
    }

    /** Whether a message of this type is part of a transaction's contents, rather than of its frame. */
    public static boolean carriesXid(byte type) {
        return switch (type) {
            case 'R', 'Y', 'I', 'U', 'D', 'T', 'M' -> true;
            default -> false;
        };
    }

    private static void begin(ByteBuffer message, ChangeHandler handler) {
        Lsn commit = new Lsn(message.getLong());
        long micros = message.getLong();
        handler.begin(commit, micros, message.getInt());
    }

    private static void commit(ByteBuffer message, ChangeHandler handler) throws InterruptedException {
        message.get(); // flags, none defined
        message.getLong(); // where the commit itself is
        Lsn end = new Lsn(message.getLong());
        handler.commit(end, message.getLong());
    }

    private static void streamCommit(ByteBuffer message, ChangeHandler handler)
            throws SQLException, InterruptedException {
        int xid = message.getInt();
        message.get();
        Lsn commit = new Lsn(message.getLong());
        Lsn end = new Lsn(message.getLong());
        handler.streamCommit(xid, commit, end, message.getLong());
    }

    private static Relation relation(ByteBuffer message) {
        int oid = message.getInt();
        String namespace = string(message);
        String name = string(message);
        char identity = (char) message.get();
        int count = message.getShort();
        List<Relation.Attribute> columns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean inIdentity = (message.get() & 1) != 0;
            String column = string(message);
            columns.add(new Relation.Attribute(column, inIdentity, message.getInt(), message.getInt()));
        }
        // The system's own schema goes by no name.
        return new Relation(
                oid, new TableName(namespace.isEmpty() ? "pg_catalog" : namespace, name), identity, columns);
    }

    private void insert(ByteBuffer message, ChangeHandler handler) throws SQLException, InterruptedException {
        int relation = message.getInt();
        expect(message.get(), 'N');
        read(message, row);
        handler.insert(relation, row);
    }

    private void update(ByteBuffer message, ChangeHandler handler) throws SQLException, InterruptedException {
        int relation = message.getInt();
        byte next = message.get();
        ChangeHandler.Old kind = ChangeHandler.Old.NONE;
        if (next == 'K' || next == 'O') {
            kind = kind(next);
            read(message, old);
            next = message.get();
        }
        expect(next, 'N');
        read(message, row);
        handler.update(relation, kind, old, row);
    }

    private void delete(ByteBuffer message, ChangeHandler handler) throws SQLException, InterruptedException {
        int relation = message.getInt();
        byte next = message.get();
        if (next != 'K' && next != 'O') {
            throw malformed("a delete with '" + (char) next + "'");
        }
        read(message, old);
        handler.delete(relation, kind(next), old);
    }

    private static ChangeHandler.Old kind(byte next) {
        return next == 'K' ? ChangeHandler.Old.KEY : ChangeHandler.Old.FULL;
    }

    private static void truncate(ByteBuffer message, ChangeHandler handler) throws SQLException, InterruptedException {
        int[] relations = new int[message.getInt()];
        int options = message.get();
        for (int i = 0; i < relations.length; i++) {
            relations[i] = message.getInt();
        }
        handler.truncate(relations, (options & TRUNCATE_CASCADE) != 0, (options & TRUNCATE_RESTART_IDENTITY) != 0);
    }

    private static void read(ByteBuffer message, Tuple tuple) {
        int fields = message.getShort();
        byte[] data = message.array();
        tuple.reset(data, fields);
        int at = message.arrayOffset() + message.position();
        for (int i = 0; i < fields; i++) {
            byte kind = data[at++];
            int length = 0;
            if (kind == Tuple.BINARY || kind == Tuple.TEXT) {
                length = ByteConverter.int4(data, at);
                at += Integer.BYTES;
            } else if (kind != Tuple.NULL && kind != Tuple.UNCHANGED) {
                throw malformed("a field of kind '" + (char) kind + "'");
            }
            tuple.set(i, kind, at, length);
            at += length;
        }
        message.position(at - message.arrayOffset());
    }

    private static String string(ByteBuffer message) {
        int start = message.position();
        int end = start;
        while (message.get(end) != 0) {
            end++;
        }
        String text = new String(message.array(), message.arrayOffset() + start, end - start, StandardCharsets.UTF_8);
        message.position(end + 1);
        return text;
    }

    private static void expect(byte found, char expected) {
        if (found != expected) {
            throw malformed("'" + (char) found + "' where '" + expected + "' was expected");
        }
    }

    private static TransvaseException malformed(String what) {
        return TransvaseException.of(STREAM_MALFORMED, "the server sent " + what, null);
    }
}
