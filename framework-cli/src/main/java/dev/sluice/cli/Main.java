package dev.sluice.cli;

/** What {@code bin/sluice} starts. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
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
