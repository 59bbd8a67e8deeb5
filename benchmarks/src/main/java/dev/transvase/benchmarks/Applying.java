package dev.transvase.benchmarks;

import java.io.IOException;
import java.sql.SQLException;

/**
 * Lets a tool begin with an empty table at the target, and compares both tables in the end.
 *
 * @param run with the two tables
 * @param tool that makes the target's table the same as the source's
 */
record Applying(ChangeRun run, Contender tool) implements Contender {

    @Override
    public String name() {
        return tool.name();
    }

    @Override
    public void prepare(int round) throws IOException, SQLException, InterruptedException {
        tool.prepare(round);
    }

    @Override
    public Outcome run(int round) throws IOException, SQLException, InterruptedException {
        run.target().execute("TRUNCATE orders", "CHECKPOINT");
        Outcome outcome = tool.run(round);
        String expected = run.source().digest();
        String found = run.target().digest();
        if (!found.equals(expected)) {
            throw new IllegalStateException(
                    name() + " has not made the tables the same: expected " + expected + ", found " + found);
        }
        return outcome;
    }
}
