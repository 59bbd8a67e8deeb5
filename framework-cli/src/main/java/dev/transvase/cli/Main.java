package dev.transvase.cli;

import dev.transvase.cli.process.Arguments;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.ExitCode;
import dev.transvase.cli.process.HeadStart;
import dev.transvase.cli.process.ProcessEnd;
import dev.transvase.cli.process.Signals;
import dev.transvase.cli.text.Printable;
import java.io.PrintStream;
import java.util.Optional;

/** What {@code bin/transvase} starts. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        PrintStream err = Environment.standardError();
        ProcessEnd end = ProcessEnd.install(err);
        int code = ExitCode.DEFECT;
        try {
            code = run(err, end, arguments);
        } catch (OutOfMemoryError e) {
            err.println(
                    "error: the heap is too small to start; raise it with TRANSVASE_JAVA_OPTS=-Xmx... [OUT_OF_MEMORY]");
            code = ExitCode.OUTSIDE;
        } catch (RuntimeException | Error e) {
            err.println("error: this is a defect of Transvase: " + Printable.line(String.valueOf(e)) + " [DEFECT]");
            e.printStackTrace(err);
        } finally {
            err.flush();
            end.exit(code);
        }
    }

    private static int run(PrintStream err, Signals signals, String... arguments) {
        Optional<String> unreadable = Arguments.problem(arguments, System.getProperty("sun.jnu.encoding", ""));
        if (unreadable.isPresent()) {
            err.println("error: " + Printable.line(unreadable.get()));
            return ExitCode.USER;
        }
        HeadStart.begin(arguments);
        Environment environment = Environment.ofProcess(err, signals);
        // Plugins print there too, and are to print as we do.
        System.setOut(environment.out());
        System.setErr(err);
        int code = new Transvase(environment).run(arguments);
        environment.out().flush();
        return code;
    }
}
