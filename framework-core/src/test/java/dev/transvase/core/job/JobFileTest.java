package dev.transvase.core.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.transvase.core.parameter.Problem;
import dev.transvase.core.parameter.Problems;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for both shapes. */
class JobFileTest {

    private static final String JOB = """
            {"type": "job", "version": "2.0", "steps": [
              {"stepType": "stream", "category": "reader", "parameter": {%s}},
              {"stepType": "stream", "category": "writer", "parameter": {}}]}""";

    @TempDir
    private Path folder;

    @Test
    void theNameIsTheFilesWithoutItsEnding() {
        JobFile job = TestingJobFile.read(folder, JOB.formatted("")).good();

        assertThat(job.name()).isEqualTo("job");
        assertThat(job.folder()).isEqualTo(folder);
        assertThat(job.settings()).isEqualTo(JobSettings.DEFAULTS);
        assertThat(job.settings().errorLimit().record()).isZero();
        assertThat(job.reader().stepName()).isEqualTo("Reader");
        assertThat(job.writer().stepName()).isEqualTo("Writer");
    }

    @Test
    void aMissingFileIsAnErrorOfItsOwn() {
        Problems problems = new Problems();
        assertThat(JobSource.file(folder.resolve("none.json"), problems)).isEmpty();

        assertThat(problems.errors()).extracting(Problem::code).containsExactly("FILE_NOT_FOUND");
    }

    @Test
    void neitherShapeIsToldWithBoth() {
        assertThat(TestingJobFile.read(folder, "{\"content\": [], \"x\": 1}").errors())
                .singleElement()
                .asString()
                .contains("`steps`", "`job` with `content`", "the keys content, x", "{\"job\": ...}");
        assertThat(TestingJobFile.read(folder, "{}").errors())
                .singleElement()
                .asString()
                .contains("an empty object");
    }

    @Test
    void variablesReplaceInsideTextsOnly() {
        // The day or the last id of an incremental job comes with -D.
        JobFile job = TestingJobFile.read(
                        folder, JOB.formatted("""
                                "where": "day = '${DAY}' and id > ${ID}", "table": ["${T}"], "fetchSize": "${ID}"
                                """), Map.of("DAY", "x\"}, \\ ${ID} $1", "ID", "7", "T", "public.\"T\""))
                .good();

        assertThat(job.reader().parameter().path("where").asText()).isEqualTo("day = 'x\"}, \\ ${ID} $1' and id > 7");
        assertThat(job.reader().parameter().path("table").path(0).asText()).isEqualTo("public.\"T\"");
        assertThat(job.reader().parameter().path("fetchSize").asText()).isEqualTo("7");
    }

    @Test
    void schedulingVariablesHaveTheirValuesWithoutBeingGiven() {
        JobFile job = TestingJobFile.read(folder, JOB.formatted("""
                                "where": "d = '$bizdate' and m = ${yyyymm-1} and t > '$[yyyy-mm-dd hh24:mi:ss-1/24]'",
                                "querySql": "select x[1], '$[0].a', '$[*]' from ${cyctime}, ${bizdate}"
                                """), Map.of("bizdate", "given"))
                .good();

        assertThat(job.reader().parameter().path("where").asText())
                .isEqualTo("d = '20260228' and m = 202601 and t > '2026-02-28 23:30:05'");
        assertThat(job.reader().parameter().path("querySql").asText())
                .isEqualTo("select x[1], '$[0].a', '$[*]' from 20260301003005, given");
    }

    @Test
    void aVariableWithoutAValueInAConditionIsWarnedOf() {
        TestingJobFile read = TestingJobFile.read(
                folder,
                JOB.formatted("\"where\": \"d = '$day' and x = $$y$$ and z = $q$a$q$ and n = $1\", \"x\": \"$a\","
                        + " \"querySql\": \"select '$[yyyymmdd-1d]', '$[0]'\""));
        assertThat(read.errors()).isEmpty();
        assertThat(read.warnings())
                .containsExactly(
                        "steps[0].parameter.where: $day has no value and is left unchanged -> if it is a variable,"
                                + " write ${day} and give it one: -D day=...",
                        "steps[0].parameter.querySql: $[yyyymmdd-1d] is not a valid time expression and is left"
                                + " unchanged ->"
                                + " write a time as in $[yyyymmdd-1], $[hh24miss-1/24] or $[add_months(yyyymmdd,-1)]");
    }

    @Test
    void aListMayComeFromAVariable() {
        String job = JOB.formatted("/* ${c} */ \"column\": [\"a\", ${cols}], \"n\": ${n}, // ${d}\n \"t\": \"${t}\"");
        Map<String, String> values = Map.of("cols", "\"b,c\", \"d\"", "n", "5", "t", "\"");
        assertThat(TestingJobFile.read(folder, job, values)
                        .good()
                        .reader()
                        .parameter()
                        .toString())
                .isEqualTo("{\"column\":[\"a\",\"b,c\",\"d\"],\"n\":5,\"t\":\"\\\"\"}");

        Map<String, String> wrong = Map.of("cols", "secret", "n", "5], \"x\": [5", "t", "");
        assertThat(TestingJobFile.read(folder, job, wrong).errors())
                .containsExactly(
                        "${cols} is not in quotes, but its value is not valid JSON -> put it into quotes, or give values"
                                + " such as -D 'cols=\"id\", \"name\"'",
                        "${n} is not in quotes, but its value is not valid JSON -> put it into quotes, or give"
                                + " values such"
                                + " as -D 'n=\"id\", \"name\"'");
        assertThat(TestingJobFile.read(folder, job, Map.of("cols", "1", "t", ""))
                        .errors())
                .containsExactly("${n} has no value -> did you mean ${t}?");
        assertThat(TestingJobFile.read(folder, job, Map.of("cols", "1] //", "n", "5", "t", ""))
                        .errors())
                .hasSize(1);
    }

    @Test
    void commentsMayBeKeys() {
        TestingJobFile read = TestingJobFile.read(
                folder,
                JOB.replaceFirst("\\{", "{\"_comment\": 1, \"_comment2\": [],").formatted("\"_comment\": \"x\""));
        assertThat(read.errors()).isEmpty();
        assertThat(read.warnings()).isEmpty();
    }

    @Test
    void aStreamIsReadToItsEndButNotForEver() {
        Problems problems = new Problems();
        InputStream job = new ByteArrayInputStream("{}".getBytes(UTF_8));
        assertThat(JobSource.stream(job, "standard input", problems)
                        .orElseThrow()
                        .text())
                .isEqualTo("{}");
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return ' ';
            }
        };
        assertThat(JobSource.stream(endless, "standard input", problems)).isEmpty();
        assertThat(problems.errors())
                .singleElement()
                .asString()
                .isEqualTo("standard input: is larger than 16 MiB, the limit for a job file");
    }

    @Test
    void aWebServerMayHaveTheJob() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/jobs/orders.json", exchange -> {
            byte[] body = "{\"x\": \"ü\"}".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            String address = "http://" + server.getAddress().getHostString() + ":"
                    + server.getAddress().getPort();
            Problems problems = new Problems();
            JobSource source = JobSource.web(URI.create(address + "/jobs/orders.json?key=secret"), problems)
                    .orElseThrow();
            assertThat(source.text()).isEqualTo("{\"x\": \"ü\"}");
            assertThat(source.jobName()).isEqualTo("orders");

            assertThat(JobSource.web(URI.create(address + "/none.json?key=secret"), problems))
                    .isEmpty();
            assertThat(problems.errors())
                    .singleElement()
                    .asString()
                    .startsWith("none.json: the web server answers 404")
                    .doesNotContain("secret");
        } finally {
            server.stop(0);
        }
        Problems gone = new Problems();
        assertThat(JobSource.web(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/a.json"), gone))
                .isEmpty();
        assertThat(gone.errors()).singleElement().asString().startsWith("a.json: cannot be fetched");
    }

    @Test
    void aVariableWithoutAValueIsToldAndSoIsAValueWithoutAVariable() {
        TestingJobFile read = TestingJobFile.read(
                folder, JOB.formatted("\"where\": \"${DAY} ${BIZDTAE}\""), Map.of("BIZDATE", "1", "UNUSED", "2"));

        assertThat(read.errors())
                .containsExactly(
                        "steps[0].parameter.where: ${DAY} has no value -> give it one on the command line: -D DAY=...",
                        "steps[0].parameter.where: ${BIZDTAE} has no value -> did you mean ${BIZDATE}?");
        assertThat(read.warnings())
                .containsExactly(
                        "-D BIZDATE: job.json has no ${BIZDATE}: it has no effect",
                        "-D UNUSED: job.json has no ${UNUSED}: it has no effect");
    }

    @Test
    void secretsOfTheEnvironmentAreForDataSourcesOnly() {
        assertThat(TestingJobFile.read(folder, JOB.formatted("\"where\": \"${env:HOME}\""))
                        .errors())
                .containsExactly("steps[0].parameter.where: ${env:HOME} has no value -> such references are allowed"
                        + " in a data source, or in the `password` of a job; here use ${NAME} and -D NAME=VALUE");
    }

    @Test
    void aVariableOutsideOfQuotesIsToldWithWhatToDo() {
        assertThat(TestingJobFile.read(folder, JOB.formatted("\"fetchSize\": $N"), Map.of("N", "1"))
                        .errors())
                .singleElement()
                .asString()
                .contains("line 2, column", "\"${NAME}\"");
    }
}
