package dev.transvase.postgresql.cdc.prerequisite;

import static dev.transvase.postgresql.cdc.error.CdcErrors.CHILDREN_NOT_FOLLOWED;
import static dev.transvase.postgresql.cdc.error.CdcErrors.NOT_OWNED;
import static dev.transvase.postgresql.cdc.error.CdcErrors.NO_LOGIN;
import static dev.transvase.postgresql.cdc.error.CdcErrors.NO_REPLICATION;
import static dev.transvase.postgresql.cdc.error.CdcErrors.NO_REPLICATION_SLOT;
import static dev.transvase.postgresql.cdc.error.CdcErrors.NO_WAL_SENDER;
import static dev.transvase.postgresql.cdc.error.CdcErrors.STANDBY;
import static dev.transvase.postgresql.cdc.error.CdcErrors.TABLE_NOT_FOLLOWED;
import static dev.transvase.postgresql.cdc.error.CdcErrors.WAL_LEVEL;
import static dev.transvase.postgresql.error.PostgresErrors.ROW_SECURITY;
import static dev.transvase.spi.error.CommonErrors.PERMISSION_DENIED;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.Inheritance;
import dev.transvase.postgresql.catalog.RowSecurity;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.ReplicaIdentity;
import dev.transvase.postgresql.cdc.prerequisite.TableSelection.Selected;
import dev.transvase.postgresql.cdc.source.Publication;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.Fix;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What server, user and tables must be like for changes to be followed. Tells all that is amiss, and what fixes it. */
public final class Prerequisites {

    /** From this release on the server writes what is needed as long as there is a logical slot. */
    private static final int RAISES_WAL_LEVEL = 19;

    private final PostgresSession session;
    private final Checks checks;

    public Prerequisites(PostgresSession session, Checks checks) {
        this.session = session;
        this.checks = checks;
    }

    /**
     * Checks server and user.
     *
     * @param slot that is needed; whether there is room for it matters only while it is not there
     * @param publication likewise
     */
    public void server(String slot, String publication) throws SQLException {
        String sql = "SELECT current_user, r.rolcanlogin, r.rolreplication OR r.rolsuper,"
                + " pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('wal_level'),"
                + " pg_catalog.current_setting('max_wal_senders')::pg_catalog.int8, (SELECT pg_catalog.count(*)"
                + " FROM pg_catalog.pg_stat_replication),"
                + " pg_catalog.current_setting('max_replication_slots')::pg_catalog.int8,"
                + " (SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots),"
                + " EXISTS (SELECT FROM pg_catalog.pg_replication_slots WHERE slot_name = " + SqlNames.literal(slot)
                + "),"
                + " EXISTS (SELECT FROM pg_catalog.pg_publication WHERE pubname = " + SqlNames.literal(publication)
                + "),"
                + " pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),"
                + " pg_catalog.current_database() FROM pg_catalog.pg_roles r WHERE r.rolname = current_user";
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            user(row.getString(1), row.getBoolean(2), row.getBoolean(3));
            if (row.getBoolean(4)) {
                error(
                        STANDBY,
                        "the server is a standby, where no publication can be created",
                        "point the data source to the primary");
                return;
            }
            walLevel(row.getString(5));
            if (row.getLong(6) <= row.getLong(7)) {
                fixed(
                        NO_WAL_SENDER,
                        "all " + row.getLong(6) + " WAL senders are in use (max_wal_senders)",
                        "end one, see pg_stat_replication, or run ",
                        "ALTER SYSTEM SET max_wal_senders = " + (row.getLong(6) + 10),
                        " and restart the server");
            }
            if (!row.getBoolean(10) && row.getLong(8) <= row.getLong(9)) {
                fixed(
                        NO_REPLICATION_SLOT,
                        "all " + row.getLong(8) + " replication slots are in use (max_replication_slots)",
                        "drop one that is no longer needed, see pg_replication_slots, or run ",
                        "ALTER SYSTEM SET max_replication_slots = " + (row.getLong(8) + 10),
                        " and restart the server");
            }
            if (!row.getBoolean(11) && !row.getBoolean(12)) {
                fixed(
                        PERMISSION_DENIED,
                        "user " + row.getString(1) + " may not create a publication in database " + row.getString(13),
                        "run ",
                        "GRANT CREATE ON DATABASE " + SqlNames.quote(row.getString(13)) + " TO "
                                + SqlNames.quote(row.getString(1)),
                        "");
            }
        }
    }

    private void user(String user, boolean login, boolean replication) throws SQLException {
        if (!login) {
            fixed(
                    NO_LOGIN,
                    "user " + user + " may not log in",
                    "run ",
                    "ALTER USER " + SqlNames.quote(user) + " LOGIN",
                    "");
        }
        if (!replication) {
            fixed(
                    NO_REPLICATION,
                    "user " + user + " may not replicate",
                    "run ",
                    "ALTER USER " + SqlNames.quote(user) + " REPLICATION",
                    "");
        }
    }

    private void walLevel(String level) throws SQLException {
        if (!canBeDecoded(session.majorVersion(), level)) {
            fixed(
                    WAL_LEVEL,
                    "expected wal_level logical, found " + level,
                    "run ",
                    "ALTER SYSTEM SET wal_level = logical",
                    " and restart the server");
        }
    }

    /** Whether the log of such a server has, or will have once there is a slot, what a stream of changes is made of. */
    static boolean canBeDecoded(int majorVersion, String walLevel) {
        return walLevel.equals("logical") || (majorVersion >= RAISES_WAL_LEVEL && walLevel.equals("replica"));
    }

    /**
     * Checks a table.
     *
     * @param oid of the table
     * @param path where the job file means it
     * @param begun whether the stream has begun, so that a partition may have come since, which is not made like the others
     */
    public void table(TableName table, int oid, String path, ReplicaIdentity identity, boolean begun)
            throws SQLException {
        String sql = "SELECT c.relkind, c.relpersistence, pg_catalog.pg_get_userbyid(c.relowner),"
                + " pg_catalog.pg_has_role(c.relowner, 'USAGE'), current_user FROM pg_catalog.pg_class c WHERE c.oid = "
                + Integer.toUnsignedString(oid);
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            char kind = row.getString(1).charAt(0);
            if (!kind(table, kind, row.getString(2).charAt(0), path)) {
                return;
            }
            if (!row.getBoolean(4)) {
                String grant = "GRANT " + SqlNames.quote(row.getString(3)) + " TO " + SqlNames.quote(row.getString(5));
                checks.error(
                        path,
                        Finding.of(
                                        NOT_OWNED,
                                        table + " belongs to " + row.getString(3)
                                                + ", and only its owner can publish it",
                                        "run " + grant + ", or ALTER TABLE " + SqlNames.quote(table) + " OWNER TO "
                                                + SqlNames.quote(row.getString(5)))
                                .of(table, "tables belong to another user, and only their owners can publish them")
                                .mendedBy(Fix.mend(place(), grant)));
            }
        }
        new ReplicaIdentityCheck(session, checks).table(oid, path, identity, begun);
    }

    /** The log has the changes of a child under its own name: of a tree that is followed in part they would be missing. */
    public void trees(List<Selected> tables) {
        Set<Integer> followed = tables.stream().map(t -> t.table().oid()).collect(Collectors.toSet());
        List<Selected> parents = tables.stream()
                .filter(t -> t.table().relkind() == 'r' && t.table().hasChildren())
                .toList();
        Inheritance inheritance = Inheritance.below(
                session, parents.stream().map(t -> t.table().oid()).toList());
        for (Selected parent : parents) {
            List<String> missing = inheritance.below(parent.table().oid()).stream()
                    .filter(member -> !followed.contains(member.oid()))
                    .map(member -> member.table().toString())
                    .toList();
            if (!missing.isEmpty()) {
                checks.error(
                        parent.path(),
                        CHILDREN_NOT_FOLLOWED,
                        parent.table().table() + " has children that are not followed: " + String.join(", ", missing)
                                + "; their changes would be missing, or come without warning",
                        "add them to table: each is followed into its own table");
            }
        }
    }

    /** Tables whose rows row-level security would hide from the snapshot; the stream has them all. */
    public void rowSecurity(List<Selected> tables) throws SQLException {
        Map<TableName, String> paths = new HashMap<>();
        tables.forEach(t -> paths.put(t.table().table(), t.path()));
        for (RowSecurity.Secured table : RowSecurity.of(
                session, tables.stream().map(t -> t.table().oid()).toList())) {
            checks.error(
                    paths.get(table.table()),
                    Finding.of(ROW_SECURITY, table.effect(), table.remedy())
                            .of(table.table(), "tables are under row-level security that hides rows from this user")
                            .mendedBy(Fix.mend(place(), table.statements())));
        }
    }

    private boolean kind(TableName table, char kind, char persistence, String path) throws SQLException {
        String what = switch (kind) {
            case 'v' -> "a view";
            case 'm' -> "a materialized view";
            case 'f' -> "a foreign table";
            default -> "";
        };
        if (!what.isEmpty()) {
            refuse(table, path, what, "follow its base tables");
            return false;
        }
        if (persistence != 'p') {
            if (persistence == 't') {
                refuse(table, path, "a temporary table", "follow another table");
                return false;
            }
            String logged = "ALTER TABLE " + SqlNames.quote(table) + " SET LOGGED";
            checks.error(
                    path,
                    refused(table, "an unlogged table", "run " + logged)
                            .of(table, "tables are unlogged, and their changes are not in the log")
                            .mendedBy(Fix.mend(place(), logged)));
            return false;
        }
        if (kind == 'p' && session.majorVersion() < Publication.PARTITIONED_FROM) {
            refuse(
                    table,
                    path,
                    "a partitioned table, which PostgreSQL " + session.majorVersion() + " cannot publish as a whole",
                    "name its partitions, or upgrade to PostgreSQL 13 or later");
            return false;
        }
        if (hypertable(table)) {
            refuse(table, path, "a hypertable", "follow another table");
            return false;
        }
        return true;
    }

    private void refuse(TableName table, String path, String what, String remedy) {
        checks.error(path, refused(table, what, remedy));
    }

    private static Finding refused(TableName table, String what, String remedy) {
        return Finding.of(TABLE_NOT_FOLLOWED, table + " is " + what + ", so its changes are not in the log", remedy);
    }

    /** Hyper tables are an extension's, which keeps a list of them. */
    private boolean hypertable(TableName table) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            try (ResultSet row = statement.executeQuery(
                    "SELECT pg_catalog.to_regclass('_timescaledb_catalog.hypertable') IS NOT NULL")) {
                row.next();
                if (!row.getBoolean(1)) {
                    return false;
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM _timescaledb_catalog.hypertable"
                    + " WHERE schema_name = " + SqlNames.literal(table.namespace()) + " AND table_name = "
                    + SqlNames.literal(table.name()) + ')')) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private void error(ErrorCode code, String message, String remedy) {
        checks.error("datasource", code, message, remedy);
    }

    /** A fault that one statement fixes, with what is said before and behind it. */
    private void fixed(ErrorCode code, String message, String before, String statement, String behind)
            throws SQLException {
        checks.error(
                "datasource",
                Finding.of(code, message, before + statement + behind).mendedBy(Fix.mend(place(), statement)));
    }

    private Fix.Place place() throws SQLException {
        return session.place("source");
    }
}
