package dev.transvase.distribution.ui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.transvase.distribution.TestingDistribution;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code bin/transvase ui} as a process, and a program that asks it. */
final class TestingUiProcess implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final URI address;

    private TestingUiProcess(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** Starts it and waits for its address. */
    static TestingUiProcess start(TestingDistribution transvase, Path folder, Object... options) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of(
                "ui",
                "--folder",
                folder,
                "--port",
                "0",
                "--no-open",
                "--datasources",
                folder.resolve("datasources.json")));
        arguments.addAll(Arrays.asList(options));
        Process process = transvase
                .command(arguments.toArray())
                .redirectError(folder.resolve("ui.err").toFile())
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String address = out.readLine();
        if (address == null) {
            throw new IOException(
                    "the UI has not started: " + java.nio.file.Files.readString(folder.resolve("ui.err")));
        }
        return new TestingUiProcess(process, URI.create(address));
    }

    long pid() {
        return process.pid();
    }

    /** The address without its token. */
    String root() {
        return "http://" + address.getAuthority();
    }

    String token() {
        return address.getQuery().replaceFirst("^token=", "");
    }

    HttpResponse<String> ask(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root() + "/api/v1" + path))
                .header("Authorization", "Bearer " + token())
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return MAPPER.readTree(ask("GET", path, "").body());
    }

    JsonNode post(String path, Object body) throws IOException, InterruptedException {
        return MAPPER.readTree(ask("POST", path, body.toString()).body());
    }

    /** Waits for the end of a run, which ends its events. */
    JsonNode awaitEnd(String run) throws IOException, InterruptedException {
        ask("GET", "/runs/" + run + "/events", "");
        return get("/runs/" + run);
    }

    /** Ends it as Ctrl-C does. */
    int end() throws InterruptedException {
        process.destroy();
        return process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        end();
    }
}
