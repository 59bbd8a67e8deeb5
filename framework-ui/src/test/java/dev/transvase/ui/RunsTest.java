package dev.transvase.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.transvase.ui.TestingUi.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs, with a script in place of {@code transvase run}. */
class RunsTest {

    private static final String RUNS = "/api/v1/runs";

    @TempDir
    Path root;

    private TestingUi ui;

    @BeforeEach
    void start() throws IOException {
        ui = new TestingUi(root);
        ui.job("orders", "{\"steps\": []}");
    }

    @AfterEach
    void stop() throws IOException {
        for (JsonNode run : ui.get(RUNS + "?state=running").json().path("runs")) {
            release(run.path("id").asText());
            ended(run.path("id").asText());
        }
        ui.close();
    }

    private Answer begin(String how, String more) throws IOException {
        return ui.post(RUNS, "{\"job\": \"orders\", \"variables\": {\"how\": \"" + how + "\"}" + more + "}");
    }

    private String begun(String how) throws IOException {
        Answer answer = begin(how, "");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json().path("id").asText();
    }

    private Path folder(String id) {
        return ui.folder().resolve("runs").resolve(id);
    }

    private void release(String id) throws IOException {
        if (Files.isDirectory(folder(id))) {
            Files.writeString(folder(id).resolve("go"), "");
        }
    }

    /** What listens to a run's events. */
    private static final class Events implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader lines;

        Events(TestingUi ui, String id) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), ui.port());
            socket.getOutputStream()
                    .write(("GET " + RUNS + '/' + id + "/events HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer "
                                    + ui.token() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        /** Waits for an event of this name; gives its data, or nothing when there are no more. */
        Optional<String> next(String name) throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("event: " + name)) {
                    return Optional.of(lines.readLine().substring("data: ".length()));
                }
            }
            return Optional.empty();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private JsonNode ended(String id) throws IOException {
        try (Events events = new Events(ui, id)) {
            events.next("end");
        }
        return ui.get(RUNS + '/' + id).json();
    }

    private void awaitPid(String id) throws IOException {
        try (Events events = new Events(ui, id)) {
            assertThat(events.next("progress")).isPresent(); // the run has told something, so its process is known
        }
    }

    @Test
    void aRunLeavesAllThatIsKnownOfIt() throws IOException {
        String id = begun("dirty");
        JsonNode run = ended(id);
        assertThat(run.path("state").asText()).isEqualTo("succeeded");
        assertThat(run.path("read").asLong()).isEqualTo(3);
        assertThat(run.path("written").asLong()).isEqualTo(2);
        assertThat(run.path("exitCode").asLong()).isZero();
        assertThat(run.path("variables").path("how").asText()).isEqualTo("dirty");
        ui.job("orders", "{\"changed\": true}");
        assertThat(ui.get(RUNS + '/' + id + "/job.json").body()).isEqualTo("{\"steps\": []}");
        assertThat(ui.get(RUNS + '/' + id + "/report")
                        .json()
                        .path("report")
                        .path("status")
                        .asText())
                .isEqualTo("SUCCEEDED");
        assertThat(ui.get(RUNS + '/' + id + "/report.json")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("SUCCEEDED");
        assertThat(ui.get(RUNS + '/' + id + "/log").json().path("lines"))
                .extracting(JsonNode::asText)
                .containsExactly("warning: begun", "the end <script>");
        assertThat(ui.get(RUNS + '/' + id + "/progress").json().path("points")).hasSize(1);
        assertThat(ui.get("/api/v1/jobs")
                        .json()
                        .path("jobs")
                        .get(0)
                        .path("latestRun")
                        .path("id")
                        .asText())
                .isEqualTo(id);
        assertThat(folder(id))
                .satisfies(
                        path -> assertThat(Files.getPosixFilePermissions(path)).hasSize(3));
    }

    @Test
    void dirtyRecordsAreShownByKind() throws IOException {
        String id = begun("dirty");
        ended(id);
        String dirty = RUNS + '/' + id + "/dirty";
        JsonNode summary = ui.get(dirty + "/summary").json();
        assertThat(summary.path("total").asLong()).isEqualTo(3);
        assertThat(summary.path("sqlStates").path("22003").asLong()).isEqualTo(2);
        assertThat(summary.path("columns").path("Total").asLong()).isEqualTo(1);
        assertThat(summary.path("tables").path("public.a").asLong()).isEqualTo(2);
        JsonNode first = ui.get(dirty + "?limit=1").json();
        assertThat(first.path("records")).hasSize(1);
        assertThat(first.path("records").get(0).path("values").path("note").isNull())
                .isTrue();
        JsonNode others = ui.get(dirty + "?from=" + first.path("next").asLong()).json();
        assertThat(others.path("records")).hasSize(2);
        assertThat(others.has("next")).isFalse();
        assertThat(others.path("records").get(0).path("values").path("note").asText("x"))
                .isEmpty();
        assertThat(ui.get(dirty + "?constraint=a_pkey").json().path("records")).hasSize(1);
        assertThat(ui.get(dirty + "?sqlState=22003&column=id").json().path("records"))
                .hasSize(1);
        assertThat(ui.get(dirty + "?table=public.%3Cscript%3E").json().path("records"))
                .hasSize(1);
        assertThat(ui.get(dirty + ".jsonl").header("content-disposition")).contains("attachment");
        assertThat(ui.get(dirty + ".jsonl").body().lines()).hasSize(3);
    }

    @Test
    void failuresSayWhy() throws IOException {
        JsonNode failed = ended(begun("fail"));
        assertThat(failed.path("state").asText()).isEqualTo("failed");
        assertThat(failed.path("errorCode").asText()).isEqualTo("CONNECTION_LOST");
        JsonNode unbegun = ended(begun("unbegun"));
        assertThat(unbegun.path("state").asText()).isEqualTo("failed");
        assertThat(unbegun.path("errorCode").asText()).isEqualTo("NOT_BEGUN");
    }

    @Test
    void codesAreExplained() throws IOException {
        Path docs = Files.createDirectories(ui.folder().resolveSibling("home").resolve("docs"));
        Files.writeString(docs.resolve("error-codes.md"), "### CONNECTION_LOST\n\nIt broke.\n\n### OTHER\n");

        assertThat(ui.get("/api/v1/error-codes/CONNECTION_LOST")
                        .json()
                        .path("text")
                        .asText())
                .isEqualTo("It broke.");
        assertThat(ui.get("/api/v1/error-codes/NONE").status()).isEqualTo(404);
    }

    @Test
    void aJobRunsOnceAtATimeUnlessItIsSaidOtherwise() throws IOException {
        String id = begun("wait");
        assertThat(begin("wait", "").error()).isEqualTo("JOB_RUNNING");
        Answer beside = begin("wait", ", \"beside\": true");
        assertThat(beside.status()).isEqualTo(201);
        release(id);
        release(beside.json().path("id").asText());
        ended(id);
        ended(beside.json().path("id").asText());
        assertThat(begin("ok", "").status()).isEqualTo(201);
    }

    @Test
    void stopIsSigterm() throws IOException {
        String id = begun("wait");
        awaitPid(id);
        assertThat(ui.post(RUNS + '/' + id + "/stop", "").status()).isEqualTo(200);
        JsonNode run = ended(id);
        assertThat(run.path("state").asText()).isEqualTo("stopped");
        assertThat(run.path("exitCode").asLong()).isEqualTo(143);
        assertThat(ui.post(RUNS + '/' + id + "/stop", "").error()).isEqualTo("RUN_ENDED");
    }

    @Test
    void aRunThatWasKilledIsShownAsSuch() throws IOException {
        String id = begun("wait");
        awaitPid(id);
        long pid = Long.parseLong(Files.readString(folder(id).resolve("pid")).strip());
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
        JsonNode run = ended(id);
        assertThat(run.path("state").asText()).isEqualTo("killed");
        assertThat(run.path("error").asText()).contains("killed");
    }

    @Test
    void aRunThatCrashesWasNotStopped() throws IOException {
        JsonNode run = ended(begun("crash"));
        assertThat(run.path("state").asText()).isEqualTo("killed");
        assertThat(run.path("exitCode").asLong()).isEqualTo(134);
    }

    @Test
    void aRunOutlivesTheServerAndIsFoundByTheNextOne() throws IOException {
        String id = begun("wait");
        awaitPid(id);
        ui.start(Optional.empty());
        assertThat(ui.get(RUNS + '/' + id).json().path("state").asText()).isEqualTo("running");
        assertThat(begin("wait", "").error()).isEqualTo("JOB_RUNNING");
        try (Events events = new Events(ui, id)) {
            assertThat(events.next("progress")).isPresent();
            release(id);
            assertThat(events.next("end")).isPresent();
        }
        JsonNode run = ui.get(RUNS + '/' + id).json();
        assertThat(run.path("state").asText()).isEqualTo("succeeded");
        assertThat(run.path("exitCode").asLong()).isZero();
    }

    @Test
    void aHundredWatchersSeeTheSameEnd() throws IOException {
        String id = begun("wait");
        List<Events> watchers = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                watchers.add(new Events(ui, id));
            }
            for (Events watcher : watchers) {
                assertThat(watcher.next("progress")).isPresent();
            }
            assertThat(ui.get(RUNS).status()).isEqualTo(200);
            release(id);
            for (Events watcher : watchers) {
                assertThat(watcher.next("end"))
                        .hasValueSatisfying(end -> assertThat(end).contains("succeeded"));
                assertThat(watcher.next("none")).isEmpty();
            }
        } finally {
            for (Events watcher : watchers) {
                watcher.close();
            }
        }
    }

    @Test
    void theOldestRunsAreRemoved() throws IOException {
        ui.start(2, Optional.empty());
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ids.add(begun("ok"));
            ended(ids.get(i));
        }
        ui.start(2, Optional.empty());
        JsonNode list = ui.get(RUNS).json();
        assertThat(list.path("keep").asInt()).isEqualTo(2);
        assertThat(list.path("runs")).hasSize(2);
        assertThat(folder(ids.get(3))).exists();
        assertThat(ui.ask("DELETE", RUNS + '/' + ids.get(3), "").status()).isEqualTo(204);
        assertThat(folder(ids.get(3))).doesNotExist();
    }

    @Test
    void runsAreFoundByTheirJobAndEnd() throws IOException {
        ended(begun("ok"));
        ended(begun("fail"));
        assertThat(ui.get(RUNS + "?state=failed").json().path("total").asInt()).isEqualTo(1);
        assertThat(ui.get(RUNS + "?state=failed,succeeded&job=orders")
                        .json()
                        .path("total")
                        .asInt())
                .isEqualTo(2);
        assertThat(ui.get(RUNS + "?job=other").json().path("total").asInt()).isZero();
        assertThat(ui.get(RUNS + "?until=2000-01-01T00:00:00Z")
                        .json()
                        .path("total")
                        .asInt())
                .isZero();
        assertThat(ui.get(RUNS + "?state=odd").status()).isEqualTo(400);
        assertThat(ui.get(RUNS + "/..%2f..%2fjobs").status()).isBetween(400, 404);
        assertThat(ui.get(RUNS + "/20000101-000000-000-abcdef").status()).isEqualTo(404);
    }

    @Test
    void whereNoRunCanBeKeptNoneIsStarted() throws IOException {
        Files.writeString(ui.folder().resolve("runs"), "no folder");
        Answer answer = begin("ok", "");
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.error()).isEqualTo("FILE_NOT_WRITTEN");
        Files.delete(ui.folder().resolve("runs"));
    }
}
