package dev.transvase.ui.http;

/** What sends events to whoever listens. */
@FunctionalInterface
public interface EventSource {

    /**
     * Begins to send. Called once for each listener, on the thread that answers its request; must not wait for events.
     *
     * @return what stops it; called once, by any thread
     */
    Runnable sendTo(Listener listener);

    /** A client that listens. */
    interface Listener {

        /**
         * Hands it an event. Returns at once; of a client that does not keep up with its events only the latest of each name are sent.
         *
         * @param name of the kind of event
         * @param data one line
         */
        void send(String name, String data);

        /** Tells it that there will be no more, and lets it go once it has what it was sent. */
        void end();
    }
}
