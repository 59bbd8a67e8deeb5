package dev.transvase.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One measure of changes in real time.
 *
 * @param measure which one
 * @param changes how many; for the latency, rows in a round
 * @param rounds how often everything is done
 * @param out receives the progress
 */
record MeasureRun(Measure measure, long changes, int rounds, PrintStream out) {

    private static final String SMALL_HEAP = "-Xmx256m";

    /** Takes it, and returns the table of figures. */
    String on(ChangeRun run) throws IOException, SQLException, InterruptedException {
        return switch (measure) {
            case DRAIN -> drain(run);
            case APPLY -> apply(run, ChangeWorkload.of(changes), "");
            case LATENCY ->
                new Latency((int) changes, rounds).run(run, followers(run), out).table();
            case COMMITS ->
                new Commits((int) changes, rounds).run(run, followers(run), out).table();
            case MEMORY -> apply(run, ChangeWorkload.oneTransaction(changes), SMALL_HEAP);
        };
    }

    private String drain(ChangeRun run) throws IOException, SQLException, InterruptedException {
        ChangeWorkload workload = ChangeWorkload.of(changes);
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new TransvaseDrain(run, workload.changes()));
        addFound(contenders, ReceiveProgram.find(run), "there is no pg_recvlogical on the PATH");
        contenders.add(new DriverDrain(run, workload.changes()));
        addFound(
                contenders,
                DebeziumDrain.find(run, workload.changes()),
                "the tests of this module, which Debezium is in, were not compiled");
        return new Contest(workload, contenders, rounds).run(run, out).table();
    }

    private void addFound(List<Contender> contenders, Optional<Contender> found, String otherwise) {
        found.ifPresentOrElse(contenders::add, () -> out.println("# Left out: " + otherwise));
    }

    private String apply(ChangeRun run, ChangeWorkload workload, String javaOptions)
            throws IOException, SQLException, InterruptedException {
        String contest = measure.name().toLowerCase(Locale.ROOT);
        List<Contender> contenders = List.of(
                new Applying(run, new TransvaseApply(run, workload, contest, javaOptions)),
                new Applying(run, new SubscriptionApply(run, workload, contest)));
        return new Contest(workload, contenders, rounds).run(run, out).table();
    }

    private List<Follower.Kind> followers(ChangeRun run) {
        String name = measure.name().toLowerCase(Locale.ROOT);
        return List.of(new TransvaseFollower.Kind(run, name), new SubscriptionFollower.Kind(run, name));
    }
}
