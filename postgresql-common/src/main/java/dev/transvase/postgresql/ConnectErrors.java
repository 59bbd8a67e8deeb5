package dev.transvase.postgresql;

import static dev.transvase.postgresql.error.PostgresErrors.AUTHENTICATION_FAILED;
import static dev.transvase.postgresql.error.PostgresErrors.AUTHENTICATION_METHOD_REFUSED;
import static dev.transvase.postgresql.error.PostgresErrors.CHANNEL_BINDING_FAILED;
import static dev.transvase.postgresql.error.PostgresErrors.CLEAR_TEXT_PASSWORD_REFUSED;
import static dev.transvase.postgresql.error.PostgresErrors.CONNECTION_FAILED;
import static dev.transvase.postgresql.error.PostgresErrors.CONNECTION_LOST;
import static dev.transvase.postgresql.error.PostgresErrors.CONNECTION_REFUSED;
import static dev.transvase.postgresql.error.PostgresErrors.CONNECTION_REJECTED;
import static dev.transvase.postgresql.error.PostgresErrors.CONNECTION_TIMEOUT;
import static dev.transvase.postgresql.error.PostgresErrors.DATABASE_NOT_FOUND;
import static dev.transvase.postgresql.error.PostgresErrors.SERVER_NOT_READY;
import static dev.transvase.postgresql.error.PostgresErrors.TOO_MANY_CONNECTIONS;
import static dev.transvase.postgresql.error.PostgresErrors.UNKNOWN_HOST;

import dev.transvase.postgresql.socket.ClearTextRefusal;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.tls.TlsErrors;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.parameter.Secret;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.postgresql.PGProperty;

/** Says why a connection did not come about, and what to do. */
final class ConnectErrors {

    static final String TRY_AGAIN =
            "; correct the data source, try it with `transvase datasource test NAME`, then run the job again";

    private ConnectErrors() {}

    static TransvaseException translate(SQLException error, ConnectionTarget target, PostgresDataSource source) {
        SQLException telling = telling(error);
        String to = "cannot connect to " + target.servers();
        return tls(to, target, source).translate(telling).orElseGet(() -> byState(telling, to, target, source));
    }

    private static TlsErrors tls(String to, ConnectionTarget target, PostgresDataSource source) {
        return new TlsErrors(to, target.database(), source.username(), target.properties());
    }

    /**
     * Where the driver may choose between plain and encrypted, it tries the other way after a refusal, and when that fails,
     * too, throws the first failure with the second one suppressed. A refusal by pg_hba.conf says the least of all.
     */
    private static SQLException telling(SQLException error) {
        for (Throwable second : error.getSuppressed()) {
            if (second instanceof SQLException other
                    && SqlErrors.sqlState(error).equals("28000")
                    && !TlsErrors.isNotOffered(other)
                    && (TlsErrors.isRefusalOfPlain(error) || !TlsErrors.isRefusalOfPlain(other))) {
                return other;
            }
        }
        return error;
    }

    private static TransvaseException byState(
            SQLException error, String to, ConnectionTarget target, PostgresDataSource source) {
        return switch (SqlErrors.sqlState(error)) {
            case "28P01" ->
                external(
                        AUTHENTICATION_FAILED,
                        to + ", database " + target.database() + ": the server refused the password of user "
                                + source.username()
                                + "; if the password or its method was changed, update the data source"
                                + ", run `transvase datasource test NAME`, then run the job again"
                                + tls("", target, source).nameAdvice(),
                        error);
            case "28000" -> external(CONNECTION_REJECTED, to + rejected(error, target, source), error);
            case "3D000" ->
                external(DATABASE_NOT_FOUND, to + ": there is no database " + target.database() + TRY_AGAIN, error);
            case "42501" ->
                external(
                        CONNECTION_REJECTED,
                        to + ": user " + source.username() + " may not connect to database " + target.database()
                                + "; run GRANT CONNECT ON DATABASE " + SqlNames.quote(target.database()) + " TO "
                                + SqlNames.quote(source.username()),
                        error);
            case "53300" ->
                external(
                        TOO_MANY_CONNECTIONS,
                        to + ": the server has no free connection (" + SqlErrors.message(error)
                                + "); lower speed.concurrent or raise max_connections",
                        error);
            case "57P03" ->
                external(SERVER_NOT_READY, to + ": " + SqlErrors.message(error) + "; try again in a while", error);
            default -> byCause(error, to, target, source);
        };
    }

    private static TransvaseException byCause(
            SQLException error, String to, ConnectionTarget target, PostgresDataSource source) {
        if (SqlErrors.cause(error, ClearTextRefusal.class).isPresent()) {
            return external(
                    CLEAR_TEXT_PASSWORD_REFUSED,
                    to
                            + ": the server asks for the password in clear text over an unencrypted connection; the"
                            + " password was not sent. Enable TLS on the server and verify it with the data"
                            + " source's ssl, or use scram-sha-256 in pg_hba.conf; if the network is trusted, set"
                            + " \"allowClearTextPassword\": true",
                    error);
        }
        if (SqlErrors.cause(error, UnknownHostException.class).isPresent()) {
            return external(UNKNOWN_HOST, to + ": no such host" + TRY_AGAIN, error);
        }
        if (SqlErrors.cause(error, SocketTimeoutException.class).isPresent() || gaveUpWaiting(error)) {
            return external(
                    CONNECTION_TIMEOUT,
                    to + ": no answer within " + source.connectTimeout()
                            + " s; check host, port and firewall, or raise the data source's connectTimeout",
                    error);
        }
        if (SqlErrors.cause(error, ConnectException.class).isPresent()
                || SqlErrors.cause(error, NoRouteToHostException.class).isPresent()) {
            return external(
                    CONNECTION_REFUSED,
                    to + ": refused; check that the server runs, and the data source's host and port",
                    error);
        }
        if (SqlErrors.cause(error, EOFException.class).isPresent()) {
            return external(
                    CONNECTION_LOST, to + ": the server closed the connection during login; see its log", error);
        }
        boolean rejectedHere = "08004".equals(SqlErrors.sqlState(error));
        // These two name the driver's property in every language.
        if (rejectedHere && SqlErrors.message(error).contains(PGProperty.REQUIRE_AUTH.getName())) {
            return external(
                    AUTHENTICATION_METHOD_REFUSED,
                    to
                            + ": the server asks for an authentication method that the data source's requireAuth"
                            + " does not allow; in pg_hba.conf, choose another method for user " + source.username()
                            + " or change requireAuth",
                    error);
        }
        if (rejectedHere && SqlErrors.message(error).contains(PGProperty.SCRAM_MAX_ITERATIONS.getName())) {
            return external(
                    AUTHENTICATION_METHOD_REFUSED,
                    to
                            + ": the server asks for more SCRAM iterations than the data source's scramMaxIterations"
                            + " allows, "
                            + source.scramMaxIterations()
                            + "; if this is the right server, raise scramMaxIterations, or set the password again"
                            + " with a lower scram_iterations",
                    error);
        }
        if (rejectedHere && source.password().map(Secret::reveal).orElse("").isEmpty()) {
            return external(
                    AUTHENTICATION_FAILED,
                    to + ": the server asks for the password of user " + source.username()
                            + ", but the data source has none" + TRY_AGAIN,
                    error);
        }
        if (rejectedHere && "require".equals(PGProperty.CHANNEL_BINDING.getOrDefault(target.properties()))) {
            return external(
                    CHANNEL_BINDING_FAILED,
                    to + ": " + SqlErrors.message(error)
                            + "; the property channelBinding=require needs PostgreSQL 11 or later, TLS, a password"
                            + " stored as SCRAM-SHA-256 on the server, and scram-sha-256 in pg_hba.conf; otherwise"
                            + " remove the property",
                    error);
        }
        return external(CONNECTION_FAILED, to + ": " + SqlErrors.message(error) + TRY_AGAIN, error);
    }

    private static String rejected(SQLException error, ConnectionTarget target, PostgresDataSource source) {
        return ", database " + target.database() + ", as user " + source.username() + ": "
                + SqlErrors.message(error)
                + "; the role must exist and have LOGIN, pg_hba.conf must have an entry for it, and if that entry"
                + " requires TLS or a client certificate, the data source must configure them under ssl";
    }

    /** The driver's own log-in time-out has no cause. */
    private static boolean gaveUpWaiting(SQLException error) {
        return "08001".equals(SqlErrors.sqlState(error)) && error.getCause() == null;
    }

    static TransvaseException external(ErrorCode code, String message, SQLException cause) {
        return TransvaseException.of(code, message, cause);
    }
}
