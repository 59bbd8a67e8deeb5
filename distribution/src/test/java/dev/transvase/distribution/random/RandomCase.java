package dev.transvase.distribution.random;

import java.util.List;

/**
 * A table, one that its rows go to, and a job that moves them. SQL has {@code @schema} for the schema that it is run in.
 *
 * @param seed makes the same case again
 * @param source makes the source's table and its rows
 * @param from what is read, without the schema
 * @param where which rows, as SQL; empty for all
 * @param target makes the target's table
 * @param to its name, without the schema
 * @param unique makes its unique keys
 * @param key the column of its unique key; empty when it has none
 * @param columns all of its columns
 * @param moves what goes into which column
 * @param reader the reader's parameters as JSON, with {@code @schema}
 * @param writer the writer's parameters as JSON, with {@code @schema}
 * @param setting the job's settings as JSON
 * @param mayRefuse why the job may be refused before it runs, with "must" in it when nothing else is right; empty when it may not
 * @param mayFail why it may fail when it runs, for other than dirty records; empty when it may not
 */
record RandomCase(
        long seed,
        List<String> source,
        String from,
        String where,
        List<String> target,
        String to,
        List<String> unique,
        String key,
        List<RandomColumn> columns,
        List<Move> moves,
        String reader,
        String writer,
        String setting,
        String mayRefuse,
        String mayFail) {

    /**
     * What goes into one column.
     *
     * @param expression what is read, as SQL
     * @param type what that is
     */
    record Move(String expression, String type, RandomColumn target) {

        boolean sameType() {
            return type.equals(target.type());
        }
    }

    /** Whether nothing but refusing it is right. */
    boolean mustRefuse() {
        return mayRefuse.contains("must");
    }

    boolean sameTypes() {
        return moves.stream().allMatch(Move::sameType);
    }

    /** All that it takes to do it again by hand. */
    String story() {
        return "seed " + seed + "\n-- source\n" + String.join(";\n", source) + ";\n-- target\n"
                + String.join(";\n", target) + ";\n" + String.join(";\n", unique) + "\n-- reader " + reader
                + "\n-- writer " + writer + "\n-- setting " + setting + "\n-- moves " + moves + "\n-- may refuse: "
                + mayRefuse + "; may fail: " + mayFail;
    }
}
