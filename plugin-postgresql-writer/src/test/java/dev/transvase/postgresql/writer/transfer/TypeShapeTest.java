package dev.transvase.postgresql.writer.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeShapeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "range (date); range (date); true",
                "range (timestamp without time zone); range (date); false",
                "range (timestamp without time zone); range (timestamp with time zone); false",
                "range (double precision); range (real); false",
                "range (integer); range (bigint); true",
                "range (date); multirange (date); false",
                "range (date); (\"a\" date); false",
                "multirange (date)[]; multirange (date)[]; true",
                "multirange (date)[]; multirange (date); false",
                "numeric(10,4)[]; numeric(10,2)[]; false",
                "numeric(10,2)[]; numeric(12,2)[]; true",
                "numeric(10,2)[]; numeric(10,4)[]; false",
                "numeric(10,2)[]; numeric[]; true",
                "numeric[]; numeric(10,2)[]; false",
                "numeric(9,-2)[]; numeric(9,0)[]; false",
                "numeric(9,-2)[]; numeric(11,0)[]; true",
                "integer[]; numeric(10,0)[]; true",
                "integer[]; numeric(10,2)[]; false",
                "timestamp(0) without time zone[]; timestamp without time zone[]; true",
                "timestamp without time zone[]; timestamp(0) without time zone[]; false",
                "timestamp(3) without time zone[]; timestamp(3) with time zone[]; false",
                "character(3)[]; text[]; true",
                "character(3)[]; character varying(3)[]; true",
                "character varying(3)[]; character varying(2)[]; false",
                "character varying(3)[]; character(3)[]; false",
                "text[]; character varying[]; true",
                "text[]; character varying(3)[]; false",
                "bit(3)[]; bit(4)[]; false",
                "bit varying(3)[]; bit varying[]; true",
                "\"mood\"[]; \"temper\"[]; false",
                "money with 2 decimal places[]; money with 0 decimal places[]; true"
            })
    void whatFitsInto(String from, String to, boolean fits) {
        assertThat(TypeShape.fits(from, to)).isEqualTo(fits);
    }

    @Test
    void attributesOfComposites() {
        String pair = "(\"a\" integer, \"b\" numeric(6,2))";
        assertThat(TypeShape.fits(pair, pair)).isTrue();
        assertThat(TypeShape.fits(pair, "(\"a\" bigint, \"b\" numeric)")).isTrue();
        assertThat(TypeShape.fits(pair, "(\"b\" numeric(6,2), \"a\" integer)")).isFalse();
        assertThat(TypeShape.fits(pair, "(\"a\" integer, \"b\" numeric(6,1))")).isFalse();
        assertThat(TypeShape.fits(pair, "(\"a\" integer, \"b\" numeric(6,2), \"c\" text)"))
                .isFalse();
        assertThat(TypeShape.fits(pair + "[]", pair + "[]")).isTrue();
        assertThat(TypeShape.fits(pair + "[]", pair)).isFalse();
        assertThat(TypeShape.fits("(\"p\" " + pair + ")", "(\"p\" (\"b\" numeric(6,2), \"a\" integer))"))
                .isFalse();
        assertThat(TypeShape.fits("(\"m\" money with 2 decimal places)", "(\"m\" money with 0 decimal places)"))
                .isTrue();
        assertThat(TypeShape.row("\"v\"", "(\"b\" text, \"a, x\" integer)"))
                .isEqualTo("ROW((\"v\").\"b\", (\"v\").\"a, x\")");
        assertThat(List.of(TypeShape.isOne(pair), TypeShape.isOne(""), TypeShape.isOne("with 0 decimal places")))
                .containsExactly(true, false, false);
    }
}
