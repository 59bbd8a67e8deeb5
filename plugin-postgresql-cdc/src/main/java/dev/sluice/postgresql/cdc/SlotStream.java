package dev.sluice.postgresql.cdc;

import dev.sluice.postgresql.PostgresDataSource;
import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.SqlErrors;
import dev.sluice.postgresql.SqlNames;
import dev.sluice.spi.SluiceException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Opens the stream of a slot, as often as it is lost, after a look at whether the slot still is what it was. */
final class SlotStream implements StreamSource {

    private final PostgresDataSource dataSource;
    private final String applicationName;
    private final PostgresCdcParameters parameters;
    private final Clock clock;

    SlotStream(PostgresDataSource dataSource, String applicationName, PostgresCdcParameters parameters, Clock clock) {
        this.dataSource = dataSource;
        this.applicationName = applicationName;
        this.parameters = parameters;
        this.clock = clock;
    }

    @Override
    public ReplicationStream follow(Lsn start, boolean binary) throws SQLException {
        int majorVersion;
        StreamTimes times;
        try (PostgresSession session = open()) {
            majorVersion = session.majorVersion();
            requireReplication(session);
            times = StreamTimes.of(silence(), StreamTimes.senderTimeout(session));
            Optional<Slot> slot = Slot.find(session, parameters.slot());
            requireUsable(slot, parameters.slot(), start);
            if (slot.orElseThrow().active()) {
                throw new SQLException(
                        "the replication slot " + parameters.slot() + " is in use by "
                                + Slot.holder(session, slot.get().activePid()),
                        Slot.IN_USE);
            }
            if (Publication.find(session, parameters.publication()).isEmpty()) {
                throw SluiceException.user(
                        "PUBLICATION_MISSING",
                        "the publication " + parameters.publication() + " is gone, so the stream cannot be read on;"
                                + " remove the rest with `sluice cdc drop` and begin anew");
            }
        }
        PostgresSession replication = connect();
        return ReplicationStream.start(replication, command(majorVersion, start, binary), start, times, clock);
    }

    /** The server would tell the same of the connection, but not whose privilege it is nor how it is given. */
    private static void requireReplication(PostgresSession session) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT rolname FROM pg_catalog.pg_roles"
                        + " WHERE rolname = current_user AND NOT rolreplication AND NOT rolsuper")) {
            if (row.next()) {
                throw SluiceException.user(
                        "NO_REPLICATION",
                        "user " + row.getString(1) + " may no longer replicate; run ALTER USER "
                                + SqlNames.quote(row.getString(1))
                                + " REPLICATION, then run again: nothing is lost as long as the slot is there");
            }
        }
    }

    /**
     * Lets a slot that cannot give what follows a position be the end of it: never is one made anew in silence.
     *
     * @param start where the stream is to go on
     */
    static void requireUsable(Optional<Slot> found, String name, Lsn start) {
        if (found.isEmpty()) {
            throw SluiceException.user(
                    "SLOT_MISSING",
                    "the replication slot " + name + " is gone, and with it what was changed since " + start
                            + "; remove the rest with `sluice cdc drop` and begin anew");
        }
        Slot slot = found.get();
        if (!slot.plugin().equals(Slot.PLUGIN)) {
            throw SluiceException.user(
                    "SLOT_FOREIGN",
                    "the replication slot " + name + " has the output plugin "
                            + (slot.plugin().isEmpty() ? "of none" : slot.plugin()) + ", not " + Slot.PLUGIN
                            + ": somebody else made it; choose another solutionId");
        }
        slot.requireHere();
        if (slot.lost()) {
            throw SluiceException.user(
                    "SLOT_LOST",
                    slot.loss() + ", and with it what was changed since " + start
                            + "; remove the rest with `sluice cdc drop` and begin anew");
        }
        if (slot.end().isBefore(start)) {
            throw SluiceException.user(
                    "SOURCE_SET_BACK",
                    "the source has log up to " + slot.end() + " only, while the target has its changes up to " + start
                            + ": the source was set back, by a backup, a snapshot of its storage or a standby that took over"
                            + " before it had all, and the target has changes that it knows nothing of. Compare the two, remove"
                            + " the stream with `sluice cdc drop` and begin anew");
        }
        if (start.isBefore(slot.confirmed())) {
            throw SluiceException.user(
                    "SLOT_MOVED",
                    "the replication slot " + name + " stands at " + slot.confirmed() + ", behind " + start
                            + " up to where the target has the changes: somebody has moved it or made it anew, and what"
                            + " lies between is lost. Remove it with `sluice cdc drop` and begin anew");
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
    public List<Found> types(int relation, List<Shape.Attribute> columns) {
        try (PostgresSession session = open()) {
            return CatalogTypes.of(session, relation, columns);
        } catch (SQLException e) {
            throw new UnansweredException(e);
        }
    }

    private Duration silence() {
        return Duration.ofSeconds(parameters.silenceSeconds());
    }

    private PostgresSession open() throws SQLException {
        try {
            PostgresSession session = PostgresSession.open(dataSource, applicationName);
            session.jdbc().setNetworkTimeout(Runnable::run, (int) silence().toMillis());
            return session;
        } catch (SluiceException e) {
            throw retryable(e);
        }
    }

    private PostgresSession connect() throws SQLException {
        try {
            return PostgresSession.openForReplication(dataSource, applicationName);
        } catch (SluiceException e) {
            throw retryable(e);
        }
    }

    /** What a connection fails of while a server is away is worth another try; a wrong password is not. */
    private static SQLException retryable(SluiceException e) {
        if (e.getCause() instanceof SQLException cause) {
            boolean away = switch (e.code()) {
                case "CONNECTION_REFUSED",
                        "CONNECTION_TIMEOUT",
                        "CONNECTION_LOST",
                        "CONNECTION_FAILED",
                        "SERVER_NOT_READY",
                        "TOO_MANY_CONNECTIONS",
                        "UNKNOWN_HOST" -> true;
                default -> SqlErrors.isRetryable(cause);
            };
            if (away) {
                return new SQLException(e.getMessage(), "08001", cause);
            }
        }
        throw e;
    }
}
