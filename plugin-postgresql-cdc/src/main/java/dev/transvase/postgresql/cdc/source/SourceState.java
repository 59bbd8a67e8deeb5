package dev.transvase.postgresql.cdc.source;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.retry.Pause;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.ChangeCapture;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a job keeps at its source between runs: the slot and the publication. */
public final class SourceState implements ChangeCapture {

    private static final Logger log = LoggerFactory.getLogger(SourceState.class);

    /** A killed reader's session is noticed by the server when it next sends something. */
    private static final int DROP_ATTEMPTS = 60;

    private static final Duration DROP_PAUSE = Duration.ofMillis(500);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final String WAITING = "waiting for the slot";

    private static final Duration DROP_PATIENCE = Duration.ofSeconds(5);

    /** The log is written in pages, each with a header: the first one of a file has the longer one. */
    private static final int PAGE = 8192;

    private static final int PAGE_HEADER = 40;

    /** From this release on the server tells how much log may still come before it gives a slot up. */
    private static final int TELLS_SAFE_SIZE = 13;

    private final PostgresDataSource dataSource;
    private final String applicationName;
    private final PostgresCdcParameters parameters;
    private final Notices notices;

    public SourceState(
            PostgresDataSource dataSource, String applicationName, PostgresCdcParameters parameters, Notices notices) {
        this.notices = notices;
        this.dataSource = dataSource;
        this.applicationName = applicationName;
        this.parameters = parameters;
    }

    @Override
    public String streamSplit() {
        return parameters.slot();
    }

    private PostgresSession open() {
        return PostgresSession.openOnce(dataSource, applicationName, notices);
    }

    /** Identifies the cluster in which positions mean something. */
    public static long systemId(PostgresSession session) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT system_identifier FROM pg_catalog.pg_control_system()")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Where the log of the server is now. */
    public static Lsn current(PostgresSession session) throws SQLException {
        return lsn(session, "pg_catalog.pg_current_wal_lsn()");
    }

    /** A place in the log behind all that has been committed, which the stream comes to also when nothing more is. */
    public static Lsn end(PostgresSession session) throws SQLException {
        long value = lsn(session, "pg_catalog.pg_current_wal_insert_lsn()").value();
        long inPage = value % PAGE;
        // Just behind the header of a page that is empty otherwise: the last record ends before that.
        return new Lsn(inPage <= PAGE_HEADER ? value - inPage : value);
    }

    private static Lsn lsn(PostgresSession session, String function) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT " + function)) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
    }

    /** Removes a slot that an attempt has left which did not come far. */
    public void dropLeftSlot(PostgresSession session) throws SQLException {
        Optional<Slot> left = Slot.find(session, parameters.slot());
        if (left.isPresent()) {
            left.get().requireHere();
            log.info("the replication slot {} of an early attempt is recreated", parameters.slot());
            dropSlot(session);
        }
    }

    /** The history of a timeline of the server. Blocks on it. */
    public String timelineHistory(int timeline) throws SQLException {
        try (PostgresSession replication = PostgresSession.openForReplication(dataSource, applicationName)) {
            return SourceTimeline.history(replication, timeline);
        }
    }

    /** What is true of the source now. Blocks on the server. */
    public SourceFacts facts(Collection<Integer> tables) {
        try (PostgresSession session = PostgresSession.openToWork(dataSource, applicationName, notices)) {
            return SourceFacts.look(session, parameters.publication(), tables);
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "looking at the publication " + parameters.publication() + " and its tables");
        }
    }

    /** The slot, if somebody still uses it after a while; empty as soon as nobody does. Blocks for as long. */
    public Optional<Slot> userAfter(PostgresSession session, Duration patience) throws SQLException {
        long begin = System.nanoTime();
        while (true) {
            Optional<Slot> slot = Slot.find(session, parameters.slot());
            if (slot.isEmpty() || !slot.get().active()) {
                return Optional.empty();
            }
            if (System.nanoTime() - begin >= patience.toNanos()) {
                return slot;
            }
            Pause.interruptible().pause(LOOK_EVERY, WAITING);
        }
    }

    private void dropSlot(PostgresSession session) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                Slot.drop(session, parameters.slot());
                return;
            } catch (TransvaseException e) {
                if (attempt == DROP_ATTEMPTS) {
                    throw e;
                }
            }
            Pause.interruptible().pause(DROP_PAUSE, WAITING);
        }
    }

    @Override
    public Map<String, String> status() {
        Map<String, String> facts = new LinkedHashMap<>();
        try (PostgresSession session = open()) {
            facts.put("server", session.version());
            facts.put("database", session.jdbc().getCatalog());
            Optional<Slot> slot = Slot.find(session, parameters.slot());
            facts.put("slot", parameters.slot() + (slot.isPresent() ? "" : " (does not exist)"));
            slot.ifPresent(s -> facts.put("slot's database", s.database()));
            if (slot.isPresent()) {
                facts(session, slot.get(), facts);
            }
            Optional<Publication> publication = Publication.find(session, parameters.publication());
            facts.put("publication", parameters.publication() + (publication.isPresent() ? "" : " (does not exist)"));
            publication.ifPresent(p -> facts.put(
                    "tables",
                    p.allTables()
                            ? "all"
                            : String.join(
                                    ", ",
                                    p.tables().stream().map(TableName::toString).toList())));
            return facts;
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "reading the state of " + parameters.slot());
        }
    }

    private static void facts(PostgresSession session, Slot slot, Map<String, String> facts) throws SQLException {
        facts.put("active", slot.active() ? "by " + Slot.holder(session, slot.activePid()) : "no");
        facts.put("confirmed", slot.confirmed().toString());
        facts.put("behind by", slot.lagBytes() + " bytes");
        facts.put("log kept", slot.retainedBytes() + " bytes, from " + slot.restart());
        if (!slot.walStatus().isEmpty()) {
            facts.put("wal_status", slot.walStatus());
        }
    }

    @Override
    public Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        try (PostgresSession session = open()) {
            Optional<Slot> slot = Slot.find(session, parameters.slot());
            if (slot.isPresent()) {
                figures.put("lagBytes", slot.get().lagBytes());
                figures.put("retainedBytes", slot.get().retainedBytes());
                safeBytes(session).ifPresent(safe -> figures.put("safeBytes", safe));
            }
            return figures;
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "asking for the state of " + parameters.slot());
        }
    }

    /** Empty where the server never gives the slot up, or does not tell. */
    private Optional<Long> safeBytes(PostgresSession session) throws SQLException {
        if (session.majorVersion() < TELLS_SAFE_SIZE) {
            return Optional.empty();
        }
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT safe_wal_size FROM pg_catalog.pg_replication_slots"
                        + " WHERE safe_wal_size IS NOT NULL AND slot_name = " + SqlNames.literal(parameters.slot()))) {
            return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
        }
    }

    @Override
    public List<String> drop() {
        List<String> dropped = new ArrayList<>();
        try (PostgresSession session = open()) {
            Optional<Slot> slot = Slot.find(session, parameters.slot());
            if (slot.isPresent()) {
                slot.get().requireHere();
                // The server takes a moment to let go of the slot of a run that has just ended.
                userAfter(session, DROP_PATIENCE);
                Slot.drop(session, parameters.slot());
                dropped.add("replication slot " + parameters.slot() + " dropped");
            }
            if (Publication.find(session, parameters.publication()).isPresent()) {
                Publication.drop(session, parameters.publication());
                dropped.add("publication " + parameters.publication() + " dropped");
            }
            if (dropped.isEmpty()) {
                dropped.add("there is neither a slot " + parameters.slot() + " nor a publication "
                        + SqlNames.quote(parameters.publication()));
            }
            return dropped;
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "removing " + parameters.slot());
        }
    }
}
