package dev.transvase.postgresql.cdc.plan;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.prerequisite.TableSelection;
import dev.transvase.postgresql.cdc.prerequisite.TableSelection.Selected;
import dev.transvase.postgresql.cdc.snapshot.Joining;
import dev.transvase.postgresql.cdc.table.CatalogColumns;
import dev.transvase.postgresql.cdc.table.ColumnNumbers;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.postgresql.cdc.table.Shape;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A run that is planned and not cut into splits yet. Holds the session of the planning until it is closed.
 *
 * @param readPlan what the writer receives; it looks up definitions of tables over the session
 * @param selected the tables to follow, in the order of the plan
 * @param notFollowed tables that the job means and that are left out
 * @param joining which of the tables join a stream that has begun
 * @param binary whether values come in binary
 * @param until where to end; empty to go on until cancelled
 */
public record Planned(
        CdcJob job,
        PostgresSession session,
        ReadPlan readPlan,
        List<Selected> selected,
        Set<TableName> notFollowed,
        Joining joining,
        boolean binary,
        Optional<Lsn> until)
        implements AutoCloseable {

    /**
     * Cuts the work into splits. Called once the writer is planned. Blocks on the source, where it changes nothing.
     *
     * @param accepted the plan's tables as the writer accepted them
     * @param channels how many splits are read at the same time
     * @param checks takes warnings, and what is wrong
     * @throws TransvaseException when the source does not answer
     */
    public Opening split(List<Schema> accepted, int channels, Checks checks) {
        try {
            return new Starting(this, followed(accepted), channels, checks).start();
        } catch (SQLException e) {
            throw TableSelection.failed(e);
        }
    }

    private List<FollowedTable> followed(List<Schema> accepted) throws SQLException {
        CatalogColumns.Answer catalog = CatalogColumns.ask(
                session, selected.stream().map(s -> s.table().oid()).toList());
        List<FollowedTable> followed = new ArrayList<>();
        for (int i = 0; i < selected.size(); i++) {
            Selected one = selected.get(i);
            Shape shape = shape(one, ColumnNumbers.of(catalog.of(one.table().oid())));
            TableName table = one.table().table();
            followed.add(new FollowedTable(
                    i,
                    table,
                    job.parameters().allColumns(),
                    accepted.get(i),
                    shape,
                    job.stored().target(table)));
        }
        return List.copyOf(followed);
    }

    private static Shape shape(Selected one, ColumnNumbers numbers) {
        List<Shape.Attribute> columns = new ArrayList<>();
        Set<String> left = new LinkedHashSet<>();
        for (PgColumn column : one.table().columns()) {
            if (one.columns().contains(column)) {
                continue;
            }
            left.add(column.name());
        }
        one.columns()
                .forEach(c -> columns.add(
                        new Shape.Attribute(c.name(), c.typeOid(), c.type().typtype() == 'd' ? -1 : c.typmod())));
        return new Shape(one.table().oid(), columns, left, numbers);
    }

    @Override
    public void close() {
        session.close();
    }
}
