package dev.transvase.postgresql.cdc.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.table.TableName;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShapeTest {

    private static final TableName TABLE = new TableName("s", "t");
    private static final List<Shape.Attribute> COLUMNS = List.of(new Shape.Attribute("id", 23, -1));

    @Test
    void whatIsStoredIsReadAgain() {
        Map<TableName, Shape> shapes = Map.of(
                TABLE,
                new Shape(
                        16_400,
                        COLUMNS,
                        Set.of("x"),
                        new ColumnNumbers(7, Map.of("id", 2, "x", 5), Set.of(5), Map.of(2, 700))));
        assertThat(Shape.fromBytes(Shape.toBytes(shapes))).isEqualTo(shapes);
    }

    /** As written by versions that knew no hidden columns, before no numbers of columns, and before no OIDs of tables. */
    @Test
    void whatOlderVersionsHaveStoredIsReadToo() {
        String columns = "00000001" + "00026964" + "00000017" + "ffffffff" + "00000001" + "000178";
        String table = "00000001" + "000173" + "000174";
        String numbers = "00000007" + "00000001" + "00026964" + "00000002";
        assertThat(Shape.fromBytes(HexFormat.of().parseHex("03" + table + "00004010" + columns + numbers)))
                .isEqualTo(Map.of(
                        TABLE,
                        new Shape(
                                16_400,
                                COLUMNS,
                                Set.of("x"),
                                new ColumnNumbers(7, Map.of("id", 2), Set.of(), Map.of()))));
        assertThat(Shape.fromBytes(HexFormat.of().parseHex("02" + table + "00004010" + columns)))
                .isEqualTo(Map.of(TABLE, new Shape(16_400, COLUMNS, Set.of("x"), ColumnNumbers.UNKNOWN)));
        assertThat(Shape.fromBytes(HexFormat.of().parseHex("01" + table + columns)))
                .isEqualTo(Map.of(TABLE, new Shape(0, COLUMNS, Set.of("x"), ColumnNumbers.UNKNOWN)));
    }
}
