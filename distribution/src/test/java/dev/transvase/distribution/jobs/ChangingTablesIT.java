package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution;
import dev.transvase.distribution.TestingDistribution.Ended;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables are changed, emptied, made and renamed while several write to them, and the run that follows them is killed again and again.
 * What is not the same at the end must have been told: by an error that stopped the job, or a warning that names the table and the column.
 *
 * <p>{@code transvase.chaos.rounds} says how many times in a row, {@code transvase.chaos.seed} which ones.
 */
class ChangingTablesIT {

    private static final int ROUNDS = Integer.getInteger("transvase.chaos.rounds", 1);
    private static final int KILLS = 5;

    /** A defect of ours. */
    private static final int INTERNAL = 4;

    /** Where a partitioned table is published as one. */
    private static final int PARTITIONED_FROM = 13;

    /** Of a table and a column, that the values of its rows from before the column are the source's alone. */
    private static final Pattern UNKNOWN_VALUES = Pattern.compile(
            "public\\.(\\w+): the server does not reveal the values of existing rows in the new column (\\w+)");

    /** A table without a key has its rows found by all their values, which those are not. */
    private static final Pattern MISSING_ROW =
            Pattern.compile("for public\\.(\\w+): a change to a row that does not exist");

    @TempDir
    private Path folder;

    private final List<String> story = new ArrayList<>();

    private TestingDatabase source;
    private TestingDatabase target;
    private TestingDistribution transvase;
    private TestingRunner runner;
    private String job;

    /** What runs have said since the last comparison. */
    private final StringBuilder said = new StringBuilder();

    @Test
    void nothingDiffersWithoutAWord() throws Exception {
        transvase = TestingDistribution.unpack(folder.resolve("unpacked"));
        long first = Long.getLong("transvase.chaos.seed", System.nanoTime());
        List<Integer> majors = TestingPostgres.majors().stream()
                .filter(m -> m >= PARTITIONED_FROM)
                .toList();
        for (int round = 0; round < ROUNDS; round++) {
            long seed = first + round;
            int major = majors.get(round % 2 == 0 ? majors.size() - 1 : 0);
            story.clear();
            story.add("seed " + seed + " from " + major);
            source = TestingPostgres.major(major).createDatabase();
            target = TestingPostgres.newest().createDatabase();
            try {
                round(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError(String.join("\n", story), e);
            } finally {
                drop();
            }
        }
    }

    private void drop() throws Exception {
        command("cdc", "drop");
        source.close();
        target.close();
    }

    private void round(Random random) throws Exception {
        job = TestingJobs.job(
                "postgresql-cdc",
                "{\"datasource\": \"source\", \"solutionId\": \"" + source.name()
                        + "\", \"table\": [\"public.*\"], \"newTables\": \"follow\", \"heartbeatSeconds\": 1,"
                        + " \"ddl\": {\"truncate\": \"apply\"}}",
                "postgresql",
                "{\"datasource\": \"target\", \"column\": [\"*\"], \"writeMode\": \"copy\"}",
                "{\"speed\": {\"concurrent\": 2}}");
        new TestingJobs(folder)
                .dataSource("source", source)
                .dataSource("target", target)
                .write(job);
        runner = new TestingRunner(transvase, folder, List.of(), "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        try (ChangingSource changing = new ChangingSource(source, target, random)) {
            changing.work();
            untilCurrent(changing);
            for (int i = 0; i < KILLS; i++) {
                kill(changing, random);
            }
            changing.pause();
            changing.touchAll();
            untilCurrent(changing);
            compare(changing);
        }
    }

    private void kill(ChangingSource changing, Random random) throws Exception {
        Process process = runner.start();
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(6000));
        while (System.nanoTime() < until && process.isAlive()) {
            story.add(changing.change());
            process.waitFor(random.nextInt(1200), TimeUnit.MILLISECONDS);
        }
        boolean ended = !process.isAlive();
        process.destroyForcibly().waitFor();
        said.append(runner.output());
        story.add(ended ? "ended by itself" : "killed");
        if (ended) {
            stopped(changing, process.exitValue(), runner.output());
        }
    }

    private void untilCurrent(ChangingSource changing) throws Exception {
        for (int attempt = 1; ; attempt++) {
            Ended ended = runner.runUntilCurrent();
            said.append(ended.err());
            if (ended.code() == 0) {
                story.add("came to its end");
                return;
            }
            if (attempt == 5) {
                throw new AssertionError("does not come to its end: " + ended.err());
            }
            stopped(changing, ended.code(), ended.err());
        }
    }

    /** What stopped a run has to be told with a way out; here that is taken. */
    private void stopped(ChangingSource changing, int code, String output) throws Exception {
        story.add("it said: " + output);
        assertThat(code).isNotEqualTo(INTERNAL);
        List<String> statements = statements(output);
        if (!statements.isEmpty()) {
            // A run shows one of each kind.
            Ended all = command("check", "--all");
            statements = statements(all.out() + all.err());
        }
        if (!statements.isEmpty()) {
            target.execute(statements.toArray(String[]::new));
        } else if (isOfUnknownValues(output)
                || (output.contains("cdc drop") && !output.contains("give it its old name"))) {
            boolean working = changing.pause();
            Ended dropped = command("cdc", "drop");
            assertThat(dropped.code()).as(dropped.err()).isZero();
            changing.createTargetAnew();
            said.setLength(0);
            story.add("starts over");
            if (working) {
                changing.resume();
            }
        } else {
            assertThat(output).containsPattern("give it its old name|run the job again|run again");
        }
    }

    private static List<String> statements(String output) {
        return output.lines()
                .filter(line -> line.startsWith("  -> ALTER TABLE "))
                .map(line -> line.substring("  -> ".length()))
                .toList();
    }

    private boolean isOfUnknownValues(String output) {
        Matcher missing = MISSING_ROW.matcher(output);
        return missing.find() && !unknown(missing.group(1), said + output).isEmpty();
    }

    /** The columns of a table of which a run has said that the values of old rows are not known. */
    private static Set<String> unknown(String table, CharSequence said) {
        Set<String> unknown = new HashSet<>();
        Matcher told = UNKNOWN_VALUES.matcher(said);
        while (told.find()) {
            if (told.group(1).equals(table)) {
                unknown.add(told.group(2));
            }
        }
        return unknown;
    }

    private Ended command(String... verbs) throws Exception {
        List<String> command = new ArrayList<>(List.of(verbs));
        command.add(folder.resolve("job.json").toString());
        command.addAll(
                List.of("--datasources", folder.resolve("datasources.json").toString()));
        return TestingDistribution.run(transvase.command(command.toArray()));
    }

    private void compare(ChangingSource changing) throws Exception {
        for (String table : changing.tables()) {
            String difference = changing.difference(table, unknown(table, said));
            if (!difference.isEmpty()) {
                story.add("it had said: " + said);
                throw new AssertionError(difference);
            }
        }
    }
}
