package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChangeStream;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordKind;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import dev.transvase.testing.contract.CollectedChecks;
import dev.transvase.testing.contract.CollectedJournal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A stream of changes as a reader sends it, written as the runtime does. Values are in their text form, {@code null} for
 * NULL.
 */
public final class TestingStream implements AutoCloseable {

    /** In place of a value: an update left it as it was. */
    static final String UNCHANGED = new String("unchanged");

    /** Stands for what the source's tables look like. */
    private static final byte[] TABLES = {1};

    private final Split split;
    private final List<Schema> schemas = new ArrayList<>();
    private final PostgresWriter writer;
    private final ChannelWriter channel;
    private final CollectedJournal journal;

    private RecordBatchBuilder builder;
    private int table = -1;
    private long changes;
    private int position;

    /** Plans, begins and opens a writer. */
    TestingStream(TestingWriter to, String name, long tolerated, Schema... offered) {
        this(to, name, new CollectedJournal(tolerated), false, offered);
    }

    TestingStream(TestingWriter to, String name, CollectedJournal journal, boolean fromSnapshot, Schema... offered) {
        this(to, name, journal, journal, fromSnapshot, offered);
    }

    TestingStream(TestingWriter to, String name, CollectedJournal journal, ChangeStream stream, Schema... offered) {
        this(to, name, journal, journal, stream, offered);
    }

    TestingStream(
            TestingWriter to,
            String name,
            CollectedJournal journal,
            WriteJournal told,
            boolean fromSnapshot,
            Schema... offered) {
        this(to, name, journal, told, ChangeStream.of(name, fromSnapshot), offered);
    }

    private TestingStream(
            TestingWriter to,
            String name,
            CollectedJournal journal,
            WriteJournal told,
            ChangeStream stream,
            Schema... offered) {
        this.split = Split.of(name, Split.MANY_TABLES, new byte[0], "").inStage(2);
        this.journal = journal;
        this.writer = to.open();
        try {
            CollectedChecks checks = new CollectedChecks();
            for (WriteTarget target : writer.plan(
                    ReadPlan.of(List.of(offered)).withUnbounded(true).withChanges(stream), checks)) {
                schemas.add(target.accepted());
            }
            assertThat(checks.errors()).isEmpty();
            writer.begin();
            Position stored = writer.positions().orElseThrow().of(name);
            position = stored.equals(Position.START)
                    ? 0
                    : Integer.parseInt(new String(stored.token(), StandardCharsets.US_ASCII));
            channel = writer.open(told);
        } catch (RuntimeException | Error e) {
            writer.close();
            throw e;
        }
    }

    static ReadPlan plan(String name, boolean fromSnapshot, Schema... offered) {
        return ReadPlan.of(List.of(offered)).withUnbounded(true).withChanges(ChangeStream.of(name, fromSnapshot));
    }

    /** What is accepted for a table; tests may change it as a source does. */
    Schema schema(int index) {
        return schemas.get(index);
    }

    void alter(int index, Schema schema) {
        send(BatchEnd.withinTransaction());
        schemas.set(index, schema);
    }

    CollectedJournal journal() {
        return journal;
    }

    ChannelWriter channel() {
        return channel;
    }

    PostgresWriter writer() {
        return writer;
    }

    /** The number of the last position. */
    int position() {
        return position;
    }

    /** How many changes were sent. */
    long changes() {
        return changes;
    }

    TestingStream insert(int to, String... row) {
        return add(to, RecordKind.INSERT, row);
    }

    /** An update whose source tells only what the row is now. */
    TestingStream update(int to, String... row) {
        return add(to, RecordKind.UPDATE_AFTER, row);
    }

    /** An update whose source tells both. */
    TestingStream update(int to, String[] before, String[] after) {
        add(to, RecordKind.UPDATE_BEFORE, before);
        changes--;
        return add(to, RecordKind.UPDATE_AFTER, after);
    }

    TestingStream delete(int to, String... row) {
        return add(to, RecordKind.DELETE, row);
    }

    TestingStream truncate(int to) {
        return add(to, RecordKind.TRUNCATE, new String[schemas.get(to).width()]);
    }

    static String[] row(String... values) {
        return values;
    }

    private TestingStream add(int to, RecordKind kind, String[] row) {
        if (table != to) {
            send(BatchEnd.withinTransaction());
            table = to;
            builder = new RecordBatchBuilder(schemas.get(to), to);
        }
        builder.beginRecord(kind);
        for (int i = 0; i < row.length; i++) {
            append(schemas.get(to).column(i), row[i]);
        }
        builder.endRecord();
        changes++;
        return this;
    }

    @SuppressWarnings("ReferenceEquality") // the marker is no value
    private void append(Column column, String value) {
        if (value == null) {
            builder.appendNull();
        } else if (value == UNCHANGED) {
            builder.appendUnchanged();
        } else if (column.type() == Scalar.INT32 || column.type() == Scalar.INT64 || column.type() == Scalar.INT16) {
            builder.appendLong(Long.parseLong(value));
        } else if (column.type() == Scalar.DECIMAL) {
            builder.appendDecimal(new BigDecimal(value));
        } else if (column.type() instanceof Type.Array) {
            builder.appendArray(List.of(value.split(",")));
        } else {
            builder.appendText(value);
        }
    }

    /** Sends what is there in the midst of a transaction. */
    TestingStream midst() {
        send(BatchEnd.withinTransaction());
        return this;
    }

    /** Ends a transaction of the source. */
    TestingStream commit() {
        position++;
        Position end = at(position);
        if (builder == null) {
            table = 0;
            builder = new RecordBatchBuilder(schemas.get(0), 0);
        }
        send(BatchEnd.resumeAt(end));
        return this;
    }

    /** Ends what comes before the stream itself: nothing is known of the source's tables at this position. */
    TestingStream commitIntention() {
        position++;
        send(BatchEnd.resumeAt(
                Position.of(Integer.toString(position).getBytes(StandardCharsets.US_ASCII), "intention")));
        return this;
    }

    /** Ends a transaction within a batch, which later ones share. */
    TestingStream commitWithin() {
        position++;
        return this;
    }

    public static Position at(int number) {
        return new Position(Integer.toString(number).getBytes(StandardCharsets.US_ASCII), TABLES, "0/" + number);
    }

    private void send(BatchEnd end) {
        if (builder != null) {
            channel.write(builder.build(), split, end);
            builder = null;
            table = -1;
        }
    }

    TestingStream flush() {
        channel.flush();
        return this;
    }

    /** As a process that is killed: what is not committed is gone. */
    @Override
    public void close() {
        try (PostgresWriter closed = writer;
                ChannelWriter first = channel) {
            assertThat(closed).isNotNull();
            assertThat(first).isNotNull();
        }
    }
}
