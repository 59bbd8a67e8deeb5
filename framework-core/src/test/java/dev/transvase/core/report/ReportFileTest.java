package dev.transvase.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.transvase.core.report.JobReport.Amount;
import dev.transvase.core.report.JobReport.Failure;
import dev.transvase.core.report.JobReport.Status;
import dev.transvase.core.report.JobReport.Table;
import dev.transvase.spi.ErrorType;
import dev.transvase.spi.LeftOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {

    @TempDir
    Path folder;

    @Test
    void tellsWhatThePublicInterfaceSays() throws IOException {
        Path file = folder.resolve("report.json");
        ReportFile.create(file)
                .write(new JobReport(
                        "orders",
                        Status.FAILED,
                        Instant.parse("2026-01-01T00:00:00Z"),
                        1234,
                        2,
                        10,
                        List.of(
                                new Table("public.a", "public.b", new Amount(6, 60), new Amount(5, 50), 1),
                                new Table("public.c", "public.c", new Amount(4, 40), new Amount(2, 20), 1, 1, false)),
                        Optional.of("0/16B3748"),
                        Optional.of(new Failure("ERROR_LIMIT_EXCEEDED", ErrorType.USER, "too many")),
                        List.of(new LeftOut("public.a_id_seq", "a sequence")),
                        List.of("public.a was truncated"),
                        List.of(new WarningCount(300, "public.a was truncated", List.of("public.b", "public.c")))));
        JsonNode expected = new ObjectMapper().readTree("""
                        {"job": "orders", "status": "FAILED", "startedAt": "2026-01-01T00:00:00Z", "elapsedMillis": 1234,
                         "channels": 2, "splits": 10,
                         "read": {"records": 10, "bytes": 100}, "written": {"records": 7, "bytes": 70},
                         "dirty": {"records": 2}, "skippedByTarget": {"records": 1},
                         "tables": [
                           {"source": "public.a", "target": "public.b", "read": 6, "written": 5, "dirty": 1, "skippedByTarget": 0,
                            "readBytes": 60, "writtenBytes": 50},
                           {"source": "public.c", "target": "public.c", "read": 4, "written": 2, "dirty": 1, "skippedByTarget": 1,
                            "readBytes": 40, "writtenBytes": 20}],
                         "leftOut": [{"table": "public.a_id_seq", "why": "a sequence"}],
                         "warnings": ["public.a was truncated"],
                         "warningCounts": [{"count": 300, "first": "public.a was truncated", "others": ["public.b", "public.c"]}],
                         "position": {"lsn": "0/16B3748"},
                         "error": {"code": "ERROR_LIMIT_EXCEEDED", "type": "USER", "message": "too many"},
                         "next": "do what the error says; then run the job again: it goes on from 0/16B3748"}
                        """);
        assertThat(new ObjectMapper().readTree(file.toFile())).isEqualTo(expected);
    }

    @Test
    void anEarlierReportIsEmptiedAtOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("report.json"), "{\"status\": \"SUCCEEDED\"}");
        ReportFile.create(file);
        assertThat(file).isEmptyFile();
    }

    @Test
    void saysWhyItCannotBeWritten() {
        assertThatThrownBy(() -> ReportFile.create(folder.resolve("missing/report.json")))
                .hasMessageContaining("there is no folder " + folder.resolve("missing"))
                .hasMessageContaining("--report");
        assertThatThrownBy(() -> ReportFile.create(folder)).hasMessageContaining("it is a folder");
    }

    @Test
    void whatMovesACursorOrReordersLettersIsEscaped() throws IOException {
        String evil = "gr\u00FC\u00DFe \u001b[2J\u009b31m\u202egnp\u2028\u007f";
        Path file = folder.resolve("evil.json");
        ReportFile.create(file)
                .write(JobReport.notRun("j", Instant.EPOCH, 1, new JobReport.Failure("C", ErrorType.USER, evil)));

        String json = Files.readString(file);
        assertThat(json).contains("gr\u00FC\u00DFe").matches("(?s)[^\u007f-\u009f\u202e\u2028\u001b]*");
        assertThat(new ObjectMapper()
                        .readTree(json)
                        .path("error")
                        .path("message")
                        .asText())
                .isEqualTo(evil);
    }
}
