package dev.sluice.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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
        int flags =
                QueryExecutor.QUERY_DESCRIBE_ONLY | QueryExecutor.QUERY_SUPPRESS_BEGIN | QueryExecutor.QUERY_ONESHOT;
        executor.execute(query.query, null, handler, 0, 0, flags);
        return fields;
    }

    private static List<String> declaredTypes(PostgresSession session, List<Field> fields) throws SQLException {
        Connection jdbc = session.jdbc();
        String sql = "SELECT pg_catalog.format_type(f.oid::bigint::oid, f.typmod)"
                + " FROM ROWS FROM (pg_catalog.unnest(?::text[]), pg_catalog.unnest(?::int4[]))"
                + " WITH ORDINALITY AS f(oid, typmod, n) ORDER BY f.n";
        List<String> declared = new ArrayList<>();
        try (PreparedStatement statement = jdbc.prepareStatement(sql)) {
            statement.setArray(
                    1, jdbc.createArrayOf("text", map(fields, field -> Integer.toUnsignedString(field.getOID()))));
            statement.setArray(2, jdbc.createArrayOf("int4", map(fields, Field::getMod)));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    declared.add(rows.getString(1));
                }
            }
        }
        return declared;
    }

    private static Object[] map(List<Field> fields, Function<Field, Object> to) {
        return fields.stream().map(to).toArray();
    }
}
