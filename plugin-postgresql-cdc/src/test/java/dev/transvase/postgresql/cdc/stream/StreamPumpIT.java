package dev.transvase.postgresql.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.cdc.Following;
import dev.transvase.postgresql.cdc.StreamIT;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.source.FirstLook;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.postgresql.cdc.stream.BatchBuffer.Entry;
import dev.transvase.postgresql.cdc.table.ColumnNumbers;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.postgresql.cdc.table.Shape;
import dev.transvase.postgresql.cdc.table.TableFeeds;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is confirmed to the source while a stream goes on. */
class StreamPumpIT {

    @TempDir
    private Path folder;

    static List<Integer> oldestAndNewest() {
        return StreamIT.oldestAndNewest();
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aStreamThatNobodyElseWatchesIsConfirmedBeforeItsEnd(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(database, "t")) {
            database.execute(
                    "CREATE TABLE t (id int)", "ALTER TABLE t REPLICA IDENTITY FULL", "CREATE TABLE other (id int)");
            following.run();
            BatchBuffer buffer = new BatchBuffer(1 << 20);
            StreamPump pump = pump(following, buffer);
            Thread pumping = new Thread(pump);
            pumping.start();
            try {
                database.execute("INSERT INTO other VALUES (1)");
                String end =
                        database.queryForList("SELECT pg_current_wal_lsn()").get(0);
                while (!confirmed(database, end)) {
                    Entry entry = buffer.take(Duration.ofMillis(20));
                    assertThat(buffer.drained()).as("the stream goes on").isFalse();
                    if (entry != null) {
                        pump.acknowledge(
                                StreamPosition.of(entry.end().resumePosition().orElseThrow())
                                        .lsn());
                    }
                }
            } finally {
                pump.finish();
                pumping.join();
            }
        }
    }

    private static boolean confirmed(TestingDatabase database, String end) throws SQLException {
        return database.queryForList("SELECT slot_name FROM pg_replication_slots WHERE slot_name = 'di_slot_"
                                + database.name() + "' AND confirmed_flush_lsn >= '" + end + '\'')
                        .size()
                == 1;
    }

    private StreamPump pump(Following following, BatchBuffer buffer) {
        PostgresCdcParameters parameters = following.parameters();
        StreamPosition start = StreamPosition.of(following.of(parameters.slot()));
        StoredContext stored = StoredContext.of(start.context());
        SlotStream source = new SlotStream(
                following.dataSource(),
                "test",
                parameters,
                Clock.systemUTC(),
                Notices.NONE,
                start.systemId(),
                stored.timeline());
        TableName table = new TableName("public", "t");
        Schema schema = Schema.of(table, List.of(Column.of("id", Scalar.INT32).withDeclaredType("integer")))
                .withWireFormat("postgresql");
        Shape shape = new Shape(0, List.of(new Shape.Attribute("id", 23, -1)), Set.of(), ColumnNumbers.UNKNOWN);
        FollowedTable followed = new FollowedTable(0, table, true, schema, shape, Optional.empty());
        TableFeeds feeds = new TableFeeds(
                List.of(followed), stored.shapes(), Map.of(), false, Following.DDL, source, Notices.NONE);
        return new StreamPump(
                source,
                feeds,
                buffer,
                new SpilledTransactions(folder.resolve("spill")),
                new StreamPump.Settings(
                        Following.DDL,
                        start.systemId(),
                        Duration.ofMillis(1),
                        Duration.ofSeconds(30),
                        false,
                        new StreamPump.Start(
                                start.lsn(), FirstLook.at(stored.facts()), stored.truncates(), stored.partitions()),
                        new StreamPump.End(Optional.empty(), Optional.empty())));
    }
}
