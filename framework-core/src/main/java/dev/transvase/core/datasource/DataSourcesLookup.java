package dev.transvase.core.datasource;

import static dev.transvase.core.error.CoreErrors.FILE_NOT_FOUND;

import dev.transvase.core.parameter.JsonFile;
import dev.transvase.core.parameter.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which data sources file is used, and why that one.
 *
 * @param file the file, which need not exist
 * @param origin what named it, for messages
 */
public record DataSourcesLookup(Path file, String origin) {

    /** The environment variable that names the file. */
    public static final String VARIABLE = "TRANSVASE_DATASOURCES";

    /**
     * Decides: the option of the command line, else the environment variable, else {@code conf/datasources.json} of the
     * installation.
     */
    public static DataSourcesLookup of(Optional<Path> option, Map<String, String> environment, Path home) {
        if (option.isPresent()) {
            return new DataSourcesLookup(option.get(), "--datasources");
        }
        String named = environment.getOrDefault(VARIABLE, "");
        return named.isEmpty()
                ? new DataSourcesLookup(home.resolve("conf").resolve("datasources.json"), "the default")
                : new DataSourcesLookup(Path.of(named), "$" + VARIABLE);
    }

    /** Reads the file, which blocks on the disk; empty after an error, which is then in {@code problems}. */
    public Optional<DataSourcesFile> read(Problems problems) {
        if (Files.notExists(file)) {
            problems.error(
                    JsonFile.path(file),
                    FILE_NOT_FOUND,
                    "there is no such data sources file: "
                            + file.toAbsolutePath().normalize() + " (" + origin + ")",
                    "name one with --datasources FILE or $" + VARIABLE + ", or create it");
            return Optional.empty();
        }
        return DataSourcesFile.read(file, problems);
    }
}
