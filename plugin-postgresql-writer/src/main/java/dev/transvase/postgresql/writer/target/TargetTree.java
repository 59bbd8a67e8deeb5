package dev.transvase.postgresql.writer.target;

/** The relations that rows of a target end up in: itself, the partitions below it, and what is behind a view. */
public final class TargetTree {

    /**
     * A recursive query {@code tree (member, top, role)} for {@code WITH RECURSIVE}. Its one parameter is an array of the
     * targets' OIDs as text. {@code role} is the user under whose name the server looks at the member: the session's, or the
     * owner of a view. A view with an {@code INSTEAD OF INSERT} trigger hands nothing on by itself. Of a view all relations
     * that it reads count, as the catalog does not tell which of them takes the rows.
     */
    public static final String SQL = "tree (member, top, role) AS (SELECT x::pg_catalog.int8::pg_catalog.oid,"
            + " x::pg_catalog.int8::pg_catalog.oid, current_user FROM pg_catalog.unnest(?::pg_catalog.text[]) x"
            + " UNION SELECT n.oid, t.top, n.role FROM tree t JOIN pg_catalog.pg_class m ON m.oid = t.member"
            + " CROSS JOIN LATERAL (SELECT i.inhrelid AS oid, t.role FROM pg_catalog.pg_inherits i"
            + " JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relispartition WHERE i.inhparent = t.member"
            + " UNION ALL SELECT d.refobjid, pg_catalog.pg_get_userbyid(m.relowner) FROM pg_catalog.pg_rewrite r"
            + " JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid"
            + " AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> t.member"
            + " WHERE m.relkind = 'v' AND r.ev_class = t.member AND r.ev_type = '1'"
            // The type of a trigger: 1 for each row, 4 on INSERT, 64 INSTEAD OF.
            + " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g WHERE g.tgrelid = t.member"
            + " AND g.tgtype & 69 = 69)) n)";

    private TargetTree() {}
}
