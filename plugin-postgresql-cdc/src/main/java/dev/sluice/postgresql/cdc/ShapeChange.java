package dev.sluice.postgresql.cdc;

import dev.sluice.postgresql.cdc.PostgresCdcParameters.Ddl;
import dev.sluice.spi.Notices;
import dev.sluice.spi.SluiceException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has become of a table's columns, found by comparing what is known of them with what the stream tells before the first
 * row of the new kind.
 *
 * @param added columns that were not there
 * @param missing names of columns that are no longer there
 * @param retyped columns that are of another type now
 */
record ShapeChange(List<Shape.Attribute> added, List<String> missing, List<Shape.Attribute> retyped) {

    private static final Logger log = LoggerFactory.getLogger(ShapeChange.class);

    /** Compares. Columns that are not carried do not count. */
    static ShapeChange between(FollowedTable table, Shape known, Relation relation) {
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
        return new ShapeChange(added, missing, retyped);
    }

    boolean none() {
        return added.isEmpty() && missing.isEmpty() && retyped.isEmpty();
    }

    /**
     * The shape that the following records have.
     *
     * @param notices takes what is not carried over
     * @throws SluiceException when the job is to stop at such a change
     */
    Shape follow(FollowedTable table, Shape known, Ddl ddl, Notices notices) {
        if (!missing.isEmpty() || !retyped.isEmpty()) {
            if (ddl.other() == Ddl.Other.FAIL) {
                throw other(table);
            }
            notices.warn(ignored(table));
        }
        if (!added.isEmpty() && ddl.addColumn() == Ddl.AddColumn.FAIL) {
            throw SluiceException.user(
                    "COLUMN_ADDED",
                    table.table() + " has got a column at the source: " + names(added)
                            + "; ddl.addColumn is fail. Set it to apply or ignore, then run again: nothing is lost, the"
                            + " stream goes on from here");
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
                log.info("{} has got a column: {}; it is added at the target", table.table(), names(added));
            }
        } else {
            added.forEach(column -> left.add(column.name()));
            if (!added.isEmpty()) {
                notices.warn(table.table() + " has got a column: " + names(added)
                        + "; it is left out, as ddl.addColumn says");
            }
        }
        return new Shape(known.oid(), columns, left);
    }

    private SluiceException other(FollowedTable table) {
        return SluiceException.user(
                "TABLE_CHANGED",
                "the columns of " + table.table() + " were changed at the source (" + what()
                        + "), which is not carried over. Change the target alike and set ddl.other to ignore for the next"
                        + " run, or remove the stream with `sluice cdc drop` and begin anew");
    }

    private String ignored(FollowedTable table) {
        return "the columns of " + table.table() + " were changed at the source (" + what()
                + "), which is not carried over, as ddl.other says: rows of the target keep what they have";
    }

    private String what() {
        StringBuilder what = new StringBuilder();
        if (!missing.isEmpty()) {
            what.append("dropped or renamed: ").append(String.join(", ", missing));
        }
        if (!retyped.isEmpty()) {
            what.append(what.isEmpty() ? "" : "; ").append("of another type: ").append(names(retyped));
        }
        if (!added.isEmpty()) {
            what.append("; new: ").append(names(added));
        }
        return what.toString();
    }

    private static String names(List<Shape.Attribute> columns) {
        return String.join(", ", columns.stream().map(Shape.Attribute::name).toList());
    }
}
