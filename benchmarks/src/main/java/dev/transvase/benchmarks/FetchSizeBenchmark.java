package dev.transvase.benchmarks;

import dev.transvase.core.run.JobPlan;
import dev.transvase.spi.Position;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.record.RecordBatch;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The reader alone: polled to the end of the table, what it gives is thrown away. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class FetchSizeBenchmark {

    private static final Duration PATIENCE = Duration.ofMillis(200);

    @Param({"64", "256", "512", "1024", "2048", "4096", "8192"})
    public int fetchSize;

    private MeasuredServer server;
    private Transvase transvase;
    private JobPlan plan;

    /** Called by JMH. */
    @Setup
    public void plan() throws IOException {
        server = MeasuredServer.ofThisRun();
        transvase = Transvase.on(server);
        plan = transvase.plan(CopyJob.of(server).withFetchSize(fetchSize));
    }

    /** Called by JMH. @return what it has read, so that it is not optimised away */
    @Benchmark
    public long read(RowCounter counter) {
        long rows = 0;
        long bytes = 0;
        for (Split split : plan.splits()) {
            try (SplitReader reader =
                    plan.reader().open(split, plan.targets().get(split.table()).accepted(), Position.START)) {
                while (!reader.finished()) {
                    Optional<RecordBatch> batch = reader.poll(PATIENCE);
                    if (batch.isPresent()) {
                        rows += batch.get().size();
                        bytes += batch.get().bytes();
                    }
                }
            }
        }
        if (rows != server.rows()) {
            throw new IllegalStateException("Expected " + server.rows() + " rows, read " + rows);
        }
        counter.rows += rows;
        return bytes;
    }

    /** Called by JMH. */
    @TearDown
    public void close() {
        plan.close();
        transvase.close();
    }
}
