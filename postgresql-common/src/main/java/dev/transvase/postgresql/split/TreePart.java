package dev.transvase.postgresql.split;

import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.sql.SqlNames;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is read of a table and of those that are below it.
 *
 * @param members the OIDs of the tables whose own rows are read; empty for all that is below the table when it is read
 */
public record TreePart(List<Integer> members) {

    /** The table with all that is below it, as SQL reads it. */
    public static final TreePart WHOLE = new TreePart(List.of());

    public TreePart {
        members = List.copyOf(members);
    }

    private boolean whole() {
        return members.isEmpty();
    }

    private boolean only(TableDescription table) {
        return members.equals(List.of(table.oid()));
    }

    /** What follows FROM. */
    public String from(TableDescription table) {
        return (only(table) ? "ONLY " : "") + SqlNames.quote(table.table());
    }

    /** The condition that its rows meet beside that; empty when all of them do. */
    public Optional<String> condition(TableDescription table) {
        return whole() || only(table)
                ? Optional.empty()
                : Optional.of("(tableoid = ANY ('{" + oids() + "}'::pg_catalog.oid[]))");
    }

    /** The start of a query: {@code tree} has the OIDs of the tables that are read. */
    String tree(TableDescription table) {
        return whole()
                ? "WITH RECURSIVE tree AS (SELECT " + Integer.toUnsignedString(table.oid()) + "::pg_catalog.oid AS oid"
                        + " UNION SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid)"
                : "WITH tree AS (SELECT pg_catalog.unnest('{" + oids() + "}'::pg_catalog.oid[]) AS oid)";
    }

    private String oids() {
        return members.stream().map(Integer::toUnsignedString).collect(Collectors.joining(","));
    }
}
