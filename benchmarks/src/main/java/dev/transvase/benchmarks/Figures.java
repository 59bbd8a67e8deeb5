package dev.transvase.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/**
 * The results of all rounds. A round's figure is the median of its iterations, and its ratio is taken to the reference
 * of the same round: what else the machine did meanwhile then weighs less.
 */
final class Figures {

    /** To what the ratios of a benchmark's results are taken: the values of one parameter, or one of its methods. */
    private static final Map<String, String> REFERENCE_VALUES = Map.of(
            "fetchSize", Integer.toString(CopyJob.DEFAULT_FETCH_SIZE),
            "batchSize", Integer.toString(CopyJob.DEFAULT_BATCH_SIZE));

    private static final String REFERENCE_METHOD = "copyPipe";

    private final Map<String, List<RunResult>> rounds = new LinkedHashMap<>();

    void add(Collection<RunResult> round) {
        for (RunResult result : round) {
            rounds.computeIfAbsent(name(result.getParams(), false), n -> new ArrayList<>())
                    .add(result);
        }
    }

    /** One for each benchmark and its parameters, with the iterations of all rounds. */
    Collection<RunResult> results() {
        List<RunResult> merged = new ArrayList<>();
        for (List<RunResult> same : rounds.values()) {
            List<BenchmarkResult> all = new ArrayList<>();
            same.forEach(result -> all.addAll(result.getBenchmarkResults()));
            merged.add(new RunResult(same.get(0).getParams(), all));
        }
        return merged;
    }

    /** Markdown: medians over the rounds, and the least and the most of all iterations. */
    String table() {
        StringBuilder table =
                new StringBuilder("| benchmark | rows/s | least | most | ratio | ratio, least to most |\n");
        table.append("|---|---:|---:|---:|---:|---:|\n");
        rounds.forEach((name, same) -> {
            double[] all =
                    same.stream().flatMapToDouble(r -> Arrays.stream(rates(r))).toArray();
            double[] medians = same.stream().mapToDouble(Figures::rate).toArray();
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %,.0f | %,.0f | %,.0f | %s |%n",
                    name,
                    Samples.median(medians),
                    Arrays.stream(all).min().orElseThrow(),
                    Arrays.stream(all).max().orElseThrow(),
                    ratio(same)));
        });
        return table.toString();
    }

    private String ratio(List<RunResult> same) {
        List<RunResult> reference = rounds.getOrDefault(name(same.get(0).getParams(), true), List.of());
        if (reference.size() != same.size()) {
            return "- | -"; // it was not asked for
        }
        double[] ratios = new double[same.size()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = rate(same.get(round)) / rate(reference.get(round));
        }
        Arrays.sort(ratios);
        return String.format(
                Locale.ROOT, "%.2f | %.2f to %.2f", Samples.median(ratios), ratios[0], ratios[ratios.length - 1]);
    }

    private static double rate(RunResult result) {
        return Samples.median(rates(result));
    }

    /** Rows/s of each iteration. */
    private static double[] rates(RunResult result) {
        List<Double> rates = new ArrayList<>();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                rates.add(iteration.getSecondaryResults().get(RowCounter.RESULT).getScore());
            }
        }
        return rates.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Such as {@code BatchSize.write writeMode=copy batchSize=1024}; or that of its reference. */
    private static String name(BenchmarkParams params, boolean reference) {
        String benchmark = params.getBenchmark();
        int method = benchmark.lastIndexOf('.') + 1;
        int type = benchmark.lastIndexOf('.', method - 2) + 1;
        boolean otherMethod = reference && params.getParamsKeys().isEmpty();
        StringBuilder name = new StringBuilder(benchmark.substring(type, method).replace("Benchmark", ""))
                .append(otherMethod ? REFERENCE_METHOD : benchmark.substring(method));
        for (String key : params.getParamsKeys()) {
            String value = params.getParam(key);
            name.append(' ')
                    .append(key)
                    .append('=')
                    .append(reference ? REFERENCE_VALUES.getOrDefault(key, value) : value);
        }
        return name.toString();
    }
}
