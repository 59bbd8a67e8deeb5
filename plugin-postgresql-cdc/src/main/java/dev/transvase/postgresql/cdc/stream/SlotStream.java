package dev.transvase.postgresql.cdc.stream;

import static dev.transvase.postgresql.cdc.error.CdcErrors.ANOTHER_CLUSTER;
import static dev.transvase.postgresql.cdc.error.CdcErrors.NO_REPLICATION;
import static dev.transvase.postgresql.cdc.error.CdcErrors.SLOT_FOREIGN;
import static dev.transvase.postgresql.cdc.error.CdcErrors.SLOT_LOST;
import static dev.transvase.postgresql.cdc.error.CdcErrors.SLOT_MISSING;
import static dev.transvase.postgresql.cdc.error.CdcErrors.SLOT_MOVED;
import static dev.transvase.postgresql.cdc.error.CdcErrors.SOURCE_SET_BACK;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.pgoutput.ReplicationStream;
import dev.transvase.postgresql.cdc.pgoutput.StreamTimes;
import dev.transvase.postgresql.cdc.prerequisite.RequiredChecks;
import dev.transvase.postgresql.cdc.source.Publication;
import dev.transvase.postgresql.cdc.source.PublicationLook;
import dev.transvase.postgresql.cdc.source.Slot;
import dev.transvase.postgresql.cdc.source.SourceChanges;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.SourceState;
import dev.transvase.postgresql.cdc.source.SourceTimeline;
import dev.transvase.postgresql.cdc.source.StreamedPartitions.Streamed;
import dev.transvase.postgresql.cdc.table.CatalogColumns;
import dev.transvase.postgresql.cdc.table.CatalogTypes;
import dev.transvase.postgresql.cdc.table.ColumnOffers;
import dev.transvase.postgresql.cdc.table.Shape;
import dev.transvase.postgresql.cdc.wait.Patience;
import dev.transvase.postgresql.cdc.wait.Visibility;
import dev.transvase.postgresql.retry.Backoff;
import dev.transvase.postgresql.retry.Pause;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.postgresql.util.PSQLState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the stream of a slot, as often as it is lost, after a look at whether the slot still is what it was. */
public final class SlotStream implements StreamSource {

    private static final Logger log = LoggerFactory.getLogger(SlotStream.class);

    /** How long after each other it is asked whether a transaction is visible, which it is soon as a rule. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    /** About half a second; after that it is waiting for something. */
    private static final int QUICK_ATTEMPTS = 10;

    private final PostgresDataSource dataSource;
    private final String applicationName;
    private final PostgresCdcParameters parameters;
    private final Clock clock;
    private final Notices notices;
    private final long systemId;
    private int timeline;

    /** For questions about columns, or {@code null}. Used by the thread that reads the stream. */
    private PostgresSession asking;

    /**
     * @param systemId of the cluster that positions are of
     * @param timeline that the start is of; 0 when it is not known
     */
    public SlotStream(
            PostgresDataSource dataSource,
            String applicationName,
            PostgresCdcParameters parameters,
            Clock clock,
            Notices notices,
            long systemId,
            int timeline) {
        this.dataSource = dataSource;
        this.applicationName = applicationName;
        this.parameters = parameters;
        this.clock = clock;
        this.notices = notices;
        this.systemId = systemId;
        this.timeline = timeline;
    }

    @Override
    public ReplicationStream follow(Lsn start, boolean binary) throws SQLException {
        int majorVersion;
        int now;
        StreamTimes times;
        try (PostgresSession session = open()) {
            majorVersion = session.majorVersion();
            requireReplication(session);
            times = StreamTimes.of(silence(), StreamTimes.senderTimeout(session));
            requireCluster(SourceState.systemId(session), systemId);
            now = SourceTimeline.current(session);
            SourceTimeline.require(timeline, now, start, this::history);
            Optional<Slot> slot = Slot.find(session, parameters.slot());
            requireUsable(slot, parameters.slot(), start);
            if (slot.orElseThrow().active()) {
                throw new SQLException(
                        "the replication slot " + parameters.slot() + " is in use by "
                                + Slot.holder(session, slot.get().activePid()),
                        Slot.IN_USE);
            }
            if (Publication.find(session, parameters.publication()).isEmpty()) {
                throw PublicationLook.missing(parameters.publication());
            }
        }
        PostgresSession replication = connect();
        ReplicationStream stream =
                ReplicationStream.start(replication, command(majorVersion, start, binary), start, times, clock);
        if (timeline != now) {
            close(); // it may lead to the server from before
        }
        timeline = now;
        return stream;
    }

    @Override
    public Optional<Lsn> publishedUpTo(SourceFacts.Published known) throws SQLException {
        try (PostgresSession session = open()) {
            return PublicationLook.upTo(session, parameters.publication(), known);
        }
    }

    @Override
    public List<Streamed> gone(List<Streamed> partitions, SourceFacts known, Map<Integer, TableName> tables)
            throws SQLException {
        try (PostgresSession session = open()) {
            SourceFacts now = SourceFacts.look(session, parameters.publication(), tables.keySet());
            SourceChanges changes = new SourceChanges(
                    session, parameters.changesOfTables(), partition -> true, new RequiredChecks(notices));
            return changes.streamed(known, now, partitions, tables).stream()
                    .filter(partition -> !now.has(partition))
                    .toList();
        }
    }

    @Override
    public int timeline() {
        return timeline;
    }

    private String history(int of) throws SQLException {
        try (PostgresSession replication = connect()) {
            return SourceTimeline.history(replication, of);
        }
    }

    /** The server that answers may be another one than before. */
    private static void requireCluster(long found, long expected) {
        if (found != expected) {
            throw TransvaseException.of(
                    ANOTHER_CLUSTER,
                    "the stream belongs to the database cluster " + Long.toUnsignedString(expected)
                            + ", but the data source now points to a server of "
                            + Long.toUnsignedString(found)
                            + "; point it to the server that the stream started at, or one that took over from it, or run"
                            + " `transvase cdc drop` and start over");
        }
    }

    /** The server would tell the same of the connection, but not whose privilege it is nor how it is given. */
    private static void requireReplication(PostgresSession session) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT rolname FROM pg_catalog.pg_roles"
                        + " WHERE rolname = current_user AND NOT rolreplication AND NOT rolsuper")) {
            if (row.next()) {
                throw TransvaseException.of(
                        NO_REPLICATION,
                        "user " + row.getString(1) + " no longer has the REPLICATION privilege; run ALTER USER "
                                + SqlNames.quote(row.getString(1))
                                + " REPLICATION, then run the job again: nothing is lost as long as the slot exists");
            }
        }
    }

    /**
     * Lets a slot that cannot give what follows a position be the end of it: never is one recreated in silence.
     *
     * @param start where the stream is to go on
     */
    public static void requireUsable(Optional<Slot> found, String name, Lsn start) {
        if (found.isEmpty()) {
            throw TransvaseException.of(
                    SLOT_MISSING,
                    "the replication slot " + name + " no longer exists, and with it the changes since " + start
                            + "; remove the rest with `transvase cdc drop` and start over");
        }
        Slot slot = found.get();
        if (!slot.plugin().equals(Slot.PLUGIN)) {
            throw TransvaseException.of(
                    SLOT_FOREIGN,
                    "the replication slot " + name + " has the output plugin "
                            + (slot.plugin().isEmpty() ? "no plugin" : slot.plugin()) + ", not " + Slot.PLUGIN
                            + ": it belongs to someone else; choose another solutionId");
        }
        slot.requireHere();
        if (slot.lost()) {
            throw TransvaseException.of(
                    SLOT_LOST,
                    slot.loss() + ", and with it the changes since " + start
                            + "; remove the rest with `transvase cdc drop` and start over");
        }
        if (slot.end().isBefore(start)) {
            throw TransvaseException.of(
                    SOURCE_SET_BACK,
                    "the source's log ends at " + slot.end() + ", while the target has its changes up to " + start
                            + ": the source was restored from a backup or a storage snapshot, or a standby took over"
                            + " before it had received everything, and the target has changes that the source has"
                            + " lost. Compare the two, remove"
                            + " the stream with `transvase cdc drop` and start over");
        }
        if (start.isBefore(slot.confirmed())) {
            throw TransvaseException.of(
                    SLOT_MOVED,
                    "the replication slot " + name + " is at " + slot.confirmed() + ", past " + start
                            + ", up to which the target has the changes: someone has advanced or recreated it, and"
                            + " the changes in between are lost. Remove it with `transvase cdc drop` and start over");
        }
    }

    private String command(int majorVersion, Lsn start, boolean binary) {
        boolean newer = majorVersion >= ColumnOffers.BINARY_FROM;
        return "START_REPLICATION SLOT \"" + parameters.slot() + "\" LOGICAL " + start + " (\"proto_version\" '"
                + (newer ? 2 : 1) + "', \"publication_names\" '\"" + parameters.publication() + "\"'"
                + (newer && binary ? ", \"binary\" 'true'" : "")
                + (newer && parameters.streaming() ? ", \"streaming\" 'true'" : "") + ')';
    }

    @Override
    public Optional<CatalogColumns> columns(int relation, int xid, BooleanSupplier goOn) throws SQLException {
        try (Patience patience = Patience.endless(notices)) {
            CatalogColumns.Answer answer = asked(relation);
            Backoff backoff = Backoff.endless(SHORTEST_PAUSE, LONGEST_PAUSE);
            while (!answer.sees(xid)) {
                if (!goOn.getAsBoolean()) {
                    return Optional.empty();
                }
                Duration wait = backoff.failed().orElseThrow();
                if (backoff.failures() > QUICK_ATTEMPTS) {
                    patience.tell(
                            Visibility.describe(asking, xid),
                            "transaction " + Integer.toUnsignedString(xid) + " to be visible at the source");
                }
                Pause.interruptible().pause(wait, "reading the columns of a table");
                answer = asked(relation);
            }
            return Optional.of(answer.of(relation));
        }
    }

    /** Asks over a session that is kept for the next time; one that was kept may have been lost meanwhile. */
    private CatalogColumns.Answer asked(int relation) throws SQLException {
        if (asking != null) {
            try {
                return CatalogColumns.ask(asking, List.of(relation));
            } catch (SQLException e) {
                log.debug("the catalog session is opened again", e);
                close();
            }
        }
        asking = open();
        requireSameServer(asking);
        return CatalogColumns.ask(asking, List.of(relation));
    }

    /** One that took over may count other transactions under the numbers of the stream, which is to be taken up there first. */
    private void requireSameServer(PostgresSession session) throws SQLException {
        int now = SourceTimeline.current(session);
        if (now != timeline) {
            throw new SQLException(
                    "the source is now on timeline " + now + ", but the stream is of timeline " + timeline,
                    PSQLState.CONNECTION_FAILURE.getState());
        }
    }

    @Override
    public void close() {
        if (asking != null) {
            asking.close();
            asking = null;
        }
    }

    @Override
    public List<Found> types(int relation, List<Shape.Attribute> columns) throws SQLException {
        try (PostgresSession session = open()) {
            return CatalogTypes.of(session, relation, columns);
        }
    }

    private Duration silence() {
        return Duration.ofSeconds(parameters.silenceSeconds());
    }

    private PostgresSession open() throws SQLException {
        try {
            PostgresSession session = PostgresSession.openToWork(dataSource, applicationName, Notices.NONE);
            session.jdbc().setNetworkTimeout(Runnable::run, (int) silence().toMillis());
            return session;
        } catch (TransvaseException e) {
            throw retryable(e);
        }
    }

    private PostgresSession connect() throws SQLException {
        try {
            return PostgresSession.openForReplication(dataSource, applicationName);
        } catch (TransvaseException e) {
            throw retryable(e);
        }
    }

    /** What a connection fails of while a server is away is worth another try; a wrong password is not. */
    private static SQLException retryable(TransvaseException e) {
        if (e.getCause() instanceof SQLException cause && (SqlErrors.isPassing(e) || SqlErrors.isRetryable(cause))) {
            return new SQLException(e.getMessage(), PSQLState.CONNECTION_UNABLE_TO_CONNECT.getState(), cause);
        }
        throw e;
    }
}
