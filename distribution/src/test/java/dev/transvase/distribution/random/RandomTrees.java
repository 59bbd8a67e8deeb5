package dev.transvase.distribution.random;

import dev.transvase.core.report.JobReport;
import dev.transvase.distribution.jobs.TestingJobs;
import dev.transvase.distribution.jobs.TestingJobs.Ended;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Tables that inherit from one another in random ways, some of which a job reads: every row must arrive once, in its own
 * table where that is read, else in the nearest one that it inherits from.
 */
final class RandomTrees implements AutoCloseable {

    private final TestingDatabase source;
    private final TestingDatabase target;
    private final TestingJobs jobs;

    RandomTrees(TestingPostgres from, TestingPostgres to, Path folder) {
        source = from.createDatabase();
        target = to.createDatabase();
        jobs = new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
    }

    /**
     * A table of the tree.
     *
     * @param parents the numbers of those that it inherits from
     * @param rows the keys of the rows that are its own
     */
    private record Node(int number, Set<Integer> parents, List<Integer> rows) {

        String name() {
            return "t" + number;
        }
    }

    /** Runs one; what is wrong with it, or empty. */
    Optional<String> run(long seed) throws SQLException {
        Random random = new Random(seed);
        String schema = "f" + seed;
        List<Node> nodes = nodes(random);
        List<String> made = new ArrayList<>(List.of("CREATE SCHEMA " + schema));
        List<String> plain = new ArrayList<>(List.of("CREATE SCHEMA " + schema));
        boolean inheritsThere = random.nextBoolean();
        for (Node node : nodes) {
            made.add(definition(schema, node, nodes, true));
            plain.add(definition(schema, node, nodes, inheritsThere));
            node.rows()
                    .forEach(id -> made.add("INSERT INTO " + schema + "." + node.name() + " (id, c" + node.number()
                            + ") VALUES (" + id + ", 'own')"));
        }
        boolean all = random.nextInt(3) == 0;
        List<Integer> read = nodes.stream().map(Node::number).collect(Collectors.toCollection(ArrayList::new));
        if (!all) {
            Collections.shuffle(read, random);
            read = read.subList(0, 1 + random.nextInt(read.size()));
        }
        boolean excluding = random.nextInt(5) == 0;
        String tables = all
                ? "\"" + schema + ".*\""
                : read.stream().map(n -> "\"" + schema + ".t" + n + "\"").collect(Collectors.joining(", "));
        String reader = "{\"datasource\": \"source\", \"column\": [\"*\"], \"table\": [" + tables + "]"
                + (random.nextBoolean()
                        ? ", \"splitPk\": \"id\""
                        : random.nextBoolean() ? ", \"splitBy\": \"ctid\"" : "")
                + (excluding ? ", \"inherited\": \"exclude\"" : "") + "}";
        String writer = "{\"datasource\": \"target\", \"column\": [\"*\"], \"writeMode\": \""
                + (random.nextBoolean() ? "copy" : "insert") + "\"}";
        String setting = "{\"speed\": {\"concurrent\": " + (1 + random.nextInt(3)) + "}}";
        try {
            source.execute(made.toArray(String[]::new));
            target.execute(plain.toArray(String[]::new));
            Ended ended = jobs.run(TestingJobs.postgresJob(reader, writer, setting));
            return wrong(nodes, read, excluding, schema, ended)
                    .map(w -> "seed " + seed + ": " + w + "\n" + String.join(";\n", made) + ";\n" + reader + "\n"
                            + writer + "\n" + setting + "\n" + ended.errors() + ended.errorMessage() + "\n"
                            + ended.warnings());
        } finally {
            source.execute("DROP SCHEMA " + schema + " CASCADE");
            target.execute("DROP SCHEMA " + schema + " CASCADE");
        }
    }

    private static List<Node> nodes(Random random) {
        List<Node> nodes = new ArrayList<>();
        int count = 2 + random.nextInt(6);
        int id = 0;
        for (int number = 0; number < count; number++) {
            Set<Integer> parents = new LinkedHashSet<>();
            for (int i = random.nextInt(3); i > 0 && number > 0; i--) {
                parents.add(random.nextInt(number));
            }
            List<Integer> rows = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                rows.add(id++);
            }
            nodes.add(new Node(number, parents, rows));
        }
        return nodes;
    }

    private static String definition(String schema, Node node, List<Node> nodes, boolean inherits) {
        String own = "c" + node.number() + " text";
        String name = "CREATE TABLE " + schema + "." + node.name();
        if (inherits && !node.parents().isEmpty()) {
            return name + " (" + own + ") INHERITS ("
                    + node.parents().stream().map(p -> schema + ".t" + p).collect(Collectors.joining(", ")) + ")";
        }
        Set<Integer> above = new TreeSet<>();
        collect(node, nodes, above);
        return name + " (id int" + above.stream().map(n -> ", c" + n + " text").collect(Collectors.joining()) + ", "
                + own + ")";
    }

    private static void collect(Node node, List<Node> nodes, Set<Integer> above) {
        for (int parent : node.parents()) {
            if (above.add(parent)) {
                collect(nodes.get(parent), nodes, above);
            }
        }
    }

    private Optional<String> wrong(List<Node> nodes, List<Integer> read, boolean excluding, String schema, Ended ended)
            throws SQLException {
        boolean defect =
                ended.report().error().map(e -> e.type() == ErrorType.INTERNAL).orElse(false);
        if (!ended.succeeded()) {
            return Optional.of(defect ? "INTERNAL" : "it failed");
        }
        Map<Integer, Set<Integer>> homes = new TreeMap<>();
        nodes.forEach(n -> homes.put(n.number(), nearest(n, nodes, Set.copyOf(read), excluding)));
        Map<Integer, Set<Integer>> found = new TreeMap<>();
        int arrived = 0;
        for (Node node : nodes) {
            for (String row : target.queryForList("SELECT id FROM ONLY " + schema + "." + node.name())) {
                arrived++;
                found.computeIfAbsent(Integer.valueOf(row), r -> new TreeSet<>())
                        .add(node.number());
            }
        }
        List<String> wrong = new ArrayList<>();
        int expected = 0;
        for (Node node : nodes) {
            for (int row : node.rows()) {
                Set<Integer> places = found.getOrDefault(row, Set.of());
                Set<Integer> allowed = homes.get(node.number());
                expected += allowed.isEmpty() ? 0 : 1;
                if (allowed.isEmpty() ? !places.isEmpty() : places.size() != 1 || !allowed.containsAll(places)) {
                    wrong.add("row " + row + " of t" + node.number() + " is in " + places + ", not in " + allowed);
                }
                if (places.contains(node.number())
                        && !Arrays.asList("own")
                                .equals(target.queryForList("SELECT c" + node.number() + " FROM ONLY " + schema + "."
                                        + node.name() + " WHERE id = " + row))) {
                    wrong.add("row " + row + " has lost its value");
                }
            }
        }
        long written = ended.report().tables().stream()
                .mapToLong(t -> t.written().records())
                .sum();
        if (arrived != expected || written != expected) {
            wrong.add("there are " + arrived + " rows, written " + written + ", expected " + expected);
        }
        if (ended.report().status() != JobReport.Status.SUCCEEDED) {
            wrong.add("not succeeded");
        }
        return wrong.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", wrong));
    }

    /** Where its rows may go: itself, or the nearest above; several where there are equally near ones. */
    private static Set<Integer> nearest(Node node, List<Node> nodes, Set<Integer> read, boolean excluding) {
        Set<Integer> level = Set.of(node.number());
        while (!level.isEmpty()) {
            Set<Integer> hits = level.stream().filter(read::contains).collect(Collectors.toSet());
            if (!hits.isEmpty() || excluding) {
                return hits;
            }
            level = level.stream().flatMap(n -> nodes.get(n).parents().stream()).collect(Collectors.toSet());
        }
        return Set.of();
    }

    @Override
    public void close() {
        target.close();
        source.close();
    }
}
