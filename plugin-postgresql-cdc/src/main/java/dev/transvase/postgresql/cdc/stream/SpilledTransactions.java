package dev.transvase.postgresql.cdc.stream;

import static dev.transvase.postgresql.cdc.error.CdcErrors.SPILL_FAILED;

import dev.transvase.postgresql.cdc.pgoutput.PgOutputDecoder;
import dev.transvase.spi.error.TransvaseException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions that the server sends while they are in progress, each in a file until it is committed or rolled back:
 * memory does not grow with them. Used by one thread.
 */
public final class SpilledTransactions implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SpilledTransactions.class);

    private static final int BUFFER = 1 << 16;

    private final SpillFolder folder;
    private final Map<Integer, Spilled> transactions = new HashMap<>();

    /** A transaction's file, and those of its sub-transactions that were rolled back. */
    private record Spilled(Path file, DataOutputStream out, Set<Integer> rolledBack) {}

    /** @param parent where a folder of this stream's own is made when it is needed */
    public SpilledTransactions(Path parent) {
        this.folder = new SpillFolder(parent);
    }

    /**
     * Adds a message of a transaction. Blocks on the disk.
     *
     * @param message with an array, from its position to its limit
     * @throws TransvaseException when the disk does not take it
     */
    void add(int xid, ByteBuffer message) {
        try {
            Spilled spilled = transactions.get(xid);
            if (spilled == null) {
                spilled = open(xid);
            }
            spilled.out().writeInt(message.remaining());
            spilled.out().write(message.array(), message.arrayOffset() + message.position(), message.remaining());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private Spilled open(int xid) throws IOException {
        Path file = folder.file(xid);
        OutputStream made = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Spilled opened =
                new Spilled(file, new DataOutputStream(new BufferedOutputStream(made, BUFFER)), new HashSet<>());
        transactions.put(xid, opened);
        return opened;
    }

    /** Forgets what a transaction, or a sub-transaction of it, has brought. */
    void rollBack(int xid, int subXid) {
        if (xid == subXid) {
            discard(xid);
        } else {
            Spilled spilled = transactions.get(xid);
            if (spilled != null) {
                spilled.rolledBack().add(subXid);
            }
        }
    }

    /** Takes the messages of a transaction. */
    interface Messages {

        /** Takes one, and tells whether to go on. */
        boolean take(ByteBuffer message) throws SQLException, InterruptedException;
    }

    /**
     * Hands on the messages of a transaction that was committed, in their order, and forgets it. Blocks on the disk.
     *
     * @return whether all were taken
     */
    boolean replay(int xid, Messages messages) throws SQLException, InterruptedException {
        Spilled spilled = transactions.get(xid);
        if (spilled == null) {
            return true; // nothing of it was of concern
        }
        boolean goesOn = true;
        try {
            spilled.out().close();
            try (DataInputStream in =
                    new DataInputStream(new BufferedInputStream(Files.newInputStream(spilled.file()), BUFFER))) {
                for (int length = nextLength(in); goesOn && length >= 0; length = nextLength(in)) {
                    ByteBuffer message = ByteBuffer.wrap(in.readNBytes(length));
                    if (message.remaining() < length) {
                        throw new EOFException("the file was truncated");
                    }
                    if (!spilled.rolledBack().contains(PgOutputDecoder.xidOf(message))) {
                        goesOn = messages.take(message);
                    }
                }
            }
        } catch (IOException e) {
            throw failed(e);
        }
        discard(xid);
        return goesOn;
    }

    /** -1 at the end of the file. */
    private static int nextLength(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return -1;
        }
        return first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
    }

    private void discard(int xid) {
        Spilled spilled = transactions.remove(xid);
        if (spilled == null) {
            return;
        }
        try {
            spilled.out().close();
        } catch (IOException e) {
            log.debug("discarding the unwritten rest of a transaction in progress", e);
        }
        try {
            Files.deleteIfExists(spilled.file());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Forgets all of them: the server sends what is still in progress once more. */
    void clear() {
        Set.copyOf(transactions.keySet()).forEach(this::discard);
    }

    private TransvaseException failed(IOException e) {
        return TransvaseException.of(
                SPILL_FAILED,
                "a transaction in progress could not be stored in " + folder.parent() + ": " + e.getMessage()
                        + "; free space there, choose another spillFolder, or set streaming to false, which keeps"
                        + " it on the server's disk",
                e);
    }

    @Override
    public void close() {
        try (folder) {
            clear();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
