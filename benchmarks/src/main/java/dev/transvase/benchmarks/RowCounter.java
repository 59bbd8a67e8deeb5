package dev.transvase.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Counts rows, so that a result has rows/s beside the rate of the measured method. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class RowCounter {

    /** The name that JMH gives to the result. */
    static final String RESULT = "rows";

    /** JMH reads it, and sets it to 0 before each iteration. */
    public long rows;
}
