package dev.transvase.postgresql.sql;

import static dev.transvase.postgresql.error.PostgresErrors.CONNECTION_FAILED;
import static dev.transvase.postgresql.error.PostgresErrors.CONNECTION_LOST;
import static dev.transvase.postgresql.error.PostgresErrors.CONNECTION_REFUSED;
import static dev.transvase.postgresql.error.PostgresErrors.CONNECTION_TIMEOUT;
import static dev.transvase.postgresql.error.PostgresErrors.DISK_FULL;
import static dev.transvase.postgresql.error.PostgresErrors.QUERY_CANCELLED;
import static dev.transvase.postgresql.error.PostgresErrors.READ_ONLY;
import static dev.transvase.postgresql.error.PostgresErrors.ROW_SECURITY;
import static dev.transvase.postgresql.error.PostgresErrors.SERIALIZATION_FAILURE;
import static dev.transvase.postgresql.error.PostgresErrors.SERVER_ERROR;
import static dev.transvase.postgresql.error.PostgresErrors.SERVER_NOT_READY;
import static dev.transvase.postgresql.error.PostgresErrors.SQL_INVALID;
import static dev.transvase.postgresql.error.PostgresErrors.TABLE_LOCK_WAIT;
import static dev.transvase.postgresql.error.PostgresErrors.TOO_MANY_CONNECTIONS;
import static dev.transvase.postgresql.error.PostgresErrors.UNKNOWN_HOST;
import static dev.transvase.spi.error.CommonErrors.PERMISSION_DENIED;

import dev.transvase.postgresql.socket.WatchedSocket.GivenUpException;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What the server's and the driver's errors mean. */
public final class SqlErrors {

    /** Codes of a connection that could not be made when that may work in a while. */
    private static final Set<ErrorCode> PASSING = Set.of(
            CONNECTION_REFUSED,
            CONNECTION_TIMEOUT,
            CONNECTION_LOST,
            CONNECTION_FAILED,
            UNKNOWN_HOST,
            SERVER_NOT_READY,
            TOO_MANY_CONNECTIONS);

    /** Of these, the codes that a wrong host or port in the data source has, too. */
    private static final Set<ErrorCode> MAYBE_MISTAKEN = Set.of(CONNECTION_REFUSED, CONNECTION_FAILED, UNKNOWN_HOST);

    /** Of these, the codes that mean that no server was reached. */
    private static final Set<ErrorCode> UNREACHABLE =
            Set.of(CONNECTION_REFUSED, CONNECTION_TIMEOUT, CONNECTION_LOST, UNKNOWN_HOST);

    /**
     * Classes of errors that functions raise for some rows and not for others: a CASE without a match, a sub-query of several
     * rows, external routines, and all that PL/pgSQL raises without a code of its own.
     */
    private static final Set<String> RAISED = Set.of("20", "21", "38", "39", "P0");

    /** Where the server refuses to read under policies; unlike the message it is the same in every language. */
    private static final String REFUSES_ROW_SECURITY = "check_enable_rls";

    private static final String PROTOCOL_VIOLATION = "08P01";

    private static final String CONNECTIONS_EXHAUSTED = "53300";

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** With what these begin, the server ends sessions or takes none: shutdown, crash, start-up, idle for too long. */
    private static final String SESSION_ENDED = "57P";

    /** Where the server reads messages that hold a statement; what it says there has no other code of its own. */
    private static final Set<String> OF_A_STATEMENT = Set.of(
            "exec_parse_message",
            "exec_bind_message",
            "pq_getmsgend",
            "pq_getmsgstring",
            "pq_getmsgbytes",
            "pq_copymsgbytes");

    private SqlErrors() {}

    /** The SQLSTATE; empty when the driver gave none. */
    public static String sqlState(SQLException error) {
        return error.getSQLState() == null ? "" : error.getSQLState();
    }

    /**
     * The exception that ends the run.
     *
     * @param doing what was being done, the start of the message, for example {@code reading public.orders}
     */
    public static TransvaseException translate(SQLException error, String doing) {
        String state = sqlState(error);
        String message = doing + ": " + message(error);
        Optional<GivenUpException> lock = cause(error, GivenUpException.class).filter(GivenUpException::isForLock);
        if (lock.isPresent()) {
            return TransvaseException.of(
                    TABLE_LOCK_WAIT,
                    doing + ": " + lock.get().getMessage() + "; wait until it ends, or end it, and run the job"
                            + " again; the data source's lockWaitSeconds sets how long to wait",
                    error);
        }
        if (isConnectionLost(error)) {
            return TransvaseException.of(
                    CONNECTION_LOST,
                    doing + ": the connection to the server was lost (" + message(error)
                            + "); check the server and the network, then run the job again",
                    error);
        }
        return switch (state) {
            case PROTOCOL_VIOLATION ->
                TransvaseException.of(
                        SQL_INVALID,
                        message + "; SQL of a job cannot use parameters such as $1 or the null character",
                        error);
            case "57P01", "57P02", "57P03" ->
                TransvaseException.of(
                        CONNECTION_LOST, message + "; the server ended the session, run again once it is up", error);
            case "57014" -> TransvaseException.of(QUERY_CANCELLED, message, error);
            case "40001", "40P01" ->
                TransvaseException.of(SERIALIZATION_FAILURE, message + "; run the job again", error);
            case "42501" ->
                isRowSecurity(error)
                        ? TransvaseException.of(
                                ROW_SECURITY,
                                message
                                        + "; a policy would hide some of its rows: read as a role with BYPASSRLS, or set"
                                        + " \"rowSecurity\": \"apply\" to read only the rows that policies show",
                                error)
                        : TransvaseException.of(
                                PERMISSION_DENIED, message + "; grant the privilege to the data source's user", error);
            case "25006" -> TransvaseException.of(READ_ONLY, message + "; a reader cannot write", error);
            case "53100" ->
                TransvaseException.of(DISK_FULL, message + "; free space on the server, then run the job again", error);
            default ->
                state.startsWith("42")
                        ? TransvaseException.of(SQL_INVALID, message, error)
                        : TransvaseException.of(SERVER_ERROR, message, error);
        };
    }

    /**
     * The exception that ends a run while it writes. The target was found fit before it began, so what is wrong now is
     * not the job's fault.
     *
     * @param doing what was being done, the start of the message, for example {@code writing public.orders}
     */
    public static TransvaseException translateWriting(SQLException error, String doing) {
        TransvaseException reported = translate(error, doing);
        if (reported.type() != ErrorType.USER) {
            return reported;
        }
        String message = doing + ": " + message(error);
        return TransvaseException.of(
                reported.errorCode().as(ErrorType.EXTERNAL),
                sqlState(error).equals("25006")
                        ? message + "; use a primary server, and a user that may write"
                        : message
                                + "; the target passed the check of the job: see what has changed since then, and"
                                + " look at its triggers",
                error);
    }

    /** Whether the data of a record is to blame: SQLSTATE class 22 or 23, and nothing else. */
    public static boolean isDirty(SQLException error) {
        String state = sqlState(error);
        return state.startsWith("22") || state.startsWith("23");
    }

    /**
     * Whether a single row may be to blame although the SQLSTATE is of another class: a limit of the server that a value
     * passes, such as the size of an index entry or the depth of a json value, a view's {@code WITH CHECK OPTION}, a policy of
     * row-level security, or what a trigger, a default or a computed column raises for some rows. A statement may have the same
     * codes without any row; who asks has to find that out.
     */
    public static boolean mayBeOfOneRow(SQLException error) {
        String state = sqlState(error);
        if (state.length() == 5 && RAISED.contains(state.substring(0, 2))) {
            return true;
        }
        return switch (state) {
            case "54000", "54001", "44000" -> true;
            // Else the privilege is missing. The message is in the server's language, this is not.
            case "42501" -> field(error, ServerErrorMessage::getRoutine).equals("ExecWithCheckOptions");
            default -> false;
        };
    }

    /** Whether the same may work when tried again: serialization failure, deadlock, shutdown, start-up, connection lost. */
    public static boolean isRetryable(SQLException error) {
        return switch (sqlState(error)) {
            case "40001", "40P01", "57P01", "57P02", "57P03" -> true;
            default -> isConnectionLost(error);
        };
    }

    /**
     * Whether a session that could not be opened may be had when it is tried again: the server is away, or has no room. This is for
     * servers that there are: they have answered before, or the job is to wait for them.
     */
    public static boolean isPassing(TransvaseException failure) {
        return PASSING.stream().anyMatch(failure::is);
    }

    /**
     * Whether the same holds of a server that has never answered: as {@link #isPassing(TransvaseException)}, but for what is as likely
     * a mistake in the data source, which would only come to light later.
     */
    public static boolean isPassingAtFirst(TransvaseException failure) {
        return isPassing(failure) && MAYBE_MISTAKEN.stream().noneMatch(failure::is);
    }

    /** Whether what a session was used for may work over another one: it is retryable, or the session was ended or refused. */
    public static boolean isPassing(SQLException error) {
        String state = sqlState(error);
        return isRetryable(error) || state.equals(CONNECTIONS_EXHAUSTED) || state.startsWith(SESSION_ENDED);
    }

    /** Whether a lock was not to be had within {@code lock_timeout}, or at once with {@code NOWAIT}. */
    public static boolean isLocked(SQLException error) {
        return sqlState(error).equals(LOCK_NOT_AVAILABLE);
    }

    /** Whether a session could not be opened because no server answered. */
    public static boolean isUnreachable(TransvaseException failure) {
        return UNREACHABLE.stream().anyMatch(failure::is);
    }

    /** Whether the transaction gave way to another and may succeed when tried again: serialization failure, deadlock. */
    public static boolean isConflict(SQLException error) {
        return sqlState(error).equals("40001") || sqlState(error).equals("40P01");
    }

    /** Whether the connection is gone: SQLSTATE class 08, unless the server complains of a statement and goes on. */
    public static boolean isConnectionLost(SQLException error) {
        return sqlState(error).startsWith("08") && !isMalformed(error);
    }

    /** Whether a statement's text does not fit into the protocol: it has a parameter, or a character of code zero. */
    private static boolean isMalformed(SQLException error) {
        return sqlState(error).equals(PROTOCOL_VIOLATION)
                && OF_A_STATEMENT.contains(field(error, ServerErrorMessage::getRoutine));
    }

    /** The constraint that the server names; empty when it names none. */
    public static String constraint(SQLException error) {
        return field(error, ServerErrorMessage::getConstraint);
    }

    /** The column that the server names; empty when it names none. */
    public static String column(SQLException error) {
        return field(error, ServerErrorMessage::getColumn);
    }

    /** The data type that the server names, such as the domain whose constraint was violated; empty when it names none. */
    public static String dataType(SQLException error) {
        return field(error, ServerErrorMessage::getDatatype);
    }

    /** Whether the server has refused to read because policies of row-level security would hide rows. */
    public static boolean isRowSecurity(SQLException error) {
        return sqlState(error).equals("42501")
                && field(error, ServerErrorMessage::getRoutine).equals(REFUSES_ROW_SECURITY);
    }

    /** The first of this type among an error and its causes. */
    public static <T extends Throwable> Optional<T> cause(Throwable error, Class<T> type) {
        Throwable at = error;
        for (int depth = 0; at != null && depth < 20; depth++) {
            if (type.isInstance(at)) {
                return Optional.of(type.cast(at));
            }
            at = at.getCause();
        }
        return Optional.empty();
    }

    /** The server's message with its detail, hint and SQLSTATE, on one line. */
    public static String message(SQLException error) {
        String state = sqlState(error);
        String primary = cause(error, GivenUpException.class)
                .map(Throwable::getMessage)
                .orElseGet(() -> field(error, ServerErrorMessage::getMessage));
        if (primary.isEmpty()) {
            primary = String.valueOf(error.getMessage());
        }
        String detail = field(error, ServerErrorMessage::getDetail);
        String hint = field(error, ServerErrorMessage::getHint);
        String text = primary
                + (detail.isEmpty() ? "" : " - " + detail)
                + (hint.isEmpty() ? "" : " - " + hint)
                + (state.isEmpty() ? "" : " (SQLSTATE " + state + ")");
        return text.replaceAll("\\s*\\R\\s*", " ");
    }

    private static String field(SQLException error, Function<ServerErrorMessage, String> field) {
        if (error instanceof PSQLException fromServer && fromServer.getServerErrorMessage() != null) {
            String value = field.apply(fromServer.getServerErrorMessage());
            return value == null ? "" : value;
        }
        return "";
    }
}
