package dev.transvase.cli.argument;

import static dev.transvase.cli.process.CliErrors.STATEMENTS_FAILED;
import static dev.transvase.cli.process.CliErrors.STATEMENTS_UNWRITABLE;

import dev.transvase.cli.text.Figures;
import dev.transvase.core.parameter.Problem;
import dev.transvase.core.report.PrivateFile;
import dev.transvase.core.report.Unwritable;
import dev.transvase.spi.error.Fix;
import dev.transvase.spi.error.TransvaseException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * An SQL file with the statements that fix what {@code transvase check} has found, for {@code psql -f}. Those of each database
 * stand together. Where there are several, each part asks whether it is in its own, so that the whole file can be run in each.
 */
public final class StatementsFile {

    private final String option;
    private final Path file;
    private final Predicate<Fix> taken;
    private final UnaryOperator<String> shown;

    private StatementsFile(String option, Path file, Predicate<Fix> taken, UnaryOperator<String> shown) {
        this.option = option;
        this.file = file;
        this.taken = taken;
        this.shown = shown;
    }

    /**
     * Makes sure that the file can be written, before anything is checked. An earlier one in its place is emptied.
     *
     * @param option that names it
     * @param taken which statements go there
     * @param shown makes texts fit to be shown, in one line
     * @throws TransvaseException when it cannot be written
     */
    public static StatementsFile create(String option, Path file, Predicate<Fix> taken, UnaryOperator<String> shown) {
        try {
            Files.newOutputStream(PrivateFile.make(file)).close();
        } catch (IOException e) {
            throw TransvaseException.of(
                    STATEMENTS_UNWRITABLE,
                    option + " " + file + " cannot be written: " + Unwritable.reason(file, e) + "; give " + option
                            + " another path",
                    e);
        }
        return new StatementsFile(option, file, taken, shown);
    }

    /**
     * Writes the statements.
     *
     * @param job whose problems these are
     * @param complete whether all checks were made
     * @return one line for people
     * @throws TransvaseException when the disk does not take them
     */
    public String write(String job, List<Problem> problems, boolean complete) {
        Map<Fix.Place, List<Problem>> places = new LinkedHashMap<>();
        List<Problem> others = new ArrayList<>();
        for (Problem problem : problems) {
            if (problem.fix().isEmpty()) {
                others.add(problem);
            } else if (taken.test(problem.fix().get())) {
                places.computeIfAbsent(problem.fix().get().place(), place -> new ArrayList<>())
                        .add(problem);
            }
        }
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            return write(out, job, places, others, complete);
        } catch (IOException e) {
            throw TransvaseException.of(
                    STATEMENTS_FAILED, "writing " + option + " " + file + " failed: " + e.getMessage(), e);
        }
    }

    private String write(
            BufferedWriter out,
            String job,
            Map<Fix.Place, List<Problem>> places,
            List<Problem> others,
            boolean complete)
            throws IOException {
        line(
                out,
                "-- what `transvase check " + option + "` wrote for job " + shown.apply(job)
                        + "; read it before you run it with psql -f");
        if (!complete) {
            line(out, "-- not all checks could be made: run check again afterwards");
        }
        boolean several =
                places.keySet().stream().map(Fix.Place::condition).distinct().count() > 1;
        if (several) {
            line(out, "-- each part is for one database; psql skips the others, so run the file in each");
        }
        int statements = 0;
        for (Map.Entry<Fix.Place, List<Problem>> part : places.entrySet()) {
            line(out, "");
            line(out, "-- ==== " + shown.apply(part.getKey().name()) + " ====");
            if (several) {
                line(out, "SELECT " + part.getKey().condition() + " AS transvase_here \\gset");
                line(out, "\\if :transvase_here");
            }
            statements += statements(out, part.getValue());
            if (several) {
                line(out, "\\else");
                line(
                        out,
                        "\\echo 'skipped, as it is for another database: "
                                + shown.apply(part.getKey().name())
                                        .replace("\\", "\\\\")
                                        .replace("'", "''") + "'");
                line(out, "\\endif");
            }
        }
        if (!others.isEmpty()) {
            line(out, "");
            line(out, "-- ==== no statement fixes these ====");
            for (Problem other : others) {
                comment(out, other);
            }
        }
        return option + ": " + Figures.count(statements, "statement") + " in " + file;
    }

    private int statements(BufferedWriter out, List<Problem> problems) throws IOException {
        Set<String> written = new LinkedHashSet<>();
        for (Problem problem : problems) {
            comment(out, problem);
            for (String statement : problem.fix().orElseThrow().statements()) {
                if (written.add(statement)) {
                    line(out, statement + ';');
                }
            }
        }
        return written.size();
    }

    private void comment(BufferedWriter out, Problem problem) throws IOException {
        line(out, "");
        line(
                out,
                "-- "
                        + shown.apply(
                                problem.path().isEmpty()
                                        ? problem.message()
                                        : problem.path() + ": " + problem.message())
                        + " [" + problem.code() + ']');
        List<String> statements = problem.fix().map(Fix::statements).orElse(List.of());
        String remedy = problem.remedy();
        if (statements.size() > 1) {
            remedy = remedy.replace(String.join("; ", statements), "the statements below");
        }
        for (String statement : statements) {
            remedy = remedy.replace(statement, "the statement below");
        }
        if (!remedy.isEmpty()) {
            line(out, "-- -> " + shown.apply(remedy));
        }
    }

    private static void line(BufferedWriter out, String text) throws IOException {
        out.write(text);
        out.write('\n');
    }
}
