package dev.transvase.postgresql.cdc.prerequisite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrerequisitesTest {

    @ParameterizedTest
    @CsvSource({
        "10, logical, true",
        "18, logical, true",
        "18, replica, false",
        "18, minimal, false",
        "19, logical, true",
        "19, replica, true",
        "19, minimal, false"
    })
    void newerServersRaiseTheLevelOfTheirLogThemselves(int major, String walLevel, boolean expected) {
        assertThat(Prerequisites.canBeDecoded(major, walLevel)).isEqualTo(expected);
    }
}
