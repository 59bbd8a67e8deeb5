package dev.transvase.postgresql.reader;

import dev.transvase.postgresql.catalog.Inheritance;
import dev.transvase.postgresql.catalog.Inheritance.Member;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.reader.PostgresReaderParameters.Inherited;
import dev.transvase.postgresql.reader.TableChoice.Chosen;
import dev.transvase.postgresql.split.TreePart;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.LeftOut;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Shares the rows of tables that inherit from each other out among those that the job reads: each row goes with its own table
 * where the job reads that, else with the nearest table above it that the job reads. Partitions belong to their root.
 */
final class TreeShares {

    private static final int NAMES_SHOWN = 10;

    private final Inheritance inheritance;
    private final Inherited inherited;
    private final Checks checks;
    private final List<LeftOut> leftOut = new ArrayList<>();

    TreeShares(Inheritance inheritance, Inherited inherited, Checks checks) {
        this.inheritance = inheritance;
        this.inherited = inherited;
        this.checks = checks;
    }

    /** The tables whose rows nobody reads, because the job asks for that. */
    List<LeftOut> leftOut() {
        return leftOut;
    }

    /** The same tables, each with what of its tree is read with it. */
    List<Chosen> share(List<Chosen> tables) {
        Map<Integer, Chosen> byOid = new LinkedHashMap<>();
        tables.forEach(chosen -> byOid.put(chosen.table().oid(), chosen));
        return tables.stream().map(chosen -> share(chosen, byOid)).toList();
    }

    private Chosen share(Chosen chosen, Map<Integer, Chosen> job) {
        TableDescription table = chosen.table();
        List<Member> below = inheritance.below(table.oid());
        if (below.isEmpty()) {
            return chosen;
        }
        if (table.relkind() == 'p') {
            below.stream().filter(m -> job.containsKey(m.oid())).forEach(m -> warnOfPartition(m, chosen, job));
            return chosen.with(TreePart.WHOLE, below);
        }
        List<Member> taken = new ArrayList<>();
        for (Member member : below) {
            if (job.containsKey(member.oid())) {
                continue;
            }
            List<Integer> nearest = inheritance.nearest(member.oid(), job.keySet());
            if (nearest.get(0) != table.oid()) {
                continue;
            }
            if (inherited == Inherited.EXCLUDE) {
                leftOut.add(new LeftOut(
                        member.table().toString(), "it inherits from a table that is read, and inherited is exclude"));
                continue;
            }
            taken.add(member);
            if (nearest.size() > 1) {
                warnOfSeveral(member, nearest, job);
            }
        }
        warnOfTaken(chosen, taken);
        return chosen.with(part(table, below, taken), taken);
    }

    private static TreePart part(TableDescription table, List<Member> below, List<Member> taken) {
        if (taken.size() == below.size()) {
            return TreePart.WHOLE;
        }
        List<Integer> members = new ArrayList<>(List.of(table.oid()));
        taken.forEach(member -> members.add(member.oid()));
        return new TreePart(members);
    }

    private void warnOfTaken(Chosen chosen, List<Member> taken) {
        if (!taken.isEmpty()) {
            String names = taken.stream()
                            .limit(NAMES_SHOWN)
                            .map(m -> m.table().toString())
                            .collect(Collectors.joining(", "))
                    + (taken.size() > NAMES_SHOWN ? " and " + (taken.size() - NAMES_SHOWN) + " more" : "");
            boolean one = taken.size() == 1;
            checks.warning(
                    chosen.path(),
                    chosen.table().table() + " includes the rows of "
                            + (one
                                    ? "1 child that the job does not read as a separate table: "
                                    : taken.size() + " children that the job does not read as separate tables: ")
                            + names + "; columns that only " + (one ? "it has" : "they have")
                            + " are not read. Name " + (one ? "it" : "them")
                            + " in table too, or set inherited to exclude"
                            + " to exclude these rows");
        }
    }

    private void warnOfSeveral(Member member, List<Integer> nearest, Map<Integer, Chosen> job) {
        String others = nearest.stream()
                .skip(1)
                .map(oid -> job.get(oid).table().table().toString())
                .collect(Collectors.joining(", "));
        checks.warning(
                job.get(nearest.get(0)).path(),
                member.table() + " inherits from "
                        + job.get(nearest.get(0)).table().table() + " and from " + others
                        + "; its rows are read once, with those of the first. Name it in table to read all its columns");
    }

    private void warnOfPartition(Member partition, Chosen root, Map<Integer, Chosen> job) {
        checks.warning(
                job.get(partition.oid()).path(),
                partition.table() + " is a partition of " + root.table().table()
                        + ", which is read as a whole: the rows of the partition are read twice. Remove one of the"
                        + " two from table");
    }
}
