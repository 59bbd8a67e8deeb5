package dev.transvase.benchmarks;

import java.io.IOException;
import java.sql.SQLException;

/** A tool that does in each round what others do too. */
interface Contender {

    String name();

    /** Called for each round before the changes are made: a slot has to stand before them. */
    void prepare(int round) throws IOException, SQLException, InterruptedException;

    /**
     * Does all of a round's work.
     *
     * @throws IllegalStateException when it did not do all of it
     */
    Outcome run(int round) throws IOException, SQLException, InterruptedException;
}
