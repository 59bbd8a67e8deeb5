package dev.transvase.ui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.transvase.cli.ui.Ui;
import dev.transvase.cli.ui.UiOptions;
import dev.transvase.core.datasource.DataSourcesLookup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A server of the UI on a folder for a test, with a shell script in place of {@code bin/transvase}. */
public final class TestingUi implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path home;
    private final Path folder;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Ui.Served served;

    /** @param root an empty folder */
    public TestingUi(Path root) throws IOException {
        home = Files.createDirectories(root.resolve("home"));
        folder = Files.createDirectories(root.resolve("jobs"));
        Files.createDirectories(home.resolve("plugin"));
        Path script = Files.createDirectories(home.resolve("bin")).resolve("transvase");
        try (InputStream in = TestingUi.class.getResourceAsStream("transvase.sh")) {
            Files.copy(in, script);
        }
        if (!script.toFile().setExecutable(true)) {
            throw new IOException(script + " cannot be made executable");
        }
        start(Optional.empty());
    }

    /** Starts the server, anew perhaps. */
    public void start(Optional<Path> passwordFile) {
        start(500, passwordFile);
    }

    /** As {@link #start(Optional)}, keeping so many runs. */
    public void start(int keepRuns, Optional<Path> passwordFile) {
        start(
                keepRuns,
                new UiOptions.Access(
                        0, Optional.empty(), Optional.empty(), passwordFile, Optional.empty(), Optional.empty()));
    }

    /** Starts the server with TLS. */
    public void startTls(Path certificate, Path key) {
        start(
                500,
                new UiOptions.Access(
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(certificate),
                        Optional.of(key)));
    }

    private void start(int keepRuns, UiOptions.Access access) {
        if (served != null) {
            served.close();
        }
        served = new BrowserUi()
                .serve(new UiOptions(
                        home,
                        folder,
                        new DataSourcesLookup(folder.resolve("datasources.json"), "the test"),
                        keepRuns,
                        false,
                        access,
                        Map.of(),
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)));
    }

    public Path folder() {
        return folder;
    }

    /** The address with its token. */
    public URI address() {
        return URI.create(served.addresses().get(0));
    }

    public int port() {
        return address().getPort();
    }

    public String token() {
        return address().getQuery().substring("token=".length());
    }

    /** A job file. */
    public void job(String name, String script) throws IOException {
        Files.writeString(folder.resolve(name + ".json"), script);
    }

    /** An answer; names of headers in lower case. */
    public record Answer(int status, Map<String, List<String>> headers, String body) {

        public String header(String name) {
            return String.join("\n", headers.getOrDefault(name, List.of()));
        }

        public JsonNode json() throws IOException {
            return MAPPER.readTree(body);
        }

        /** The code of an error. */
        public String error() throws IOException {
            return json().path("error").path("code").asText();
        }
    }

    /** Asks as a program does that knows the token. */
    public Answer ask(String method, String path, String body, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Authorization: Bearer " + token());
        return raw(method, path, body, all.toArray(String[]::new));
    }

    public Answer get(String path) throws IOException {
        return ask("GET", path, "");
    }

    public Answer post(String path, String body) throws IOException {
        return ask("POST", path, body);
    }

    /** Asks with these headers and no others but Host, which one of them may be. */
    public Answer raw(String method, String path, String body, String... headers) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            StringBuilder request = new StringBuilder(method + ' ' + path + " HTTP/1.1\r\n");
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            boolean host = false;
            for (String header : headers) {
                request.append(header).append("\r\n");
                host |= header.startsWith("Host:");
            }
            if (!host) {
                request.append("Host: 127.0.0.1:").append(port()).append("\r\n");
            }
            request.append("Connection: close\r\nContent-Length: ")
                    .append(bytes.length)
                    .append("\r\n\r\n");
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(bytes);
            return answer(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Answer answer(String text) {
        int end = text.indexOf("\r\n\r\n");
        String[] lines = text.substring(0, end).split("\r\n", -1);
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.computeIfAbsent(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).strip());
        }
        String body = text.substring(end + 4);
        if (headers.getOrDefault("transfer-encoding", List.of()).contains("chunked")) {
            body = unchunked(body);
        }
        return new Answer(Integer.parseInt(lines[0].split(" ", -1)[1]), headers, body);
    }

    private static String unchunked(String chunked) {
        byte[] bytes = chunked.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int at = 0;
        while (at < bytes.length) {
            int lineEnd = at;
            while (bytes[lineEnd] != '\r') {
                lineEnd++;
            }
            int size = Integer.parseInt(new String(bytes, at, lineEnd - at, StandardCharsets.US_ASCII).strip(), 16);
            body.write(bytes, lineEnd + 2, size);
            at = lineEnd + 2 + size + 2;
            if (size == 0) {
                break;
            }
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        served.close();
    }
}
