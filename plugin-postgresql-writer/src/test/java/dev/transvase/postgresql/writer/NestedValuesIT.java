package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Schema;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.contract.CollectedChecks;
import dev.transvase.testing.contract.CollectedJournal;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Composites, and arrays of what is no scalar: what is in them arrives as it was, or its column is refused. */
class NestedValuesIT {

    private static final String DECLARED = "<?xml version=\"1.0\" encoding=\"latin1\"?><a>\u00fc</a>";

    private static TestingServers servers;

    @BeforeAll
    static void start() {
        servers = new TestingServers();
    }

    @AfterAll
    static void end() {
        servers.close();
    }

    private static void move(TestingDatabase database, WriteMode mode) throws Exception {
        database.execute("TRUNCATE target");
        Schema offered = TestingSource.offered(database, "source");
        TestingWriter writer = TestingWriter.to(database, "target").mode(mode);
        RecordBatch batch = TestingSource.read(database, writer.plan(offered).accepted());
        writer.write(new CollectedJournal(0), offered, List.of(batch));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void xmlKeepsItsDeclarationWithinCompositesAndArrays(boolean oldest) throws Exception {
        TestingDatabase database = oldest ? servers.oldest() : servers.newest();
        database.execute(
                "CREATE DOMAIN page AS xml",
                "CREATE TYPE note AS (id integer, \"Body\" xml, pages xml[], page page)",
                "CREATE TYPE folder AS (name text, note note, notes note[])",
                "CREATE TABLE source (id integer, x xml, xs xml[], n note, ns note[], f folder, p page)",
                "INSERT INTO source SELECT 1, x, ARRAY[x, NULL], n, ARRAY[n, NULL, ROW(NULL, NULL, NULL, NULL)::note],"
                        + " ROW('a \"b\", c', n, ARRAY[n])::folder, x FROM (SELECT x, ROW(1, x, ARRAY[x], x)::note AS n"
                        + " FROM (SELECT xml '" + DECLARED + "' AS x) y) z",
                "INSERT INTO source SELECT 2, NULL, NULL, NULL, NULL, NULL, NULL",
                "INSERT INTO source SELECT 3, '<a/>', '{}', ROW(NULL, NULL, '{}', '')::note, '{}',"
                        + " ROW(NULL, NULL, NULL)::folder, ''",
                "INSERT INTO source (id, ns) SELECT 4, '[2:3]={\"(7,,,)\",NULL}'::note[]",
                "CREATE TABLE target (LIKE source)");
        String told = "SELECT id, x::text, xs::text[], (n).id, ((n).\"Body\")::text, ((n).pages)::text[],"
                + " ((n).page)::text, n IS NOT DISTINCT FROM NULL, array_dims(ns), (ns[1]).\"Body\"::text,"
                + " ns[2] IS NOT DISTINCT FROM NULL, ns[3] IS NOT DISTINCT FROM NULL, (f).name,"
                + " ((f).note).\"Body\"::text, (((f).notes)[1]).pages::text[], p::text, ns::text, n::text, f::text FROM ";
        List<List<String>> expected = database.query(told + "source ORDER BY 1");
        assertThat(expected.get(0).toString()).contains(DECLARED);
        for (WriteMode mode : List.of(WriteMode.INSERT, WriteMode.COPY)) {
            move(database, mode);
            assertThat(database.query(told + "target ORDER BY 1")).isEqualTo(expected);
        }
        database.execute("DROP TABLE source, target", "DROP TYPE folder, note", "DROP DOMAIN page");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void compositesArePairedAttributeByAttribute(boolean oldest) throws Exception {
        TestingDatabase from = servers.newest();
        TestingDatabase to = oldest ? servers.oldest() : servers.newest();
        from.execute(
                "CREATE SCHEMA here",
                "CREATE TYPE here.mood AS ENUM ('sad')",
                "CREATE TYPE here.pair AS (first text, last text, m here.mood)",
                "CREATE TYPE here.tight AS (a integer, b numeric(6,2))",
                "CREATE TABLE source (p here.pair, ps here.pair[], t here.tight)");
        to.execute(
                "CREATE SCHEMA there",
                "CREATE TYPE there.mood AS ENUM ('sad')",
                "CREATE TYPE there.pair AS (last text, first text, m there.mood)",
                "CREATE TYPE there.tight AS (a bigint, b numeric)",
                "CREATE TABLE target (p there.pair, ps there.pair[], t there.tight)");
        Schema offered = TestingSource.offered(from, "source");
        CollectedChecks checks = TestingWriter.to(to, "target").check(offered);
        assertThat(checks.errors())
                .hasSize(2)
                .allSatisfy(error -> assertThat(error.toString())
                        .contains("UNSUPPORTED_CONVERSION")
                        .contains("(\"first\" text, \"last\" text, \"m\" \"mood\")")
                        .contains("(\"last\" text, \"first\" text, \"m\" \"mood\")"));
        assertThat(checks.errors().get(0).toString())
                .contains("ROW((\"p\").\"last\", (\"p\").\"first\", (\"p\").\"m\")");
        to.execute(
                "ALTER TYPE there.pair RENAME ATTRIBUTE last TO x",
                "ALTER TYPE there.pair RENAME ATTRIBUTE first TO last",
                "ALTER TYPE there.pair RENAME ATTRIBUTE x TO first");
        assertThat(TestingWriter.to(to, "target").check(offered).errors()).isEmpty();
        to.execute("DROP TABLE target", "ALTER TYPE there.tight ALTER ATTRIBUTE b TYPE numeric(6,1)");
        to.execute("CREATE TABLE target (t there.tight)");
        Schema tight = Schema.of(offered.table(), List.of(offered.column(2))).withWireFormat(offered.wireFormat());
        assertThat(TestingWriter.to(to, "target").check(tight).errors())
                .singleElement()
                .asString()
                .contains("numeric(6,1)");
        to.execute("DROP TABLE target", "DROP SCHEMA there CASCADE");
        from.execute("DROP TABLE source", "DROP SCHEMA here CASCADE");
    }
}
