package dev.sluice.cli;

import java.util.Optional;

/** What {@code bin/sluice} starts. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        Optional<String> unreadable = Arguments.problem(arguments, System.getProperty("sun.jnu.encoding", ""));
        if (unreadable.isPresent()) {
            System.err.println("error: " + Printable.line(unreadable.get()));
            System.exit(ExitCode.USER);
        }
        HeadStart.begin(arguments);
        Environment environment = Environment.ofProcess();
        // Plugins print there too, and are to print as we do.
        System.setOut(environment.out());
        System.setErr(environment.err());
        int code = new Sluice(environment).run(arguments);
        environment.out().flush();
        environment.err().flush();
        System.exit(code);
    }
}
