package dev.sluice.postgresql.reader;

import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.SqlErrors;
import dev.sluice.postgresql.reader.TableChoice.Chosen;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names the tables that rows come from so that two readers of one server name them alike, and readers of two do not. */
final class Origins {

    /** Two servers do not start in the same microsecond, and a copy of a server starts after the one that it is of. */
    private static final String DATABASE =
            "SELECT ' of database ' || pg_catalog.current_database() || ' (server started '"
                    + " || pg_catalog.to_char(pg_catalog.timezone('UTC', pg_catalog.pg_postmaster_start_time()),"
                    + " 'YYYY-MM-DD HH24:MI:SS.US') || ' UTC)'";

    private Origins() {}

    /** For each source the tables whose rows it reads; none of a query. Blocks on the server. */
    static List<Set<String>> of(PostgresSession session, List<Source> sources) {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(DATABASE)) {
            row.next();
            String database = row.getString(1);
            return sources.stream()
                    .map(source -> source.chosen().map(c -> of(c, database)).orElse(Set.of()))
                    .toList();
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "asking which database is read");
        }
    }

    private static Set<String> of(Chosen chosen, String database) {
        Set<String> origins = new HashSet<>();
        origins.add(chosen.table().table() + database);
        chosen.taken().forEach(member -> origins.add(member.table() + database));
        return origins;
    }
}
