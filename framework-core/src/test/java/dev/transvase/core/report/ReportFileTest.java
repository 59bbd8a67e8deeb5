package dev.transvase.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.transvase.core.report.JobReport.Amount;
import dev.transvase.core.report.JobReport.Failure;
import dev.transvase.core.report.JobReport.Status;
import dev.transvase.core.report.JobReport.Table;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.LeftOut;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {

    private static final JobReport SHORT =
            JobReport.notRun("j", Instant.EPOCH, 1, new JobReport.Failure("C", ErrorType.USER, "short"));

    @TempDir
    Path folder;

    @Test
    void tellsWhatThePublicInterfaceSays() throws IOException {
        Path file = folder.resolve("report.json");
        ReportFile.prepare(file)
                .write(new JobReport(
                        "orders",
                        Status.FAILED,
                        Instant.parse("2026-01-01T00:00:00Z"),
                        1234,
                        2,
                        10,
                        List.of(
                                new Table("public.a", "public.b", new Amount(6, 60), new Amount(5, 50), 1, 0, false),
                                new Table("public.c", "public.c", new Amount(4, 40), new Amount(2, 20), 1, 1, false)),
                        Optional.of(new JobReport.StreamPosition("lsn", "0/16B3748")),
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
                         "next": "do what the error says; then run the job again: it resumes from 0/16B3748"}
                        """);
        assertThat(new ObjectMapper().readTree(file.toFile())).isEqualTo(expected);
    }

    @Test
    void anEarlierReportIsTakenAwayAtOnceAndItsPermissionsAreKept() throws IOException {
        Path file = Files.writeString(folder.resolve("report.json"), "{\"status\": \"SUCCEEDED\"}");
        Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-rw-r--");
        Files.setPosixFilePermissions(file, permissions);
        ReportFile report = ReportFile.prepare(file);
        assertThat(folder).isEmptyDirectory();
        report.write(SHORT);
        report.write(SHORT);
        assertThat(folder.toFile().list()).containsExactly("report.json");
        assertThat(new ObjectMapper().readTree(file.toFile()).path("job").asText())
                .isEqualTo("j");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(permissions);
    }

    /** Whoever opened the last one before still has it as it was. */
    @Test
    void aReportIsReplacedAsAWhole() throws IOException {
        Path file = folder.resolve("report.json");
        ReportFile report = ReportFile.prepare(file);
        report.write(SHORT);
        String first = Files.readString(file);
        try (InputStream opened = Files.newInputStream(file)) {
            report.write(
                    JobReport.notRun("other", Instant.EPOCH, 1, new JobReport.Failure("C", ErrorType.USER, "other")));
            assertThat(new String(opened.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(first);
        }
        assertThat(Files.readString(file)).isNotEqualTo(first);
    }

    @Test
    void whatIsNoFileIsWrittenInPlace() {
        Path device = Path.of("/dev/null");
        ReportFile.prepare(device).write(SHORT);
        assertThat(device).exists();
        assertThat(Files.isRegularFile(device)).isFalse();
    }

    @Test
    void aFileThatCannotBeReplacedIsWrittenInPlace() throws IOException {
        Path lone = Files.createDirectory(folder.resolve("lone"));
        Path file = Files.writeString(lone.resolve("report.json"), "earlier");
        Object inode = Files.getAttribute(file, "unix:ino");
        Set<PosixFilePermission> writable = Files.getPosixFilePermissions(lone);
        Files.setPosixFilePermissions(lone, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeFalse(Files.isWritable(lone), "root may write everywhere");
            ReportFile report = ReportFile.prepare(file);
            assertThat(file).isEmptyFile();
            report.write(SHORT);
            assertThat(file).content().contains("\"job\"");
            assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
        } finally {
            Files.setPosixFilePermissions(lone, writable);
        }
    }

    @Test
    void saysWhyItCannotBeWritten() {
        assertThatThrownBy(() -> ReportFile.prepare(folder.resolve("missing/report.json")))
                .hasMessageContaining("there is no folder " + folder.resolve("missing"))
                .hasMessageContaining("--report");
        assertThatThrownBy(() -> ReportFile.prepare(folder)).hasMessageContaining("it is a folder");
        assertThatThrownBy(() -> ReportFile.prepare(folder.resolve("r".repeat(300))))
                .hasMessageContaining("cannot be written");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatMovesACursorOrReordersLettersIsEscaped() throws IOException {
        String evil = "gr\u00FC\u00DFe \u001b[2J\u009b31m\u202egnp\u2028\u007f";
        Path file = folder.resolve("evil.json");
        ReportFile.prepare(file)
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
