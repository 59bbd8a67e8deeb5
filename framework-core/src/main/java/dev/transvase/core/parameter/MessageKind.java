package dev.transvase.core.parameter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What a message says apart from whom it says it of. Two messages of one kind are the same but for names and numbers.
 *
 * @param template the message with a mark in place of each name and number
 * @param values what stands at the marks
 */
public record MessageKind(String template, List<String> values) {

    private static final String QUOTED = "\"(?:[^\"]|\"\")*\"";
    private static final String PLAIN = "[\\p{L}_][\\p{L}\\p{N}_$]*";
    private static final String PART = "(?:" + QUOTED + '|' + PLAIN + ')';

    /** A number, two hexadecimal numbers with a slash between them, or a name with a number in it, such as {@code t12}. */
    private static final String NUMBER = "[0-9A-F]+/[0-9A-F]+|[\\p{L}_]*[0-9][\\p{L}\\p{N}_$]*(?:[.,:][0-9]+)*";

    private static final String NAME = PART + "(?:\\." + PART + ")+|" + QUOTED;

    /** Names that follow each other are one value: a list may be longer in the next message. */
    private static final Pattern VALUE =
            Pattern.compile("(?:" + NAME + '|' + NUMBER + ")(?:, (?:" + NAME + '|' + NUMBER + "))*");

    private static final Pattern ONLY_NUMBER = Pattern.compile("[0-9A-F]+/[0-9A-F]+|[0-9]+(?:[.,:][0-9]+)*");

    private static final String MARK = "\u0000";

    public MessageKind {
        values = List.copyOf(values);
    }

    /** Takes a message apart. */
    public static MessageKind of(String message) {
        List<String> values = new ArrayList<>();
        StringBuilder template = new StringBuilder();
        Matcher matcher = VALUE.matcher(message);
        while (matcher.find()) {
            values.add(matcher.group());
            matcher.appendReplacement(template, MARK);
        }
        matcher.appendTail(template);
        return new MessageKind(template.toString(), values);
    }

    /** What the other one of the same kind is about, where this one is about something else: a name rather than a number. */
    public Optional<String> difference(MessageKind other) {
        return IntStream.range(0, Math.min(values.size(), other.values.size()))
                .filter(i -> !values.get(i).equals(other.values.get(i)))
                .mapToObj(other.values::get)
                .filter(value -> !ONLY_NUMBER.matcher(value).matches())
                .findFirst();
    }
}
