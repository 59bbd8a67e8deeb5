package dev.transvase.cli.process;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command finds around it.
 *
 * @param home the distribution's folder
 * @param variables the environment variables
 * @param out takes results
 * @param err takes messages for people
 * @param terminal which of the two people look at
 * @param signals what tells a job to end
 */
public record Environment(
        Path home,
        Map<String, String> variables,
        PrintStream out,
        PrintStream err,
        Terminal terminal,
        Signals signals) {

    private static final int BUFFER = 8192;

    /**
     * Which streams are a terminal. Java cannot tell for one stream alone, so the start script does.
     *
     * @param out whether standard output is one
     * @param err whether standard error is one
     * @param columns its width
     */
    public record Terminal(boolean out, boolean err, int columns) {

        public static final Terminal NONE = new Terminal(false, false, 80);

        private static Terminal ofProcess() {
            return new Terminal(
                    Boolean.getBoolean("transvase.terminal.out"),
                    Boolean.getBoolean("transvase.terminal.err"),
                    Integer.getInteger("transvase.terminal.columns", 80));
        }
    }

    /** The environment of this process. Both streams are UTF-8, whatever the locale says, as all of Transvase's files are. */
    public static Environment ofProcess(PrintStream err, Signals signals) {
        return new Environment(
                Path.of(System.getProperty("transvase.home", "")).toAbsolutePath(),
                System.getenv(),
                stream(FileDescriptor.out),
                err,
                Terminal.ofProcess(),
                signals);
    }

    /** Standard error of this process. */
    public static PrintStream standardError() {
        return stream(FileDescriptor.err);
    }

    /** The same with other signals, and messages for people that go elsewhere. */
    public Environment with(Signals otherSignals, PrintStream otherErr) {
        return new Environment(home, variables, out, otherErr, terminal, otherSignals);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), BUFFER), true, StandardCharsets.UTF_8);
    }
}
