package dev.sluice.postgresql;

import dev.sluice.spi.SluiceException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;

/** Says why a connection did not come about, and what to do. */
final class ConnectErrors {

    private static final String TRY_AGAIN =
            "; correct the data source, try it with `sluice datasource test NAME`, then run again";

    private ConnectErrors() {}

    static SluiceException translate(SQLException error, ConnectionTarget target, PostgresDataSource source) {
        String to = "cannot connect to " + target.servers();
        String state = SqlErrors.sqlState(error);
        return switch (state) {
            case "28P01" ->
                external(
                        "AUTHENTICATION_FAILED",
                        to + ", database " + target.database() + ": the server refused the password of user "
                                + source.username()
                                + "; if the password or its method was changed, update the data source"
                                + ", run `sluice datasource test NAME`, then run again",
                        error);
            case "28000" -> external("CONNECTION_REJECTED", to + rejected(error, target, source), error);
            case "3D000" ->
                external("DATABASE_NOT_FOUND", to + ": there is no database " + target.database() + TRY_AGAIN, error);
            case "42501" ->
                external(
                        "CONNECTION_REJECTED",
                        to + ": user " + source.username() + " may not connect to database " + target.database()
                                + "; run GRANT CONNECT ON DATABASE " + SqlNames.quote(target.database()) + " TO "
                                + SqlNames.quote(source.username()),
                        error);
            case "53300" ->
                external(
                        "TOO_MANY_CONNECTIONS",
                        to + ": the server has no connection left (" + SqlErrors.message(error)
                                + "); lower speed.concurrent or raise max_connections",
                        error);
            case "57P03" ->
                external("SERVER_NOT_READY", to + ": " + SqlErrors.message(error) + "; try again in a while", error);
            default -> byCause(error, to, target, source);
        };
    }

    private static SluiceException byCause(
            SQLException error, String to, ConnectionTarget target, PostgresDataSource source) {
        if (cause(error, UnknownHostException.class)) {
            return external("UNKNOWN_HOST", to + ": no such host" + TRY_AGAIN, error);
        }
        if (cause(error, SocketTimeoutException.class) || gaveUpWaiting(error)) {
            return external(
                    "CONNECTION_TIMEOUT",
                    to + ": no answer within " + source.connectTimeout()
                            + " s; check host, port and firewall, or raise the data source's connectTimeout",
                    error);
        }
        if (cause(error, ConnectException.class) || cause(error, NoRouteToHostException.class)) {
            return external(
                    "CONNECTION_REFUSED",
                    to + ": refused; check that the server runs, and the data source's host and port",
                    error);
        }
        if (cause(error, SSLException.class) || tlsRefused(error, target)) {
            return external("TLS_FAILED", to + " with TLS: " + tlsReason(error) + tlsAdvice(source), error);
        }
        if (cause(error, EOFException.class)) {
            return external(
                    "CONNECTION_LOST", to + ": the server closed the connection during the log-in; see its log", error);
        }
        if ("08004".equals(SqlErrors.sqlState(error)) && source.password().isEmpty()) {
            return external(
                    "AUTHENTICATION_FAILED",
                    to + ": the server asks for a password of user " + source.username()
                            + ", and the data source has none" + TRY_AGAIN,
                    error);
        }
        return external("CONNECTION_FAILED", to + ": " + SqlErrors.message(error) + TRY_AGAIN, error);
    }

    private static String rejected(SQLException error, ConnectionTarget target, PostgresDataSource source) {
        return ", database " + target.database() + ", as user " + source.username() + ": "
                + SqlErrors.message(error)
                + "; the role must exist and may log in, the server's pg_hba.conf must have an entry for it, and where"
                + " that asks for TLS or a client certificate, the data source must have them under ssl";
    }

    /** The driver's own log-in time-out has no cause. */
    private static boolean gaveUpWaiting(SQLException error) {
        return "08001".equals(SqlErrors.sqlState(error)) && error.getCause() == null;
    }

    /** The driver gives no cause when the server answers a request for TLS with no. */
    private static boolean tlsRefused(SQLException error, ConnectionTarget target) {
        String mode = target.properties().getProperty("sslmode", "");
        return "08004".equals(SqlErrors.sqlState(error)) && (mode.startsWith("verify") || mode.equals("require"));
    }

    private static String tlsReason(SQLException error) {
        Throwable last = error;
        for (int depth = 0; last.getCause() != null && depth < 20; depth++) {
            last = last.getCause();
        }
        return String.valueOf(last.getMessage());
    }

    private static String tlsAdvice(PostgresDataSource source) {
        return source.ssl().isPresent()
                ? "; check ssl.mode, that ssl.truststore holds the authority of the server's certificate, and ssl.keystore"
                        + " with ssl.privateKey"
                : "; check the server's TLS, or give the data source's ssl";
    }

    private static boolean cause(Throwable error, Class<? extends Throwable> type) {
        Throwable at = error;
        for (int depth = 0; at != null && depth < 20; depth++) {
            if (type.isInstance(at)) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    private static SluiceException external(String code, String message, SQLException cause) {
        return SluiceException.external(code, message, cause);
    }
}
