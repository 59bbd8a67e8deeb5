package dev.sluice.postgresql;

import java.util.regex.Pattern;

/** What can be told of a statement of the job's own by its text alone. */
public final class StatementText {

    private static final Pattern SETTING =
            Pattern.compile("(SET|RESET)\\b[^;]*;?\\s*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Literals, quoted names, bodies of functions and comments. */
    private static final Pattern QUOTED = Pattern.compile(
            "(\\$(?:[\\p{L}_][\\p{L}\\p{N}_]*)?\\$).*?\\1|'(?:[^']|'')*'|\"[^\"]*\"|--[^\\n]*|/\\*.*?\\*/",
            Pattern.DOTALL);

    private static final Pattern TRANSACTION = Pattern.compile(
            "(^|;)\\s*(BEGIN|START\\s+TRANSACTION|COMMIT|END|ROLLBACK(?!\\s+TO\\b)|ABORT|PREPARE\\s+TRANSACTION)\\b",
            Pattern.CASE_INSENSITIVE);

    private StatementText() {}

    /** Whether it is one {@code SET} or {@code RESET}. */
    public static boolean isSetting(String sql) {
        return SETTING.matcher(sql.strip()).matches();
    }

    /** Whether it begins or ends a transaction, anywhere but in a quoted part. */
    public static boolean controlsTransactions(String sql) {
        return TRANSACTION.matcher(QUOTED.matcher(sql).replaceAll(" ").strip()).find();
    }
}
