package dev.transvase.cli.argument;

import static dev.transvase.spi.error.CommonErrors.INVALID_OPTION;

import dev.transvase.spi.error.TransvaseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The texts given with {@code -p}: options of a command line in one, which DataX hands to a shell. Spaces part them; quotes
 * and backslashes mean what they mean to a shell, but nothing is expanded.
 */
final class DataXOptions {

    private DataXOptions() {}

    /**
     * The variables in these texts, by name.
     *
     * @throws TransvaseException USER when something in them is no variable
     */
    static Map<String, String> variables(List<String> texts) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String text : texts) {
            for (String word : words(text)) {
                int equals = word.indexOf('=');
                if (!word.startsWith("-D") || equals < 3) {
                    throw TransvaseException.of(
                            INVALID_OPTION,
                            "-p takes variables only, such as \"-Da=1 -Db=2\"; one of its "
                                    + words(text).size() + " words is not of the form -DNAME=VALUE");
                }
                variables.put(word.substring(2, equals), word.substring(equals + 1));
            }
        }
        return variables;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean begun = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (begun) {
                    words.add(word.toString());
                }
                begun = false;
                word.setLength(0);
                continue;
            }
            begun = true;
            if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == '\\' && quote != '\'' && i + 1 < text.length() && isEscaped(text.charAt(i + 1), quote)) {
                i++;
                word.append(text.charAt(i));
            } else {
                word.append(c);
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }

    /** Within double quotes a backslash stands for itself, unless a character follows that means something there. */
    private static boolean isEscaped(char next, char quote) {
        return quote == 0 || next == '"' || next == '\\' || next == '$' || next == '`';
    }
}
