package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.parameter.Problem;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects of a user's that are called like the server's own, and come before them on the search path, change nothing. */
class HostileSearchPathIT {

    private static final String[] HOSTILE = {
        "CREATE SCHEMA evil",
        "CREATE TYPE evil.text AS ENUM ('a')",
        "CREATE TYPE evil.int8 AS ENUM ('a')",
        "CREATE TYPE evil.int4 AS ENUM ('a')",
        "CREATE TYPE evil.oid AS ENUM ('a')",
        "CREATE TYPE evil.name AS ENUM ('a')",
        "CREATE TYPE evil.regclass AS ENUM ('a')",
        "CREATE AGGREGATE evil.count(*) (SFUNC = pg_catalog.int8inc, STYPE = pg_catalog.int8, INITCOND = '1000')",
        "CREATE AGGREGATE evil.array_agg(pg_catalog.int8) (SFUNC = pg_catalog.array_append, STYPE = pg_catalog.int8[])",
        "CREATE AGGREGATE evil.bool_and(boolean) (SFUNC = pg_catalog.booland_statefunc, STYPE = boolean, INITCOND = 'f')",
        "CREATE FUNCTION evil.unnest(pg_catalog.text[]) RETURNS SETOF pg_catalog.text LANGUAGE sql AS"
                + " 'SELECT NULL::pg_catalog.text'",
        "CREATE FUNCTION evil.current_setting(pg_catalog.text) RETURNS pg_catalog.text LANGUAGE sql AS"
                + " 'SELECT ''evil''::pg_catalog.text'",
        "CREATE FUNCTION evil.format_type(pg_catalog.oid, integer) RETURNS pg_catalog.text LANGUAGE sql AS"
                + " 'SELECT ''evil''::pg_catalog.text'",
        "CREATE FUNCTION evil.quote_ident(pg_catalog.text) RETURNS pg_catalog.text LANGUAGE sql AS"
                + " 'SELECT ''evil''::pg_catalog.text'",
        "CREATE FUNCTION evil.pg_backend_pid() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION evil.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE FUNCTION evil.current_database() RETURNS pg_catalog.name LANGUAGE sql AS 'SELECT ''evil''::pg_catalog.name'"
    };

    @TempDir
    private Path folder;

    static Stream<Arguments> majorsAndModes() {
        List<Integer> majors = TestingPostgres.majors();
        return Stream.of(majors.get(0), majors.get(majors.size() - 1))
                .flatMap(m -> Stream.of("insert", "copy", "upsert").map(mode -> Arguments.of(m, mode)));
    }

    private static void alter(TestingDatabase database) throws Exception {
        database.execute(HOSTILE);
        for (String setting : List.of(
                "search_path = evil, public, pg_catalog",
                "default_transaction_isolation = 'serializable'",
                "default_transaction_deferrable = on",
                "quote_all_identifiers = on")) {
            database.execute("ALTER DATABASE " + database.name() + " SET " + setting);
        }
    }

    @ParameterizedTest
    @MethodSource("majorsAndModes")
    void tablesAreReadAndWrittenAsEver(int major, String mode) throws Exception {
        try (TestingDatabase source = TestingPostgres.major(major).createDatabase();
                TestingDatabase target = TestingPostgres.major(major).createDatabase()) {
            for (TestingDatabase database : List.of(source, target)) {
                database.execute(
                        "CREATE TABLE excluded (id integer PRIMARY KEY, v text, a text[], m numeric(9,2))",
                        "CREATE TABLE text (id bigint PRIMARY KEY, v varchar(20), x xml)");
            }
            source.execute(
                    "INSERT INTO excluded SELECT i, 'v' || i, ARRAY['a', NULL], i / 4.0 FROM generate_series(1, 3000) i",
                    "INSERT INTO text SELECT i, 'v' || i, '<a/>' FROM generate_series(1, 3000) i");
            target.execute("INSERT INTO excluded VALUES (-1, 'old', NULL, 1)");
            alter(source);
            alter(target);
            TestingJobs jobs =
                    new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
            TestingJobs.Ended ended = jobs.run(TestingJobs.postgresJob(
                    "{\"datasource\": \"source\", \"table\": \"public.*\", \"column\": [\"*\"], \"splitPk\": \"id\","
                            + " \"where\": \"id > 0\"}",
                    "{\"datasource\": \"target\", \"column\": [\"*\"], \"writeMode\": \"" + mode + "\"}",
                    "{\"speed\": {\"concurrent\": 2}}"));
            assertThat(ended.errors()).extracting(Problem::toString).isEmpty();
            assertThat(ended.errorMessage()).isEmpty();
            assertThat(ended.dirty()).isEmpty();
            for (String table : List.of("excluded", "text")) {
                String digest = "SELECT pg_catalog.count(*)::pg_catalog.text,"
                        + " pg_catalog.md5(pg_catalog.string_agg(pg_catalog.format('%s', t.*), ',' ORDER BY t.id))"
                        + " FROM public." + table + " t WHERE t.id > 0";
                assertThat(target.query(digest)).isEqualTo(source.query(digest));
            }
        }
    }

    /** What cannot be named in full everywhere is told. */
    @Test
    void anOperatorThatWouldBeTakenForTheServersIsRefused() throws Exception {
        try (TestingDatabase source = TestingPostgres.newest().createDatabase();
                TestingDatabase target = TestingPostgres.newest().createDatabase()) {
            for (TestingDatabase database : List.of(source, target)) {
                database.execute("CREATE TABLE t (id integer)");
            }
            source.execute(
                    "CREATE SCHEMA evil",
                    "CREATE FUNCTION evil.never(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT false'",
                    "CREATE OPERATOR evil.= (PROCEDURE = evil.never, LEFTARG = integer, RIGHTARG = integer)");
            TestingJobs jobs =
                    new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
            String job = TestingJobs.postgresJob(
                    "{\"datasource\": \"source\", \"table\": \"public.t\", \"column\": [\"*\"], \"session\": $session}",
                    "{\"datasource\": \"target\", \"table\": \"public.t\", \"column\": [\"*\"]}",
                    "{}");
            assertThat(jobs.run(job.replace("$session", "[\"SET search_path = evil, pg_catalog\"]"))
                            .errors())
                    .extracting(Problem::code)
                    .containsExactly("OPERATOR_HIDDEN");
            assertThat(jobs.run(job.replace("$session", "[\"SET search_path = evil, public\"]"))
                            .succeeded())
                    .isTrue();
        }
    }
}
