package dev.transvase.postgresql.writer.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.writer.Numbers;
import dev.transvase.postgresql.writer.batch.TakenRows;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordCursor;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is refused, who is written and how often it is tried. */
class BisectionTest {

    private int attempts;

    private static WriteBatch batch(int from, int to) {
        RecordBatch records = Numbers.batch(from, to, id -> "x");
        return WriteBatch.of(0, null, List.of(new WriteBatch.Part(records, records)));
    }

    private static List<Integer> ids(List<WriteBatch> batches) {
        List<Integer> ids = new ArrayList<>();
        for (WriteBatch batch : batches) {
            for (WriteBatch.Part part : batch.parts()) {
                for (RecordCursor cursor = part.source().cursor(); cursor.advance(); ) {
                    ids.add(cursor.getInt(0));
                }
            }
        }
        return ids;
    }

    private Bisection refusing(IntPredicate bad, long tolerance) {
        return new Bisection(
                batches -> {
                    attempts++;
                    if (ids(batches).stream().anyMatch(bad::test)) {
                        throw new SQLException("bad", "23514");
                    }
                    return new TakenRows();
                },
                tolerance,
                false);
    }

    private static List<Integer> refused(Bisection bisection) {
        return ids(bisection.refused().stream().map(Bisection.Refused::record).toList());
    }

    @Test
    void oneAmong1024CostsAboutTwiceItsLogarithm() throws SQLException {
        for (int bad : new int[] {0, 517, 1023}) {
            attempts = 0;
            Bisection bisection = refusing(id -> id == bad, 1);
            assertThat(bisection.search(List.of(batch(0, 1024)), true)).isTrue();
            assertThat(refused(bisection)).containsExactly(bad);
            assertThat(bisection.written().stream()
                            .mapToInt(WriteBatch::records)
                            .sum())
                    .isEqualTo(1023);
            assertThat(attempts).isLessThanOrEqualTo(20);
        }
    }

    /** As after a commit that was refused: a whole unit at once. */
    @Test
    void badOnesSpreadOverALargeUnitCostTheSameEach() throws SQLException {
        List<WriteBatch> unit = IntStream.range(0, 64)
                .mapToObj(i -> batch(i * 1024, (i + 1) * 1024))
                .toList();
        for (int bad : new int[] {1, 10, 100}) {
            attempts = 0;
            Bisection bisection = refusing(id -> id % (65536 / bad) == 321, bad);
            assertThat(bisection.search(unit, true)).isTrue();
            assertThat(refused(bisection)).hasSize(bad);
            // 2 log2(65536), and less the more there are: they have halves in common.
            assertThat(attempts).isLessThanOrEqualTo(32 * bad);
        }
    }

    @Test
    void keepsTheOrderOverSeveralBatches() throws SQLException {
        Bisection bisection = refusing(id -> id % 100 == 7, 100);
        assertThat(bisection.search(List.of(batch(0, 300), batch(300, 1000)), false))
                .isTrue();
        assertThat(refused(bisection)).containsExactly(7, 107, 207, 307, 407, 507, 607, 707, 807, 907);
        assertThat(ids(bisection.written()))
                .isSorted()
                .containsExactlyElementsOf(IntStream.range(0, 1000)
                        .filter(id -> id % 100 != 7)
                        .boxed()
                        .toList());
    }

    @Test
    void endsWithOneMoreThanTolerated() throws SQLException {
        Bisection bisection = refusing(id -> true, 3);
        assertThat(bisection.search(List.of(batch(0, 100_000)), true)).isFalse();
        assertThat(refused(bisection)).containsExactly(0, 1, 2, 3);
        assertThat(attempts).isLessThan(30);
    }

    @Test
    void whatIsNotTheDatasFaultEndsIt() {
        Bisection bisection = new Bisection(
                batches -> {
                    throw new SQLException("disk full", "53100");
                },
                100,
                false);
        assertThatThrownBy(() -> bisection.search(List.of(batch(0, 10)), false)).hasMessage("disk full");
    }

    @Test
    void triesAgainWhatLackedALaterRecord() throws SQLException {
        List<Integer> stored = new ArrayList<>();
        // Each below 100 needs the one 100 above it, number 40 one that never comes.
        Bisection bisection = new Bisection(
                batches -> {
                    List<Integer> ids = ids(batches);
                    for (int id : ids) {
                        int needed = id == 40 ? 1000 : id + 100;
                        if (id < 100 && !ids.contains(needed) && !stored.contains(needed)) {
                            throw new SQLException("no " + needed, "23503");
                        }
                    }
                    stored.addAll(ids);
                    return new TakenRows();
                },
                0,
                false);
        assertThat(bisection.search(List.of(batch(0, 200)), true)).isTrue();
        assertThat(refused(bisection)).hasSize(100);
        assertThat(bisection.searchReferences()).isFalse();
        assertThat(refused(bisection)).containsExactly(40);
        assertThat(stored).hasSize(199);
    }

    @Test
    void whatLackedALaterRecordIsReplacedByThoseBehindItAllTheSame() throws SQLException {
        Map<Integer, Integer> rows = new HashMap<>();
        // Records 0 and 3 are both for row 0. Number 0 needs 4, number 2 is bad, 1 and 4 are rows of their own.
        Bisection bisection = new Bisection(
                batches -> {
                    List<Integer> ids = ids(batches);
                    if (ids.contains(2)) {
                        throw new SQLException("bad", "23514");
                    }
                    if (ids.contains(0) && !ids.contains(4) && !rows.containsKey(4)) {
                        throw new SQLException("no 4", "23503");
                    }
                    ids.forEach(id -> rows.put(id == 3 ? 0 : id, id));
                    return new TakenRows();
                },
                1,
                true);
        assertThat(bisection.search(List.of(batch(0, 5)), true)).isTrue();
        assertThat(bisection.searchReferences()).isTrue();
        assertThat(refused(bisection)).containsExactly(2);
        assertThat(ids(bisection.written())).containsExactly(0, 1, 3, 4);
        assertThat(rows).containsEntry(0, 3).hasSize(3);
    }

    @Test
    void endsAtTheFirstThatLacksAnotherWhereThatIsAskedFor() throws SQLException {
        Bisection bisection = Bisection.toReference(
                batches -> {
                    List<Integer> ids = ids(batches);
                    if (ids.contains(3) || ids.contains(40)) {
                        throw new SQLException("bad", ids.contains(3) ? "23514" : "23503");
                    }
                    return new TakenRows();
                },
                5);
        List<WriteBatch> unit = List.of(batch(0, 30), batch(30, 60), batch(60, 90));
        assertThat(bisection.search(unit, true)).isFalse();
        assertThat(refused(bisection)).containsExactly(3);
        assertThat(ids(bisection.written())).hasSize(39).doesNotContain(3).allMatch(id -> id < 40);
        assertThat(ids(bisection.left(unit)))
                .containsExactlyElementsOf(IntStream.range(40, 90).boxed().toList());

        Bisection whole = Bisection.toReference(batches -> new TakenRows(), 5);
        assertThat(whole.search(unit, true)).isTrue();
        assertThat(whole.left(unit)).isEmpty();
    }

    /** Nobody would wait for twice as many attempts as it took to find out that all lack what they refer to. */
    @Test
    void doesNotTryAgainWhatWasTriedTogether() throws SQLException {
        Bisection bisection = new Bisection(
                batches -> {
                    attempts++;
                    throw new SQLException("none", "23503");
                },
                0,
                false);
        assertThat(bisection.search(List.of(batch(0, 512)), true)).isTrue();
        assertThat(bisection.searchReferences()).isFalse();
        assertThat(attempts).isLessThan(2 * 512);
    }
}
