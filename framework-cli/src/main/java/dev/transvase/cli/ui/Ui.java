package dev.transvase.cli.ui;

import java.util.List;

/**
 * What {@code transvase ui} serves. Found through {@code META-INF/services/dev.transvase.cli.ui.Ui} in the jars of the distribution's
 * {@code ui/lib}, which see the jars of its {@code lib} as well. Needs a public constructor without arguments.
 */
public interface Ui {

    /**
     * Begins to serve, and prints the address. Returns when pages can be loaded.
     *
     * @return what serves; the caller closes it
     * @throws dev.transvase.spi.error.TransvaseException USER when an option is wrong, EXTERNAL when the address is taken
     */
    Served serve(UiOptions options);

    /**
     * The line of a file of passwords that lets this one in; the password cannot be had back from it. Takes about a second.
     *
     * @throws dev.transvase.spi.error.TransvaseException USER when the password is too short
     */
    String passwordLine(char[] password);

    /** A UI that is being served, by threads of its own. */
    interface Served extends AutoCloseable {

        /** The addresses to open, the best first; with the token where there is one. */
        List<String> addresses();

        /** Ends serving; runs of jobs go on. Waits for a few seconds at most for answers under way. */
        @Override
        void close();
    }
}
