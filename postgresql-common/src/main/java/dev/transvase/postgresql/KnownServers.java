package dev.transvase.postgresql;

import dev.transvase.spi.error.Checks;

/** The releases of PostgreSQL that this one of ours was tested with. A newer one is no reason not to run. */
public final class KnownServers {

    private static final int OLDEST = 10;
    private static final int NEWEST = 18;

    private KnownServers() {}

    /** Warns of a server that is newer. */
    public static void check(PostgresSession session, Checks checks) {
        check(session.majorVersion(), session.version(), checks);
    }

    static void check(int major, String version, Checks checks) {
        if (major > NEWEST) {
            checks.warning(
                    "datasource",
                    "the server is PostgreSQL " + version + ", but this release is tested with " + OLDEST + " to "
                            + NEWEST + ": check the first results, and see docs/postgresql-versions.md for what is"
                            + " known about newer servers");
        }
    }
}
