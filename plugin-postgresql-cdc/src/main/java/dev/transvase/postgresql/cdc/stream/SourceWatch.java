package dev.transvase.postgresql.cdc.stream;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.prerequisite.MeantTables;
import dev.transvase.postgresql.cdc.prerequisite.PublicationCheck;
import dev.transvase.postgresql.cdc.prerequisite.RequiredChecks;
import dev.transvase.postgresql.cdc.source.Loops;
import dev.transvase.postgresql.cdc.source.Origins;
import dev.transvase.postgresql.cdc.source.Publication;
import dev.transvase.postgresql.cdc.source.PublicationLook;
import dev.transvase.postgresql.cdc.source.SourceChanges;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.SourceState;
import dev.transvase.postgresql.cdc.source.StreamedPartitions.Streamed;
import dev.transvase.postgresql.cdc.source.StreamedTruncates.Truncate;
import dev.transvase.postgresql.cdc.source.TruncateDoubts;
import dev.transvase.postgresql.cdc.source.UnheardPartitions;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.postgresql.cdc.table.TableIdentity;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at every heartbeat whether the source still is what the stream takes it for: the publication, the names of the tables,
 * their partitions. What the stream would keep quiet about ends it. Used by one thread.
 */
public final class SourceWatch {

    /** The SQL state of a server that takes no sessions (cannot_connect_now). */
    private static final String NOT_READY = "57P03";

    private static final Duration UNSEEN = Duration.ofMinutes(1);

    private final PostgresCdcParameters parameters;
    private final List<FollowedTable> followed;
    private final Map<Integer, TableName> tables = new HashMap<>();
    private final Optional<String> target;
    private final Observer observer;
    private final RequiredChecks checks;
    private final Notices notices;
    private final Set<TableName> leftOut;
    private final Set<Integer> reported = new HashSet<>();
    private SourceFacts known;

    /** What was seen since and waits for the stream to tell more, or {@code null}. */
    private Unsettled unsettled;

    /** Whether, and since when, the source could not be looked at. */
    private boolean unseen;

    private long unseenNanos;

    private boolean looked;
    private long lookedNanos;

    /** The listener, called on the checking thread. */
    interface Observer {

        /**
         * All is well, and this is true by now. To be stored where it says more than what is.
         *
         * @param settled of {@link #partitions}, those that are no question any more by that
         */
        void facts(SourceFacts facts, Collection<Streamed> settled);

        /** Where the rows of the tables come from, for the jobs that follow the target. */
        void origins(Origins origins);

        /** All changes up to there were published as they should be. */
        void published(Lsn upTo);

        /** The server takes no sessions any more that could look. */
        void leaving(SQLException why);

        /** The stream is to end. */
        void fail(TransvaseException why);

        /** Up to where the stream has been read. */
        Lsn boundary();

        /** The truncates of whole tables that the stream has reported and that earlier facts do not include. */
        List<Truncate> truncates();

        /** The partitions that the stream has contained changes of and that earlier facts do not include. */
        List<Streamed> partitions();

        /** Whether the stream has contained a change of a partition. */
        boolean hasContained(int partition);
    }

    /**
     * A look that found what the stream tells more of: partitions truncated, where truncates of whole tables are applied, and rows of
     * new partitions that may not come.
     *
     * @param upTo where the log was after
     */
    private record Unsettled(
            SourceFacts facts, List<Streamed> settled, Lsn upTo, TruncateDoubts doubts, UnheardPartitions unheard) {}

    /**
     * @param known what was true before
     * @param leftOut tables that the job means and does not follow, as was said at its start
     * @param target the database that the job writes to, if that is known
     */
    public SourceWatch(
            PostgresCdcParameters parameters,
            List<FollowedTable> followed,
            Set<TableName> leftOut,
            SourceFacts known,
            Optional<String> target,
            Observer observer,
            Notices notices) {
        this.checks = new RequiredChecks(notices);
        this.notices = notices;
        this.leftOut = Set.copyOf(leftOut);
        this.parameters = parameters;
        this.known = known;
        this.target = target;
        this.observer = observer;
        this.followed = followed;
        followed.forEach(table -> tables.put(table.shape().oid(), table.table()));
    }

    /** Looks at the publication, and if it is time for that at all else. Blocks on the server. */
    void look(PostgresSession session) throws SQLException {
        long now = System.nanoTime();
        try {
            Optional<Lsn> published = PublicationLook.upTo(session, parameters.publication(), known.published());
            published.ifPresent(observer::published);
            unseen = false;
            boolean early = looked
                    && now - lookedNanos
                            < Duration.ofSeconds(parameters.heartbeatSeconds()).toNanos();
            if (early && published.isPresent()) {
                return;
            }
            require(session);
        } catch (TransvaseException e) {
            if (e.type() != ErrorType.USER) {
                throw e; // it was not found out
            }
            observer.fail(e);
        }
        looked = true;
        lookedNanos = now;
    }

    /** The server could not be checked. Once that has lasted for a while it is reported; until then nothing is confirmed. */
    void notSeen(Exception why) {
        long now = System.nanoTime();
        if (!unseen) {
            unseen = true;
            unseenNanos = now;
        } else if (now - unseenNanos >= UNSEEN.toNanos()) {
            checks.warning(
                    "datasource",
                    "the source could not be checked for " + UNSEEN.toSeconds() + " s (" + why.getMessage()
                            + "): until it can, nothing is confirmed to it, so it keeps its log");
        }
    }

    /** The server could not be looked at, since it is being shut down or has not started yet. */
    void notReady(TransvaseException why) {
        observer.leaving(new SQLException(why.getMessage(), NOT_READY, why));
    }

    private void require(PostgresSession session) throws SQLException {
        // Before the publication, so that one which changes right after is reported for what it lacks.
        SourceFacts facts = SourceFacts.look(session, parameters.publication(), tables.keySet());
        List<TableName> names = currentNames(session);
        Publication publication = Publication.find(session, parameters.publication())
                .orElseThrow(() -> PublicationLook.missing(parameters.publication()));
        new PublicationCheck(session, checks).require(publication, names, true);
        Loops loops = Loops.find(session, parameters.slot(), target, followed);
        loops.require(checks);
        observer.origins(loops.origins());
        tellNewTables(session);
        if (!settled()) {
            return;
        }
        SourceChanges changes =
                new SourceChanges(session, parameters.changesOfTables(), observer::hasContained, checks);
        // What the stream tells after this waits for the next look.
        List<Streamed> streamed = observer.partitions();
        changes.between(known, facts, tables);
        List<Streamed> partitions = changes.streamed(known, facts, streamed, tables);
        TruncateDoubts doubts = changes.truncated();
        if (changes.overtaken()) {
            return; // the next look finds more
        }
        if (doubts.none() && changes.unheard().none()) {
            adopt(changes.proven(facts), partitions);
        } else {
            unsettled = new Unsettled(
                    changes.proven(facts), partitions, SourceState.end(session), doubts, changes.unheard());
        }
    }

    /** A run follows the tables that it began with. */
    private void tellNewTables(PostgresSession session) throws SQLException {
        MeantTables.beyond(session, parameters, tables.keySet()).forEach((oid, table) -> {
            if (!leftOut.contains(table) && reported.add(oid)) {
                notices.warn(table + " now matches the tables of the job; "
                        + switch (parameters.newTables()) {
                            case FOLLOW -> "the next start of the job copies and follows it: stop it and run it again";
                            case IGNORE -> "it is not followed, because newTables is ignore";
                            case FAIL -> "it is not followed, and the next start fails, because newTables is fail";
                        });
            }
        });
    }

    /** Whether partitions that were truncated are no question any more; false while the stream has not come that far. */
    private boolean settled() {
        Unsettled looked = unsettled;
        if (looked == null) {
            return true;
        }
        if (observer.boundary().isBefore(looked.upTo())) {
            return false;
        }
        looked.doubts().settle(observer.truncates());
        looked.unheard().settle(observer::hasContained, parameters.changesOfTables(), checks);
        unsettled = null;
        adopt(looked.facts(), looked.settled());
        return true;
    }

    private void adopt(SourceFacts facts, List<Streamed> settled) {
        known = facts;
        observer.facts(facts, settled);
    }

    private List<TableName> currentNames(PostgresSession session) throws SQLException {
        String sql = "SELECT c.oid::pg_catalog.int8, n.nspname, c.relname FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid IN ("
                + tables.keySet().stream().map(Integer::toUnsignedString).collect(Collectors.joining(", ")) + ')';
        Map<Integer, TableName> found = new HashMap<>();
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                found.put((int) row.getLong(1), new TableName(row.getString(2), row.getString(3)));
            }
        }
        tables.forEach((oid, name) -> {
            TableName now = found.get(oid);
            if (!name.equals(now) && reported.add(oid)) {
                TableIdentity.changedName(name, now, parameters.changesOfTables(), checks);
            }
        });
        return new ArrayList<>(found.values());
    }
}
