package dev.transvase.postgresql;

import dev.transvase.postgresql.tls.Ssl;
import dev.transvase.spi.parameter.Secret;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.TestingDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;

/** Data sources as a file would give them. */
public final class Sources {

    public static final String PASSWORD = "s3cret-Pass";

    private Sources() {}

    public static PostgresDataSource of(TestingDatabase database) {
        return of(database.host(), database.port(), database.name(), database.user(), database.password());
    }

    public static PostgresDataSource of(String host, int port, String database, String user, String password) {
        return withDefaults(
                Optional.of(host),
                port,
                Optional.of(database),
                Optional.empty(),
                user,
                Optional.of(new Secret(password)),
                Optional.empty(),
                Map.of(),
                10,
                60,
                Optional.empty());
    }

    public static PostgresDataSource url(String url, String user, String password, Map<String, String> properties) {
        return withDefaults(
                Optional.empty(),
                5432,
                Optional.empty(),
                Optional.of(url),
                user,
                Optional.of(new Secret(password)),
                Optional.empty(),
                properties,
                10,
                60,
                Optional.empty());
    }

    /** Logs in as a file says that is silent about it. */
    private static PostgresDataSource withDefaults(
            Optional<String> host,
            int port,
            Optional<String> database,
            Optional<String> jdbcUrl,
            String username,
            Optional<Secret> password,
            Optional<Ssl> ssl,
            Map<String, String> properties,
            int connectTimeout,
            int silenceTimeout,
            Optional<String> timeZone) {
        return new PostgresDataSource(
                host,
                port,
                database,
                jdbcUrl,
                username,
                password,
                ssl,
                properties,
                connectTimeout,
                silenceTimeout,
                timeZone,
                60,
                Optional.empty(),
                Optional.empty(),
                100_000,
                false,
                30);
    }

    /** One whose sessions wait for a lock for so many seconds while a job is prepared. */
    static PostgresDataSource impatient(TestingDatabase database, int lockWaitSeconds) {
        PostgresDataSource source = of(database);
        return new PostgresDataSource(
                source.host(),
                source.port(),
                source.database(),
                source.jdbcUrl(),
                source.username(),
                source.password(),
                source.ssl(),
                source.properties(),
                source.connectTimeout(),
                0,
                source.timeZone(),
                source.connectRetrySeconds(),
                source.requireAuth(),
                source.channelBinding(),
                source.scramMaxIterations(),
                source.allowClearTextPassword(),
                lockWaitSeconds);
    }

    /** All that an error and what led to it would show anywhere. */
    public static String everything(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    public static PostgresDataSource with(PostgresDataSource source, Ssl ssl) {
        return withDefaults(
                source.host(),
                source.port(),
                source.database(),
                source.jdbcUrl(),
                source.username(),
                source.password(),
                Optional.of(ssl),
                source.properties(),
                source.connectTimeout(),
                source.silenceTimeout(),
                source.timeZone());
    }

    public static PostgresDataSource with(PostgresDataSource source, Map<String, String> properties) {
        return withDefaults(
                source.host(),
                source.port(),
                source.database(),
                source.jdbcUrl(),
                source.username(),
                source.password(),
                source.ssl(),
                properties,
                source.connectTimeout(),
                source.silenceTimeout(),
                source.timeZone());
    }

    public static PostgresDataSource in(String timeZone, PostgresDataSource source) {
        return withDefaults(
                source.host(),
                source.port(),
                source.database(),
                source.jdbcUrl(),
                source.username(),
                source.password(),
                source.ssl(),
                source.properties(),
                source.connectTimeout(),
                source.silenceTimeout(),
                Optional.of(timeZone));
    }

    /** Through a proxy, with so many seconds until silence is looked into. */
    public static PostgresDataSource through(FaultProxy proxy, TestingDatabase database, int silenceTimeout) {
        PostgresDataSource source = of(database);
        return withDefaults(
                Optional.of(proxy.host()),
                proxy.port(),
                source.database(),
                Optional.empty(),
                source.username(),
                source.password(),
                Optional.empty(),
                Map.of(),
                source.connectTimeout(),
                silenceTimeout,
                Optional.empty());
    }
}
