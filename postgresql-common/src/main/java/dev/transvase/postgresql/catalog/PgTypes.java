package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** How PostgreSQL's types map to those of the SPI. */
public final class PgTypes {

    /** The scalar types, each with its OID and that of its array; the same on every server. */
    private static final Map<Integer, Type> TYPES = new HashMap<>();

    /** The same types by the names that a cast has for them. */
    private static final Map<String, Type> NAMES = new HashMap<>();

    /** reg* types: they travel as OIDs, which mean something on their own server only. Arrays of them too. */
    private static final Set<Integer> OID_ALIASES = Set.of(
            24, 1008, 2202, 2207, 2203, 2208, 2204, 2209, 2205, 2210, 2206, 2211, 4096, 4097, 4089, 4090, 3734, 3735,
            3769, 3770, 4191, 4192);

    /**
     * xml, tsquery, int2vector, oidvector and arrays of them: the server sends xml without its declaration, and does not
     * receive the others when they are empty.
     */
    private static final Set<Integer> UNFAITHFUL_BINARY = Set.of(22, 1006, 30, 1013, 142, 143, 3615, 3645);

    private static final Pattern QUALIFIER = Pattern.compile("^\"?pg_catalog\"?\\.");

    /** A name that needs no quotes; "char" is another type than char. */
    private static final Pattern QUOTED = Pattern.compile("^\"(?!char\")([a-z0-9_]+)\"");

    /** OIDs below this are the same on every server; those above come from initdb or from users. */
    private static final int FIRST_UNSTABLE_OID = 10_000;

    static {
        add(Scalar.BOOL, 16, 1000, "boolean");
        add(Scalar.BYTES, 17, 1001, "bytea");
        add(Scalar.TEXT, 19, 1003, "name");
        add(Scalar.INT64, 20, 1016, "bigint");
        add(Scalar.INT16, 21, 1005, "smallint");
        add(Scalar.INT32, 23, 1007, "integer");
        add(Scalar.TEXT, 25, 1009, "text");
        add(Scalar.JSON, 114, 199, "json");
        add(Scalar.FLOAT32, 700, 1021, "real");
        add(Scalar.FLOAT64, 701, 1022, "double precision");
        add(Scalar.TEXT, 1042, 1014, "bpchar");
        add(Scalar.TEXT, 1043, 1015, "character varying");
        add(Scalar.DATE, 1082, 1182, "date");
        add(Scalar.TIME, 1083, 1183, "time without time zone");
        add(Scalar.TIMESTAMP, 1114, 1115, "timestamp without time zone");
        add(Scalar.TIMESTAMPTZ, 1184, 1185, "timestamp with time zone");
        add(Scalar.INTERVAL, 1186, 1187, "interval");
        add(Scalar.TIMETZ, 1266, 1270, "time with time zone");
        add(Scalar.DECIMAL, 1700, 1231, "numeric");
        add(Scalar.UUID, 2950, 2951, "uuid");
        add(Scalar.JSONB, 3802, 3807, "jsonb");
    }

    /** Columns of the query that describe the type itself; as many again describe its base. */
    private static final int BASE = 10;

    private static final int MONEY_OID = 790;

    /** Before this release ranges have no multiranges. */
    private static final int MULTIRANGES_FROM = 14;

    private static final String QUERY = "WITH RECURSIVE chain AS ("
            + "SELECT t.oid AS root, t.oid, t.typtype, t.typbasetype, -1 AS modifier, t.typtypmod"
            + " FROM pg_catalog.pg_type t"
            + " WHERE t.oid = ANY (ARRAY(SELECT x::pg_catalog.int8::pg_catalog.oid FROM pg_catalog.unnest(?::pg_catalog.text[]) x))"
            + " UNION ALL SELECT c.root, b.oid, b.typtype, b.typbasetype, c.typtypmod, b.typtypmod FROM chain c"
            + " JOIN pg_catalog.pg_type b ON b.oid = c.typbasetype WHERE c.typtype = 'd')"
            + " SELECT " + columnsOf("t") + ", " + columnsOf("b")
            + ", c.modifier, pg_catalog.format_type(c.oid, c.modifier)"
            + " FROM chain c JOIN pg_catalog.pg_type t ON t.oid = c.root JOIN pg_catalog.pg_type b ON b.oid = c.oid"
            + joinsOf("t") + joinsOf("b")
            + " WHERE c.typtype <> 'd'";

    private PgTypes() {}

    private static void add(Scalar scalar, int oid, int arrayOid, String name) {
        TYPES.put(oid, scalar);
        TYPES.put(arrayOid, new Type.Array(scalar));
        NAMES.put(name, scalar);
        NAMES.put(name + "[]", new Type.Array(scalar));
    }

    /** The SPI's type for it: that of its base for a domain, a native type of its name when there is no other. */
    public static Type spiType(PgType type) {
        PgType effective = type.effective();
        Type known = TYPES.get(effective.oid());
        return known != null ? known : new Type.Native(effective.name());
    }

    /** The SPI's type for one of the server's own that is called so in a cast; empty when there is none. */
    public static Optional<Type> named(String name) {
        return Optional.ofNullable(NAMES.get(name));
    }

    /**
     * What a type of the server's own is called whatever the session's settings are; of another type what {@code format_type}
     * prints. The server qualifies a name that another one hides on the {@code search_path}, and puts quotes around it under
     * {@code quote_all_identifiers}, or when it is {@code bit} without a length.
     *
     * @param oid the type's
     * @param formatted by {@code format_type}
     */
    public static String declared(int oid, String formatted) {
        if (!stable(oid)) {
            return formatted;
        }
        return QUOTED.matcher(QUALIFIER.matcher(formatted).replaceFirst("")).replaceFirst("$1");
    }

    /**
     * Whether the binary form of its values means the same on another server: not with an OID in it that only this
     * server has, as arrays and ranges of user-defined types, composites and the reg* types do; and not when it lacks a
     * part of the value.
     */
    public static boolean wireCapable(PgType type) {
        PgType effective = type.effective();
        if (!effective.hasBinary() || isOidAlias(effective) || UNFAITHFUL_BINARY.contains(effective.oid())) {
            return false;
        }
        return switch (effective.typtype()) {
            case 'b' -> effective.builtin();
            case 'e' -> true;
            case 'r' -> effective.builtin() || builtinScalar(effective.elementOid());
            case 'm' -> effective.builtin();
            default -> false;
        };
    }

    /** Loads these types by OID; those that are not there are left out. Blocks on the server. */
    public static Map<Integer, PgType> load(PostgresSession session, Collection<Integer> oids) throws SQLException {
        Map<Integer, PgType> loaded = new HashMap<>();
        if (oids.isEmpty()) {
            return loaded;
        }
        List<Row> rows = rows(session, oids);
        TypeParts parts = TypeParts.of(session, rows.stream().map(Row::base).toList());
        for (Row row : rows) {
            PgType base = row.base()
                    .type()
                    .with(parts.of(row.base(), -1, row.base().type().name()));
            boolean isDomain = row.own().type().oid() != base.oid();
            PgType type = isDomain
                    ? domain(row.own().type(), base).with(parts.of(row.base(), row.modifier(), row.declared()))
                    : base;
            loaded.put(type.oid(), type);
        }
        return loaded;
    }

    /**
     * A type as the catalog has it, without its parts.
     *
     * @param relation of a composite type its entry in {@code pg_class}
     */
    record Raw(PgType type, int relation) {

        boolean isMoney() {
            return type.oid() == MONEY_OID;
        }
    }

    /**
     * A row of the query.
     *
     * @param modifier of a domain the modifier of its base
     * @param declared the base with its modifier
     */
    private record Row(Raw own, Raw base, int modifier, String declared) {}

    private static List<Row> rows(PostgresSession session, Collection<Integer> oids) throws SQLException {
        List<Row> found = new ArrayList<>();
        Object[] wanted =
                oids.stream().distinct().map(Integer::toUnsignedString).toArray();
        String multirange = session.majorVersion() < MULTIRANGES_FROM ? "rngtypid" : "rngmultitypid";
        try (PreparedStatement statement = session.jdbc().prepareStatement(QUERY.replace("$multirange", multirange))) {
            statement.setArray(1, session.jdbc().createArrayOf("text", wanted));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Raw base = read(rows, BASE);
                    String declared = declared(base.type().oid(), rows.getString(2 * BASE + 2));
                    found.add(new Row(read(rows, 0), base, rows.getInt(2 * BASE + 1), declared));
                }
            }
        }
        return found;
    }

    private static PgType domain(PgType domain, PgType base) {
        return new PgType(
                domain.oid(),
                domain.name(),
                domain.catalogName(),
                domain.typtype(),
                Optional.of(base),
                0,
                base.outputFunction(),
                base.hasBinary(),
                domain.builtin(),
                domain.arrayOid(),
                PgType.Parts.NONE);
    }

    private static Raw read(ResultSet row, int offset) throws SQLException {
        int oid = (int) row.getLong(offset + 1);
        PgType type = new PgType(
                oid,
                declared(oid, row.getString(offset + 2)),
                new TableName(row.getString(offset + 3), row.getString(offset + 4)),
                row.getString(offset + 5).charAt(0),
                Optional.empty(),
                (int) row.getLong(offset + 6),
                row.getString(offset + 7),
                row.getBoolean(offset + 8),
                stable(oid),
                (int) row.getLong(offset + 9),
                PgType.Parts.NONE);
        return new Raw(type, (int) row.getLong(offset + 10));
    }

    private static boolean stable(int oid) {
        return oid > 0 && oid < FIRST_UNSTABLE_OID;
    }

    /** By its name too: releases that come add more of them, as 19 did with {@code regdatabase}. */
    private static boolean isOidAlias(PgType type) {
        String name = type.catalogName().name();
        return OID_ALIASES.contains(type.oid())
                || (type.builtin() && (name.startsWith("reg") || name.startsWith("_reg")));
    }

    private static boolean builtinScalar(int oid) {
        return stable(oid) && !OID_ALIASES.contains(oid);
    }

    /** One type's part of the query; X stands for its alias. Only what array_out prints is an array. */
    private static String columnsOf(String alias) {
        return ("X.oid, pg_catalog.format_type(X.oid, -1), Xn.nspname, X.typname, X.typtype,"
                        + " CASE WHEN X.typoutput = 'pg_catalog.array_out'::pg_catalog.regproc THEN X.typelem"
                        + " WHEN X.typtype IN ('r', 'm') THEN Xr.rngsubtype ELSE 0::pg_catalog.oid END,"
                        + " pg_catalog.quote_ident(Xfn.nspname) || '.' || pg_catalog.quote_ident(Xf.proname),"
                        + " X.typsend <> 0::pg_catalog.oid AND X.typreceive <> 0::pg_catalog.oid, X.typarray, X.typrelid")
                .replace("X", alias);
    }

    private static String joinsOf(String alias) {
        return (" JOIN pg_catalog.pg_namespace Xn ON Xn.oid = X.typnamespace"
                        + " LEFT JOIN pg_catalog.pg_range Xr ON X.oid IN (Xr.rngtypid, Xr.$multirange)"
                        + " JOIN pg_catalog.pg_proc Xf ON Xf.oid = X.typoutput"
                        + " JOIN pg_catalog.pg_namespace Xfn ON Xfn.oid = Xf.pronamespace")
                .replace("X", alias);
    }
}
