package dev.transvase.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.job.JobSettings.ErrorLimit;
import dev.transvase.core.job.JobSettings.Speed;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What DataX's jobs say of speed and errors, in their settings and in their core section. */
class DataXSettingTest {

    private static final String STREAMS = """
            {"job": {"setting": {%s}, "content": [
              {"reader": {"name": "streamreader"}, "writer": {"name": "streamwriter"}}]}}""";

    @TempDir
    private Path folder;

    @Test
    void theLimitsOfTheSpeedAreOnWhenTheyAreGiven() {
        assertThat(speed("{'channel': 2, 'byte': '524288', 'record': 100}"))
                .isEqualTo(new Speed(2, true, OptionalDouble.of(0.5), OptionalLong.of(100)));
        assertThat(speed("{'byte': -1, 'record': -1}"))
                .isEqualTo(new Speed(1, false, OptionalDouble.empty(), OptionalLong.empty()));
    }

    @Test
    void theLimitOfAChannelTellsTheirNumberAndLimitsThem() {
        // 1,000,000 / 300,000 channels; what both limits allow is what holds, for the channels that run.
        Speed bytes = speed("{'byte': 1000000, 'channel': 8}", "{'byte': '300000', 'record': -1}");
        assertThat(bytes.concurrent()).isEqualTo(3);
        assertThat(bytes.bytesPerSecond()).hasValue(900_000);
        assertThat(bytes.withChannels(2).bytesPerSecond()).hasValue(600_000);
        assertThat(bytes.recordsPerSecond()).isEmpty();

        Speed both = speed("{'byte': 1000000, 'record': 500}", "{'byte': 100000, 'record': 100}");
        assertThat(both.concurrent()).isEqualTo(5);
        assertThat(both.bytesPerSecond()).hasValue(500_000);
        assertThat(both.recordsPerSecond()).hasValue(500);

        Speed slow = speed("{'byte': 1000}", "{'byte': 300000}");
        assertThat(slow.concurrent()).isEqualTo(1);
        assertThat(slow.bytesPerSecond()).hasValue(1000);

        Speed each = speed("{'channel': 4}", "{'byte': 0, 'record': 250}");
        assertThat(each.concurrent()).isEqualTo(4);
        assertThat(each.bytesPerSecond()).isEmpty();
        assertThat(each.recordsPerSecond()).hasValue(1000);
        assertThat(each.withChannels(1).recordsPerSecond()).hasValue(250);

        assertThat(speed("{'channel': 4}", "{'byte': -1}").bytesPerSecond()).isEmpty();
    }

    @Test
    void aNumberOfChannelsThatDoesNotHoldIsWarnedOf() {
        assertThat(TestingJobFile.read(folder, withSpeed("{'byte': 1000000, 'channel': 8}", "{'byte': 300000}"))
                        .warnings())
                .containsExactly("job.setting.speed.channel: has no effect, as in DataX: the job's limit and"
                        + " core.transport.channel.speed make it 3 channels");
    }

    @Test
    void theShareOfDirtyRecordsCountsWithoutTheirNumberOnly() {
        TestingJobFile both = TestingJobFile.read(folder, STREAMS.formatted("""
                "errorLimit": {"record": "5", "percentage": 0.1}"""));
        assertThat(both.good().settings().errorLimit()).isEqualTo(new ErrorLimit(5, OptionalDouble.empty()));
        assertThat(both.warnings())
                .containsExactly("job.setting.errorLimit.percentage: has no effect beside `record`, as in DataX");

        assertThat(TestingJobFile.read(folder, STREAMS.formatted("\"errorLimit\": {\"percentage\": \"0.1\"}"))
                        .good()
                        .settings()
                        .errorLimit())
                .isEqualTo(new ErrorLimit(Long.MAX_VALUE, OptionalDouble.of(0.1)));
    }

    @Test
    void aShareOfNoneBesideNoneIsNothingToWarnOf() {
        TestingJobFile none = TestingJobFile.read(folder, STREAMS.formatted("""
                "errorLimit": {"record": 0, "percentage": "0.00"}"""));
        assertThat(none.good().settings().errorLimit()).isEqualTo(new ErrorLimit(0, OptionalDouble.empty()));
        assertThat(none.warnings()).isEmpty();
    }

    @Test
    void aLoneNumberIsTheSpeedInBytes() {
        TestingJobFile read = TestingJobFile.read(folder, STREAMS.formatted("\"speed\": 2097152"));
        assertThat(read.good().settings().speed())
                .isEqualTo(new Speed(1, true, OptionalDouble.of(2), OptionalLong.empty()));
        assertThat(read.warnings())
                .containsExactly(
                        "job.setting.speed: is a number and is read as {\"byte\": 2097152}, the bytes per second of the"
                                + " whole job");
    }

    @Test
    void aJobThatAsksToBeCheckedOnlyIsNotRun() {
        assertThat(TestingJobFile.read(folder, STREAMS.formatted("\"dryRun\": true"))
                        .errors())
                .containsExactly(
                        "job.setting.dryRun: the job asks for a check only -> remove it and use `transvase check`");
        assertThat(TestingJobFile.read(folder, STREAMS.formatted("\"dryRun\": false"))
                        .good()
                        .settings())
                .isEqualTo(JobSettings.DEFAULTS);
    }

    @Test
    void ofTheCoreSectionOnlyTheLimitsCount() {
        TestingJobFile read =
                TestingJobFile.read(folder, withSpeed("{}", "{'byte': 'fast', 'bytes': 1, 'channel': {'x': []}}"));
        assertThat(read.errors())
                .containsExactly("core.transport.channel.speed.byte: expected a whole number, found \"fast\"");
        assertThat(read.warnings())
                .containsExactly(
                        "core.transport.channel.speed.bytes: has no meaning here and is ignored",
                        "core.transport.channel.speed.channel: has no meaning here and is ignored");
        TestingJobFile number = TestingJobFile.read(
                folder, "{\"core\": 5, " + STREAMS.formatted("").substring(1));
        assertThat(number.errors()).isEmpty();
        assertThat(number.warnings()).containsExactly("core: has no meaning here and is ignored");
    }

    @Test
    void anEmptyLimitLeavesTheOther() {
        TestingJobFile read = TestingJobFile.read(folder, STREAMS.formatted("""
                "errorLimit": {"record": "", "percentage": 0.5}"""));
        assertThat(read.good().settings().errorLimit())
                .isEqualTo(new ErrorLimit(Long.MAX_VALUE, OptionalDouble.of(0.5)));
        assertThat(read.warnings())
                .containsExactly(
                        "job.setting.errorLimit.record: is empty and counts as absent: `percentage` is the only"
                                + " limit");
    }

    private Speed speed(String speed, String each) {
        return TestingJobFile.read(folder, withSpeed(speed, each))
                .good()
                .settings()
                .speed();
    }

    private static String withSpeed(String speed, String each) {
        return ("{'core': {'transport': {'channel': {'speed': " + each + "}}}, "
                        + STREAMS.formatted("'speed': " + speed).substring(1))
                .replace('\'', '"');
    }

    private Speed speed(String speed) {
        Optional<JobFile> job = TestingJobFile.read(folder, """
                        {"job": {"setting": {"speed": %s}, "content": [
                          {"reader": {"name": "streamreader"}, "writer": {"name": "streamwriter"}}]}}""".formatted(speed.replace('\'', '"')))
                .job();
        return job.orElseThrow().settings().speed();
    }
}
