package dev.sluice.postgresql.reader;

import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.copy.Explain;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many rows the server expects statements to give, from statistics that may be old: good enough to show progress by. */
final class PlannedRows {

    /** The line of a plan's topmost node, which alone stands at its start. */
    private static final Pattern TOP = Pattern.compile("\\S.*\\(cost=\\S+ rows=(\\d{1,18}) width=\\d+\\)");

    private PlannedRows() {}

    /** In the order of the statements. Blocks on the server. */
    static List<Long> of(PostgresSession session, List<String> selects) throws SQLException {
        List<Long> rows = new ArrayList<>();
        for (String line : Explain.all(session, selects)) {
            Matcher top = TOP.matcher(line);
            if (top.matches()) {
                rows.add(Long.parseLong(top.group(1)));
            }
        }
        if (rows.size() != selects.size()) {
            throw new SQLException("the server gave " + rows.size() + " plans of " + selects.size() + " statements");
        }
        return rows;
    }
}
