package dev.transvase.postgresql.writer.transfer;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the names of the reader's columns and of those to write say of each other. A name is the same when it is so letter by
 * letter; where there is none, also when it differs in capitals only and no other does.
 */
final class Counterparts {

    private final Schema offered;
    private final List<PgColumn> columns;
    private final List<Integer> passedOver;
    private final List<Integer> fields;
    private final Map<Integer, PgColumn> named;

    /**
     * A column and what goes there.
     *
     * @param field of the reader's record
     */
    record Pair(int field, PgColumn column) {}

    /**
     * @param columns those to write
     * @param computed those of the table that the server computes: what the reader has under their names has no counterpart
     */
    Counterparts(Schema offered, List<PgColumn> columns, List<PgColumn> computed) {
        this.offered = offered;
        this.columns = List.copyOf(columns);
        List<Integer> all = IntStream.range(0, offered.width()).boxed().toList();
        Map<Integer, PgColumn> found = new HashMap<>();
        List<PgColumn> any = new ArrayList<>(columns);
        any.addAll(computed);
        match(all, any, found, String::equals);
        match(all, any, found, String::equalsIgnoreCase);
        Set<PgColumn> without = new HashSet<>(computed);
        this.passedOver =
                all.stream().filter(f -> without.contains(found.get(f))).toList();
        this.fields = all.stream().filter(f -> !passedOver.contains(f)).toList();
        passedOver.forEach(found::remove);
        this.named = Map.copyOf(found);
    }

    /** Adds each pair of a field and a column whose names are the same and that of no other which is left. */
    private void match(
            List<Integer> all, List<PgColumn> any, Map<Integer, PgColumn> found, BiPredicate<String, String> same) {
        Set<PgColumn> taken = new HashSet<>(found.values());
        List<Integer> left = all.stream()
                .filter(f -> offered.column(f).named() && !found.containsKey(f))
                .toList();
        List<PgColumn> free = any.stream().filter(c -> !taken.contains(c)).toList();
        Map<Integer, PgColumn> added = new HashMap<>();
        for (int field : left) {
            String name = offered.column(field).name();
            List<PgColumn> fitting =
                    free.stream().filter(c -> same.test(c.name(), name)).toList();
            boolean alone = left.stream()
                            .filter(f -> same.test(offered.column(f).name(), name))
                            .count()
                    == 1;
            if (alone && fitting.size() == 1) {
                added.put(field, fitting.get(0));
            }
        }
        found.putAll(added);
    }

    /** The reader's fields that are not written, since the server computes the columns of their names. */
    List<Integer> passedOver() {
        return passedOver;
    }

    boolean sameCount() {
        return fields.size() == columns.size();
    }

    /** Whether each has a counterpart of its name. */
    boolean allNamed() {
        return sameCount() && named.size() == fields.size();
    }

    /** Whether a field has a name that is none. */
    boolean anyUnnamed() {
        return fields.stream().anyMatch(f -> !offered.column(f).named());
    }

    /** Those of the same name, in the order of the fields. */
    List<Pair> byName() {
        return fields.stream()
                .filter(named::containsKey)
                .map(f -> new Pair(f, named.get(f)))
                .toList();
    }

    /** The first with the first and so on; for as many as there are. */
    List<Pair> byPosition() {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> new Pair(fields.get(i), columns.get(i)))
                .toList();
    }

    /** Of the pairs by position those in which a name stands that the other side has elsewhere. */
    List<Pair> contradictions() {
        return byPosition().stream()
                .filter(p -> isElsewhere(p) || isElsewhere(p.column(), p.field()))
                .toList();
    }

    private boolean isElsewhere(Pair pair) {
        PgColumn counterpart = named.get(pair.field());
        return counterpart != null && !counterpart.equals(pair.column());
    }

    private boolean isElsewhere(PgColumn column, int field) {
        return named.entrySet().stream().anyMatch(e -> e.getValue().equals(column) && e.getKey() != field);
    }

    /** Of the pairs by position those whose names, if both have one, differ. */
    List<Pair> renamed() {
        return byPosition().stream()
                .filter(p -> offered.column(p.field()).named() && !p.column().equals(named.get(p.field())))
                .toList();
    }

    /** The reader's columns for which there is none of their name. */
    List<Column> fieldsLeft() {
        return fields.stream()
                .filter(f -> !named.containsKey(f))
                .map(offered::column)
                .toList();
    }

    /** The columns for which the reader has none of their name. */
    List<PgColumn> columnsLeft() {
        Set<PgColumn> taken = Set.copyOf(named.values());
        return columns.stream().filter(c -> !taken.contains(c)).toList();
    }

    /** As in {@code first -> last, last -> first}. */
    String reported(List<Pair> pairs, int most) {
        return pairs.stream()
                        .limit(most)
                        .map(p -> offered.column(p.field()).name() + " -> "
                                + p.column().name())
                        .collect(Collectors.joining(", "))
                + (pairs.size() > most ? " and " + (pairs.size() - most) + " more" : "");
    }
}
