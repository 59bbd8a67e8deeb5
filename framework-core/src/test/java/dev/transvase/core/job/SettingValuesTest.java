package dev.transvase.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.job.JobSettings.ErrorLimit;
import dev.transvase.core.job.JobSettings.Speed;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of the settings that a user may well try. */
class SettingValuesTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"true", "\"true\"", "\"TRUE\""})
    void throttleMakesTheLimitHold(String throttle) { // 1 mbps is 1 MB/s
        assertThat(speed("'throttle': %s, 'mbps': '12'".formatted(throttle)).bytesPerSecond())
                .hasValue(12 * 1_048_576.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "\"false\"", "\"False\""})
    void withoutItTheLimitHasNoEffect(String throttle) {
        assertThat(speed("'throttle': %s, 'mbps': 12, 'record': 5".formatted(throttle)))
                .satisfies(speed -> assertThat(speed.bytesPerSecond()).isEmpty())
                .satisfies(speed -> assertThat(speed.recordsPerSecond()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "throttle | 'no' | expected true or false, found 'no'",
                "throttle | 0 | expected true or false, found 0",
                "mbps | 0 | expected a number above 0, found 0.0",
                "mbps | '0' | expected a number above 0, found 0.0",
                "mbps | -1 | expected a number of at least 0, found -1",
                "mbps | 'abc' | expected a number of at least 0, found 'abc'",
                "record | 0 | expected a whole number of at least 1, found 0",
                "concurrent | 0 | expected a whole number from 1 to 1024, found 0",
                "concurrent | '-1' | expected a whole number from 1 to 1024, found '-1'",
                "concurrent | 'x' | expected a whole number from 1 to 1024, found 'x'",
                "concurrent | 1.5 | expected a whole number from 1 to 1024, found 1.5",
            })
    void aSpeedThatIsNoneIsAnErrorWhetherItHasAnEffectOrNot(String key, String value, String message) {
        for (String throttle : new String[] {"true", "false"}) {
            String others = key.equals("throttle") ? "" : ", 'throttle': " + throttle;
            assertThat(read("'speed': {'%s': %s%s}".formatted(key, value, others))
                            .errors())
                    .as(throttle)
                    .containsExactly("setting.speed." + key + ": " + message.replace('\'', '"'));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "record | -1 | expected a whole number of at least 0, found -1",
                "record | 'x' | expected a whole number of at least 0, found 'x'",
                "record | 1.5 | expected a whole number of at least 0, found 1.5",
                "percentage | 1.5 | expected a number from 0 to 1, found 1.5",
                "percentage | -0.1 | expected a number from 0 to 1, found -0.1",
                "percentage | '2%' | expected a number from 0 to 1, found '2%'",
            })
    void anErrorLimitThatIsNoneIsAnError(String key, String value, String message) {
        assertThat(read("'errorLimit': {'%s': %s}".formatted(key, value)).errors())
                .containsExactly("setting.errorLimit." + key + ": " + message.replace('\'', '"'));
    }

    @Test
    void noErrorLimitToleratesNothing() {
        ErrorLimit none = new ErrorLimit(0, OptionalDouble.empty());
        assertThat(limit("")).isEqualTo(none);
        assertThat(limit("'errorLimit': {}")).isEqualTo(none);
        assertThat(limit("'errorLimit': null")).isEqualTo(none);
        assertThat(limit("'errorLimit': {'record': '0'}")).isEqualTo(none);
        assertThat(limit("'errorLimit': {'record': ''}")).isEqualTo(none);
        assertThat(limit("'errorLimit': {'percentage': 0}"))
                .isEqualTo(new ErrorLimit(Long.MAX_VALUE, OptionalDouble.of(0)));
        assertThat(limit("'errorLimit': {'percentage': '1'}"))
                .isEqualTo(new ErrorLimit(Long.MAX_VALUE, OptionalDouble.of(1)));
    }

    @Test
    void anEmptySpeedIsOneChannelAsFastAsItCan() {
        Speed one = new Speed(1, false, OptionalDouble.empty(), OptionalLong.empty());
        assertThat(speed("")).isEqualTo(one);
        assertThat(speed("'concurrent': null, 'throttle': null, 'mbps': null")).isEqualTo(one);
        assertThat(speed("'concurrent': '', 'throttle': '', 'mbps': ''")).isEqualTo(one);
    }

    private ErrorLimit limit(String setting) {
        return read(setting).good().settings().errorLimit();
    }

    private Speed speed(String speed) {
        return read("'speed': {" + speed + "}").good().settings().speed();
    }

    private TestingJobFile read(String setting) {
        return TestingJobFile.read(folder, """
                {"type": "job", "version": "2.0", "steps": [
                  {"stepType": "stream", "category": "reader"}, {"stepType": "stream", "category": "writer"}],
                 "setting": {%s}}""".formatted(setting.replace('\'', '"')));
    }
}
