package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution.Ended;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that {@code transvase check} writes do what they say when they are run. */
class CheckFilesIT {

    @TempDir
    private static Path unpacked;

    private static TestingDistribution transvase;

    @TempDir
    private Path folder;

    private TestingDatabase source;
    private TestingDatabase target;
    private Path fix;
    private Path ddl;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        transvase = TestingDistribution.unpack(unpacked);
    }

    @BeforeEach
    void create() throws SQLException {
        source = TestingPostgres.newest().createDatabase();
        target = TestingPostgres.newest().createDatabase();
        fix = folder.resolve("fix.sql");
        ddl = folder.resolve("ddl.sql");
        source.execute(
                "CREATE SCHEMA \"Sch.ema\"",
                "CREATE TYPE mood AS ENUM ('sad', 'it''s ok')",
                "CREATE DOMAIN email AS varchar(50) CHECK (VALUE <> '')",
                "CREATE TABLE orders (id bigint PRIMARY KEY, m mood, ms mood[], tags text[], e email, es email[],"
                        + " n numeric(10,2) NOT NULL, c text COLLATE \"C\", ts timestamptz(3))",
                "CREATE TABLE \"Sch.ema\".\"We ird\" (a int, b int, \"C d\" varchar(7), PRIMARY KEY (b, a))",
                "INSERT INTO orders VALUES (1, 'sad', ARRAY['it''s ok']::mood[], '{a}', 'x@y', ARRAY['q']::email[], 1.5,"
                        + " 'c', now())",
                "INSERT INTO \"Sch.ema\".\"We ird\" VALUES (1, 2, 'x')");
    }

    @AfterEach
    void drop() {
        source.close();
        target.close();
    }

    @Test
    void theTablesOfABatchJobAreMadeByTheFile() throws Exception {
        Path job = job("postgresql", "");
        Ended checked = check(job, source.user(), source.password(), "--ddl", ddl);
        assertThat(checked.code()).isEqualTo(2);
        assertThat(checked.err()).contains("2 tables are missing in database " + target.name());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ddl)))
                .isEqualTo("rw-------");
        run(ddl, target);
        assertThat(check(job, source.user(), source.password()).code()).isZero();
        assertThat(transvase
                        .run("run", job, "--datasources", folder.resolve("d.json"))
                        .code())
                .isZero();
        assertThat(target.queryForString("SELECT count(*) FROM orders JOIN \"Sch.ema\".\"We ird\" ON true"))
                .isEqualTo("1");
        assertThat(target.queryForString("SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM pg_index x,"
                        + " unnest(x.indkey) WITH ORDINALITY k (n, place), pg_attribute a WHERE a.attrelid = x.indrelid"
                        + " AND a.attnum = k.n AND x.indisprimary AND x.indrelid = '\"Sch.ema\".\"We ird\"'::regclass"))
                .isEqualTo("b,a");
        assertThat(target.queryForString(
                        "SELECT collname FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation"
                                + " WHERE attrelid = 'orders'::regclass AND attname = 'c'"))
                .isEqualTo("C");
    }

    @Test
    void whatIsWrongAtBothSidesOfAChangeStreamIsMendedByTheFiles() throws Exception {
        Path job = job("postgresql-cdc", ", \"solutionId\": \"checkfiles\"");
        Ended checked = check(job, source.user(), source.password(), "--ddl", ddl, "--fix", fix);
        assertThat(checked.err())
                .contains("2 tables lack REPLICA IDENTITY FULL", "2 tables are missing", "check --all");
        assertThat(Files.readString(fix)).doesNotContain("CREATE TABLE");
        run(fix, source);
        run(ddl, target);
        assertThat(check(job, source.user(), source.password(), "--fix", fix).code())
                .isZero();
        assertThat(fix).content().doesNotContain("ALTER");
    }

    @Test
    void missingPrivilegesAreGranted() throws Exception {
        TestingLogin login = source.createLogin();
        Path job = job("postgresql", "");
        run(ddl(job), target);
        assertThat(check(job, login.user(), login.password(), "--fix", fix).code())
                .isEqualTo(2);
        run(fix, source);
        assertThat(check(job, login.user(), login.password()).code()).isZero();
    }

    @Test
    void partsForSeveralDatabasesStandApart() throws Exception {
        Path job = job("postgresql-cdc", ", \"solutionId\": \"checkfiles\"");
        check(job, source.user(), source.password(), "--fix", fix);
        assertThat(Files.readString(fix))
                .containsSubsequence(
                        "==== source, database " + source.name(),
                        "\\if :transvase_here",
                        "REPLICA IDENTITY FULL;",
                        "\\endif",
                        "==== target, database " + target.name(),
                        "\\if :transvase_here",
                        "CREATE TABLE",
                        "\\endif");
    }

    @Test
    void noFileOverwritesAnother() throws Exception {
        Path job = job("postgresql", "");
        String text = Files.readString(job);
        Path link = Files.createSymbolicLink(folder.resolve("link"), job);
        for (Path output : List.of(job, link)) {
            for (String option : List.of("--fix", "--ddl")) {
                assertThat(check(job, source.user(), source.password(), option, output)
                                .err())
                        .contains("SAME_FILE");
                assertThat(job).hasContent(text);
            }
        }
        assertThat(check(job, source.user(), source.password(), "--fix", fix, "--ddl", fix)
                        .err())
                .contains("SAME_FILE", "--fix and --ddl");
        assertThat(check(job, source.user(), source.password(), "--fix", folder).err())
                .contains("STATEMENTS_UNWRITABLE", "it is a folder");
    }

    private Path ddl(Path job) throws Exception {
        check(job, source.user(), source.password(), "--ddl", ddl);
        return ddl;
    }

    private Ended check(Path job, String user, String password, Object... options)
            throws IOException, InterruptedException {
        Files.writeString(
                folder.resolve("d.json"),
                "{\"datasources\": {" + entry("source", source, user, password) + ", "
                        + entry("target", target, target.user(), target.password()) + "}}");
        Object[] arguments = new Object[options.length + 4];
        arguments[0] = "check";
        arguments[1] = job;
        arguments[2] = "--datasources";
        arguments[3] = folder.resolve("d.json");
        System.arraycopy(options, 0, arguments, 4, options.length);
        return transvase.run(arguments);
    }

    private static String entry(String name, TestingDatabase database, String user, String password) {
        return String.format(
                "\"%s\": {\"type\": \"postgresql\", \"host\": \"%s\", \"port\": %d, \"database\": \"%s\","
                        + " \"username\": \"%s\", \"password\": \"%s\"}",
                name, database.host(), database.port(), database.name(), user, password);
    }

    private Path job(String reader, String more) throws IOException {
        return Files.writeString(folder.resolve("job.json"), """
                {"type": "job", "version": "2.0", "steps": [
                  {"stepType": "%s", "name": "r", "category": "reader",
                   "parameter": {"datasource": "source", "table": ["public.*", "\\"Sch.ema\\".*"], "column": ["*"]%s}},
                  {"stepType": "postgresql", "name": "w", "category": "writer",
                   "parameter": {"datasource": "target", "column": ["*"]}}],
                 "setting": {}, "order": {"hops": [{"from": "r", "to": "w"}]}}
                """.formatted(reader, more));
    }

    private static void run(Path file, TestingDatabase database) throws IOException, SQLException {
        String script = Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("\\") && !line.endsWith("\\gset"))
                .collect(Collectors.joining("\n"));
        database.execute(script);
    }
}
