package dev.transvase.postgresql;

import static dev.transvase.postgresql.error.PostgresErrors.INVALID_JDBC_URL;
import static dev.transvase.postgresql.error.PostgresErrors.UNIX_SOCKET;
import static dev.transvase.spi.error.CommonErrors.CONFLICTING_PARAMETERS;
import static dev.transvase.spi.error.CommonErrors.MISSING_PARAMETER;

import dev.transvase.postgresql.tls.Ssl;
import dev.transvase.postgresql.tls.TlsFiles;
import dev.transvase.spi.DataSourceType;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Secret;
import dev.transvase.spi.parameter.Validated;
import java.util.Map;
import java.util.Optional;

/** A database to connect to: the {@code postgresql} entries of the data sources file. */
public record PostgresDataSource(
        @Parameter(description = "Host name or address of the server.")
        Optional<String> host,

        @Parameter(description = "Port of the server.", defaultValue = "5432", min = 1, max = 65535)
        int port,

        @Parameter(description = "Name of the database.") Optional<String> database,

        @Parameter(description = "A jdbc:postgresql: URL in place of host, port and database.")
        Optional<String> jdbcUrl,

        @Parameter(description = "User to log in as.", required = true)
        String username,

        @Parameter(description = "The user's password; ${env:NAME} and ${file:PATH} keep it out of the file.")
        Optional<Secret> password,

        @Parameter(
                description = "TLS. By default, the connection is encrypted if the server offers it, without"
                        + " verifying the server.")
        Optional<Ssl> ssl,

        @Parameter(description = "Connection properties of the PostgreSQL JDBC driver.")
        Map<String, String> properties,

        @Parameter(description = "Seconds to wait for a connection.", defaultValue = "10", min = 1, max = 3600)
        int connectTimeout,

        @Parameter(
                description = "Seconds without data from the server before a second connection checks whether the"
                        + " server is still working for the session; a session that it no longer serves is"
                        + " dropped. 0: never.",
                defaultValue = "60",
                min = 0,
                max = 86_400)
        int silenceTimeout,

        @Parameter(
                description = "Time zone of the sessions: a name that the server knows, or \"server\" for the server's"
                        + " own. Times without a zone are read in this zone where one is needed: in where,"
                        + " views, expressions, defaults and triggers, and in conversions of timestamps."
                        + " Default: the zone of this machine.")
        Optional<String> timeZone,

        @Parameter(
                description =
                        "Seconds to retry, while a job is prepared, when the server is not ready for a connection:"
                                + " no answer within connectTimeout, a connection lost during login, the server"
                                + " starting up or shutting down, too many connections. 0: no retry.",
                defaultValue = "60",
                min = 0,
                max = 86_400)
        int connectRetrySeconds,

        @Parameter(
                description = "Authentication methods that the server may ask for, separated by commas: scram-sha-256,"
                        + " md5, password, gss, sspi and none; or those it may not ask for, each with a !"
                        + " before it. Default: any.")
        Optional<String> requireAuth,

        @Parameter(
                description = "SCRAM channel binding, which ties the login to the TLS connection so that nobody in"
                        + " between can relay it: disable, prefer (if the server supports it), require."
                        + " Default: prefer.")
        Optional<ChannelBinding> channelBinding,

        @Parameter(
                description =
                        "Maximum SCRAM iterations that a server may ask for: more would only keep this machine busy.",
                defaultValue = "100000",
                min = 1)
        int scramMaxIterations,

        @Parameter(
                description = "Whether the password may be sent in clear text over an unencrypted connection to another"
                        + " machine.",
                defaultValue = "false")
        boolean allowClearTextPassword,

        @Parameter(
                description =
                        "Seconds to wait for a lock that another session holds while a job is checked and prepared;"
                                + " after that, the job fails with TABLE_LOCK_WAIT and names the holder.",
                defaultValue = "30",
                min = 1,
                max = 86_400)
        int lockWaitSeconds)
        implements Validated {

    public PostgresDataSource {
        properties = Map.copyOf(properties);
    }

    /** Whether the proof of the password is bound to the connection. */
    public enum ChannelBinding {
        DISABLE,
        PREFER,
        REQUIRE
    }

    /** What a plugin lists in {@code dataSourceTypes()}. */
    public static DataSourceType type() {
        return new DataSourceType(
                "postgresql",
                PostgresDataSource.class,
                PostgresDataSourceTest.class,
                Optional.empty(),
                Optional.of("jdbc:postgresql://host:5432/database"));
    }

    private static void refuseSocket(String parameter, String folder, Checks checks) {
        checks.error(
                parameter,
                UNIX_SOCKET,
                "host \"" + folder + "\" is the folder of a Unix socket, but only TCP connections are supported",
                "use \"localhost\" or the server's address, and make the server listen there (listen_addresses)");
    }

    @Override
    public void validate(Checks checks) {
        if (jdbcUrl.isPresent()) {
            String problem = ConnectionTarget.problemOf(jdbcUrl.get());
            if (!problem.isEmpty()) {
                checks.error("jdbcUrl", INVALID_JDBC_URL, problem, "write jdbc:postgresql://HOST:PORT/DATABASE");
            } else if (ConnectionTarget.socketFolderOf(jdbcUrl.get()).isPresent()) {
                refuseSocket(
                        "jdbcUrl",
                        ConnectionTarget.socketFolderOf(jdbcUrl.get()).get(),
                        checks);
            } else {
                DriverProperties.checkUrl(ConnectionTarget.propertiesOf(jdbcUrl.get()), checks);
            }
            if (host.isPresent() || database.isPresent()) {
                checks.error(
                        host.isPresent() ? "host" : "database",
                        CONFLICTING_PARAMETERS,
                        "jdbcUrl replaces host, port and database, but both are given",
                        "remove one of them");
            }
        } else {
            host.flatMap(ConnectionTarget::socketFolder).ifPresent(folder -> refuseSocket("host", folder, checks));
            if (host.isEmpty()) {
                checks.error("host", MISSING_PARAMETER, "neither host nor jdbcUrl is given", "add host");
            }
            if (database.isEmpty()) {
                checks.error("database", MISSING_PARAMETER, "neither database nor jdbcUrl is given", "add database");
            }
        }
        DriverProperties.check(properties, checks);
        LoginRules.check(this, checks);
        ssl.ifPresent(given -> TlsFiles.checkProperties(properties, checks));
    }
}
