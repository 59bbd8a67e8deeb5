package dev.transvase.cli.argument;

import static dev.transvase.cli.process.CliErrors.SAME_FILE;

import dev.transvase.core.report.SymbolicLinks;
import dev.transvase.core.run.JobPlan;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files that a run writes beside its target.
 *
 * @param report takes the report
 * @param dirty takes the dirty records
 */
public record OutputFiles(Optional<Path> report, Optional<Path> dirty) {

    /**
     * Makes sure that none of them is another, or one of the files that the run reads.
     *
     * @param inputs by what they are called in messages
     * @throws TransvaseException USER when one would overwrite another
     */
    public void requireApart(Map<String, Path> inputs) {
        requireApart(named(), inputs);
    }

    /** As {@link #requireApart(Map)}, of any output files by the options that name them. */
    public static void requireApart(Map<String, Path> outputs, Map<String, Path> inputs) {
        List<String> options = List.copyOf(outputs.keySet());
        for (int i = 1; i < options.size(); i++) {
            for (String before : options.subList(0, i)) {
                if (same(outputs.get(before), outputs.get(options.get(i)))) {
                    throw overwritten(before, options.get(i), outputs.get(before));
                }
            }
        }
        outputs.forEach((option, output) -> inputs.forEach((name, input) -> {
            if (same(output, input)) {
                throw overwritten(option, name, output);
            }
        }));
    }

    /**
     * Makes sure that the job's writer writes to none of them, nor to one of the files that the run reads.
     *
     * @param inputs by what they are called in messages
     * @throws TransvaseException USER when it would
     */
    public void requireApart(JobPlan plan, Map<String, Path> inputs) {
        Map<String, Path> others = new LinkedHashMap<>(inputs);
        others.putAll(named());
        for (WriteTarget target : plan.targets()) {
            if (target.target().startsWith("/")) {
                Path written = Path.of(target.target());
                others.forEach((name, other) -> {
                    if (same(written, other)) {
                        throw overwritten("the writer", name, other);
                    }
                });
            }
        }
    }

    private Map<String, Path> named() {
        Map<String, Path> outputs = new LinkedHashMap<>();
        report.ifPresent(file -> outputs.put("--report", file));
        dirty.ifPresent(file -> outputs.put("--dirty", file));
        return outputs;
    }

    private static TransvaseException overwritten(String writer, String other, Path file) {
        return TransvaseException.of(
                SAME_FILE,
                writer + " and " + other + " name the same file, " + file + ", and one would overwrite the other; give "
                        + writer + " another path");
    }

    /** Devices, such as /dev/null, are overwritten by nobody. */
    private static boolean same(Path one, Path other) {
        if (Files.exists(one) && Files.exists(other)) {
            try {
                return Files.isRegularFile(one) && Files.isSameFile(one, other);
            } catch (IOException e) {
                throw new UncheckedIOException("comparing " + one + " and " + other, e);
            }
        }
        return place(one).equals(place(other));
    }

    /** Where a file is or will be, whatever links it and its folder are reached by. */
    private static Path place(Path file) {
        try {
            Path absolute = SymbolicLinks.follow(file).normalize();
            Path folder = absolute.getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                return absolute;
            }
            return folder.toRealPath().resolve(absolute.getFileName());
        } catch (IOException e) {
            throw new UncheckedIOException("looking for " + file, e);
        }
    }
}
