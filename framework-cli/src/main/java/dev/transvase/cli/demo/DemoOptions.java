package dev.transvase.cli.demo;

import dev.transvase.cli.process.Shell;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the demo is given.
 *
 * @param home the distribution's folder
 * @param keep whether its servers are to stay up until the user ends the demo
 * @param ui whether the jobs are left to the user, who gets the UI for them
 * @param workFolder where its files go, if the user said so; absolute
 * @param rows how many rows its largest table is to have, as typed
 * @param variables the environment variables
 * @param out takes results
 * @param err takes messages for people
 * @param transvase runs commands
 */
public record DemoOptions(
        Path home,
        boolean keep,
        boolean ui,
        Optional<Path> workFolder,
        int rows,
        Map<String, String> variables,
        PrintStream out,
        PrintStream err,
        Shell transvase) {

    public DemoOptions {
        variables = Map.copyOf(variables);
    }
}
