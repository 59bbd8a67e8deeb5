package dev.transvase.core.job;

import static dev.transvase.core.error.CoreErrors.FILE_UNREADABLE;

import dev.transvase.core.parameter.JsonFile;
import dev.transvase.core.parameter.JsonPath;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.parameter.Shown;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The text of a job file and where it comes from: a file, standard input, or a web server.
 *
 * @param name what messages call it, for example {@code orders.json}
 * @param folder where relative paths in it start
 * @param ownFolder the same when the file is there, so that whoever wrote it may use the folder; empty for what comes from elsewhere
 * @param text as it is written
 */
public record JobSource(String name, Path folder, Optional<Path> ownFolder, String text) {

    private static final String JSON = ".json";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The job's name: the file's without {@code .json}. */
    public String jobName() {
        return jobName(name);
    }

    /** The name of the job in a file of this name. */
    public static String jobName(String name) {
        return name.endsWith(JSON) ? name.substring(0, name.length() - JSON.length()) : name;
    }

    /**
     * A file. Blocks on the disk.
     *
     * @return empty after an error, which is then in {@code problems}
     */
    public static Optional<JobSource> file(Path file, Problems problems) {
        Path absolute = file.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        Optional<Path> own = Files.isRegularFile(file) ? Optional.ofNullable(folder) : Optional.empty();
        return JsonFile.text(file, "job file", problems)
                .map(text -> new JobSource(
                        String.valueOf(file.getFileName()), folder == null ? absolute : folder, own, text));
    }

    /**
     * A stream, read to its end. Blocks until that is there.
     *
     * @param name what messages call it
     * @return as {@link #file}
     */
    public static Optional<JobSource> stream(InputStream in, String name, Problems problems) {
        String path = JsonPath.root(name);
        try {
            byte[] bytes = in.readNBytes(JsonFile.LARGEST + 1);
            if (bytes.length > JsonFile.LARGEST) {
                problems.error(path, FILE_UNREADABLE, "is larger than 16 MiB, the limit for a job file", "");
                return Optional.empty();
            }
            return JsonFile.decode(bytes, path, problems)
                    .map(text -> new JobSource(name, Path.of("").toAbsolutePath(), Optional.empty(), text));
        } catch (IOException e) {
            problems.error(path, FILE_UNREADABLE, "cannot be read: " + e.getMessage(), "");
            return Optional.empty();
        }
    }

    /**
     * What a web server has at an address, which is asked for once, without following it elsewhere. Blocks until it has
     * answered, up to 30 seconds.
     *
     * @return as {@link #file}
     */
    public static Optional<JobSource> web(URI address, Problems problems) {
        String name = name(address);
        String path = JsonPath.root(name);
        try {
            Answer answer = fetch(address);
            if (answer.status() == HttpURLConnection.HTTP_OK) {
                return stream(answer.body(), name, problems);
            }
            problems.error(
                    path,
                    FILE_UNREADABLE,
                    "the web server answers " + answer.status() + " instead of a job file",
                    "check the address");
        } catch (ExecutionException e) {
            problems.error(
                    path,
                    FILE_UNREADABLE,
                    "cannot be fetched: " + Shown.text(reason(e.getCause())),
                    "check the address");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problems.error(path, FILE_UNREADABLE, "fetching it was interrupted", "");
        }
        return Optional.empty();
    }

    /**
     * What a web server answers.
     *
     * @param body as much of it as a job file may have, and one byte more
     */
    private record Answer(int status, InputStream body) {}

    private static Answer fetch(URI address) throws ExecutionException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).GET().build();
        return HttpClient.newHttpClient()
                .sendAsync(request, BodyHandlers.ofInputStream())
                .thenApplyAsync(response -> {
                    try (InputStream body = response.body()) {
                        byte[] read = body.readNBytes(JsonFile.LARGEST + 1);
                        return new Answer(response.statusCode(), new ByteArrayInputStream(read));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .get();
    }

    /** The last part of the path, without what may be a secret. */
    private static String name(URI address) {
        String path = Optional.ofNullable(address.getPath()).orElse("");
        String last = path.substring(path.lastIndexOf('/') + 1);
        return last.isEmpty() ? "job.json" : last;
    }

    private static String reason(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return "no data came within " + PATIENCE.toSeconds() + " s";
        }
        return failure.getMessage() == null ? "the server does not answer" : failure.getMessage();
    }
}
