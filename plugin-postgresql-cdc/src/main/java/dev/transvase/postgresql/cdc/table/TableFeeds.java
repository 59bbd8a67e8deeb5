package dev.transvase.postgresql.cdc.table;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.pgoutput.Relation;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The tables of a stream as it describes them, by their OIDs. Tells how each has changed its shape, and what their shapes are
 * at the present position. Used by one thread.
 */
public final class TableFeeds {

    private final Map<TableName, FollowedTable> tables = new HashMap<>();

    private final Map<TableName, String> targets = new LinkedHashMap<>();

    /** What the last change that was taken of each table looked like. A description alone changes nothing. */
    private final Map<TableName, Shape> shapes = new LinkedHashMap<>();

    private final Ddl ddl;
    private final TypeLookup types;
    private final Notices notices;
    private final Map<Integer, Optional<TableFeed>> feeds = new HashMap<>();

    /** By their OIDs, the tables as the job calls them. */
    private final Map<Integer, TableName> names = new HashMap<>();

    /** The schema in use for each table: its records keep it, so that a writer sees when it has changed. */
    private final Map<TableName, Schema> schemas = new HashMap<>();

    /** See {@code StoredContext.copies}. */
    private final Map<Integer, Lsn> copies;

    /** What was described of tables that joined the stream in transactions that their rows have already. */
    private final Map<Integer, Relation> early = new HashMap<>();

    private final boolean plannedInBinary;
    private boolean binary;
    private byte[] context;

    /** Where the stream is taken up again the shapes are these. */
    private Map<TableName, Shape> boundaryShapes;

    private Map<TableName, Schema> boundarySchemas = Map.of();
    private byte[] boundaryContext;

    /**
     * @param known the tables' shapes where the stream starts
     * @param copies see {@code StoredContext.copies}
     * @param binary whether values come in binary
     * @param notices takes what is not carried over
     */
    public TableFeeds(
            List<FollowedTable> followed,
            Map<TableName, Shape> known,
            Map<Integer, Lsn> copies,
            boolean binary,
            Ddl ddl,
            TypeLookup types,
            Notices notices) {
        for (FollowedTable table : followed) {
            tables.put(table.table(), table);
            shapes.put(table.table(), known(known, table));
            table.target().ifPresent(target -> targets.put(table.table(), target));
        }
        shapes.forEach((name, shape) -> names.put(shape.oid(), name));
        names.remove(0);
        this.copies = Map.copyOf(copies);
        this.plannedInBinary = binary;
        this.binary = binary;
        this.ddl = ddl;
        this.types = types;
        this.notices = notices;
        this.context = Shape.toBytes(shapes);
        this.boundaryShapes = Map.copyOf(shapes);
        this.boundaryContext = context;
    }

    /** By its OID, since its name may be another table's by now; what was stored without OIDs by the name. */
    private static Shape known(Map<TableName, Shape> known, FollowedTable table) {
        int oid = table.shape().oid();
        return known.values().stream()
                .filter(shape -> shape.oid() != 0 && shape.oid() == oid)
                .findFirst()
                .orElseGet(() -> known.getOrDefault(table.table(), table.shape()));
    }

    /** Where the tables are written, as far as that is known. */
    public Map<TableName, String> targets() {
        return targets;
    }

    /** The tables by their OIDs. */
    public Map<Integer, TableName> names() {
        return Map.copyOf(names);
    }

    /** Takes what is not carried over. */
    public Notices notices() {
        return notices;
    }

    /** The shapes at the present position, the same array as long as they are the same. */
    public byte[] context() {
        return context;
    }

    /** Where the rows of tables are of that joined the stream; always the same. */
    public Map<Integer, Lsn> copies() {
        return copies;
    }

    /** Whether values are to be sent in binary. */
    public boolean binary() {
        return binary;
    }

    /** All changes so far are of transactions that were read to their ends. */
    public void atBoundary() {
        if (boundaryContext != context) {
            boundaryShapes = Map.copyOf(shapes);
            boundarySchemas = Map.copyOf(schemas);
            boundaryContext = context;
        }
    }

    /** The stream is taken up at the boundary: the server describes all once more, as it was there. */
    public void reconnected() {
        feeds.clear();
        early.clear();
        if (boundaryContext != context) {
            shapes.clear();
            shapes.putAll(boundaryShapes);
            schemas.clear();
            schemas.putAll(boundarySchemas);
            names.clear();
            shapes.forEach((name, shape) -> names.put(shape.oid(), name));
            names.remove(0);
            context = boundaryContext;
        }
    }

    /** A change was taken from this feed: from here on its table has its shape. */
    public void taken(TableFeed feed) {
        TableName table = feed.schema().table();
        if (!feed.shape().equals(shapes.get(table))) {
            shapes.put(table, feed.shape());
            schemas.put(table, feed.schema());
            context = Shape.toBytes(shapes);
        }
    }

    /** The feed of a relation that was described; empty for one that is not of the job. */
    public Optional<TableFeed> feed(int oid) {
        Optional<TableFeed> feed = feeds.get(oid);
        if (feed == null) {
            throw new IllegalStateException("the stream has a change of the relation " + Integer.toUnsignedString(oid)
                    + ", which it has not described");
        }
        return feed;
    }

    /** Any feed, for a batch that holds nothing. */
    public Schema anySchema() {
        FollowedTable first = tables.values().iterator().next();
        return schemas.getOrDefault(first.table(), first.schema());
    }

    /**
     * The server describes a relation, because changes of it follow or because it has changed.
     *
     * @param xid the transaction in which it is as it says
     * @param commit where that is committed
     * @param goOn is asked now and then, while the server is waited for, whether to go on
     * @return false when no change of it can be taken, so that the stream has to end or to be taken up again at the boundary:
     *     because the server was not to be waited for any longer, or because values have to be sent as text from there, which
     *     {@link #binary} tells from now on
     * @throws SQLException when the server did not tell what the stream does not
     */
    public boolean describe(Relation relation, int xid, Lsn commit, BooleanSupplier goOn) throws SQLException {
        early.remove(relation.oid());
        if (isInRows(relation, commit)) {
            // It may have another shape there than its rows have, and is of concern only behind these.
            early.put(relation.oid(), relation);
            feeds.put(relation.oid(), Optional.empty());
            return true;
        }
        FollowedTable table = identify(relation);
        if (table == null) {
            feeds.put(relation.oid(), Optional.empty());
            return true;
        }
        Optional<CatalogColumns> columns = types.columns(relation.oid(), xid, goOn);
        if (columns.isEmpty()) {
            return false;
        }
        Shape known = shapes.get(table.table());
        ShapeChange change = ShapeChange.between(table, known, relation, columns.get(), xid);
        Shape shape = change.follow(table, known, ddl, notices);
        boolean same = shape.columns().equals(known.columns());
        Optional<Schema> schema = same && schemas.containsKey(table.table())
                ? Optional.of(schemas.get(table.table()))
                : schema(table, shape, relation.oid(), same ? List.of() : change.added());
        if (schema.isEmpty()) {
            binary = false;
            schemas.clear();
            boundarySchemas = Map.of();
            return false;
        }
        if (same) {
            schemas.put(table.table(), schema.get());
        }
        feeds.put(
                relation.oid(),
                Optional.of(new TableFeed(table, shape, schema.get(), relation, sources(shape, relation))));
        return true;
    }

    /** Whether what is committed there is in the rows already that the table joined the stream with. */
    private boolean isInRows(Relation relation, Lsn commit) {
        FollowedTable table = tables.get(names.getOrDefault(relation.oid(), relation.table()));
        Lsn rows = table == null ? null : copies.get(table.shape().oid());
        return rows != null && commit.isBefore(rows);
    }

    /** Whether a relation was described in a transaction that its rows have, and this one they have not. */
    public boolean isDue(int oid, Lsn commit) {
        Relation relation = early.get(oid);
        return relation != null && !isInRows(relation, commit);
    }

    /** Describes such a relation, as the server does not do so once more. As {@link #describe}. */
    public boolean describeDue(int oid, int xid, Lsn commit, BooleanSupplier goOn) throws SQLException {
        return describe(early.get(oid), xid, commit, goOn);
    }

    /**
     * The table that this is, by its OID: it may have another name by now, and its name may be another table's. {@code null} when
     * it is none of the job's.
     */
    private FollowedTable identify(Relation relation) {
        TableName followed = names.get(relation.oid());
        if (followed != null) {
            if (!followed.equals(relation.table())) {
                TableIdentity.renamed(followed, relation.table(), notices);
            }
            return tables.get(followed);
        }
        FollowedTable table = tables.get(relation.table());
        if (table != null) {
            Shape known = shapes.get(table.table());
            if (known.oid() != 0) {
                TableIdentity.madeAnew(table.table(), known.oid(), relation.oid(), ddl, notices);
                names.remove(known.oid());
            }
            names.put(relation.oid(), table.table());
            shapes.put(table.table(), known.of(relation.oid()));
            context = Shape.toBytes(shapes);
        }
        return table;
    }

    private static int[] sources(Shape shape, Relation relation) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < relation.columns().size(); i++) {
            places.put(relation.columns().get(i).name(), i);
        }
        return shape.columns().stream().mapToInt(c -> places.get(c.name())).toArray();
    }

    /**
     * Columns that are as they were planned stay so; the others, and what was added since, are looked up. Empty when the binary form of
     * one cannot be passed on.
     */
    private Optional<Schema> schema(FollowedTable table, Shape shape, int relation, List<Shape.Attribute> added)
            throws SQLException {
        boolean asPlanned = binary == plannedInBinary;
        if (asPlanned && added.isEmpty() && shape.columns().equals(table.shape().columns())) {
            return Optional.of(table.schema());
        }
        Map<String, Column> columns = new LinkedHashMap<>();
        List<Shape.Attribute> unknown = new ArrayList<>();
        for (Shape.Attribute attribute : shape.columns()) {
            boolean known = asPlanned && !added.contains(attribute);
            int planned = known ? table.shape().columns().indexOf(attribute) : -1;
            columns.put(attribute.name(), planned < 0 ? null : table.schema().column(planned));
            if (planned < 0) {
                unknown.add(attribute);
            }
        }
        List<TypeLookup.Found> found = types.types(relation, unknown);
        for (int i = 0; i < unknown.size(); i++) {
            TypeLookup.Found type = found.get(i);
            if (binary && !ColumnOffers.fitsBinary(type.type())) {
                return Optional.empty();
            }
            String name = unknown.get(i).name();
            Column column = ColumnOffers.offer(name, true, type.declared(), type.type(), binary);
            columns.put(name, added.contains(unknown.get(i)) ? added(table, column, type) : column);
        }
        return Optional.of(Schema.of(table.table(), List.copyOf(columns.values()))
                .withWireFormat(table.schema().wireFormat()));
    }

    private Column added(FollowedTable table, Column column, TypeLookup.Found type) {
        boolean known = type.initial().isPresent() || !type.hasDefault();
        if (!known) {
            notices.warn(table.table() + ": the server does not reveal the values of existing rows in the new column "
                    + column.name() + "; at the target they are NULL, or keep the value they have there, until they"
                    + " are updated. If a default filled them, update them at the source");
        }
        return column.withAdded(new Column.Added(type.initial(), known));
    }
}
