package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.PostgresSession;
import dev.sluice.spi.SluiceException;
import java.util.List;
import java.util.regex.Pattern;

/** Runs the statements of the parameter {@code session}, which every connection of the job begins with. */
final class SessionStatements {

    private static final Pattern SETTING =
            Pattern.compile("(SET|RESET)\\b[^;]*;?\\s*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final List<String> statements;

    SessionStatements(List<String> statements) {
        this.statements = statements;
    }

    /**
     * Runs all of them in their order.
     *
     * @throws SluiceException that names the one that failed
     */
    void run(PostgresSession session) {
        TargetStatements.run(session, "session", statements, List.of());
    }

    /** Runs those that set something, which may count for the next transaction only. */
    void runSettings(PostgresSession session) {
        run(session, true);
    }

    /** Runs the others, which may change tables: in a transaction that is rolled back nothing is left of them. */
    void runOthers(PostgresSession session) {
        run(session, false);
    }

    private void run(PostgresSession session, boolean settings) {
        for (int i = 0; i < statements.size(); i++) {
            if (SETTING.matcher(statements.get(i).strip()).matches() == settings) {
                TargetStatements.runOne(session, "session[" + i + ']', statements.get(i), List.of(), () -> {});
            }
        }
    }
}
