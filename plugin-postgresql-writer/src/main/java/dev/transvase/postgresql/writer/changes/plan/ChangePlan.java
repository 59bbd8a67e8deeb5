package dev.transvase.postgresql.writer.changes.plan;

import dev.transvase.postgresql.writer.statement.BatchStatement;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.table.Schema;
import java.util.List;
import java.util.Map;

/**
 * How changes get into their tables.
 *
 * @param tables one for each of the reader's
 * @param layouts how the planned records fit them
 * @param accepted what the reader delivers for each
 * @param references the tables' foreign keys
 */
public record ChangePlan(
        List<ChangeTable> tables, List<ChangeLayout> layouts, List<Schema> accepted, TableReferences references) {

    public ChangePlan {
        tables = List.copyOf(tables);
        layouts = List.copyOf(layouts);
        accepted = List.copyOf(accepted);
    }

    /** How rows are written that come before the changes. */
    public List<TargetTable> targets() {
        return layouts.stream().map(ChangeLayout::rows).toList();
    }

    /**
     * The target of this index, as the runtime sees it.
     *
     * @param turns by the OID of a target, {@link WriteTarget#turn}; 0 for others
     */
    public WriteTarget target(int index, Map<Integer, Integer> turns) {
        ChangeTable table = tables.get(index);
        TargetTable rows = layouts.get(index).rows();
        return WriteTarget.of(
                        table.table().table().toString(),
                        accepted.get(index),
                        rows.description(BatchStatement.sql(rows)) + "; changes identify their row by "
                                + table.key()
                                        .map(ChangeKey::toString)
                                        .orElse("all of its columns, as the table has no key"))
                .withTurn(turns.getOrDefault(table.table().oid(), 0));
    }

    /** Whether records laid out for the other one can be applied as this one says; OIDs may differ. */
    public boolean sameLayout(ChangePlan other) {
        for (int i = 0; i < tables.size(); i++) {
            if (!accepted.get(i).equals(other.accepted.get(i))
                    || !tables.get(i).key().equals(other.tables.get(i).key())
                    || !targets().get(i).sameLayout(other.targets().get(i))) {
                return false;
            }
        }
        return true;
    }
}
