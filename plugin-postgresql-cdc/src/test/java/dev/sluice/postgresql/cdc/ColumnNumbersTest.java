package dev.sluice.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which columns the stream tells of, found from their order and a catalog that is ahead of it. */
class ColumnNumbersTest {

    private static final ColumnNumbers AB = new ColumnNumbers(2, Map.of("a", 1, "b", 2), Set.of());

    /** @param columns such as {@code a=1}; what has no name has been dropped by then */
    private static CatalogColumns catalog(int last, String... columns) {
        return new CatalogColumns(last, new TreeMap<>(numbers(columns)), Set.of());
    }

    private static Map<Integer, String> numbers(String... columns) {
        Map<Integer, String> live = new HashMap<>();
        for (String column : columns) {
            String[] parts = column.split("=", -1);
            live.put(Integer.parseInt(parts[1]), parts[0]);
        }
        return live;
    }

    private static Optional<Map<String, Integer>> at(CatalogColumns catalog, String... names) {
        return AB.at(List.of(names), catalog).map(ColumnNumbers::byName);
    }

    @Test
    void whatHasNotChangedIsTheSame() {
        assertThat(at(catalog(2, "a=1", "b=2"), "a", "b")).contains(Map.of("a", 1, "b", 2));
    }

    @Test
    void addedColumnsGetTheNextNumbers() {
        assertThat(at(catalog(4, "a=1", "b=2", "c=3", "d=4"), "a", "b", "c")).contains(Map.of("a", 1, "b", 2, "c", 3));
        assertThat(at(catalog(4, "a=1", "b=2", "later=3", "d=4"), "a", "b", "c", "d"))
                .contains(Map.of("a", 1, "b", 2, "c", 3, "d", 4));
    }

    @Test
    void columnsThatSwapNamesKeepTheirNumbers() {
        assertThat(at(catalog(2, "b=1", "a=2"), "b", "a")).contains(Map.of("b", 1, "a", 2));
        assertThat(at(catalog(2, "b=1", "a=2"), "a", "b")).as("they swap later").contains(Map.of("a", 1, "b", 2));
    }

    @Test
    void aColumnThatTakesTheNameOfADroppedOneHasItsOwnNumber() {
        assertThat(at(catalog(2, "a=2"), "a")).contains(Map.of("a", 2));
    }

    @Test
    void aColumnThatIsDroppedLaterIsStillThere() {
        assertThat(at(catalog(2, "a=1"), "a", "b")).contains(Map.of("a", 1, "b", 2));
        assertThat(at(catalog(3, "a=1", "b=2"), "a", "b", "c"))
                .as("added and dropped")
                .contains(Map.of("a", 1, "b", 2, "c", 3));
    }

    /** Else a job that is behind would stop too early at every column that is dropped beside one that is added. */
    @Test
    void ofSeveralAnswersTheOneIsTakenThatNeedsNoOtherNames() {
        assertThat(at(catalog(3, "a=1", "c=3"), "a", "b")).contains(Map.of("a", 1, "b", 2));
        assertThat(at(catalog(3, "a=1", "c=3"), "a", "c")).contains(Map.of("a", 1, "c", 3));
        assertThat(at(catalog(3, "a=1", "c=3"), "a", "x")).isEmpty();
    }

    @Test
    void aTableOfVeryManyColumnsIsNoPuzzle() {
        String[] names = IntStream.rangeClosed(1, 1600).mapToObj(i -> "c" + i).toArray(String[]::new);
        String[] live =
                IntStream.rangeClosed(1, 1600).mapToObj(i -> "c" + i + '=' + i).toArray(String[]::new);
        ColumnNumbers known = ColumnNumbers.of(catalog(1600, live));
        assertThat(known.at(List.of(names), catalog(1600, live))).contains(known);
    }

    @Test
    void aColumnThatMayBeMadeAnewIsInDoubt() {
        assertThat(at(catalog(3, "a=1", "b=3"), "a", "b")).isEmpty();
        assertThat(at(catalog(4, "a=1", "b=2", "c=4"), "a", "b", "c")).isEmpty();
    }

    @Test
    void whatCannotHaveBeenIsInDoubt() {
        assertThat(at(catalog(2, "a=1", "b=2"), "a")).isEmpty();
        assertThat(at(catalog(2, "a=1", "b=2"), "a", "b", "c")).isEmpty();
    }

    @Test
    void ofATableThatIsGoneAllIsAsItWas() {
        assertThat(at(CatalogColumns.NONE, "a", "b", "c")).contains(AB.byName());
    }

    @Test
    void generatedColumnsMayBeLeftOutAndComeLater() {
        CatalogColumns generated = new CatalogColumns(2, new TreeMap<>(numbers("a=1", "b=2")), Set.of(2));
        ColumnNumbers without = AB.at(List.of("a"), generated).orElseThrow();
        assertThat(without.byName()).isEqualTo(Map.of("a", 1, "b", 2));
        assertThat(without.at(List.of("a", "b"), catalog(2, "a=1", "b=2"))).contains(AB);
    }

    /** The stream lacks it until then, also when the catalog is ahead. */
    @Test
    void aColumnMayHaveBeenGeneratedUntilALaterMoment() {
        ColumnNumbers known = new ColumnNumbers(3, Map.of("a", 1, "g", 2, "b", 3), Set.of(2));
        CatalogColumns plain = catalog(3, "a=1", "g=2", "b=3");
        ColumnNumbers without = known.at(List.of("a", "b"), plain).orElseThrow();
        assertThat(without).isEqualTo(known);
        assertThat(without.at(List.of("a", "g", "b"), plain)).contains(new ColumnNumbers(3, known.byName(), Set.of()));
        assertThat(new ColumnNumbers(3, known.byName(), Set.of()).at(List.of("a", "b"), plain))
                .as("of one that was not generated there is no way back")
                .isEmpty();
    }

    @Test
    void soMayAnAddedOneWithOthersAfterIt() {
        CatalogColumns plain = catalog(4, "a=1", "b=2", "g=3", "h=4");
        ColumnNumbers without = AB.at(List.of("a", "b", "h"), plain).orElseThrow();
        assertThat(without).isEqualTo(new ColumnNumbers(4, Map.of("a", 1, "b", 2, "g", 3, "h", 4), Set.of(3)));
        assertThat(without.at(List.of("a", "b", "g", "h"), plain).map(ColumnNumbers::byName))
                .contains(without.byName());
        CatalogColumns generated = new CatalogColumns(4, new TreeMap<>(numbers("a=1", "b=2", "g=3", "h=4")), Set.of(3));
        assertThat(AB.at(List.of("a", "b", "h"), generated)).contains(without);
        assertThat(AB.at(List.of("a", "b", "x"), plain))
                .as("named otherwise then")
                .isEmpty();
    }

    @Test
    void whereNothingWasKnownTheCatalogTellsIfItHasTheSameNames() {
        CatalogColumns catalog = catalog(5, "a=3", "b=5");
        assertThat(ColumnNumbers.UNKNOWN.at(List.of("a", "b"), catalog))
                .contains(new ColumnNumbers(5, Map.of("a", 3, "b", 5), Set.of()));
        assertThat(ColumnNumbers.UNKNOWN.at(List.of("a", "c"), catalog)).contains(ColumnNumbers.UNKNOWN);
    }

    @Test
    void aTransactionIsSeenOnceItHasEnded() {
        CatalogColumns.Answer answer =
                new CatalogColumns.Answer(Map.of(), "4294967300:4294967310:4294967302,4294967305");
        assertThat(answer.sees(3)).isTrue();
        assertThat(answer.sees(8)).isTrue();
        assertThat(answer.sees(6)).as("in progress").isFalse();
        assertThat(answer.sees(14)).as("not begun").isFalse();
        assertThat(answer.sees(-2)).as("before the numbers began anew").isTrue();
        assertThat(new CatalogColumns.Answer(Map.of(), "5:5:").sees(4)).isTrue();
    }
}
