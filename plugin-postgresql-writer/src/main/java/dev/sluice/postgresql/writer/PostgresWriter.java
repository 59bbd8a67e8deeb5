package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.PostgresDataSource;
import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.SqlErrors;
import dev.sluice.spi.ChannelWriter;
import dev.sluice.spi.Checks;
import dev.sluice.spi.JobContext;
import dev.sluice.spi.Schema;
import dev.sluice.spi.SluiceException;
import dev.sluice.spi.TableName;
import dev.sluice.spi.WriteJournal;
import dev.sluice.spi.WriteTarget;
import dev.sluice.spi.Writer;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code postgresql} writer.
 *
 * <p>The target tables must exist when the job starts, or be created by a {@code preSql} statement that begins with {@code
 * CREATE}, {@code ALTER}, {@code DROP} or {@code SET}: such statements are tried in a transaction that is rolled back.
 */
public final class PostgresWriter implements Writer {

    private static final Logger log = LoggerFactory.getLogger(PostgresWriter.class);

    private final PostgresWriterParameters parameters;
    private final PostgresDataSource source;
    private final JobContext job;

    private List<Schema> offered = List.of();

    /** What runs {@code preSql} or {@code postSql} at the moment, or {@code null}. */
    private volatile PostgresSession open;

    private volatile boolean cancelled;

    /** Set before the channels' threads are started, and not changed after. */
    private List<TargetTable> targets = List.of();

    @Inject
    public PostgresWriter(PostgresWriterParameters parameters, PostgresDataSource source, JobContext job) {
        this.parameters = parameters;
        this.source = source;
        this.job = job;
    }

    @Override
    public List<WriteTarget> plan(List<Schema> schemas, Checks checks) {
        offered = List.copyOf(schemas);
        targets = planTargets(checks);
        return targets.stream()
                .map(t -> new WriteTarget(t.table().toString(), t.accepted(), t.description()))
                .toList();
    }

    private List<TargetTable> planTargets(Checks checks) {
        try (PostgresSession session = connect()) {
            session.jdbc().setAutoCommit(false);
            List<TargetTable> planned = new TargetPlanner(parameters, session, checks).plan(offered);
            session.jdbc().rollback();
            return planned;
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "checking the target tables");
        }
    }

    @Override
    public void begin() {
        if (parameters.preSql().isEmpty()) {
            return;
        }
        run("preSql", parameters.preSql());
        // A table may have been made anew: what was planned with must still hold, and the OIDs are others.
        Failures failures = new Failures();
        List<TargetTable> now = planTargets(failures);
        failures.throwIfAny();
        for (int i = 0; i < now.size(); i++) {
            if (!now.get(i).sameLayout(targets.get(i))) {
                throw SluiceException.user(
                        "TARGET_CHANGED",
                        "preSql changed the columns of " + now.get(i).table() + " from what was checked before it ran");
            }
        }
        targets = now;
    }

    @Override
    public ChannelWriter open(WriteJournal journal) {
        TargetSession session = new TargetSession(this::connect, Duration.ofSeconds(parameters.retrySeconds()));
        return new PostgresChannelWriter(session, targets, parameters.batchSize(), journal);
    }

    @Override
    public void complete() {
        if (!parameters.postSql().isEmpty()) {
            run("postSql", parameters.postSql());
        }
    }

    private void run(String parameter, List<String> statements) {
        try (PostgresSession session = connect()) {
            open = session;
            if (cancelled) {
                throw SluiceException.external("CANCELLED", "cancelled before " + parameter, null);
            }
            TargetStatements.run(session, parameter, statements, tables());
        } finally {
            open = null;
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        PostgresSession running = open;
        if (running != null) {
            running.cancel();
        }
    }

    /** Holds nothing open: each channel has its own connection and closes it. */
    @Override
    public void close() {}

    private PostgresSession connect() {
        PostgresSession session = PostgresSession.open(source, "sluice " + job.jobName());
        try {
            TargetStatements.run(session, "session", parameters.session(), List.of());
        } catch (SluiceException e) {
            session.close();
            throw e;
        }
        return session;
    }

    private List<TableName> tables() {
        return targets.stream().map(TargetTable::table).distinct().toList();
    }

    /** Gathers what a check after {@code preSql} finds, which ends the run. */
    private static final class Failures implements Checks {

        private final List<String> messages = new ArrayList<>();

        @Override
        public void error(String parameter, String code, String message, String remedy) {
            messages.add(parameter + ": " + message);
        }

        @Override
        public void warning(String parameter, String message) {
            log.debug("{}: {}", parameter, message);
        }

        @Override
        public boolean failed() {
            return !messages.isEmpty();
        }

        void throwIfAny() {
            if (failed()) {
                throw SluiceException.user(
                        "TARGET_CHANGED", "preSql left the target unfit: " + String.join("; ", messages));
            }
        }
    }
}
