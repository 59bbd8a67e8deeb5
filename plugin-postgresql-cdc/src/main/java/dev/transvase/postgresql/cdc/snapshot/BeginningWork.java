package dev.transvase.postgresql.cdc.snapshot;

import static dev.transvase.postgresql.cdc.error.CdcErrors.PUBLICATION_MISSING;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.prerequisite.Prerequisites;
import dev.transvase.postgresql.cdc.prerequisite.PublicationCheck;
import dev.transvase.postgresql.cdc.prerequisite.RequiredChecks;
import dev.transvase.postgresql.cdc.source.Publication;
import dev.transvase.postgresql.cdc.source.Slot;
import dev.transvase.postgresql.cdc.source.SourceState;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the publication and the slot of a stream that begins, after what an earlier attempt has left was removed. */
public final class BeginningWork implements SlotMaking.Work {

    private static final Logger log = LoggerFactory.getLogger(BeginningWork.class);

    private static final Duration END_PATIENCE = Duration.ofSeconds(5);

    private final PostgresCdcParameters parameters;
    private final SourceState state;
    private final List<FollowedTable> tables;
    private final Notices notices;

    /** Whether a slot of this name is of this attempt. Written by the making thread. */
    private volatile boolean ours;

    /** Whether the publication was made here, by this attempt or one before. Written by the making thread. */
    private volatile boolean published;

    public BeginningWork(
            PostgresCdcParameters parameters, SourceState state, List<FollowedTable> tables, Notices notices) {
        this.parameters = parameters;
        this.state = state;
        this.tables = tables;
        this.notices = notices;
    }

    @Override
    public String slot() {
        return "the slot " + parameters.slot();
    }

    @Override
    public Slot.Created make(PostgresSession session, PostgresSession replication, boolean export) throws SQLException {
        state.dropLeftSlot(session);
        ours = true;
        List<TableName> names = tables.stream().map(FollowedTable::table).toList();
        if (Publication.find(session, parameters.publication()).isEmpty()) {
            // Before the slot: the stream looks it up as it was at each change.
            publish(session, names);
        }
        Slot.Created created = Slot.create(replication, parameters.slot(), export);
        try {
            requirePublished(session, names);
        } catch (TransvaseException e) {
            Slot.drop(session, parameters.slot());
            throw e;
        }
        log.info("replication slot {} begins at {}", parameters.slot(), created.consistent());
        return created;
    }

    /** While its tables are locked against changes of their identity: else it might break updates and deletes of them. */
    private void publish(PostgresSession session, List<TableName> names) throws SQLException {
        session.jdbc().setAutoCommit(false);
        boolean generated = !Publication.identifiedByGenerated(session, names).isEmpty();
        Publication.run(
                session, Publication.createStatement(session.majorVersion(), parameters.publication(), generated));
        Publication.run(session, Publication.addStatement(parameters.publication(), names));
        Prerequisites prerequisites = new Prerequisites(session, new RequiredChecks(notices));
        for (FollowedTable table : tables) {
            prerequisites.table(table.table(), table.shape().oid(), "table", parameters.replicaIdentity(), false);
        }
        requirePublished(session, names);
        published = true;
        session.jdbc().commit();
        session.jdbc().setAutoCommit(true);
    }

    /** The stream has what the publication has where the slot begins, whoever made it and whatever became of it since. */
    private void requirePublished(PostgresSession session, List<TableName> names) throws SQLException {
        Optional<Publication> publication = Publication.find(session, parameters.publication());
        if (publication.isEmpty()) {
            throw TransvaseException.of(
                    PUBLICATION_MISSING,
                    "the publication " + parameters.publication()
                            + " was dropped while the slot was being created; run the job again, which creates both");
        }
        new PublicationCheck(session, new RequiredChecks(notices)).require(publication.get(), names, false);
    }

    @Override
    public void undo(PostgresSession session) throws SQLException {
        if (ours && Slot.find(session, parameters.slot()).isPresent()) {
            // The session that made it may take a moment to let go of it.
            state.userAfter(session, END_PATIENCE);
            Slot.drop(session, parameters.slot());
        }
        if (published && Publication.find(session, parameters.publication()).isPresent()) {
            Publication.drop(session, parameters.publication());
        }
    }
}
