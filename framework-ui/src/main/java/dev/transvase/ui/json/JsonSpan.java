package dev.transvase.ui.json;

import java.util.List;
import java.util.Optional;

/** A value of a text, by its place there: from {@code start} to before {@code end}, in characters. */
public sealed interface JsonSpan {

    /** Where it begins. */
    int start();

    /** Where what is behind it begins. */
    int end();

    /** What stands for it in a text. */
    default String in(String text) {
        return text.substring(start(), end());
    }

    /** A text, a number, {@code true}, {@code false}, {@code null}, or a variable without quotes. */
    record Scalar(int start, int end) implements JsonSpan {}

    /** A list. */
    record Many(int start, int end, List<JsonSpan> elements) implements JsonSpan {

        public Many {
            elements = List.copyOf(elements);
        }
    }

    /** An object. */
    record Members(int start, int end, List<Member> members) implements JsonSpan {

        public Members {
            members = List.copyOf(members);
        }

        /** The member of this name; the first one where there are two. */
        public Optional<Member> member(String name) {
            return members.stream().filter(member -> member.name().equals(name)).findFirst();
        }
    }

    /**
     * A name and its value.
     *
     * @param start where the name's quotes begin
     */
    record Member(int start, String name, JsonSpan value) {}
}
