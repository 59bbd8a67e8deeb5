package dev.transvase.postgresql.cdc.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.spi.table.TableName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the writer is told of a column of a stream. */
class ColumnOffersTest {

    private static final PgType SPAN = new PgType(
            20_000,
            "span",
            new TableName("public", "span"),
            'r',
            Optional.empty(),
            0,
            "pg_catalog.range_out",
            true,
            false,
            20_001,
            new PgType.Parts(Optional.empty(), List.of(), -1, "span", "range (date)"));

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatATypeIsMadeOfIsTold(boolean binary) {
        assertThat(ColumnOffers.offer("c", true, "span", SPAN, binary).detail()).isEqualTo("range (date)");
    }
}
