package dev.transvase.postgresql.writer.session;

import static dev.transvase.postgresql.writer.error.WriterErrors.NAMES_DEPEND_ON_SEARCH_PATH;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TypeLeaves;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.transfer.ColumnTransfer;
import dev.transvase.spi.error.Checks;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings under which the server reads the text of values as it was written: for those columns only that travel as text,
 * since triggers and defaults see them as well.
 *
 * @param names those that have to be ours
 */
public record TextSettings(Set<String> names) {

    public static final TextSettings NONE = new TextSettings(Set.of());

    /** For changes, whose values travel as text until the types are known. */
    static final TextSettings ALL = new TextSettings(Set.of("array_nulls", "xmloption", "lc_monetary"));

    private static final String NAMES_READ = "search_path";

    /** The schema that comes first on the search path, but for that of temporary objects. */
    private static final String FIRST_SCHEMA = "SELECT s FROM pg_catalog.unnest(pg_catalog.current_schemas(true))"
            + " WITH ORDINALITY AS p(s, n) WHERE s !~ '^pg_temp_' ORDER BY n LIMIT 1";

    public TextSettings {
        names = Set.copyOf(names);
    }

    /** What these targets need; reports where names in values would mean other things than the server's own. */
    public static TextSettings of(List<TargetTable> targets, PostgresSession session, Checks checks)
            throws SQLException {
        TypeLeaves leaves = new TypeLeaves(session);
        Set<String> names = new TreeSet<>();
        List<String> named = new ArrayList<>();
        for (TargetTable target : targets) {
            boolean textOnly = target.mode() == WriteMode.COPY && !target.binary();
            for (ColumnTransfer transfer : target.transfers()) {
                if (textOnly || transfer.kind() == ColumnTransfer.Kind.TEXT) {
                    PgColumn column = transfer.target();
                    Set<String> dependsOn = leaves.settings(column.type());
                    names.addAll(dependsOn);
                    if (dependsOn.contains(NAMES_READ)) {
                        named.add(column.name() + " of " + target.table());
                    }
                }
            }
        }
        if (!named.isEmpty()) {
            checkPath(named, session, checks);
        }
        names.add("array_nulls");
        names.retainAll(ALL.names());
        return new TextSettings(names);
    }

    /** The server's own types and functions come without a schema: they have to be found first. */
    private static void checkPath(List<String> named, PostgresSession session, Checks checks) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(FIRST_SCHEMA)) {
            if (row.next() && !row.getString(1).equals("pg_catalog")) {
                checks.error(
                        "session",
                        NAMES_DEPEND_ON_SEARCH_PATH,
                        "column " + named.get(0)
                                + " takes names of objects, but the search path has schema " + row.getString(1)
                                + " before pg_catalog, so names of system objects could resolve to others",
                        "set \"session\" to a SET search_path without pg_catalog, or with pg_catalog first");
            }
        }
    }

    /** Makes a session ready to read texts. */
    public void apply(PostgresSession session) {
        if (names.isEmpty()) {
            return;
        }
        List<String> settings = new ArrayList<>();
        for (String name : names) {
            settings.add("SET " + name + " = "
                    + switch (name) {
                        case "array_nulls" -> "on";
                        case "xmloption" -> "content";
                        default -> "'C'";
                    });
        }
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute(String.join("; ", settings));
        } catch (SQLException e) {
            session.close();
            throw SqlErrors.translate(e, "preparing a session to write with");
        }
    }
}
