package dev.transvase.postgresql.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.cdc.Following;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.pgoutput.Tuple;
import dev.transvase.postgresql.cdc.source.FirstLook;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.postgresql.cdc.source.StreamedPartitions.Streamed;
import dev.transvase.postgresql.cdc.stream.BatchBuffer.Entry;
import dev.transvase.postgresql.cdc.stream.StreamPump.Settings;
import dev.transvase.postgresql.cdc.stream.StreamPump.Start;
import dev.transvase.postgresql.cdc.table.CatalogColumns;
import dev.transvase.postgresql.cdc.table.ColumnNumbers;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.postgresql.cdc.table.Shape;
import dev.transvase.postgresql.cdc.table.TableFeeds;
import dev.transvase.postgresql.cdc.table.TypeLookup;
import dev.transvase.spi.Position;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When records and positions are handed on. The stream is written by hand, so nothing depends on when the server sends it. */
class StreamBatchesTest implements StreamBatches.Reading {

    private static final int TABLE_OID = 16_400;
    private static final int INT4 = 23;
    private static final int MONEY = 790;
    private static final TableName TABLE = new TableName("public", "t");
    private static final Lsn START = new Lsn(100);

    @TempDir
    private Path folder;

    private final BatchBuffer buffer = new BatchBuffer(1 << 20);
    private long nowNanos;

    /** What tells of columns; each question is answered. */
    private TypeLookup lookup =
            (relation, columns) -> List.of(new TypeLookup.Found(integer(), "integer", Optional.empty(), false));

    /** How far it has come. */
    private final StreamProgress progress = new StreamProgress(START);

    /** Nothing is read that is committed there or later. */
    private Optional<Lsn> before = Optional.empty();

    /** Whether values come in binary at first. */
    private boolean binary;

    private TableFeeds feeds;
    private PositionContext context;
    private Ddl ddl = Following.DDL;

    /** Whether the connection is lost. */
    private boolean broken;

    /** Answers about types, but finds no columns: its transaction is not waited for to the end. */
    private record WithoutColumns(TypeLookup answering, Consumer<BooleanSupplier> asked) implements TypeLookup {

        @Override
        public List<Found> types(int relation, List<Shape.Attribute> columns) throws SQLException {
            return answering.types(relation, columns);
        }

        @Override
        public Optional<CatalogColumns> columns(int relation, int xid, BooleanSupplier goOn) {
            asked.accept(goOn);
            return Optional.empty();
        }
    }

    @Test
    void aCommitIsAnnouncedAlthoughItsRecordsWentOnBefore() throws Exception {
        StreamBatches batches = batches();
        accept(batches, begin(7, 200), relation(), insert(1));
        batches.handOn();
        assertThat(progress.unannounced()).isTrue();
        assertThat(next().end().resumePosition())
                .as("the end of the transaction is not known yet")
                .isEmpty();

        accept(batches, commit(200));

        Entry announced = next();
        assertThat(announced.batch().size()).isZero();
        assertThat(StreamPosition.of(announced.end().resumePosition().orElseThrow())
                        .lsn())
                .isEqualTo(new Lsn(200));
        assertThat(progress.unannounced()).isFalse();
    }

    @Test
    void aCommitOfRecordsThatWaitTravelsWithThem() throws Exception {
        StreamBatches batches = batches();
        accept(batches, begin(7, 200), relation(), insert(1), commit(200));
        assertThat(progress.unannounced()).isTrue();
        batches.handOn();

        Entry entry = next();
        assertThat(entry.batch().size()).isOne();
        assertThat(StreamPosition.of(entry.end().resumePosition().orElseThrow()).lsn())
                .isEqualTo(new Lsn(200));
        assertThat(buffer.take(Duration.ZERO)).isNull();
    }

    @Test
    void recordsOfWholeTransactionsDoNotWaitForThoseToCome() throws Exception {
        StreamBatches batches = batches();
        nowNanos = 1_000_000;
        accept(batches, begin(7, 200), relation(), insert(1));
        assertThat(batches.haveWaited(40_000_000)).as("cannot be committed").isFalse();
        assertThat(batches.haveWaitedInQuiet(1_000_000)).isFalse();
        accept(batches, commit(200));
        assertThat(batches.haveWaited(1_999_999)).isFalse();
        assertThat(batches.haveWaited(2_000_000)).isTrue();
        assertThat(batches.haveWaitedInQuiet(0)).isTrue();
        nowNanos = 1_500_000;
        accept(batches, begin(8, 300), commit(300));
        assertThat(batches.haveWaited(2_000_000)).as("with an empty one behind").isTrue();
        batches.handOn();
        assertThat(batches.haveWaited(100_000_000)).isFalse();
        assertThat(batches.haveWaitedInQuiet(100_000_000)).isFalse();
    }

    /** A description alone says nothing of the target: it may come long before the first row, and the run end in between. */
    @Test
    void anAddedColumnIsKnownFromTheFirstChangeThatHasIt() throws Exception {
        StreamBatches batches = batches();
        accept(batches, begin(7, 200), wideRelation(), commit(200));
        batches.announce();
        assertThat(columns(next())).containsExactly("id");
        accept(batches, begin(8, 300), wideInsert(1), commit(300));
        batches.handOn();
        assertThat(columns(next())).containsExactly("id", "n");
    }

    @Test
    void aTransactionThatAddsAColumnIsTakenUpAsItWasBefore() throws Exception {
        StreamBatches batches = batches();
        ByteBuffer[] half = {begin(7, 200), relation(), insert(1), wideRelation(), wideInsert(2)};
        accept(batches, half);
        batches.takenUp();
        for (ByteBuffer message : half) {
            message.rewind();
        }
        accept(batches, half);
        accept(batches, commit(200));
        batches.handOn();
        assertTwoWideRecordsCome();
    }

    /** The server that answers later may be another one, which counts another transaction under the number. */
    @Test
    void aTransactionIsNotWaitedForOnceTheConnectionIsLost() throws Exception {
        lookup = new WithoutColumns(lookup, goOn -> {
            assertThat(goOn.getAsBoolean()).isTrue();
            broken = true;
            assertThat(goOn.getAsBoolean()).isFalse();
        });
        StreamBatches batches = batches();
        accept(batches, begin(7, 200));
        assertThat(batches.accept(wideRelation(), nowNanos)).isFalse();
        assertThat(progress.boundary()).isEqualTo(START);
    }

    /** What the server does not tell of a column is asked once more over the next connection. */
    @Test
    void aServerThatDoesNotAnswerIsALostConnection() throws Exception {
        SQLException gone = new SQLException("the server has gone");
        lookup = (relation, columns) -> {
            throw gone;
        };
        StreamBatches batches = batches();
        accept(batches, begin(7, 200));
        assertThatThrownBy(() -> accept(batches, wideRelation())).isSameAs(gone);
        assertThat(progress.boundary()).isEqualTo(START);
    }

    @Test
    void aColumnWithoutABinaryFormHasTheStreamTakenUpAsText() throws Exception {
        binary = true;
        lookup = (relation, columns) -> columns.stream()
                .map(column -> new TypeLookup.Found(
                        column.name().equals("id") ? integer() : money(), "any", Optional.empty(), false))
                .toList();
        StreamBatches batches = batches();
        accept(batches, begin(7, 200), relation(), insert(1));
        assertThat(feeds.binary()).isTrue();
        assertThat(batches.accept(wideRelation(), nowNanos)).isFalse();
        assertThat(feeds.binary()).isFalse();
        batches.takenUp();
        accept(batches, begin(7, 200), relation(), insert(1), wideRelation(), wideInsert(2), commit(200));
        batches.handOn();
        assertTwoWideRecordsCome();
    }

    /** The server may describe several relations before it is noticed. */
    @Test
    void nothingOfAStreamedTransactionIsTakenBehindARelationThatIsNotDescribed() throws Exception {
        lookup = new WithoutColumns(lookup, goOn -> {});
        StreamBatches batches = batches();
        accept(batches, streamStart(7), streamed(7, relation()), streamed(7, insert(1)), streamStop());
        assertThat(batches.accept(streamCommit(7, 200), nowNanos)).isFalse();
        assertThat(progress.boundary()).isEqualTo(START);
        assertThat(progress.unannounced()).isFalse();
    }

    /** Else the last one before tables join would count as one behind, and be told although their copies have it. */
    @Test
    void aStreamedTransactionIsCommittedWhereItsCommitStands() throws Exception {
        before = Optional.of(new Lsn(200));
        StreamBatches batches = batches();
        accept(batches, streamCommit(7, 200));
        assertThat(batches.ended()).isFalse();
        assertThat(progress.boundary()).isEqualTo(new Lsn(200));
        accept(batches, streamCommit(8, 201));
        assertThat(batches.ended()).isTrue();
        assertThat(progress.boundary()).isEqualTo(new Lsn(200));
    }

    private void assertTwoWideRecordsCome() throws InterruptedException {
        Entry entry = next();
        int records = entry.batch().size();
        while (entry.end().resumePosition().isEmpty()) {
            entry = next();
            records += entry.batch().size();
        }
        assertThat(records).isEqualTo(2);
        assertThat(columns(entry)).containsExactly("id", "n");
    }

    private static List<String> columns(Entry entry) {
        return StoredContext.of(StreamPosition.of(entry.end().resumePosition().orElseThrow())
                        .context())
                .shapes()
                .get(TABLE)
                .columns()
                .stream()
                .map(Shape.Attribute::name)
                .toList();
    }

    private Entry next() throws InterruptedException {
        return buffer.take(Duration.ofSeconds(10));
    }

    private StreamBatches batches() {
        Shape shape = new Shape(0, List.of(new Shape.Attribute("id", INT4, -1)), Set.of(), ColumnNumbers.UNKNOWN);
        Schema schema = Schema.of(
                        TABLE,
                        List.of(Column.of("id", Scalar.INT32)
                                .withNullable(false)
                                .withDeclaredType("integer")))
                .withWireFormat("postgresql");
        feeds = new TableFeeds(
                List.of(new FollowedTable(0, TABLE, true, schema, shape, Optional.empty())),
                Map.of(),
                Map.of(),
                binary,
                Following.DDL,
                lookup,
                Notices.NONE);
        Start start = new Start(START, FirstLook.at(SourceFacts.UNKNOWN), List.of(), List.of());
        context = new PositionContext(feeds, start.look().facts(), start.truncates(), start.partitions(), 0);
        Settings settings = new Settings(
                ddl,
                1,
                Duration.ofSeconds(1),
                Duration.ZERO,
                true,
                start,
                new StreamPump.End(Optional.empty(), before));
        return new StreamBatches(
                settings, feeds, buffer, new SpilledTransactions(folder.resolve("spill")), context, progress, this);
    }

    private static Streamed partition(int oid, String name, int xid) {
        return new Streamed(TABLE_OID, oid, new TableName("public", name), xid);
    }

    @Test
    void thePartitionsThatChangesAreOfAreKeptWithThePosition() throws Exception {
        StreamBatches batches = batches();
        accept(batches, begin(7, 200), relation(), relation(1, "p1"));
        assertThat(context.partitions()).as("without a change").isEmpty();
        accept(batches, insert(1), relation(2, "other"), insert(2), relation(), relation(3, "p3"), commit(200));
        accept(batches, begin(8, 300), insert(3), commit(300));
        batches.handOn();
        Position stored = Position.START;
        for (Entry entry = next(); entry != null; entry = buffer.take(Duration.ZERO)) {
            stored = entry.end().resumePosition().orElse(stored);
        }
        assertThat(StoredContext.of(StreamPosition.of(stored).context()).partitions())
                .containsExactly(partition(1, "p1", 7), partition(3, "p3", 8));
    }

    /** They are described one after the other, too. */
    @Test
    void tablesThatAreTruncatedTogetherAreNoPartitions() throws Exception {
        ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.APPLY, Ddl.Other.FAIL);
        StreamBatches batches = batches();
        accept(batches, begin(7, 200), relation(), relation(2, "other"), truncate(TABLE_OID, 2), insert(1));
        accept(batches, relation(), truncate(TABLE_OID), relation(4, "another"), insert(2), commit(200));
        assertThat(context.partitions()).isEmpty();
    }

    private static PgType integer() {
        return type(INT4, "integer", "int4", "\"pg_catalog\".\"int4out\"");
    }

    /** One whose binary form depends on the server's locale. */
    private static PgType money() {
        return type(MONEY, "money", "money", "\"pg_catalog\".\"cash_out\"");
    }

    private static PgType type(int oid, String declared, String name, String output) {
        return new PgType(
                oid,
                declared,
                new TableName("pg_catalog", name),
                'b',
                Optional.empty(),
                0,
                output,
                true,
                true,
                0,
                PgType.Parts.NONE);
    }

    private void accept(StreamBatches batches, ByteBuffer... messages) throws Exception {
        for (ByteBuffer message : messages) {
            assertThat(batches.accept(message, nowNanos)).isTrue();
        }
    }

    private static ByteBuffer streamStart(int xid) {
        return message(ByteBuffer.allocate(8).put((byte) 'S').putInt(xid).put((byte) 1));
    }

    private static ByteBuffer streamStop() {
        return message(ByteBuffer.allocate(8).put((byte) 'E'));
    }

    /** As it comes while its transaction is in progress. */
    private static ByteBuffer streamed(int xid, ByteBuffer plain) {
        ByteBuffer message = ByteBuffer.allocate(plain.remaining() + Integer.BYTES);
        message.put(plain.get()).putInt(xid).put(plain);
        return message(message);
    }

    private static ByteBuffer begin(int xid, long commit) {
        return message(ByteBuffer.allocate(64)
                .put((byte) 'B')
                .putLong(commit - 1)
                .putLong(1)
                .putInt(xid));
    }

    private static ByteBuffer commit(long end) {
        return message(ByteBuffer.allocate(64)
                .put((byte) 'C')
                .put((byte) 0)
                .putLong(end - 1)
                .putLong(end)
                .putLong(1));
    }

    private static ByteBuffer streamCommit(int xid, long end) {
        return message(ByteBuffer.allocate(64)
                .put((byte) 'c')
                .putInt(xid)
                .put((byte) 0)
                .putLong(end - 1)
                .putLong(end)
                .putLong(1));
    }

    private static ByteBuffer truncate(int... tables) {
        ByteBuffer message =
                ByteBuffer.allocate(64).put((byte) 'T').putInt(tables.length).put((byte) 0);
        for (int table : tables) {
            message.putInt(table);
        }
        return message(message);
    }

    private static ByteBuffer relation() {
        return relation("id");
    }

    private static ByteBuffer relation(int oid, String name) {
        return described(oid, name, "id");
    }

    private static ByteBuffer wideRelation() {
        return relation("id", "n");
    }

    private static ByteBuffer relation(String... columns) {
        return described(TABLE_OID, "t", columns);
    }

    private static ByteBuffer described(int oid, String name, String... columns) {
        ByteBuffer message = ByteBuffer.allocate(64)
                .put((byte) 'R')
                .putInt(oid)
                .put(text("public"))
                .put(text(name))
                .put((byte) 'f')
                .putShort((short) columns.length);
        for (String column : columns) {
            message.put((byte) 1).put(text(column)).putInt(INT4).putInt(-1);
        }
        return message(message);
    }

    private static ByteBuffer insert(int id) {
        return message(insertOf(1, id));
    }

    private static ByteBuffer wideInsert(int id) {
        return message(insertOf(2, id).put(Tuple.NULL));
    }

    private static ByteBuffer insertOf(int columns, int id) {
        byte[] digits = Integer.toString(id).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(64)
                .put((byte) 'I')
                .putInt(TABLE_OID)
                .put((byte) 'N')
                .putShort((short) columns)
                .put(Tuple.TEXT)
                .putInt(digits.length)
                .put(digits);
    }

    private static byte[] text(String text) {
        return (text + '\0').getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuffer message(ByteBuffer written) {
        return written.flip();
    }

    @Override
    public void stillHere() {
        // nobody waits for a sign of life
    }

    @Override
    public boolean broken() {
        return broken;
    }

    @Override
    public boolean hasEnded() {
        return false;
    }

    @Override
    public void end() {
        throw new AssertionError("nobody has stopped taking");
    }
}
