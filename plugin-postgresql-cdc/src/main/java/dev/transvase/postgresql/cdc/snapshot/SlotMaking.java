package dev.transvase.postgresql.cdc.snapshot;

import static dev.transvase.postgresql.cdc.error.CdcErrors.SLOT_FAILED;
import static dev.transvase.postgresql.cdc.error.CdcErrors.SLOT_WAIT;
import static dev.transvase.spi.error.CommonErrors.CANCELLED;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.source.Slot;
import dev.transvase.postgresql.cdc.wait.Patience;
import dev.transvase.postgresql.cdc.wait.WaitedFor;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a slot and what it needs of the publication: for a stream that begins, or for tables that join one. The server makes a slot
 * only once the transactions in progress have ended; so that is done on a thread of its own, while the one who asked tells who is
 * waited for, and gives up after a while or when it is interrupted. Then the work undoes what it has made. Another attempt may follow
 * one that has succeeded.
 */
public final class SlotMaking {

    private static final Logger log = LoggerFactory.getLogger(SlotMaking.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration END_PATIENCE = Duration.ofSeconds(5);

    private final PostgresDataSource dataSource;
    private final String applicationName;
    private final PostgresCdcParameters parameters;
    private final Work work;
    private final Notices notices;

    /** What is made. */
    public interface Work {

        /** What the slot is called in messages. */
        String slot();

        /**
         * Makes the publication what it has to be, then the slot. Called on the making thread.
         *
         * @param session takes all other statements than the one that makes the slot
         * @param replication see {@link SlotMaking#make}
         */
        Slot.Created make(PostgresSession session, PostgresSession replication, boolean export) throws SQLException;

        /** Removes what was made, since it will not be used. Called once nothing is being made any more. */
        void undo(PostgresSession session) throws SQLException;
    }

    SlotMaking(
            PostgresDataSource dataSource,
            String applicationName,
            PostgresCdcParameters parameters,
            Work work,
            Notices notices) {
        this.dataSource = dataSource;
        this.applicationName = applicationName;
        this.parameters = parameters;
        this.work = work;
        this.notices = notices;
    }

    /**
     * Makes both. Blocks, for {@code slotWaitSeconds} at most.
     *
     * @param replication takes the command; with an exported snapshot it must be left alone for as long as that is needed
     * @throws TransvaseException when the publication is not, or not any more, of all that is followed, when somebody was waited for
     *     too long, or when this thread is interrupted
     */
    Slot.Created make(PostgresSession replication, boolean export) {
        if (Thread.currentThread().isInterrupted()) {
            throw cancelled(null);
        }
        try (PostgresSession making = open();
                PostgresSession asking = open()) {
            WaitedFor waitedFor = new WaitedFor(
                    asking, making.pg().getBackendPID(), replication.pg().getBackendPID());
            CompletableFuture<Slot.Created> made = new CompletableFuture<>();
            Thread maker = new Thread(() -> make(making, replication, export, made), "cdc slot");
            maker.setDaemon(true);
            maker.start();
            try {
                return await(made, waitedFor);
            } catch (InterruptedException e) {
                undo(waitedFor, making, replication, asking);
                Thread.currentThread().interrupt();
                throw cancelled(e);
            } catch (SQLException | RuntimeException e) {
                undo(waitedFor, making, replication, asking);
                throw e;
            }
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "making " + work.slot() + " and its publication");
        }
    }

    private PostgresSession open() {
        return PostgresSession.openToWork(
                dataSource, applicationName, Notices.NONE); // what they wait for is reported here
    }

    private static TransvaseException cancelled(InterruptedException e) {
        return TransvaseException.of(CANCELLED, "creating the slot was cancelled", e);
    }

    private Slot.Created await(CompletableFuture<Slot.Created> made, WaitedFor waitedFor)
            throws InterruptedException, SQLException {
        try (Patience patience = new Patience(Duration.ofSeconds(parameters.slotWaitSeconds()), notices)) {
            return await(made, waitedFor, patience);
        }
    }

    private Slot.Created await(CompletableFuture<Slot.Created> made, WaitedFor waitedFor, Patience patience)
            throws InterruptedException, SQLException {
        String last = "";
        while (true) {
            try {
                return made.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                String who = waitedFor.describe();
                // Between two attempts to lock a table nobody is waited for.
                last = who.isEmpty() ? last : who;
                if (patience.exhausted()) {
                    throw TransvaseException.of(
                            SLOT_WAIT,
                            work.slot() + " could not be created within "
                                    + parameters.slotWaitSeconds()
                                    + " s (slotWaitSeconds), because transactions in progress at the source have to"
                                    + " end first"
                                    + (last.isEmpty() ? "" : ": it waits for " + last)
                                    + "; end them, or raise slotWaitSeconds",
                            e);
                }
                if (!who.isEmpty()) {
                    patience.tell(
                            work.slot() + " is not created yet: the server waits for " + who,
                            work.slot() + ", which the server creates once these have ended: " + who);
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SQLException cause) {
                    throw cause;
                }
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw TransvaseException.of(SLOT_FAILED, "creating the slot failed: " + e.getCause(), e);
            }
        }
    }

    private void make(
            PostgresSession making, PostgresSession replication, boolean export, CompletableFuture<Slot.Created> made) {
        try {
            made.complete(work.make(making, replication, export));
        } catch (SQLException | RuntimeException | Error e) {
            made.completeExceptionally(e);
        }
    }

    /** A server that waits for a transaction does not notice that nobody waits for the slot any more. */
    private void undo(
            WaitedFor waitedFor, PostgresSession making, PostgresSession replication, PostgresSession asking) {
        try {
            waitedFor.endWaiting(END_PATIENCE);
            making.cancel();
            replication.cancel();
            work.undo(asking);
        } catch (SQLException | TransvaseException e) {
            left(e);
        }
    }

    /** Removes what {@link #make} has made, for a beginning that fails later. Blocks; a failure is logged. */
    void undo() {
        try (PostgresSession session = open()) {
            work.undo(session);
        } catch (SQLException | TransvaseException e) {
            left(e);
        }
    }

    private static void left(Exception e) {
        log.warn("what was created for the stream may be left at the source", e);
    }
}
