package dev.transvase.cli.ui;

import dev.transvase.core.datasource.DataSourcesLookup;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the UI is given.
 *
 * @param home the distribution's folder
 * @param folder where jobs are, and {@code runs/} below it; absolute
 * @param dataSources the data sources file
 * @param keepRuns how many runs are kept at least; older ones that have ended are deleted
 * @param opens whether a browser is opened
 * @param access who may connect, and how
 * @param variables the environment variables
 * @param out takes results
 * @param err takes messages for people
 */
public record UiOptions(
        Path home,
        Path folder,
        DataSourcesLookup dataSources,
        int keepRuns,
        boolean opens,
        Access access,
        Map<String, String> variables,
        PrintStream out,
        PrintStream err) {

    public UiOptions {
        variables = Map.copyOf(variables);
    }

    /**
     * Who may connect, and how.
     *
     * @param port to listen at; 0 for any that is free
     * @param listen the address to listen at; empty for loopback
     * @param hostName a further name that requests may call the server by
     * @param passwordFile holds a password's line, see {@link Ui#passwordLine}; needed when others can connect
     * @param certificate of the server, with its chain, in PEM; empty to serve without TLS
     * @param key of the certificate, in PEM
     */
    public record Access(
            int port,
            Optional<String> listen,
            Optional<String> hostName,
            Optional<Path> passwordFile,
            Optional<Path> certificate,
            Optional<Path> key) {}
}
