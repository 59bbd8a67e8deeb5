package dev.transvase.postgresql.sql;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be reported of a statement of the job's own by its text alone. */
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

    /** A statement that begins a transaction, in its first group, or one that ends it, in its second. */
    private static final Pattern BOUNDARY = Pattern.compile(
            "(?:^|;)\\s*(?:(BEGIN|START\\s+TRANSACTION|(?:COMMIT|END|ROLLBACK|ABORT)(?:\\s+(?:WORK|TRANSACTION))?\\s+AND\\s+CHAIN)"
                    + "|(COMMIT|END|ROLLBACK(?!(?:\\s+(?:WORK|TRANSACTION))?\\s+TO\\b)|ABORT|PREPARE\\s+TRANSACTION))\\b",
            Pattern.CASE_INSENSITIVE);

    /** What {@link #QUOTED} may take for less or more than it is: escapes, and comments within comments. */
    private static final Pattern UNCLEAR = Pattern.compile("\\\\|/\\*(?:(?!\\*/).)*/\\*", Pattern.DOTALL);

    private StatementText() {}

    /**
     * Which of the statements begins a transaction that none of them ends, as far as their text tells; empty when none does, or
     * when that is not certain.
     *
     * @param statements that are run one after the other in one session, each may be several
     */
    public static OptionalInt leavesOpen(List<String> statements) {
        int opening = -1;
        for (int i = 0; i < statements.size(); i++) {
            String sql = statements.get(i);
            if (UNCLEAR.matcher(sql).find()) {
                return OptionalInt.empty();
            }
            Matcher boundary =
                    BOUNDARY.matcher(QUOTED.matcher(sql).replaceAll(" ").strip());
            while (boundary.find()) {
                if (boundary.group(2) != null) {
                    opening = -1;
                } else if (opening < 0
                        && !boundary.group(1).toUpperCase(Locale.ROOT).endsWith("CHAIN")) {
                    opening = i;
                }
            }
        }
        return opening < 0 ? OptionalInt.empty() : OptionalInt.of(opening);
    }

    /** Whether it is one {@code SET} or {@code RESET}. */
    public static boolean isSetting(String sql) {
        return SETTING.matcher(sql.strip()).matches();
    }

    /** Whether it begins or ends a transaction, anywhere but in a quoted part. */
    public static boolean controlsTransactions(String sql) {
        return TRANSACTION.matcher(QUOTED.matcher(sql).replaceAll(" ").strip()).find();
    }
}
