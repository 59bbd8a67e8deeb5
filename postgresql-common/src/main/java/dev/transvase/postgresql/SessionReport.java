package dev.transvase.postgresql;

import static dev.transvase.postgresql.error.PostgresErrors.OPERATOR_HIDDEN;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Checks;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in which time zone a session is, whether the server has another one, and whether objects of a user's would replace the
 * server's own.
 */
public final class SessionReport {

    private static final Logger log = LoggerFactory.getLogger(SessionReport.class);

    private static final Set<String> UTC = Set.of(
            "utc",
            "uct",
            "etc/utc",
            "etc/uct",
            "gmt",
            "etc/gmt",
            "gmt0",
            "etc/gmt0",
            "greenwich",
            "etc/greenwich",
            "zulu",
            "etc/zulu",
            "universal",
            "etc/universal");

    /** Operators that our statements use, in schemas that come before the server's own. All but this names others in full. */
    private static final String HIDING = ("WITH path AS (SELECT n.oid, n.nspname, p.n"
                    + " FROM pg_catalog.unnest(pg_catalog.current_schemas(true)) WITH ORDINALITY AS p(s, n)"
                    + " JOIN pg_catalog.pg_namespace n ON n.nspname EQ p.s)"
                    + " SELECT p.nspname, o.oprname, l.typname, r.typname FROM path p"
                    + " JOIN pg_catalog.pg_operator o ON o.oprnamespace EQ p.oid"
                    + " JOIN pg_catalog.pg_type l ON l.oid EQ o.oprleft JOIN pg_catalog.pg_type r ON r.oid EQ o.oprright"
                    + " JOIN path c ON c.nspname EQ 'pg_catalog' AND p.n OPERATOR(pg_catalog.<) c.n"
                    + " WHERE l.typnamespace EQ c.oid AND r.typnamespace EQ c.oid AND o.oprname EQ ANY"
                    + " ('{=,<>,<,<=,>,>=,||,~,!~,"
                    + "/,*,+,-,&}'::pg_catalog.name[]) LIMIT 1")
            .replace(" EQ ", " OPERATOR(pg_catalog.=) ");

    private SessionReport() {}

    /**
     * Tells it in the log and in the checks.
     *
     * @param session with which the step's own statements have been run
     */
    public static void tell(PostgresSession session, Checks checks) {
        tellZone(session, checks);
        checkOperators(session, checks);
    }

    private static void tellZone(PostgresSession session, Checks checks) {
        String zone = session.timeZone();
        String reported = "sessions are in the time zone " + zone;
        log.info(reported);
        checks.note(reported);
        if (session.serverTimeZone().isEmpty()) {
            checks.warning(
                    "datasource",
                    reported + "; the server's own time zone and date style are unknown, as "
                            + PostgresSession.NOT_SEEN);
        } else if (!same(zone, session.serverTimeZone().get())) {
            checks.warning(
                    "datasource",
                    reported + ", the server's own is "
                            + session.serverTimeZone().get()
                            + ": where, views, expressions, defaults and triggers read times without a zone in " + zone
                            + "; to change that, set the data source's timeZone to \"server\" or to a zone");
        }
    }

    private static void checkOperators(PostgresSession session, Checks checks) {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(HIDING)) {
            if (row.next()) {
                checks.error(
                        "datasource",
                        OPERATOR_HIDDEN,
                        "the search path has schema " + SqlNames.quote(row.getString(1))
                                + " before pg_catalog, and its operator " + row.getString(2) + " for "
                                + row.getString(3) + " and " + row.getString(4)
                                + " would replace the server's own",
                        "set \"session\" of the step to a SET search_path without pg_catalog, or with pg_catalog first");
            }
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "looking for operators on the search path");
        }
    }

    private static boolean same(String zone, String other) {
        return zone.equalsIgnoreCase(other) || (isUtc(zone) && isUtc(other));
    }

    static boolean isUtc(String zone) {
        return UTC.contains(SqlNames.fold(zone));
    }
}
