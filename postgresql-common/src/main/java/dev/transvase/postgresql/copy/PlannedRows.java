package dev.transvase.postgresql.copy;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.Explain;
import dev.transvase.postgresql.sql.SqlErrors;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many rows the server expects statements to give, from statistics that may be old: good enough to show progress by. */
public final class PlannedRows {

    private static final Logger log = LoggerFactory.getLogger(PlannedRows.class);

    /** More are not expected of a statement in earnest, and sums of these stay below the largest number. */
    private static final double MOST = 1e15;

    /** The line of a plan's topmost node, which alone stands at its start. */
    private static final Pattern TOP = Pattern.compile("\\S.*\\(cost=\\S+ rows=(\\d+) width=\\d+\\)");

    private PlannedRows() {}

    /**
     * In the order of the statements; empty when the server does not tell, which keeps no job from running. Blocks on the server.
     *
     * @throws SQLException when the connection was lost
     */
    public static Optional<List<Long>> of(PostgresSession session, List<String> selects) throws SQLException {
        List<Long> rows = new ArrayList<>();
        try {
            for (String line : Explain.all(session, selects)) {
                Matcher top = TOP.matcher(line);
                if (top.matches()) {
                    rows.add((long) Math.min(MOST, Double.parseDouble(top.group(1))));
                }
            }
        } catch (SQLException e) {
            if (SqlErrors.isRetryable(e)) {
                throw e;
            }
            log.info("the number of rows is unknown: {}", SqlErrors.message(e));
            return Optional.empty();
        }
        return rows.size() == selects.size() ? Optional.of(rows) : Optional.empty();
    }
}
