package dev.transvase.benchmarks;

import java.io.IOException;
import java.sql.SQLException;

/** What carries each change to the target as soon as it is made. Closing ends it. */
interface Follower extends AutoCloseable {

    /** Starts it. */
    interface Kind {

        String name();

        /** Called for each round before rows are inserted. Need not wait until it follows. */
        Follower start(int round) throws IOException, SQLException, InterruptedException;
    }

    /** Fails when it can carry nothing any more. */
    void requireNotFailed() throws IOException, SQLException;

    @Override
    void close() throws IOException, SQLException, InterruptedException;
}
