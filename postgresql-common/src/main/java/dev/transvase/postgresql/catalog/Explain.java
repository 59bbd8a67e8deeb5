package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.PostgresSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Has the server plan statements, many in one round trip: it judges them, and takes the locks that running them would. */
public final class Explain {

    /** So many characters of statements are sent at a time. */
    private static final int TOGETHER = 32 << 10;

    private Explain() {}

    /**
     * Plans all of these, in a round trip for each 32 KiB of them. Blocks on the server.
     *
     * @return the lines of all plans
     */
    public static List<String> all(PostgresSession session, List<String> statements) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            for (List<String> together : together(statements)) {
                boolean more = statement.execute("EXPLAIN " + String.join(";\nEXPLAIN ", together));
                while (more) {
                    try (ResultSet plan = statement.getResultSet()) {
                        while (plan.next()) {
                            lines.add(plan.getString(1));
                        }
                    }
                    more = statement.getMoreResults();
                }
            }
        }
        return lines;
    }

    /** Little enough at a time that none of it is left to be sent when the answers begin to come. */
    public static List<List<String>> together(List<String> statements) {
        List<List<String>> all = new ArrayList<>();
        int characters = TOGETHER;
        for (String statement : statements) {
            if (characters + statement.length() > TOGETHER) {
                all.add(new ArrayList<>());
                characters = 0;
            }
            all.get(all.size() - 1).add(statement);
            characters += statement.length();
        }
        return all;
    }
}
