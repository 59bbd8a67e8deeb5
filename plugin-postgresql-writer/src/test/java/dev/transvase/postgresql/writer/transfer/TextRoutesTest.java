package dev.transvase.postgresql.writer.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.writer.conversion.BadValueException;
import dev.transvase.postgresql.writer.conversion.TargetServer;
import dev.transvase.postgresql.writer.conversion.ValueCheck;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Types of servers that are not there to be tested with, and of extensions. */
class TextRoutesTest {

    private static final int OID8 = 6437;
    private static final int OID = 26;
    private static final int BIGINT = 20;
    private static final int NUMERIC = 1700;
    private static final int MONEY = 790;
    private static final int REGDATABASE = 6440;

    private static PgType type(int oid, String name, boolean builtin, String detail) {
        TableName inCatalog = new TableName(builtin ? "pg_catalog" : "public", name.replaceFirst("^public\\.", ""));
        return new PgType(
                oid,
                name,
                inCatalog,
                'b',
                Optional.empty(),
                0,
                "",
                true,
                builtin,
                0,
                new PgType.Parts(Optional.empty(), List.of(), -1, name, detail));
    }

    private static PgColumn column(PgType type) {
        return new PgColumn("c", type.oid(), -1, type.name(), false, false, false, PgColumn.NO_IDENTITY, type);
    }

    private static PgColumn builtin(int oid, String name) {
        return column(type(oid, name, true, ""));
    }

    private static Schema schema(Type type) {
        Column column = Column.of("c", type);
        return Schema.of(new TableName("", "t"), List.of(column)).withWireFormat(TransferChooser.WIRE_FORMAT);
    }

    private static Optional<ColumnTransfer> transfer(Type from, PgColumn to) {
        Schema schema = schema(from);
        return TransferChooser.choose(schema, schema.column(0), to, TargetServer.inUtc(19));
    }

    private static RecordCursor text(Type type, String text) {
        RecordBatchBuilder builder = new RecordBatchBuilder(schema(type));
        builder.beginRecord().appendText(text);
        RecordCursor cursor = builder.endRecord().build().cursor();
        cursor.advance();
        return cursor;
    }

    @Test
    void eightByteNumbersOfObjectsGoIntoNumbersAndBack() {
        Type oid8 = new Type.Native("oid8");
        for (PgColumn target : List.of(
                builtin(OID8, "oid8"), builtin(BIGINT, "bigint"), builtin(NUMERIC, "numeric"), builtin(OID, "oid"))) {
            assertThat(transfer(oid8, target)).as(target.declaredType()).isPresent();
        }
        assertThat(transfer(oid8, builtin(23, "integer"))).isEmpty();
        for (Type source : List.of(Scalar.INT64, Scalar.DECIMAL, Scalar.TEXT, new Type.Native("oid"))) {
            assertThat(transfer(source, builtin(OID8, "oid8")))
                    .as(source.toString())
                    .isPresent();
        }
        assertThat(transfer(Scalar.FLOAT64, builtin(OID8, "oid8"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, true", "18446744073709551615, true", "18446744073709551616, false", "-1, false", "010, false"})
    void textsOfEightByteNumbersOfObjects(String text, boolean taken) throws BadValueException {
        ValueCheck check = transfer(Scalar.TEXT, builtin(OID8, "oid8"))
                .orElseThrow()
                .check()
                .orElseThrow();
        RecordCursor cursor = text(Scalar.TEXT, text);
        if (taken) {
            check.check(cursor, 0);
        } else {
            assertThatThrownBy(() -> check.check(cursor, 0)).hasMessageContaining("oid8");
        }
    }

    @Test
    void namesOfDatabases() {
        Type name = new Type.Native("regdatabase");
        ValueCheck check = transfer(name, builtin(REGDATABASE, "regdatabase"))
                .orElseThrow()
                .check()
                .orElseThrow();
        assertThatThrownBy(() -> check.check(text(name, "16999"), 0)).hasMessageContaining("number instead of a name");
    }

    @Test
    void typesOfExtensionsGoByTheirNames() {
        PgColumn cube = column(type(20_000, "public.cube", false, ""));
        assertThat(transfer(new Type.Native("cube"), cube)).isPresent();
        assertThat(transfer(new Type.Native("\"My.Schema\".cube"), cube)).isPresent();
        assertThat(transfer(new Type.Native("\"cube\""), cube)).isPresent();
        assertThat(transfer(new Type.Native("seg"), cube)).isEmpty();
        assertThat(transfer(new Type.Native("\"a.cube\""), cube)).isEmpty();
        assertThat(transfer(new Type.Native("seg"), column(type(20_001, "public.citext", false, ""))))
                .isPresent();
    }

    @Test
    void textOfAnExtensionIsAnAmountLikeAnyText() throws BadValueException {
        Type citext = new Type.Native("citext");
        ColumnTransfer transfer = transfer(citext, column(type(MONEY, "money", true, "with 0 decimal places")))
                .orElseThrow();
        RecordCursor cursor = text(citext, "1234");
        transfer.check().orElseThrow().check(cursor, 0);
        RecordBatchBuilder converted = new RecordBatchBuilder(schema(Scalar.DECIMAL));
        converted.beginRecord();
        transfer.conversion().orElseThrow().convert(cursor, 0, converted);
        RecordCursor amount = converted.endRecord().build().cursor();
        amount.advance();
        assertThat(amount.getDecimal(0)).isEqualByComparingTo(new BigDecimal("12.34"));
        assertThatThrownBy(() -> transfer.check().orElseThrow().check(text(citext, "12.5"), 0))
                .hasMessageContaining("money");
    }
}
