package dev.transvase.ui.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.JsonFile;
import dev.transvase.core.parameter.Problems;
import dev.transvase.ui.http.Refusal;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The records that a run's target did not take. Blocks on the disk; memory does not grow with their number. */
public final class DirtyRecords {

    /** How messages name the column that a value did not fit. */
    private static final Pattern COLUMN = Pattern.compile("\\bcolumn (\"(?:[^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*)");

    private static final int MOST_NAMES = 200;
    private static final int LONGEST_LINE = 4 * 1024 * 1024;

    private final Runs runs;

    public DirtyRecords(Runs runs) {
        this.runs = runs;
    }

    /** Which of them are wanted; what is empty is not asked for. */
    public record Filter(
            Optional<String> table, Optional<String> sqlState, Optional<String> constraint, Optional<String> column) {

        boolean takes(ObjectNode record) {
            return is(table, RunFolder.text(record, "table"))
                    && is(sqlState, RunFolder.text(record, "sqlState"))
                    && is(constraint, RunFolder.text(record, "constraint"))
                    && is(column, columnOf(record));
        }

        private static boolean is(Optional<String> wanted, String found) {
            return wanted.map(found::equals).orElse(true);
        }
    }

    /**
     * Some of them.
     *
     * @param next where the next ones begin; left out when there are no more
     * @param records as the file has them: {@code table}, {@code values} with {@code null} apart from {@code ""}, {@code sqlState},
     *     {@code constraint}, {@code message}; and {@code column}, which the message names
     */
    public record Page(OptionalLong next, List<ObjectNode> records) {}

    /** Those from a place on, which is 0 or a {@code next}. */
    public Page page(String id, Filter filter, long from, int limit) {
        List<ObjectNode> records = new ArrayList<>();
        Path file = runs.existing(id).dirty();
        try (LineReader lines = new LineReader(file, from)) {
            for (Optional<ObjectNode> record = lines.next(); record.isPresent(); record = lines.next()) {
                if (filter.takes(record.get())) {
                    if (records.size() == limit) {
                        return new Page(OptionalLong.of(lines.lineStart), records);
                    }
                    records.add(record.get().put("column", columnOf(record.get())));
                }
            }
            return new Page(OptionalLong.empty(), records);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * How many there are of each kind.
     *
     * @param total how many in all
     * @param tables how many of each table, and so on
     */
    public record Summary(
            long total,
            Map<String, Long> tables,
            Map<String, Long> sqlStates,
            Map<String, Long> constraints,
            Map<String, Long> columns) {}

    /** Counts those that the filter takes. Reads all of the file. */
    public Summary summary(String id, Filter filter) {
        Summary summary = new Summary(
                0, new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        long total = 0;
        try (LineReader lines = new LineReader(runs.existing(id).dirty(), 0)) {
            for (Optional<ObjectNode> record = lines.next(); record.isPresent(); record = lines.next()) {
                if (filter.takes(record.get())) {
                    total++;
                    count(summary.tables(), RunFolder.text(record.get(), "table"));
                    count(summary.sqlStates(), RunFolder.text(record.get(), "sqlState"));
                    count(summary.constraints(), RunFolder.text(record.get(), "constraint"));
                    count(summary.columns(), columnOf(record.get()));
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        return new Summary(total, summary.tables(), summary.sqlStates(), summary.constraints(), summary.columns());
    }

    private static void count(Map<String, Long> counts, String name) {
        if (!name.isEmpty() && (counts.containsKey(name) || counts.size() < MOST_NAMES)) {
            counts.merge(name, 1L, Long::sum);
        }
    }

    private static String columnOf(ObjectNode record) {
        Matcher named = COLUMN.matcher(RunFolder.text(record, "message"));
        if (!named.find()) {
            return "";
        }
        String name = named.group(1);
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }

    private static Refusal unreadable(IOException e) {
        return Refusal.outside("FILE_UNREADABLE", "the dirty records cannot be read: " + e.getMessage(), e);
    }

    /** Reads records line by line and knows where each begins. */
    private static final class LineReader implements AutoCloseable {

        private final InputStream in;
        private long at;
        private long lineStart;

        LineReader(Path file, long from) throws IOException {
            in = Files.exists(file)
                    ? new BufferedInputStream(Files.newInputStream(file), 1 << 16)
                    : InputStream.nullInputStream();
            in.skipNBytes(Math.min(from, Files.exists(file) ? Files.size(file) : 0));
            at = from;
        }

        /** The next record; one that is not whole yet, as the run is writing it, is none. */
        Optional<ObjectNode> next() throws IOException {
            while (true) {
                lineStart = at;
                Optional<String> line = line();
                if (line.isEmpty()) {
                    return Optional.empty();
                }
                Optional<ObjectNode> record = JsonFile.parse(line.get(), "", new Problems());
                if (record.isPresent()) {
                    return record;
                }
            }
        }

        private Optional<String> line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                at++;
                if (b == '\n') {
                    return Optional.of(line.toString(StandardCharsets.UTF_8));
                }
                if (line.size() < LONGEST_LINE) {
                    line.write(b);
                }
            }
            return Optional.empty();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
