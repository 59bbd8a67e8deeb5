package dev.transvase.ui.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.JsonFile;
import dev.transvase.core.parameter.Problems;
import dev.transvase.ui.http.Refusal;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a run tells: lines of progress, each a JSON object, among lines for people. */
final class OutputFile {

    private static final String PROGRESS = "{\"elapsedMillis\":";
    private static final int PIECE = 256 * 1024;

    private final Path file;

    OutputFile(Path file) {
        this.file = file;
    }

    /**
     * Whole lines from a place on.
     *
     * @param from where the first one begins, in bytes
     * @param to where what is behind the last one begins
     * @param end whether there are no more by now
     */
    record Piece(long from, long to, boolean end, List<String> lines) {}

    /** The lines that begin at a place, which is 0 or a piece's {@code to}. A place behind the end means that the file was cut. */
    Piece read(long from) {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long length = in.length();
            long start = from > length ? 0 : from;
            in.seek(start);
            byte[] bytes = new byte[(int) Math.min(PIECE, length - start)];
            in.readFully(bytes);
            int whole = bytes.length;
            while (whole > 0 && bytes[whole - 1] != '\n') {
                whole--;
            }
            if (whole == 0 && bytes.length == PIECE) {
                whole = bytes.length; // a line that is longer than any of ours
            }
            List<String> lines =
                    new String(bytes, 0, whole, StandardCharsets.UTF_8).lines().toList();
            return new Piece(start, start + whole, start + bytes.length >= length, lines);
        } catch (FileNotFoundException e) {
            return new Piece(0, 0, true, List.of());
        } catch (IOException e) {
            throw Refusal.outside("FILE_UNREADABLE", "the run's log cannot be read: " + e.getMessage(), e);
        }
    }

    static boolean isProgress(String line) {
        return line.startsWith(PROGRESS);
    }

    /** The object of a line of progress. */
    static Optional<ObjectNode> progress(String line) {
        return isProgress(line) ? JsonFile.parse(line, "", new Problems()) : Optional.empty();
    }

    /** The last progress that was printed. */
    Optional<String> lastProgress() {
        long size = size();
        Optional<String> last = Optional.empty();
        for (long from = Math.max(0, size - PIECE); last.isEmpty(); from = Math.max(0, from - PIECE)) {
            for (String line : read(from).lines()) {
                if (isProgress(line)) {
                    last = Optional.of(line);
                }
            }
            if (from == 0) {
                break;
            }
        }
        return last;
    }

    /** Progress over time, thinned out to a number of points; the last one is always there. */
    List<JsonNode> progress(int points) {
        List<String> kept = new ArrayList<>();
        int every = 1;
        int seen = 0;
        String last = null;
        for (long at = 0; ; ) {
            Piece piece = read(at);
            for (String line : piece.lines()) {
                if (!isProgress(line)) {
                    continue;
                }
                last = line;
                if (seen++ % every == 0) {
                    kept.add(line);
                }
                if (kept.size() >= 2 * points) {
                    kept = everySecond(kept);
                    every *= 2;
                }
            }
            if (piece.end() || piece.to() == at) {
                break;
            }
            at = piece.to();
        }
        if (last != null && !kept.get(kept.size() - 1).equals(last)) {
            kept.add(last);
        }
        List<JsonNode> progress = new ArrayList<>();
        kept.forEach(line -> progress(line).ifPresent(progress::add));
        return progress;
    }

    private static List<String> everySecond(List<String> lines) {
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < lines.size(); i += 2) {
            kept.add(lines.get(i));
        }
        return kept;
    }

    /**
     * Takes away the older part of a file that has become large, as that of a stream does in months. The run goes on writing at its end;
     * what it writes in the moment of the cut may be lost.
     */
    void cut(long largest, int kept) {
        if (size() <= largest) {
            return;
        }
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] tail = new byte[kept];
            open.seek(open.length() - kept);
            open.readFully(tail);
            int start = 0;
            while (start < kept && tail[start] != '\n') {
                start++;
            }
            int from = Math.min(start + 1, kept);
            open.seek(0);
            open.write(tail, from, kept - from);
            open.setLength(kept - from);
        } catch (IOException e) {
            throw Refusal.outside("FILE_NOT_WRITTEN", "the run's log cannot be cut: " + e.getMessage(), e);
        }
    }

    long size() {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw Refusal.outside("FILE_UNREADABLE", "the run's log cannot be read: " + e.getMessage(), e);
        }
    }
}
