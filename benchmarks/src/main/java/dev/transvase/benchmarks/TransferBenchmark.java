package dev.transvase.benchmarks;

import dev.transvase.core.report.JobReport;
import dev.transvase.core.run.JobPlan;
import dev.transvase.core.run.JobRun;
import dev.transvase.core.run.RunOptions;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole job in copy mode, from its job file to its report, and beside it the plainest way to move the same rows. All of
 * them connect again each time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 5, time = 4)
@Fork(1)
public class TransferBenchmark {

    private MeasuredServer server;
    private Transvase transvase;
    private Connection connection;

    /** Called by JMH. */
    @Setup
    public void connect() throws IOException, SQLException {
        server = MeasuredServer.ofThisRun();
        transvase = Transvase.on(server);
        connection = server.connect();
    }

    /** Called by JMH. */
    @Setup(Level.Invocation)
    public void truncate() throws SQLException {
        OrdersTable.truncateTarget(connection);
    }

    /** Called by JMH. The baseline. */
    @Benchmark
    public void copyPipe(RowCounter counter) throws SQLException {
        counter.rows += new CopyPipe(server, "binary").run();
    }

    /** Called by JMH. In the format that COPY has when nobody says another. */
    @Benchmark
    public void copyPipeText(RowCounter counter) throws SQLException {
        counter.rows += new CopyPipe(server, "text").run();
    }

    /** Called by JMH. */
    @Benchmark
    public void oneChannel(RowCounter counter) throws IOException {
        counter.rows += runJob(1);
    }

    /** Called by JMH. */
    @Benchmark
    public void twoChannels(RowCounter counter) throws IOException {
        counter.rows += runJob(2);
    }

    private long runJob(int channels) throws IOException {
        try (JobPlan plan = transvase.plan(CopyJob.of(server).withChannels(channels))) {
            JobReport report = new JobRun(plan, RunOptions.defaults()).run();
            if (report.status() != JobReport.Status.SUCCEEDED || report.channels() != channels) {
                throw new IllegalStateException("Expected a job of " + channels + " channels to succeed: " + report);
            }
            return report.written().records();
        }
    }

    /** Called by JMH. */
    @TearDown(Level.Invocation)
    public void check() throws SQLException {
        OrdersTable.requireTarget(connection, server.rows());
    }

    /** Called by JMH. */
    @TearDown
    public void close() throws SQLException {
        transvase.close();
        connection.close();
    }
}
