package dev.transvase.postgresql.cdc.table;

import static dev.transvase.postgresql.cdc.error.CdcErrors.COLUMN_ADDED;
import static dev.transvase.postgresql.cdc.error.CdcErrors.TABLE_CHANGED;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.postgresql.cdc.pgoutput.Relation;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has become of a table's columns, found by comparing what is known of them with what the stream tells before the first
 * row of the new kind.
 *
 * @param added columns that were not there
 * @param missing names of columns that are no longer there
 * @param retyped columns that are of another type now
 * @param replaced names that are other columns' now
 * @param uncomputed names of columns that the server does not compute any more, so that their values come with the stream
 * @param doubtful names for which this is unknown, because columns were added and dropped since
 * @param numbers of the columns now
 */
record ShapeChange(
        List<Shape.Attribute> added,
        List<String> missing,
        List<Shape.Attribute> retyped,
        List<String> replaced,
        List<String> uncomputed,
        List<String> doubtful,
        ColumnNumbers numbers) {

    private static final Logger log = LoggerFactory.getLogger(ShapeChange.class);

    /**
     * Compares. Columns that are not carried do not count.
     *
     * @param catalog the columns of the relation as the catalog has them, after what the stream tells
     * @param xid the transaction that the stream tells of
     */
    static ShapeChange between(FollowedTable table, Shape known, Relation relation, CatalogColumns catalog, int xid) {
        Map<String, Relation.Attribute> now = new HashMap<>();
        relation.columns().forEach(c -> now.put(c.name(), c));
        List<String> missing = new ArrayList<>();
        List<Shape.Attribute> retyped = new ArrayList<>();
        for (Shape.Attribute column : known.columns()) {
            Relation.Attribute found = now.get(column.name());
            if (found == null) {
                missing.add(column.name());
            } else if (found.typeOid() != column.typeOid() || found.typmod() != column.typmod()) {
                retyped.add(new Shape.Attribute(column.name(), found.typeOid(), found.typmod()));
            }
        }
        List<Shape.Attribute> added = new ArrayList<>();
        if (table.allColumns()) {
            for (Relation.Attribute column : relation.columns()) {
                if (known.column(column.name()).isEmpty() && !known.left().contains(column.name())) {
                    added.add(new Shape.Attribute(column.name(), column.typeOid(), column.typmod()));
                }
            }
        }
        List<String> names =
                relation.columns().stream().map(Relation.Attribute::name).toList();
        Optional<ColumnNumbers> numbers = known.numbers().at(names, catalog, xid);
        List<String> same = known.columns().stream()
                .map(Shape.Attribute::name)
                .filter(now::containsKey)
                .toList();
        Map<String, Integer> before = known.numbers().byName();
        return new ShapeChange(
                added,
                missing,
                retyped,
                numbers.isEmpty()
                        ? List.of()
                        : replaced(same, before, numbers.get().byName()),
                table.allColumns() ? uncomputed(names, known, catalog) : List.of(),
                numbers.isPresent() ? List.of() : doubtful(same, before, added, catalog),
                numbers.orElse(ColumnNumbers.UNKNOWN));
    }

    private static List<String> replaced(List<String> names, Map<String, Integer> before, Map<String, Integer> now) {
        return names.stream()
                .filter(name -> before.containsKey(name) && now.containsKey(name))
                .filter(name -> !before.get(name).equals(now.get(name)))
                .toList();
    }

    private static List<String> uncomputed(List<String> names, Shape known, CatalogColumns catalog) {
        return names.stream()
                .filter(known.left()::contains)
                .filter(name -> known.numbers()
                        .hidden()
                        .contains(known.numbers().byName().get(name)))
                .filter(name ->
                        !catalog.generated().contains(known.numbers().byName().get(name)))
                .toList();
    }

    /** Those of known columns that are gone by now, or whose names have gone to others; else what was added, else all. */
    private static List<String> doubtful(
            List<String> names, Map<String, Integer> before, List<Shape.Attribute> added, CatalogColumns catalog) {
        List<String> gone = names.stream()
                .filter(name -> !name.equals(catalog.live().get(before.get(name))))
                .toList();
        if (!gone.isEmpty()) {
            return gone;
        }
        return added.isEmpty() ? names : names(added);
    }

    boolean none() {
        return added.isEmpty() && !other();
    }

    private boolean other() {
        return Stream.of(missing, retyped, replaced, uncomputed, doubtful).anyMatch(found -> !found.isEmpty());
    }

    /**
     * The shape that the following records have.
     *
     * @param notices takes what is not carried over
     * @throws TransvaseException when the job is to stop at such a change
     */
    Shape follow(FollowedTable table, Shape known, Ddl ddl, Notices notices) {
        if (other()) {
            if (ddl.other() == Ddl.Other.FAIL) {
                throw other(table);
            }
            notices.warn(ignored(table));
        }
        if (!added.isEmpty() && ddl.addColumn() == Ddl.AddColumn.FAIL) {
            throw TransvaseException.of(
                    COLUMN_ADDED,
                    table.table() + " has a new column at the source: " + String.join(", ", names(added))
                            + "; ddl.addColumn is fail. Set it to apply or ignore, then run the job again: nothing"
                            + " is lost, the stream resumes from here");
        }
        List<Shape.Attribute> columns = new ArrayList<>();
        for (Shape.Attribute column : known.columns()) {
            if (!missing.contains(column.name())) {
                columns.add(retyped.stream()
                        .filter(r -> r.name().equals(column.name()))
                        .findFirst()
                        .orElse(column));
            }
        }
        Set<String> left = new HashSet<>(known.left());
        if (ddl.addColumn() == Ddl.AddColumn.APPLY) {
            columns.addAll(added);
            if (!added.isEmpty()) {
                log.info(
                        "{} has a new column: {}; it is added at the target",
                        table.table(),
                        String.join(", ", names(added)));
            }
        } else {
            added.forEach(column -> left.add(column.name()));
            if (!added.isEmpty()) {
                notices.warn(table.table() + " has a new column: " + String.join(", ", names(added))
                        + "; it is skipped, because ddl.addColumn is ignore");
            }
        }
        return new Shape(known.oid(), columns, left, numbers);
    }

    private TransvaseException other(FollowedTable table) {
        return TransvaseException.of(
                TABLE_CHANGED,
                "the columns of " + table.table() + " were changed at the source (" + what()
                        + "), which is not replicated. Change the target in the same way and set ddl.other to ignore"
                        + " for the next"
                        + " run, or remove the stream with `transvase cdc drop` and start over");
    }

    private String ignored(FollowedTable table) {
        return "the columns of " + table.table() + " were changed at the source (" + what()
                + "), which is not replicated, because ddl.other is ignore: rows of the target keep their values";
    }

    private String what() {
        List<String> what = new ArrayList<>();
        add(what, "dropped or renamed: ", missing);
        add(what, "of another type: ", names(retyped));
        add(what, "now the name of another column, or recreated: ", replaced);
        add(what, "no longer computed by the source: ", uncomputed);
        add(what, "perhaps another column now, since columns were added and dropped: ", doubtful);
        add(what, "new: ", names(added));
        return String.join("; ", what);
    }

    private static void add(List<String> what, String kind, List<String> names) {
        if (!names.isEmpty()) {
            what.add(kind + String.join(", ", names));
        }
    }

    private static List<String> names(List<Shape.Attribute> columns) {
        return columns.stream().map(Shape.Attribute::name).toList();
    }
}
