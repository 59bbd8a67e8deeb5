package dev.transvase.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A tool that is measured, as a process of its own. What it prints goes to a file. Closing ends it. */
final class ToolProcess implements AutoCloseable {

    private static final long PATIENCE_MINUTES = 60;

    private final String name;
    private final Process process;
    private final Path out;
    private final Path log;
    private final long startNanos;

    private ToolProcess(String name, Process process, Path out, Path log, long startNanos) {
        this.name = name;
        this.process = process;
        this.out = out;
        this.log = log;
        this.startNanos = startNanos;
    }

    /** @param folder for what it prints */
    static ToolProcess start(String name, Path folder, ProcessBuilder builder) throws IOException {
        Path out = Files.createTempFile(folder, name + "-", ".out");
        Path log = Files.createTempFile(folder, name + "-", ".log");
        builder.redirectOutput(out.toFile()).redirectError(log.toFile());
        long startNanos = System.nanoTime();
        Process process = builder.start();
        process.getOutputStream().close();
        return new ToolProcess(name, process, out, log, startNanos);
    }

    /** How long ago it was started. */
    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    /** Waits for its end, and returns what {@link #seconds} was then. Fails with what it printed when it does. */
    double await() throws IOException, InterruptedException {
        boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        double seconds = seconds();
        if (!ended || process.exitValue() != 0) {
            throw failed(ended ? "ended with " + process.exitValue() : "does not end");
        }
        return seconds;
    }

    /** Fails with what it printed when it has failed. */
    void requireNotFailed() throws IOException {
        if (!process.isAlive() && process.exitValue() != 0) {
            throw failed("ended with " + process.exitValue());
        }
    }

    private IllegalStateException failed(String how) throws IOException {
        return new IllegalStateException(name + " " + how + ":\n" + Files.readString(out) + Files.readString(log));
    }

    /** Tells it to end, and waits until it has. */
    void stop() throws IOException, InterruptedException {
        process.destroy();
        await();
    }

    /** What it has printed to its standard output. */
    String printed() throws IOException {
        return Files.readString(out);
    }

    /** The most memory that was resident so far; empty where the system does not tell it, and when it has ended. */
    OptionalLong peakBytes() {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
