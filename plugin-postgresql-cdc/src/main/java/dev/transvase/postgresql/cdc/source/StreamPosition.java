package dev.transvase.postgresql.cdc.source;

import static dev.transvase.postgresql.cdc.error.CdcErrors.POSITION_UNREADABLE;

import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.spi.Position;
import dev.transvase.spi.error.TransvaseException;
import java.nio.ByteBuffer;

/**
 * How far a stream has come, as it is stored at the target.
 *
 * @param begun whether there is more than the intention: false until the snapshot is complete, when everything has to be
 *     begun once more
 * @param lsn all that was committed before is at the target
 * @param systemId of the server's cluster, in which alone the LSN means something
 * @param context see {@link StoredContext}; the same array as long as what it tells is the same
 */
@SuppressWarnings("ArrayRecordComponent") // handed through
public record StreamPosition(boolean begun, Lsn lsn, long systemId, byte[] context) {

    private static final byte INTENDED = 0;
    private static final byte BEGUN = 1;
    private static final int SIZE = 1 + 2 * Long.BYTES;

    /** What is stored before a slot is made. */
    public static StreamPosition intended(long systemId) {
        return new StreamPosition(false, Lsn.NONE, systemId, new byte[0]);
    }

    /** Whether it is the position of a stream that has begun. */
    public static boolean hasBegun(Position position) {
        return !position.equals(Position.START) && of(position).begun();
    }

    /** For the writer. */
    public Position toPosition() {
        ByteBuffer token = ByteBuffer.allocate(SIZE)
                .put(begun ? BEGUN : INTENDED)
                .putLong(lsn.value())
                .putLong(systemId);
        return new Position(token.array(), context, begun ? lsn.toString() : "");
    }

    /** What {@link #toPosition} made. */
    public static StreamPosition of(Position position) {
        if (position.token().length != SIZE || position.token()[0] > BEGUN) {
            throw TransvaseException.of(
                    POSITION_UNREADABLE,
                    "the position stored at the target does not belong to this reader, or was stored by a newer version");
        }
        ByteBuffer token = ByteBuffer.wrap(position.token());
        return new StreamPosition(token.get() == BEGUN, new Lsn(token.getLong()), token.getLong(), position.context());
    }
}
