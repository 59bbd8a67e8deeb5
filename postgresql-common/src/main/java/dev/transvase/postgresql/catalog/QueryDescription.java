package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.PostgresSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.CachedQuery;
import org.postgresql.core.Field;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.Tuple;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a query returns, found out by preparing it without running it. JDBC's own metadata hides the types' OIDs and
 * modifiers, so this asks one layer below it.
 *
 * @param columns in their order
 */
public record QueryDescription(List<QueryColumn> columns) {

    private static final Logger log = LoggerFactory.getLogger(QueryDescription.class);

    /** What may be a parameter, or the like of it in a literal. */
    private static final Pattern PARAMETER = Pattern.compile("\\$\\d");

    public QueryDescription {
        columns = List.copyOf(columns);
    }

    /**
     * A column of a query.
     *
     * @param name its label; several columns may have the same
     * @param typmod its type's modifier; -1 when there is none
     * @param declaredType for example {@code character varying(20)}; the server gives the base of a domain
     * @param tableOid the table it comes from as it is; 0 when it is computed
     * @param attnum its number in that table; 0 when it is computed
     * @param type its type
     */
    public record QueryColumn(String name, int typmod, String declaredType, int tableOid, int attnum, PgType type) {}

    /**
     * Prepares one statement. Blocks on the server; takes the locks that running it would.
     *
     * @throws SQLException what the server says against it
     */
    public static QueryDescription of(PostgresSession session, String sql) throws SQLException {
        List<Field> fields = fields(session.pg(), sql);
        List<Integer> oids = fields.stream().map(Field::getOID).toList();
        Map<Integer, PgType> types = PgTypes.load(session, oids);
        List<String> declared = declaredTypes(session, fields);
        List<QueryColumn> columns = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            columns.add(new QueryColumn(
                    field.getColumnLabel(),
                    field.getMod(),
                    declared.get(i),
                    field.getTableOid(),
                    field.getPositionInTable(),
                    types.get(field.getOID())));
        }
        return new QueryDescription(columns);
    }

    /** The types of a statement's columns, by OID; of a domain its base. As {@link #of} otherwise. */
    public static List<Integer> types(PostgresSession session, String sql) throws SQLException {
        return fields(session.pg(), sql).stream().map(Field::getOID).toList();
    }

    private static List<Field> fields(Object pg, String sql) throws SQLException {
        BaseConnection connection = (BaseConnection) pg;
        if (PARAMETER.matcher(sql).find()) {
            // The driver loses its place in the protocol when a description tells of parameters that it does not know
            // of.
            // In the simple protocol the server itself says that there are none.
            execute(connection, "EXPLAIN " + sql, QueryExecutor.QUERY_EXECUTE_AS_SIMPLE);
        }
        return execute(connection, sql, QueryExecutor.QUERY_DESCRIBE_ONLY);
    }

    /** Gives the columns of the result. */
    private static List<Field> execute(BaseConnection connection, String sql, int how) throws SQLException {
        List<Field> fields = new ArrayList<>();
        ResultHandlerBase handler = new ResultHandlerBase() {
            @Override
            public void handleResultRows(Query query, Field[] described, List<Tuple> tuples, ResultCursor cursor) {
                fields.addAll(List.of(described));
            }

            @Override
            public void handleWarning(SQLWarning warning) {
                log.debug("describing a query", warning);
            }
        };
        QueryExecutor executor = connection.getQueryExecutor();
        // Not parameterized: a question mark is an operator of the server's.
        CachedQuery query = executor.createQuery(sql, false, false);
        int flags = how | QueryExecutor.QUERY_SUPPRESS_BEGIN | QueryExecutor.QUERY_ONESHOT;
        executor.execute(query.query, null, handler, 0, 0, flags);
        return fields;
    }

    private static List<String> declaredTypes(PostgresSession session, List<Field> fields) throws SQLException {
        Connection jdbc = session.jdbc();
        String sql = "SELECT pg_catalog.format_type(f.oid::pg_catalog.int8::pg_catalog.oid, f.typmod)"
                + " FROM ROWS FROM (pg_catalog.unnest(?::pg_catalog.text[]), pg_catalog.unnest(?::pg_catalog.int4[]))"
                + " WITH ORDINALITY AS f(oid, typmod, n) ORDER BY f.n";
        List<String> declared = new ArrayList<>();
        try (PreparedStatement statement = jdbc.prepareStatement(sql)) {
            statement.setArray(
                    1, jdbc.createArrayOf("text", map(fields, field -> Integer.toUnsignedString(field.getOID()))));
            statement.setArray(2, jdbc.createArrayOf("int4", map(fields, Field::getMod)));
            try (ResultSet rows = statement.executeQuery()) {
                for (Field field : fields) {
                    rows.next();
                    declared.add(PgTypes.declared(field.getOID(), rows.getString(1)));
                }
            }
        }
        return declared;
    }

    private static Object[] map(List<Field> fields, Function<Field, Object> to) {
        return fields.stream().map(to).toArray();
    }
}
