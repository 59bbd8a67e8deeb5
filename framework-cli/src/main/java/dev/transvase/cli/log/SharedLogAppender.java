package dev.transvase.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.Layout;
import dev.transvase.core.report.PrivateFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * Appends to a log file that several processes may write at the same time, and keeps no more than a number of files of a
 * size each. Logback's own rolling appenders do either, not both.
 *
 * <p>An event is one write to a file opened for appending, so that lines of processes do not mix. A file that is full is
 * renamed to {@code .1}, that to {@code .2} and so on, by one process at a time. The others hold the renamed file open,
 * see at their next event that it is full, find that the one of the right name is not, and go on in that.
 */
final class SharedLogAppender extends AppenderBase<ILoggingEvent> {

    private final Path file;
    private final long fullBytes;
    private final int keptFiles;
    private final Layout<ILoggingEvent> layout;
    private final Consumer<String> notice;
    private boolean noticed;
    private FileChannel channel;

    /**
     * @param file its folder exists
     * @param fullBytes the file is put away when it has grown to this
     * @param keptFiles how many that were put away are kept
     * @param notice is called, once, when the log can no longer be written
     * @throws IOException when the file cannot be written
     */
    SharedLogAppender(Path file, long fullBytes, int keptFiles, Layout<ILoggingEvent> layout, Consumer<String> notice)
            throws IOException {
        this.file = file;
        this.fullBytes = fullBytes;
        this.keptFiles = keptFiles;
        this.layout = layout;
        this.notice = notice;
        this.channel = open();
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(PrivateFile.make(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Called under a lock of the base class. What cannot be logged must not end a job. */
    @Override
    protected void append(ILoggingEvent event) {
        ByteBuffer line = ByteBuffer.wrap(layout.doLayout(event).getBytes(StandardCharsets.UTF_8));
        // A channel that an interrupted thread writes to is closed permanently.
        boolean interrupted = Thread.interrupted();
        try {
            if (channel.size() >= fullBytes) {
                putAway();
            }
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException e) {
            addError("writing the log " + file + " failed", e);
            if (!noticed) {
                noticed = true;
                notice.accept(
                        "the log " + file + " cannot be written, the job continues without it: " + e.getMessage());
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void putAway() throws IOException {
        Path lock = numbered("lock");
        try (FileChannel locked = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = locked.lock()) {
            if (Files.exists(file) && Files.size(file) >= fullBytes) {
                for (int number = keptFiles; number > 1; number--) {
                    move(numbered(String.valueOf(number - 1)), numbered(String.valueOf(number)));
                }
                move(file, numbered("1"));
            }
            FileChannel full = channel;
            channel = open();
            full.close();
        } catch (OverlappingFileLockException e) {
            // Another appender of this process is at it: this event may still go to the full file.
            addInfo("another appender puts " + file + " away", e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path numbered(String suffix) {
        return file.resolveSibling(file.getFileName() + "." + suffix);
    }

    @Override
    public void stop() {
        super.stop();
        try {
            channel.close();
        } catch (IOException e) {
            addError("closing the log " + file + " failed", e);
        }
    }
}
