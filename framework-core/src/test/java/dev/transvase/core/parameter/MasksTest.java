package dev.transvase.core.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MasksTest {

    private final Masks masks = new Masks();

    @Test
    void aValueIsMaskedWhereverItStands() {
        masks.add("s3cret-user");

        assertThat(masks.apply("FATAL: role \"s3cret-user\" of xs3cret-userx"))
                .isEqualTo("FATAL: role \"***\" of x***x");
        assertThat(masks.apply("nothing of it")).isEqualTo("nothing of it");
    }

    @Test
    void oneThatHoldsAnotherIsMaskedAsAWhole() {
        masks.add("shop-loader");
        masks.add("shop-loader-eu");

        assertThat(masks.apply("user shop-loader-eu, user shop-loader")).isEqualTo("user ***, user ***");
    }

    @Test
    void aShortValueIsMaskedAsAWordOfItsOwn() {
        masks.add("shop");

        assertThat(masks.apply("database \"shop\" of workshop and shop_2"))
                .isEqualTo("database \"***\" of workshop and shop_2");
    }

    @Test
    void whatSaysNothingIsLeftAlone() {
        for (String value : new String[] {"", " ", "a", "eu1", "postgres", "Localhost", "5432", "15432", "true"}) {
            masks.add(value);
        }

        String text = "eu1: postgres at localhost:15432 is a server, true";
        assertThat(masks.apply(text)).isEqualTo(text);
    }

    @Test
    void aPinOfSixDigitsIsMasked() {
        masks.add("815471");

        assertThat(masks.apply("pin 815471, not 8154712")).isEqualTo("pin ***, not 8154712");
    }

    @Test
    void linesAndWhatAUrlMakesOfAValueAreMaskedToo() {
        masks.add("first line of it\nsecond line of it\n");
        masks.add("p@ss word$1");

        assertThat(masks.apply("found second line of it")).isEqualTo("found ***");
        assertThat(masks.apply("?password=p%40ss+word%241 or p@ss word$1")).isEqualTo("?password=*** or ***");
    }
}
