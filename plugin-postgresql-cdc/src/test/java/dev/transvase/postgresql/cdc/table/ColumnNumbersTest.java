package dev.transvase.postgresql.cdc.table;

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

    private static final ColumnNumbers AB = new ColumnNumbers(2, Map.of("a", 1, "b", 2), Set.of(), Map.of());

    private static final int XID = 500;

    /** @param columns such as {@code a=1}; what has no name has been dropped by then */
    private static CatalogColumns catalog(int last, String... columns) {
        return new CatalogColumns(last, new TreeMap<>(numbers(columns)), Set.of(), Map.of());
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
        return AB.at(List.of(names), catalog, XID).map(ColumnNumbers::byName);
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

    @Test
    void ofSeveralAnswersTheOneIsTakenThatNeedsNoOtherNames() {
        assertThat(at(catalog(3, "a=1", "c=3"), "a", "c")).contains(Map.of("a", 1, "c", 3));
        assertThat(at(catalog(3, "a=1", "c=3"), "a", "x")).isEmpty();
    }

    /** The third one may have been called b for a while. */
    @Test
    void butNotWhereAKnownNameMayHaveBeenAnotherColumns() {
        assertThat(at(catalog(3, "a=1", "c=3"), "a", "b")).isEmpty();
    }

    private static CatalogColumns changed(CatalogColumns catalog, Map<Integer, Integer> changedBy) {
        return new CatalogColumns(catalog.last(), catalog.live(), catalog.generated(), changedBy);
    }

    /** Else a job that is behind would stop too early at every column that is dropped beside one that is added. */
    @Test
    void oneTransactionThatDroppedAndAddedCameBeforeOrAfter() {
        ColumnNumbers known = ColumnNumbers.of(changed(catalog(2, "a=1", "b=2"), Map.of(1, 10, 2, 10)));
        CatalogColumns once = changed(catalog(3, "a=1", "c=3"), Map.of(1, 10, 2, 20, 3, 20));
        assertThat(known.at(List.of("a", "b"), once, XID).map(ColumnNumbers::byName))
                .contains(Map.of("a", 1, "b", 2));
        assertThat(known.at(List.of("a", "c"), once, XID).map(ColumnNumbers::byName))
                .contains(Map.of("a", 1, "c", 3));
        assertThat(known.at(List.of("a", "b"), once, 20)).as("within it").isEmpty();
        CatalogColumns twice = changed(catalog(3, "a=1", "c=3"), Map.of(1, 10, 2, 20, 3, 30));
        assertThat(known.at(List.of("a", "b"), twice, XID))
                .as("between dropping and renaming")
                .isEmpty();
        CatalogColumns sameName = changed(catalog(3, "a=1", "b=3"), Map.of(1, 10, 2, 20, 3, 20));
        assertThat(known.at(List.of("a", "b"), sameName, XID)).isEmpty();
    }

    @Test
    void aColumnWhoseEntryIsAsItWasKeptItsName() {
        Map<Integer, Integer> before = Map.of(1, 10, 2, 10, 3, 10);
        ColumnNumbers known = ColumnNumbers.of(changed(catalog(3, "a=1", "b=2", "c=3"), before));
        CatalogColumns dropped = catalog(4, "a=1", "c=3", "d=4");
        assertThat(known.at(List.of("a", "b", "c"), changed(dropped, Map.of(1, 10, 2, 20, 3, 10, 4, 30)), XID)
                        .map(ColumnNumbers::byName))
                .contains(Map.of("a", 1, "b", 2, "c", 3));
        assertThat(known.at(List.of("a", "b", "c"), changed(dropped, Map.of(1, 10, 2, 20, 3, 40, 4, 30)), XID))
                .as("the third one may have been b, and the fourth c")
                .isEmpty();
    }

    @Test
    void aTableOfVeryManyColumnsIsNoPuzzle() {
        String[] names = IntStream.rangeClosed(1, 1600).mapToObj(i -> "c" + i).toArray(String[]::new);
        String[] live =
                IntStream.rangeClosed(1, 1600).mapToObj(i -> "c" + i + '=' + i).toArray(String[]::new);
        ColumnNumbers known = ColumnNumbers.of(catalog(1600, live));
        assertThat(known.at(List.of(names), catalog(1600, live), XID)).contains(known);
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
        CatalogColumns generated = new CatalogColumns(2, new TreeMap<>(numbers("a=1", "b=2")), Set.of(2), Map.of());
        ColumnNumbers without = AB.at(List.of("a"), generated, XID).orElseThrow();
        assertThat(without.byName()).isEqualTo(Map.of("a", 1, "b", 2));
        assertThat(without.at(List.of("a", "b"), catalog(2, "a=1", "b=2"), XID)).contains(AB);
    }

    /** The stream lacks it until then, also when the catalog is ahead. */
    @Test
    void aColumnMayHaveBeenGeneratedUntilALaterMoment() {
        ColumnNumbers known = new ColumnNumbers(3, Map.of("a", 1, "g", 2, "b", 3), Set.of(2), Map.of());
        CatalogColumns plain = catalog(3, "a=1", "g=2", "b=3");
        ColumnNumbers without = known.at(List.of("a", "b"), plain, XID).orElseThrow();
        assertThat(without).isEqualTo(known);
        assertThat(without.at(List.of("a", "g", "b"), plain, XID))
                .contains(new ColumnNumbers(3, known.byName(), Set.of(), Map.of()));
        assertThat(new ColumnNumbers(3, known.byName(), Set.of(), Map.of()).at(List.of("a", "b"), plain, XID))
                .as("of one that was not generated there is no way back")
                .isEmpty();
    }

    @Test
    void soMayAnAddedOneWithOthersAfterIt() {
        CatalogColumns plain = catalog(4, "a=1", "b=2", "g=3", "h=4");
        ColumnNumbers without = AB.at(List.of("a", "b", "h"), plain, XID).orElseThrow();
        assertThat(without)
                .isEqualTo(new ColumnNumbers(4, Map.of("a", 1, "b", 2, "g", 3, "h", 4), Set.of(3), Map.of()));
        assertThat(without.at(List.of("a", "b", "g", "h"), plain, XID).map(ColumnNumbers::byName))
                .contains(without.byName());
        CatalogColumns generated =
                new CatalogColumns(4, new TreeMap<>(numbers("a=1", "b=2", "g=3", "h=4")), Set.of(3), Map.of());
        assertThat(AB.at(List.of("a", "b", "h"), generated, XID)).contains(without);
        assertThat(AB.at(List.of("a", "b", "x"), plain, XID))
                .as("named otherwise then")
                .isEmpty();
    }

    @Test
    void whereNothingWasKnownTheCatalogTellsIfItHasTheSameNames() {
        CatalogColumns catalog = catalog(5, "a=3", "b=5");
        assertThat(ColumnNumbers.UNKNOWN.at(List.of("a", "b"), catalog, XID))
                .contains(new ColumnNumbers(5, Map.of("a", 3, "b", 5), Set.of(), Map.of()));
        assertThat(ColumnNumbers.UNKNOWN.at(List.of("a", "c"), catalog, XID)).contains(ColumnNumbers.UNKNOWN);
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
