package dev.transvase.benchmarks;

import dev.transvase.core.run.JobPlan;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Position;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.record.RecordBatch;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The writer alone: batches that lie in memory, as the reader made them, go to an empty table with a primary key. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class BatchSizeBenchmark {

    /** Only a part of the rows: they are kept in memory, and inserting is slower than reading. */
    private static final int SHARE = 5;

    private static final Duration PATIENCE = Duration.ofMillis(200);

    @Param({"insert", "copy"})
    public String writeMode;

    @Param({"64", "256", "1024", "4096", "16384"})
    public int batchSize;

    private final List<RecordBatch> batches = new ArrayList<>();
    private final CommittedRows journal = new CommittedRows();
    private long rows;
    private Transvase transvase;
    private JobPlan plan;
    private Split split;
    private Connection connection;
    private ChannelWriter writer;

    /** Called by JMH. */
    @Setup
    public void readBatches() throws IOException, SQLException {
        MeasuredServer server = MeasuredServer.ofThisRun();
        rows = Math.max(1, server.rows() / SHARE);
        connection = server.connect();
        transvase = Transvase.on(server);
        plan = transvase.plan(
                CopyJob.of(server).withRows(rows).withWriteMode(writeMode).withBatchSize(batchSize));
        split = plan.splits().get(0);
        try (SplitReader reader =
                plan.reader().open(split, plan.targets().get(split.table()).accepted(), Position.START)) {
            while (!reader.finished()) {
                reader.poll(PATIENCE).ifPresent(batches::add);
            }
        }
    }

    /** Called by JMH. */
    @Setup(Level.Invocation)
    public void open() throws SQLException {
        OrdersTable.truncateTarget(connection);
        writer = plan.writer().open(journal);
    }

    /** Called by JMH. */
    @Benchmark
    public void write(RowCounter counter) {
        for (RecordBatch batch : batches) {
            writer.write(batch, split, BatchEnd.commitPoint());
        }
        writer.flush();
        counter.rows += journal.take();
    }

    /** Called by JMH. */
    @TearDown(Level.Invocation)
    public void check() throws SQLException {
        writer.close();
        OrdersTable.requireTarget(connection, rows);
    }

    /** Called by JMH. */
    @TearDown
    public void close() throws SQLException {
        plan.close();
        transvase.close();
        connection.close();
    }
}
