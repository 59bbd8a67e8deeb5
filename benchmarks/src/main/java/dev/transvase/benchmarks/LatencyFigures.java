package dev.transvase.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long rows took with each tool, in each round. */
final class LatencyFigures {

    private static final double HIGH = 0.99;

    private final Map<String, List<double[]>> millis = new LinkedHashMap<>();

    /** @param names of the tools; the others are compared with the first one */
    LatencyFigures(List<String> names) {
        names.forEach(name -> millis.put(name, new ArrayList<>()));
    }

    void add(String name, double[] round) {
        millis.get(name).add(round);
    }

    /** Markdown: medians over the rounds. */
    String table() {
        String first = millis.keySet().iterator().next();
        StringBuilder table = new StringBuilder("| tool | median, ms | p99, ms | maximum, ms | median of " + first
                + " to it |\n|---|---:|---:|---:|---:|\n");
        double reference = median(millis.get(first), 0.5);
        millis.forEach((name, rounds) -> table.append(String.format(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.1f | %.2f |%n",
                name,
                median(rounds, 0.5),
                median(rounds, HIGH),
                median(rounds, 1),
                reference / median(rounds, 0.5))));
        return table.toString();
    }

    private static double median(List<double[]> rounds, double share) {
        return Samples.median(rounds.stream()
                .mapToDouble(round -> Samples.percentile(share, round))
                .toArray());
    }
}
