package dev.transvase.core.parameter;

import java.util.List;
import java.util.stream.Collectors;

/** A job that cannot run, with everything that is wrong with it. Nothing was moved. */
public final class InvalidJobException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // the list is an immutable JDK list of records; this exception is never serialised
    private final List<Problem> problems;

    public InvalidJobException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** The errors, in the order in which they were found. */
    public List<Problem> problems() {
        return problems;
    }
}
