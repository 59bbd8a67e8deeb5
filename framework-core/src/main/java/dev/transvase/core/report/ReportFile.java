package dev.transvase.core.report;

import static dev.transvase.core.error.CoreErrors.REPORT_FAILED;
import static dev.transvase.core.error.CoreErrors.REPORT_UNWRITABLE;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.transvase.spi.error.LeftOut;
import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The JSON file that a run's report goes to. */
public final class ReportFile {

    private static final JsonFactory JSON = new JsonFactory().setCharacterEscapes(new SafeEscapes());

    private final Path file;
    private final WholeFile whole;

    private ReportFile(Path file, WholeFile whole) {
        this.file = file;
        this.whole = whole;
    }

    /**
     * Makes sure that the report can be written, before anything is moved. An earlier report in its place is taken away, so
     * that it cannot be taken for this run's. Until this run's is written there is none.
     *
     * @throws TransvaseException when it cannot be written
     */
    public static ReportFile prepare(Path file) {
        try {
            return new ReportFile(file, WholeFile.prepare(file));
        } catch (IOException e) {
            throw TransvaseException.of(
                    REPORT_UNWRITABLE,
                    "the report " + file + " cannot be written: " + Unwritable.reason(file, e)
                            + "; give --report another path",
                    e);
        }
    }

    /**
     * Writes the report.
     *
     * @throws TransvaseException when the disk does not take it
     */
    public void write(JobReport report) {
        try {
            whole.write(out -> write(report, out));
        } catch (IOException e) {
            throw TransvaseException.of(REPORT_FAILED, "writing the report " + file + " failed: " + e.getMessage(), e);
        }
    }

    private static void write(JobReport report, OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out, JsonEncoding.UTF8)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            write(report, json);
            json.writeRaw('\n');
        }
    }

    private static void write(JobReport report, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("job", report.job());
        json.writeStringField("status", report.status().name());
        json.writeStringField("startedAt", report.startedAt().toString());
        json.writeNumberField("elapsedMillis", report.elapsedMillis());
        json.writeNumberField("channels", report.channels());
        json.writeNumberField("splits", report.splits());
        amount(json, "read", report.read());
        amount(json, "written", report.written());
        json.writeObjectFieldStart("dirty");
        json.writeNumberField("records", report.dirty());
        json.writeEndObject();
        json.writeObjectFieldStart("skippedByTarget");
        json.writeNumberField("records", report.skipped());
        json.writeEndObject();
        json.writeArrayFieldStart("tables");
        for (JobReport.Table table : report.tables()) {
            table(json, table);
        }
        json.writeEndArray();
        leftOut(json, report.leftOut());
        warnings(json, report.warnings());
        warningCounts(json, report.warningCounts());
        if (report.position().isPresent()) {
            json.writeObjectFieldStart("position");
            json.writeStringField(
                    report.position().get().key(), report.position().get().text());
            json.writeEndObject();
        }
        if (report.error().isPresent()) {
            JobReport.Failure failure = report.error().get();
            json.writeObjectFieldStart("error");
            json.writeStringField("code", failure.code());
            json.writeStringField("type", failure.type().name());
            json.writeStringField("message", failure.message());
            json.writeEndObject();
        }
        Optional<String> next = NextStep.after(report);
        if (next.isPresent()) {
            json.writeStringField("next", next.get());
        }
        json.writeEndObject();
    }

    private static void leftOut(JsonGenerator json, List<LeftOut> leftOut) throws IOException {
        if (leftOut.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("leftOut");
        for (LeftOut left : leftOut) {
            json.writeStartObject();
            json.writeStringField("table", left.table());
            json.writeStringField("why", left.why());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void warnings(JsonGenerator json, List<String> warnings) throws IOException {
        if (warnings.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("warnings");
        for (String warning : warnings) {
            json.writeString(warning);
        }
        json.writeEndArray();
    }

    private static void warningCounts(JsonGenerator json, List<WarningCount> counts) throws IOException {
        if (counts.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("warningCounts");
        for (WarningCount count : counts) {
            json.writeStartObject();
            json.writeNumberField("count", count.count());
            json.writeStringField("first", count.first());
            json.writeArrayFieldStart("others");
            for (String other : count.others()) {
                json.writeString(other);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void amount(JsonGenerator json, String name, JobReport.Amount amount) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("records", amount.records());
        json.writeNumberField("bytes", amount.bytes());
        json.writeEndObject();
    }

    private static void table(JsonGenerator json, JobReport.Table table) throws IOException {
        json.writeStartObject();
        json.writeStringField("source", table.source());
        json.writeStringField("target", table.target());
        json.writeNumberField("read", table.read().records());
        json.writeNumberField("written", table.written().records());
        json.writeNumberField("dirty", table.dirty());
        json.writeNumberField("skippedByTarget", table.skipped());
        json.writeNumberField("readBytes", table.read().bytes());
        json.writeNumberField("writtenBytes", table.written().bytes());
        json.writeEndObject();
    }
}
