package dev.sluice.postgresql;

import dev.sluice.spi.TableName;
import dev.sluice.spi.Type;
import dev.sluice.spi.Type.Scalar;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How PostgreSQL's types map to those of the SPI. */
public final class PgTypes {

    /** The scalar types, each with its OID and that of its array; the same on every server. */
    private static final Map<Integer, Type> TYPES = new HashMap<>();

    /** reg* types: they travel as OIDs, which mean something on their own server only. Arrays of them too. */
    private static final Set<Integer> OID_ALIASES = Set.of(
            24, 1008, 2202, 2207, 2203, 2208, 2204, 2209, 2205, 2210, 2206, 2211, 4096, 4097, 4089, 4090, 3734, 3735,
            3769, 3770, 4191, 4192);

    /**
     * xml, tsquery, int2vector, oidvector and arrays of them: the server sends xml without its declaration, and does not
     * receive the others when they are empty.
     */
    private static final Set<Integer> UNFAITHFUL_BINARY = Set.of(22, 1006, 30, 1013, 142, 143, 3615, 3645);

    /** OIDs below this are the same on every server; those above come from initdb or from users. */
    private static final int FIRST_UNSTABLE_OID = 10_000;

    static {
        add(Scalar.BOOL, 16, 1000);
        add(Scalar.BYTES, 17, 1001);
        add(Scalar.TEXT, 19, 1003);
        add(Scalar.INT64, 20, 1016);
        add(Scalar.INT16, 21, 1005);
        add(Scalar.INT32, 23, 1007);
        add(Scalar.TEXT, 25, 1009);
        add(Scalar.JSON, 114, 199);
        add(Scalar.FLOAT32, 700, 1021);
        add(Scalar.FLOAT64, 701, 1022);
        add(Scalar.TEXT, 1042, 1014);
        add(Scalar.TEXT, 1043, 1015);
        add(Scalar.DATE, 1082, 1182);
        add(Scalar.TIME, 1083, 1183);
        add(Scalar.TIMESTAMP, 1114, 1115);
        add(Scalar.TIMESTAMPTZ, 1184, 1185);
        add(Scalar.INTERVAL, 1186, 1187);
        add(Scalar.TIMETZ, 1266, 1270);
        add(Scalar.DECIMAL, 1700, 1231);
        add(Scalar.UUID, 2950, 2951);
        add(Scalar.JSONB, 3802, 3807);
    }

    /** Columns of the query that describe the type itself; as many again describe its base. */
    private static final int BASE = 9;

    private static final String QUERY = "WITH RECURSIVE chain AS ("
            + "SELECT t.oid AS root, t.oid, t.typtype, t.typbasetype FROM pg_catalog.pg_type t"
            + " WHERE t.oid = ANY (ARRAY(SELECT x::bigint::oid FROM pg_catalog.unnest(?::text[]) x))"
            + " UNION ALL SELECT c.root, b.oid, b.typtype, b.typbasetype FROM chain c"
            + " JOIN pg_catalog.pg_type b ON b.oid = c.typbasetype WHERE c.typtype = 'd')"
            + " SELECT " + columnsOf("t") + ", " + columnsOf("b")
            + " FROM chain c JOIN pg_catalog.pg_type t ON t.oid = c.root JOIN pg_catalog.pg_type b ON b.oid = c.oid"
            + joinsOf("t") + joinsOf("b")
            + " WHERE c.typtype <> 'd'";

    private PgTypes() {}

    private static void add(Scalar scalar, int oid, int arrayOid) {
        TYPES.put(oid, scalar);
        TYPES.put(arrayOid, new Type.Array(scalar));
    }

    /** The SPI's type for it: that of its base for a domain, a native type of its name when there is no other. */
    public static Type spiType(PgType type) {
        PgType effective = type.effective();
        Type known = TYPES.get(effective.oid());
        return known != null ? known : new Type.Native(effective.name());
    }

    /**
     * Whether the binary form of its values means the same on another server: not with an OID in it that only this
     * server has, as arrays and ranges of user-defined types, composites and the reg* types do; and not when it lacks a
     * part of the value.
     */
    public static boolean wireCapable(PgType type) {
        PgType effective = type.effective();
        if (!effective.hasBinary()
                || OID_ALIASES.contains(effective.oid())
                || UNFAITHFUL_BINARY.contains(effective.oid())) {
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
        Object[] wanted =
                oids.stream().distinct().map(Integer::toUnsignedString).toArray();
        try (PreparedStatement statement = session.jdbc().prepareStatement(QUERY)) {
            statement.setArray(1, session.jdbc().createArrayOf("text", wanted));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    PgType base = read(rows, BASE);
                    PgType type = read(rows, 0);
                    loaded.put(type.oid(), base.oid() == type.oid() ? type : domain(type, base));
                }
            }
        }
        return loaded;
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
                domain.arrayOid());
    }

    private static PgType read(ResultSet row, int offset) throws SQLException {
        int oid = (int) row.getLong(offset + 1);
        return new PgType(
                oid,
                row.getString(offset + 2),
                new TableName(row.getString(offset + 3), row.getString(offset + 4)),
                row.getString(offset + 5).charAt(0),
                Optional.empty(),
                (int) row.getLong(offset + 6),
                row.getString(offset + 7),
                row.getBoolean(offset + 8),
                stable(oid),
                (int) row.getLong(offset + 9));
    }

    private static boolean stable(int oid) {
        return oid > 0 && oid < FIRST_UNSTABLE_OID;
    }

    private static boolean builtinScalar(int oid) {
        return stable(oid) && !OID_ALIASES.contains(oid);
    }

    /** One type's part of the query; X stands for its alias. Only what array_out prints is an array. */
    private static String columnsOf(String alias) {
        return ("X.oid, pg_catalog.format_type(X.oid, -1), Xn.nspname, X.typname, X.typtype,"
                        + " CASE WHEN X.typoutput = 'pg_catalog.array_out'::pg_catalog.regproc THEN X.typelem"
                        + " WHEN X.typtype = 'r' THEN Xr.rngsubtype ELSE 0::oid END,"
                        + " pg_catalog.quote_ident(Xfn.nspname) || '.' || pg_catalog.quote_ident(Xf.proname),"
                        + " X.typsend <> 0::oid AND X.typreceive <> 0::oid, X.typarray")
                .replace("X", alias);
    }

    private static String joinsOf(String alias) {
        return (" JOIN pg_catalog.pg_namespace Xn ON Xn.oid = X.typnamespace"
                        + " LEFT JOIN pg_catalog.pg_range Xr ON Xr.rngtypid = X.oid"
                        + " JOIN pg_catalog.pg_proc Xf ON Xf.oid = X.typoutput"
                        + " JOIN pg_catalog.pg_namespace Xfn ON Xfn.oid = Xf.pronamespace")
                .replace("X", alias);
    }
}
