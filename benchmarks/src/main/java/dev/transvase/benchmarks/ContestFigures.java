package dev.transvase.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/** What each tool took in each round. Ratios are taken within a round. */
final class ContestFigures {

    private final long changes;
    private final Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();

    /** @param names of the tools; the others are compared with the first one */
    ContestFigures(long changes, List<String> names) {
        this.changes = changes;
        names.forEach(name -> outcomes.put(name, new ArrayList<>()));
    }

    void add(String name, Outcome outcome) {
        outcomes.get(name).add(outcome);
    }

    /** Markdown: how many times as fast as each of the others the first tool is, with and without the start of processes. */
    String table() {
        Map.Entry<String, List<Outcome>> first = outcomes.entrySet().iterator().next();
        StringBuilder table = new StringBuilder("| tool | s | changes/s | work, s | " + first.getKey()
                + " to it | in the rounds | work to work | in the rounds |\n");
        table.append("|---|---:|---:|---:|---:|---:|---:|---:|\n");
        outcomes.forEach((name, own) -> {
            double seconds = median(own, Outcome::seconds);
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %.2f | %,.0f | %.2f | %s | %s |%n",
                    name,
                    seconds,
                    changes / seconds,
                    median(own, Outcome::ownSeconds),
                    ratio(own, first.getValue(), Outcome::seconds),
                    ratio(own, first.getValue(), Outcome::ownSeconds)));
        });
        outcomes.forEach((name, own) -> own.stream()
                .map(Outcome::peakBytes)
                .flatMapToLong(OptionalLong::stream)
                .max()
                .ifPresent(bytes -> table.append(
                        String.format(Locale.ROOT, "%n%s: at most %,d MiB of memory%n", name, bytes >> 20))));
        return table.toString();
    }

    private static double median(List<Outcome> of, ToDoubleFunction<Outcome> figure) {
        return Samples.median(of.stream().mapToDouble(figure).toArray());
    }

    private static String ratio(List<Outcome> one, List<Outcome> other, ToDoubleFunction<Outcome> figure) {
        double[] ratios = new double[one.size()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = figure.applyAsDouble(one.get(round)) / figure.applyAsDouble(other.get(round));
        }
        Arrays.sort(ratios);
        return String.format(
                Locale.ROOT, "%.2f | %.2f to %.2f", Samples.median(ratios), ratios[0], ratios[ratios.length - 1]);
    }
}
