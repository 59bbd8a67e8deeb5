package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every type of PostgreSQL arrives bit for bit, and its text is the server's own. */
class AllTypesIT {

    /** Settings that the text form of values depends on, other than ours: nothing may depend on them. */
    private static final List<String> ODD_SETTINGS = List.of(
            "DateStyle = 'German, DMY'",
            "IntervalStyle = 'sql_standard'",
            "TimeZone = 'Asia/Kolkata'",
            "extra_float_digits = -3",
            "bytea_output = 'escape'",
            "xmloption = 'document'",
            "array_nulls = off");

    /** A line ends with it, since values may have line feeds in them. */
    private static final String END_OF_RECORD = "\u241e";

    private static final String DELIMITER = "\u241f";
    private static final String NULL = "\u2400";

    @TempDir
    private Path folder;

    /** What a table of types is filled with, and how its columns are compared. */
    private enum Table {
        WIRE,
        DATABASE;

        String tableName() {
            return name().toLowerCase(Locale.ROOT) + "_types";
        }

        Map<String, List<String>> samples(int major) {
            return this == WIRE ? TypeSamples.builtin(major) : TypeSamples.ofTheDatabase(major);
        }
    }

    private static final String JOB_TABLES =
            Stream.of(Table.values()).map(t -> "\"" + t.tableName() + "\"").collect(Collectors.joining(", ", "[", "]"));

    record Pair(int source, int target) {}

    static List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        List<Integer> majors = TestingPostgres.majors();
        majors.forEach(major -> pairs.add(new Pair(major, major)));
        int oldest = majors.get(0);
        int newest = majors.get(majors.size() - 1);
        pairs.add(new Pair(oldest, newest));
        pairs.add(new Pair(newest, oldest));
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyTypeArrivesBitForBitAndIsPrintedAsTheServerDoes(Pair pair) throws Exception {
        int major = Math.min(pair.source(), pair.target());
        try (TestingDatabase source = TestingPostgres.major(pair.source()).createDatabase();
                TestingDatabase target = TestingPostgres.major(pair.target()).createDatabase()) {
            createTables(source, major);
            fill(source, major);
            // So that no OID is the same by chance.
            target.execute("CREATE TYPE filler AS ENUM ('x')", "CREATE TABLE filler_table ()");
            createTables(target, major);
            distract(source);
            distract(target);
            TestingJobs jobs =
                    new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
            for (String mode : List.of("insert", "copy")) {
                target.execute("TRUNCATE wire_types, database_types");
                TestingJobs.Ended ended = jobs.run(TestingJobs.postgresJob(
                        "{\"datasource\": \"source\", \"table\": " + JOB_TABLES + ", \"column\": [\"*\"]}",
                        "{\"datasource\": \"target\", \"table\": " + JOB_TABLES
                                + ", \"column\": [\"*\"], \"writeMode\": \"" + mode + "\"}",
                        "{}"));
                assertThat(ended.errors()).isEmpty();
                assertThat(ended.dirty())
                        .extracting(record -> record.get("message").asText())
                        .isEmpty();
                assertThat(ended.errorMessage()).isEmpty();
                for (Table table : Table.values()) {
                    assertSame(source, target, table);
                }
            }
            if (pair.source() == pair.target()) {
                assertPrinted(jobs, source, major);
            }
        }
    }

    /** What the stream writer prints. */
    private void assertPrinted(TestingJobs jobs, TestingDatabase source, int major) throws Exception {
        for (Table table : Table.values()) {
            List<String> columns = columns(source, table);
            Path file = folder.resolve(table.tableName());
            TestingJobs.Ended ended = jobs.run(TestingJobs.job(
                    "postgresql",
                    "{\"datasource\": \"source\", \"table\": \"" + table.tableName() + "\", \"column\": [\"*\", \"'"
                            + END_OF_RECORD + "'\"]}",
                    "stream",
                    "{\"print\": true, \"path\": \"" + file + "\", \"fieldDelimiter\": \"" + DELIMITER
                            + "\", \"nullFormat\": \"" + NULL + "\"}",
                    "{}"));
            assertThat(ended.errorMessage()).isEmpty();
            // Before 12 the server prints more digits than tell a float.
            List<String> exact = columns.stream()
                    .filter(c -> major >= 12 || !c.startsWith("float"))
                    .toList();
            assertPrinted(columns, exact, printed(source, table, columns), lines(file));
        }
    }

    private static void createTables(TestingDatabase database, int major) throws SQLException {
        List<String> statements = new ArrayList<>(TypeSamples.DEFINITIONS);
        statements.add("CREATE TABLE \"Odd Name\" ()");
        for (Table table : Table.values()) {
            statements.add(table.samples(major).keySet().stream()
                    .map(type -> name(type) + " " + type)
                    .collect(Collectors.joining(
                            ", ", "CREATE TABLE " + table.tableName() + " (id integer PRIMARY KEY, ", ")")));
        }
        database.execute(statements.toArray(String[]::new));
    }

    private static String name(String type) {
        return '"' + type.replace("\"", "") + '"';
    }

    /** As many rows as the column with the most values needs, and one of NULLs. */
    private static void fill(TestingDatabase database, int major) throws SQLException {
        for (Table table : Table.values()) {
            List<List<String>> samples = List.copyOf(table.samples(major).values());
            int rows = samples.stream().mapToInt(List::size).max().orElseThrow();
            String values = IntStream.range(0, rows)
                    .mapToObj(row -> samples.stream()
                            .map(column -> literal(column.get(row % column.size())))
                            .collect(Collectors.joining(", ", "(" + row + ", ", ")")))
                    .collect(Collectors.joining(", "));
            database.execute(
                    "SET TimeZone = 'UTC'",
                    "INSERT INTO " + table.tableName() + " VALUES " + values,
                    "INSERT INTO " + table.tableName() + " (id) VALUES (" + rows + ")");
        }
    }

    private static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    private static void distract(TestingDatabase database) throws SQLException {
        database.execute(ODD_SETTINGS.stream()
                .map(setting -> "ALTER DATABASE " + database.name() + " SET " + setting)
                .toArray(String[]::new));
    }

    private static List<String> columns(TestingDatabase database, Table table) throws SQLException {
        return database.queryForList("SELECT attname FROM pg_attribute WHERE attrelid = '" + table.tableName()
                + "'::regclass AND attnum > 0 ORDER BY attnum");
    }

    /** Compares what the types' send functions give where that means the same on both, else what is printed. */
    private static void assertSame(TestingDatabase source, TestingDatabase target, Table table) throws Exception {
        List<String> forms = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        for (List<String> column :
                source.query("SELECT a.attname, t.typsend::regproc::text, t.typname FROM pg_attribute a JOIN pg_type t"
                        + " ON t.oid = a.atttypid WHERE a.attrelid = '" + table.tableName()
                        + "'::regclass AND a.attnum > 0 ORDER BY a.attnum")) {
            String name = '"' + column.get(0) + '"';
            columns.add(column.get(0));
            // What xml_send gives lacks the declaration.
            boolean binary = table == Table.WIRE && !column.get(2).contains("xml");
            forms.add(binary ? "encode(" + column.get(1) + "(" + name + "), 'hex')" : text(name, column.get(2)));
        }
        String digests = forms.stream()
                .map(form -> "md5(string_agg(coalesce(" + form + ", '~'), ',' ORDER BY id))")
                .collect(Collectors.joining(", ", "SELECT count(*), ", " FROM " + table.tableName()));
        List<String> expected = query(source, digests).get(0);
        List<String> found = query(target, digests).get(0);
        if (!found.equals(expected)) {
            for (int i = 0; i < forms.size(); i++) {
                String values = "SELECT " + forms.get(i) + " FROM " + table.tableName() + " ORDER BY id";
                assertThat(query(target, values)).as(columns.get(i)).isEqualTo(query(source, values));
            }
        }
        assertThat(found).isEqualTo(expected);
    }

    /** What the type's output function gives, of xml all of it; NULL for NULL, which a row of NULLs is not. */
    private static String text(String column, String type) {
        return "CASE WHEN " + column + " IS DISTINCT FROM NULL THEN "
                + (type.equals("xml")
                        ? column + "::text"
                        : "format('%s', " + column + (type.equals("xml[]") || type.equals("_xml") ? "::text[]" : "")
                                + ")")
                + " END";
    }

    private static List<List<String>> printed(TestingDatabase source, Table table, List<String> columns)
            throws SQLException {
        String texts =
                columns.stream().map(column -> text('"' + column + '"', column)).collect(Collectors.joining(", "));
        // Names of objects are printed with their schema.
        return query(
                source,
                "SELECT " + texts + " FROM (SELECT pg_catalog.set_config('search_path', '', false) OFFSET 0) s,"
                        + " public." + table.tableName() + " ORDER BY id");
    }

    private static List<List<String>> lines(Path file) throws IOException {
        List<List<String>> lines = new ArrayList<>();
        for (String line : Files.readString(file).split(DELIMITER + END_OF_RECORD + "\n", -1)) {
            if (!line.isEmpty()) {
                List<String> fields = new ArrayList<>();
                for (String field : line.split(DELIMITER, -1)) {
                    fields.add(field.equals(NULL) ? null : field);
                }
                lines.add(fields);
            }
        }
        // A server may begin to read in the midst of a table.
        lines.sort(Comparator.comparing(line -> Integer.valueOf(line.get(0))));
        return lines;
    }

    private static void assertPrinted(
            List<String> columns, List<String> compared, List<List<String>> expected, List<List<String>> lines) {
        assertThat(lines).hasSameSizeAs(expected);
        for (int row = 0; row < expected.size(); row++) {
            for (String name : compared) {
                int column = columns.indexOf(name);
                assertThat(lines.get(row).get(column))
                        .as("%s in row %d", name, row)
                        .isEqualTo(expected.get(row).get(column));
            }
        }
    }

    /** With the settings that the stream writer's documentation tells. */
    private static List<List<String>> query(TestingDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC';"
                    + " SET extra_float_digits = 3; SET bytea_output = 'hex'");
            List<List<String>> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery(sql)) {
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        row.add(result.getString(i));
                    }
                    rows.add(row);
                }
            }
            return rows;
        }
    }
}
