package dev.transvase.postgresql.cdc.plan;

import dev.transvase.postgresql.KnownServers;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDefinitions;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Snapshot;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.prerequisite.JoiningRoom;
import dev.transvase.postgresql.cdc.prerequisite.Prerequisites;
import dev.transvase.postgresql.cdc.prerequisite.PublicationCheck;
import dev.transvase.postgresql.cdc.prerequisite.TableSelection;
import dev.transvase.postgresql.cdc.prerequisite.TableSelection.Selected;
import dev.transvase.postgresql.cdc.snapshot.Joining;
import dev.transvase.postgresql.cdc.source.KnownTables;
import dev.transvase.postgresql.cdc.source.Publication;
import dev.transvase.postgresql.cdc.source.Slot;
import dev.transvase.postgresql.cdc.source.SourceState;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.postgresql.cdc.table.ColumnOffers;
import dev.transvase.spi.ChangeStream;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The first phase of a run: finds the tables, and checks whether server, user, tables and publication are fit for it. */
public final class Planning {

    private final CdcJob job;
    private final PostgresCdcParameters parameters;
    private final PostgresSession session;
    private final Checks checks;
    private final Prerequisites prerequisites;
    private final TableSelection selection;

    private Planning(CdcJob job, PostgresSession session, Checks checks) {
        this.job = job;
        this.parameters = job.parameters();
        this.session = session;
        this.checks = checks;
        this.prerequisites = new Prerequisites(session, checks);
        this.selection = new TableSelection(session, parameters, checks);
    }

    /**
     * Plans a run. Blocks on the source, where it changes nothing.
     *
     * @param checks takes all that is wrong; once it has failed, the result is good for its tables only
     * @return what holds a session, and is to be closed
     * @throws TransvaseException when the source cannot be reached, or does not answer
     */
    public static Planned plan(CdcJob job, Checks checks) {
        PostgresSession session = PostgresSession.open(job.dataSource(), job.applicationName(), job.notices());
        try {
            return new Planning(job, session, checks).plan();
        } catch (SQLException e) {
            session.close();
            throw TableSelection.failed(e);
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    private Planned plan() throws SQLException {
        KnownServers.check(session, checks);
        prerequisites.server(parameters.slot(), parameters.publication());
        Optional<Publication> publication = Publication.find(session, parameters.publication());
        boolean begun =
                publication.isPresent() && Slot.find(session, parameters.slot()).isPresent();
        List<Selected> selected = begun ? selection.selectOf(known(publication.get())) : selection.select();
        Joining joining = joining(selected);
        checkTables(selected, joining, begun);
        if (selection.failed()) {
            return planned(ReadPlan.of(List.of()).withUnbounded(true), selected, joining, false, Optional.empty());
        }
        if (publication.isPresent() && !checks.failed()) {
            List<TableName> names = names(selected);
            Publication grown = publication
                    .get()
                    .with(joining.tables().stream().map(names::get).toList());
            new PublicationCheck(session, checks).require(grown, names, begun);
        }
        Optional<Lsn> until = !checks.failed() && job.context().untilCurrent()
                ? Optional.of(SourceState.end(session))
                : Optional.empty();
        boolean binary = session.majorVersion() >= ColumnOffers.BINARY_FROM
                && selected.stream()
                        .flatMap(s -> s.columns().stream())
                        .allMatch(c -> ColumnOffers.fitsBinary(c.type()));
        return planned(readPlan(selected, joining, binary), selected, joining, binary, until);
    }

    private Planned planned(
            ReadPlan readPlan, List<Selected> selected, Joining joining, boolean binary, Optional<Lsn> until) {
        return new Planned(job, session, readPlan, selected, selection.notFollowed(), joining, binary, until);
    }

    /** What a stream that has begun has taken in. */
    private KnownTables known(Publication publication) {
        Position position = job.stored().of(parameters.slot());
        StoredContext context = StreamPosition.hasBegun(position)
                ? StoredContext.of(StreamPosition.of(position).context())
                : StoredContext.NOTHING;
        return new KnownTables(context, publication);
    }

    private Joining joining(List<Selected> selected) {
        Set<Integer> joins = new LinkedHashSet<>();
        Set<Integer> before = new LinkedHashSet<>();
        for (int i = 0; i < selected.size(); i++) {
            if (selection.joins(selected.get(i))) {
                joins.add(i);
            }
            if (selection.joinedBefore(selected.get(i))) {
                before.add(i);
            }
        }
        return new Joining(joins, before);
    }

    private void checkTables(List<Selected> selected, Joining joining, boolean begun) throws SQLException {
        if (joining.any()) {
            int senders = parameters.snapshot() == Snapshot.NEVER ? 1 : 2;
            JoiningRoom.check(session, parameters.slot(), senders, checks);
        }
        for (int i = 0; i < selected.size(); i++) {
            Selected one = selected.get(i);
            prerequisites.table(
                    one.table().table(),
                    one.table().oid(),
                    one.path(),
                    parameters.replicaIdentity(),
                    begun && !joining.tables().contains(i));
        }
        prerequisites.trees(selected);
        if (parameters.snapshot() != Snapshot.NEVER) {
            prerequisites.rowSecurity(selected);
        }
    }

    private static List<TableName> names(List<Selected> selected) {
        return selected.stream().map(s -> s.table().table()).toList();
    }

    private ReadPlan readPlan(List<Selected> selected, Joining joining, boolean binary) {
        return ReadPlan.of(selected.stream().map(s -> schema(s, binary)).toList())
                .withUnbounded(parameters.snapshot() != Snapshot.ONLY)
                .withChanges(new ChangeStream(
                        parameters.slot(),
                        parameters.snapshot() != Snapshot.NEVER,
                        joining.tables(),
                        joining.begunBefore(),
                        "lsn"))
                .withLeftOut(selection.leftOut())
                .withDefinitions(table -> Optional.of(
                        TableDefinitions.of(session, selected.get(table).table().oid())));
    }

    private static Schema schema(Selected one, boolean binary) {
        List<Column> columns = new ArrayList<>();
        for (PgColumn column : one.columns()) {
            columns.add(
                    ColumnOffers.offer(column.name(), !column.notNull(), column.declaredType(), column.type(), binary));
        }
        return Schema.of(one.table().table(), columns).withWireFormat("postgresql");
    }
}
