package dev.transvase.postgresql.cdc.snapshot;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.prerequisite.Prerequisites;
import dev.transvase.postgresql.cdc.prerequisite.PublicationCheck;
import dev.transvase.postgresql.cdc.prerequisite.RequiredChecks;
import dev.transvase.postgresql.cdc.source.Publication;
import dev.transvase.postgresql.cdc.source.PublicationLook;
import dev.transvase.postgresql.cdc.source.Slot;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.postgresql.retry.Pause;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts tables into the publication of a stream that has begun, and makes a temporary slot, whose snapshot has their rows.
 *
 * <p>Nobody writes to the tables while they are put in: a server that decodes a transaction which has written to one before and
 * after may keep from then on that the table is not published. For the same reason a table that somebody else has put in is taken
 * out and put in once more. The slot comes after that is committed. The server makes it only once all transactions in progress have
 * ended, so whatever is committed behind its consistent point began with the tables in the publication, and is in the stream.
 */
public final class JoiningWork implements SlotMaking.Work {

    private static final Logger log = LoggerFactory.getLogger(JoiningWork.class);

    /** Others who want to write wait behind us for as long. Below the server's usual deadlock_timeout, as in {@link HeldTables}. */
    private static final String LOCK_TIMEOUT = "500ms";

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final PostgresCdcParameters parameters;
    private final List<FollowedTable> tables;
    private final Notices notices;

    public JoiningWork(PostgresCdcParameters parameters, List<FollowedTable> tables, Notices notices) {
        this.parameters = parameters;
        this.tables = tables;
        this.notices = notices;
    }

    @Override
    public String slot() {
        return "the temporary slot for the tables that join " + parameters.slot();
    }

    @Override
    public Slot.Created make(PostgresSession session, PostgresSession replication, boolean export) throws SQLException {
        List<TableName> names = tables.stream().map(FollowedTable::table).toList();
        session.jdbc().setAutoCommit(false);
        while (!lock(session, names)) {
            Pause.interruptible().pause(PAUSE, "waiting for tables that join the stream");
        }
        publish(session, names);
        session.jdbc().commit();
        session.jdbc().setAutoCommit(true);
        String name = "di_j_" + parameters.solutionId() + '_' + replication.pg().getBackendPID();
        Slot.Created created = Slot.createTemporary(replication, name, export);
        require(session, names);
        log.info("{} join the stream at {}", names, created.consistent());
        return created;
    }

    /** Returns false when somebody else uses one of them; then the transaction is a new one. */
    private static boolean lock(PostgresSession session, List<TableName> names) throws SQLException {
        Publication.run(session, "SET LOCAL lock_timeout = '" + LOCK_TIMEOUT + '\'');
        try {
            Publication.run(session, "LOCK TABLE " + list(names) + " IN SHARE ROW EXCLUSIVE MODE");
        } catch (SQLException e) {
            if (!SqlErrors.isLocked(e) && !SqlErrors.isConflict(e)) {
                throw e;
            }
            log.info("tables that join the stream are in use: {}", SqlErrors.message(e));
            session.jdbc().rollback();
            return false;
        }
        Publication.run(session, "SET LOCAL lock_timeout = 0");
        return true;
    }

    private void publish(PostgresSession session, List<TableName> names) throws SQLException {
        Publication publication = find(session);
        String alter = "ALTER PUBLICATION " + SqlNames.quote(publication.name());
        if (!publication.allTables()) {
            Set<TableName> missing = publication.missing(names);
            List<TableName> there =
                    names.stream().filter(name -> !missing.contains(name)).toList();
            if (!there.isEmpty()) {
                Publication.run(session, alter + " DROP TABLE ONLY " + list(there));
            }
            Publication.run(session, alter + " ADD TABLE ONLY " + list(names));
        }
        Prerequisites prerequisites = new Prerequisites(session, new RequiredChecks(notices));
        for (FollowedTable table : tables) {
            prerequisites.table(table.table(), table.shape().oid(), "table", parameters.replicaIdentity(), false);
        }
        require(session, names);
    }

    private void require(PostgresSession session, List<TableName> names) throws SQLException {
        new PublicationCheck(session, new RequiredChecks(notices)).require(find(session), names, true);
    }

    private Publication find(PostgresSession session) throws SQLException {
        return Publication.find(session, parameters.publication())
                .orElseThrow(() -> PublicationLook.missing(parameters.publication()));
    }

    private static String list(List<TableName> names) {
        return names.stream().map(SqlNames::quote).collect(Collectors.joining(", "));
    }

    /** The slot goes with its session, and tables that are in the publication already join with the next run. */
    @Override
    public void undo(PostgresSession session) {
        log.info("tables were about to join the stream; the next run adds them");
    }
}
