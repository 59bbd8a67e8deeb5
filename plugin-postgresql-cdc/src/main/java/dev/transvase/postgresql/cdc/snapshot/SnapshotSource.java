package dev.transvase.postgresql.cdc.snapshot;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.postgresql.copy.CopySplitReader;
import dev.transvase.postgresql.copy.PlannedRows;
import dev.transvase.postgresql.split.BlockRanges;
import dev.transvase.postgresql.split.KeyRanges;
import dev.transvase.postgresql.split.OutputForms;
import dev.transvase.postgresql.split.ReadTask;
import dev.transvase.postgresql.split.SelectItem;
import dev.transvase.postgresql.split.TreePart;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.transaction.ReadSessions;
import dev.transvase.spi.Position;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Notices;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what the tables held where the stream begins, in parallel. */
public final class SnapshotSource implements AutoCloseable {

    private static final int BATCH_RECORDS = 1024;

    private final ReadSessions sessions;
    private final int splitFactor;

    /** What all splits together read. */
    private final List<String> selects = new ArrayList<>();

    public SnapshotSource(PostgresDataSource dataSource, String applicationName, int splitFactor, Notices notices) {
        this.sessions = new ReadSessions(dataSource, applicationName, List.of(), false, notices);
        this.splitFactor = splitFactor;
    }

    /**
     * Cuts a table by its integer primary key, or by physical position, for several channels. The pieces hold for every
     * snapshot: rows that come later fall into one of them.
     *
     * @param stage of these splits
     */
    public List<Split> cut(
            PostgresSession session,
            FollowedTable followed,
            TableDescription table,
            int stage,
            int channels,
            Checks checks)
            throws SQLException {
        OutputForms forms = OutputForms.of(session).withoutBytes();
        List<SelectItem> items = new ArrayList<>();
        for (int i = 0; i < followed.shape().columns().size(); i++) {
            String name = followed.shape().columns().get(i).name();
            PgColumn column = table.column(name).orElseThrow();
            items.add(SelectItem.of(
                    SqlNames.quote(name),
                    column.type(),
                    followed.schema().column(i).type(),
                    forms));
        }
        // A child's rows are read, and its changes sent, under its own name.
        TreePart part = table.relkind() == 'r' ? new TreePart(List.of(table.oid())) : TreePart.WHOLE;
        ReadTask whole = new ReadTask(table.table().toString(), "", items, part.from(table), List.of());
        selects.add(whole.select(followed.schema()));
        List<Split> splits = new ArrayList<>();
        for (String condition : conditions(session, table, part, whole, channels * splitFactor, channels, checks)) {
            ReadTask task = condition.isEmpty() ? whole : whole.and(condition);
            splits.add(Split.of(
                            followed.index() + "/" + task.label() + '/' + splits.size(),
                            followed.index(),
                            task.toBytes(),
                            task.select(followed.schema()))
                    .inStage(stage));
        }
        return splits;
    }

    /**
     * About how many rows each table has, in the order in which they were cut; empty when the server does not tell. Whoever has a table
     * locked is not waited for here.
     */
    public Optional<List<Long>> expectedRows(PostgresSession session) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("SET lock_timeout = '500ms'");
            Optional<List<Long>> rows = PlannedRows.of(session, selects);
            statement.execute("SET lock_timeout = 0");
            return rows;
        }
    }

    /** All tables have been cut: from now on each session locks them all with the first split that it reads. */
    public void holdAll() {
        sessions.holdAll(selects);
    }

    private static List<String> conditions(
            PostgresSession session,
            TableDescription table,
            TreePart part,
            ReadTask whole,
            int parts,
            int channels,
            Checks checks)
            throws SQLException {
        List<String> conditions = List.of();
        if (channels > 1) {
            Optional<PgColumn> key = integerKey(session, table);
            conditions = key.isPresent()
                    ? new KeyRanges(session, table, part, whole, key.get()).conditions(parts)
                    : new BlockRanges(session, table, part, checks).conditions(parts, channels);
        }
        return conditions.isEmpty() ? List.of("") : conditions;
    }

    /** The only column of the primary key, when it is an integer. */
    private static Optional<PgColumn> integerKey(PostgresSession session, TableDescription table) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT a.attname FROM pg_catalog.pg_index i"
                        + " JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
                        + " WHERE i.indisprimary AND i.indnatts = 1 AND i.indrelid = "
                        + Integer.toUnsignedString(table.oid()))) {
            return row.next() ? table.column(row.getString(1)).filter(KeyRanges::usable) : Optional.empty();
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "looking for the key of " + table.table());
        }
    }

    /** Reads a piece of a table as this snapshot has it. */
    public SplitReader open(Split split, FollowedTable table, String snapshot, Position position) {
        ReadTask task = ReadTask.fromBytes(split.payload()).withSnapshot(snapshot);
        return new CopySplitReader(sessions, task, table.schema(), BATCH_RECORDS, position);
    }

    @Override
    public void close() {
        sessions.close();
    }
}
