package dev.transvase.demo;

import dev.transvase.cli.demo.DemoOptions;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Commands as the user would type them in the folder the demo was started in. */
final class Commands {
    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[A-Za-z0-9_./=:@%+,-]+");

    private final Path workingFolder;
    private final String program;

    private Commands(Path workingFolder, String program) {
        this.workingFolder = workingFolder;
        this.program = program;
    }

    static Commands of(DemoOptions options) {
        Path workingFolder = Path.of("").toAbsolutePath();
        // Set by the script in the project's root, which stands before bin/transvase.
        String typed = options.variables().get("TRANSVASE_COMMAND");
        Path script = options.home().resolve("bin").resolve("transvase");
        return new Commands(workingFolder, typed != null ? quoted(typed) : path(workingFolder, script));
    }

    String transvase(String arguments) {
        return program + " " + arguments;
    }

    String run(Path job, Path datasources) {
        return transvase("run " + path(job) + " --datasources " + path(datasources));
    }

    String cdc(String action, Path job, Path datasources) {
        return transvase("cdc " + action + " " + path(job) + " --datasources " + path(datasources));
    }

    String psql(DemoDatabase database, Path passwordFile) {
        return "PGPASSWORD=$(cat " + path(passwordFile) + ") psql -h " + database.host() + " -p " + database.port()
                + " -U " + DemoDatabase.ROLE + " " + DemoDatabase.NAME;
    }

    /** Relative where that is shorter, quoted for a shell where needed. */
    String path(Path path) {
        return path(workingFolder, path);
    }

    private static String path(Path workingFolder, Path path) {
        Path shown = path.startsWith(workingFolder) ? workingFolder.relativize(path) : path;
        return quoted(shown.toString());
    }

    private static String quoted(String text) {
        if (NEEDS_NO_QUOTES.matcher(text).matches()) {
            return text;
        }
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
