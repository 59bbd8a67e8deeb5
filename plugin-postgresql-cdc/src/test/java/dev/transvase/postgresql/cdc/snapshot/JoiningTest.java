package dev.transvase.postgresql.cdc.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.postgresql.cdc.table.ColumnNumbers;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.postgresql.cdc.table.Shape;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is stored of the tables of a stream while others join it. */
class JoiningTest {

    private static final TableName NAME = new TableName("public", "t");
    private static final TableName OLD_NAME = new TableName("public", "t_old");
    private static final TableName OLDER_NAME = new TableName("public", "t_older");
    private static final Lsn START = new Lsn(100);
    private static final Lsn ROWS = new Lsn(200);

    /** Its columns would be taken for those of the catalog, and the next run could not tell that it is followed. */
    @Test
    void aTableThatGaveItsNameToANewOneKeepsItsShape() {
        Shape first = stored(1);
        List<FollowedTable> tables = List.of(followed(0, OLD_NAME, 1), followed(1, NAME, 2));
        Joining joining = new Joining(Set.of(1), Set.of());
        StoredContext before = StoredContext.NOTHING.with(Map.of(NAME, first), Map.of());

        StreamPosition intended = joining.intended(new StreamPosition(true, START, 1, before.toBytes()), tables);
        StoredContext joined = joining.joined(before, tables, START, ROWS);

        assertThat(StoredContext.of(intended.context()).shapes()).containsExactly(Map.entry(OLD_NAME, first));
        assertThat(joined.shapes()).containsExactly(Map.entry(OLD_NAME, first));
        assertThat(joined.copies()).containsExactly(Map.entry(2, ROWS));
    }

    @Test
    void namesMayMoveOnOverSeveralTables() {
        Map<TableName, Shape> shapes = Map.of(NAME, stored(1), OLD_NAME, stored(2));
        List<FollowedTable> tables =
                List.of(followed(0, OLD_NAME, 1), followed(1, NAME, 3), followed(2, OLDER_NAME, 2));

        StoredContext joined = new Joining(Set.of(1), Set.of())
                .joined(StoredContext.NOTHING.with(shapes, Map.of()), tables, START, ROWS);

        assertThat(joined.shapes()).containsOnly(Map.entry(OLD_NAME, stored(1)), Map.entry(OLDER_NAME, stored(2)));
    }

    @Test
    void aTableThatWasMadeAnewLosesTheShapeOfTheOneBefore() {
        List<FollowedTable> tables = List.of(followed(0, NAME, 2));

        StoredContext joined = new Joining(Set.of(0), Set.of())
                .joined(StoredContext.NOTHING.with(Map.of(NAME, stored(1)), Map.of()), tables, START, ROWS);

        assertThat(joined.shapes()).isEmpty();
    }

    /** Other columns than the catalog's. */
    private static Shape stored(int oid) {
        return new Shape(oid, List.of(new Shape.Attribute("id", 23, -1)), Set.of("gone"), ColumnNumbers.UNKNOWN);
    }

    private static FollowedTable followed(int index, TableName name, int oid) {
        Shape shape = new Shape(oid, List.of(), Set.of(), ColumnNumbers.UNKNOWN);
        return new FollowedTable(
                index, name, true, Schema.of(name, List.of()).withWireFormat("postgresql"), shape, Optional.empty());
    }
}
