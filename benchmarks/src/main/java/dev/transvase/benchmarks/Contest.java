package dev.transvase.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Tools that do the same work, one after the other, round by round, every second round in the other order. All their slots
 * are made before the changes are: so all of them read the same log.
 *
 * @param workload what they have to do
 * @param contenders the first one is compared with the others
 * @param rounds how often each of them does it
 */
record Contest(ChangeWorkload workload, List<Contender> contenders, int rounds) {

    /** @param out receives the progress */
    ContestFigures run(ChangeRun run, PrintStream out) throws IOException, SQLException, InterruptedException {
        run.source().execute("TRUNCATE orders");
        for (int round = 1; round <= rounds; round++) {
            for (Contender contender : contenders) {
                contender.prepare(round);
            }
        }
        out.println("# Making " + workload.changes() + " changes");
        try (Connection connection = run.source().connect()) {
            workload.run(connection);
        }
        run.source().execute("CHECKPOINT");
        ContestFigures figures = new ContestFigures(
                workload.changes(), contenders.stream().map(Contender::name).toList());
        for (int round = 1; round <= rounds; round++) {
            List<Contender> order = new ArrayList<>(contenders);
            if (round % 2 == 0) {
                Collections.reverse(order);
            }
            for (Contender contender : order) {
                Outcome outcome = contender.run(round);
                figures.add(contender.name(), outcome);
                out.printf(
                        "# Round %d of %d: %s took %.2f s, %.2f s of them for the work itself%n",
                        round, rounds, contender.name(), outcome.seconds(), outcome.ownSeconds());
            }
        }
        return figures;
    }
}
