package dev.transvase.core.run;

import dev.transvase.spi.Split;
import dev.transvase.spi.WriteTarget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Puts splits into an order in which no record comes before one of another table that it may refer to at the target. The
 * reader knows what its own tables refer to; what only the target asks for, or what several readers bring, is known here.
 */
final class SplitOrder {

    private SplitOrder() {}

    /**
     * The splits, in other stages where theirs do not suit the targets. Those of many tables, which are parts of a stream of changes,
     * stay before and behind all rows.
     *
     * @param splits as the reader cut them
     * @param channels how many of them are read at the same time; one reads them in the order of the list
     */
    static List<Split> of(List<Split> splits, List<WriteTarget> targets, int channels) {
        List<Split> rows = splits.stream().filter(SplitOrder::isOfOneTable).toList();
        List<Split> ordered = ofRows(rows, targets, channels);
        if (ordered == rows) {
            return splits;
        }
        int first = rows.stream().mapToInt(Split::stage).min().orElse(0);
        int last = rows.stream().mapToInt(Split::stage).max().orElse(0);
        int longer = ordered.stream().mapToInt(Split::stage).max().orElse(0) - (last - first);
        List<Split> all = new ArrayList<>();
        splits.stream().filter(s -> !isOfOneTable(s) && s.stage() < first).forEach(all::add);
        ordered.forEach(s -> all.add(s.inStage(first + s.stage())));
        splits.stream()
                .filter(s -> !isOfOneTable(s) && s.stage() >= first)
                .forEach(s -> all.add(s.inStage(s.stage() + longer)));
        return all;
    }

    private static boolean isOfOneTable(Split split) {
        return split.table() != Split.MANY_TABLES;
    }

    /** The splits as they are, or in stages from 0 on. */
    private static List<Split> ofRows(List<Split> splits, List<WriteTarget> targets, int channels) {
        List<Split> inTurn = new ArrayList<>(splits);
        inTurn.sort(Comparator.comparingInt(Split::stage));
        for (int i = 1; i < inTurn.size(); i++) {
            Split before = inTurn.get(i - 1);
            Split next = inTurn.get(i);
            int ahead = turn(next, targets) - turn(before, targets);
            if (ahead < 0 || (ahead > 0 && channels > 1 && before.stage() == next.stage())) {
                return byTurns(inTurn, targets, channels);
            }
        }
        return splits;
    }

    private static List<Split> byTurns(List<Split> splits, List<WriteTarget> targets, int channels) {
        return splits.stream()
                .sorted(Comparator.comparingInt(split -> turn(split, targets)))
                .map(split -> split.inStage(channels > 1 ? turn(split, targets) : 0))
                .toList();
    }

    private static int turn(Split split, List<WriteTarget> targets) {
        return targets.get(split.table()).turn();
    }
}
