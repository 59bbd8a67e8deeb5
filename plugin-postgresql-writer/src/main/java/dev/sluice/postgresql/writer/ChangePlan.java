package dev.sluice.postgresql.writer;

import dev.sluice.spi.Schema;
import dev.sluice.spi.WriteTarget;
import java.util.List;

/**
 * How changes get into their tables.
 *
 * @param tables one for each of the reader's
 * @param layouts how the planned records fit them
 * @param accepted what the reader delivers for each
 * @param references the tables' foreign keys
 */
record ChangePlan(
        List<ChangeTable> tables, List<ChangeLayout> layouts, List<Schema> accepted, TableReferences references) {

    ChangePlan {
        tables = List.copyOf(tables);
        layouts = List.copyOf(layouts);
        accepted = List.copyOf(accepted);
    }

    /** How rows are written that come before the changes. */
    List<TargetTable> targets() {
        return layouts.stream().map(ChangeLayout::rows).toList();
    }

    WriteTarget target(int index) {
        ChangeTable table = tables.get(index);
        return new WriteTarget(
                table.table().table().toString(),
                accepted.get(index),
                targets().get(index).description() + "; changes find their row by "
                        + table.key().map(ChangeKey::toString).orElse("all of its columns, as the table has no key"));
    }

    /** Whether records laid out for the other one can be applied as this one says; OIDs may differ. */
    boolean sameLayout(ChangePlan other) {
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
