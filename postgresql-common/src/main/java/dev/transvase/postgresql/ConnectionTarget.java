package dev.transvase.postgresql;

import static dev.transvase.postgresql.error.PostgresErrors.INVALID_JDBC_URL;

import dev.transvase.postgresql.tls.TlsFiles;
import dev.transvase.spi.error.TransvaseException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Where a data source leads to, in the driver's terms.
 *
 * @param servers {@code host:port}, several with commas between, for messages
 * @param database its name
 * @param url for the driver, without any property
 * @param properties for the driver; holds secrets
 */
record ConnectionTarget(String servers, String database, String url, Properties properties) {

    private static final String PREFIX = "jdbc:postgresql:";

    /** The driver's own, and libpq's. */
    private static final Set<String> HOST_PROPERTIES = Set.of(PGProperty.PG_HOST.getName(), "host");

    /** The server is asked to cancel on a connection of its own; a dead network must not hold that up for long. */
    private static final String CANCEL_SECONDS = "2";

    /**
     * The driver logs a URL that it cannot read with the password that may be in it, and errors that it throws as well. All
     * that matters of it comes as an exception. Referred to so that the level is not lost with the logger.
     */
    private static final Logger DRIVER_LOG = Logger.getLogger("org.postgresql");

    static {
        DRIVER_LOG.setLevel(Level.OFF);
    }

    static ConnectionTarget of(PostgresDataSource source, String applicationName) {
        Properties properties = new Properties();
        if (source.jdbcUrl().isPresent()) {
            String problem = problemOf(source.jdbcUrl().get());
            if (!problem.isEmpty()) {
                throw TransvaseException.of(INVALID_JDBC_URL, problem);
            }
            properties.putAll(flat(Driver.parseURL(source.jdbcUrl().get(), null)));
        } else {
            PGProperty.PG_HOST.set(properties, source.host().orElseThrow());
            PGProperty.PG_PORT.set(properties, source.port());
            PGProperty.PG_DBNAME.set(properties, source.database().orElseThrow());
        }
        properties.putAll(source.properties());
        DriverProperties.fix(properties);
        PGProperty.USER.set(properties, source.username());
        source.password().ifPresent(p -> PGProperty.PASSWORD.set(properties, p.reveal()));
        PGProperty.APPLICATION_NAME.set(properties, applicationName);
        // The one ends a connect, the other also a log-in that the server does not answer.
        PGProperty.CONNECT_TIMEOUT.set(properties, source.connectTimeout());
        PGProperty.LOGIN_TIMEOUT.set(properties, source.connectTimeout());
        properties.putIfAbsent(PGProperty.CANCEL_SIGNAL_TIMEOUT.getName(), CANCEL_SECONDS);
        properties.putIfAbsent(PGProperty.TCP_KEEP_ALIVE.getName(), "true");
        LoginRules.apply(source, properties);
        source.ssl().ifPresent(ssl -> TlsFiles.apply(ssl, properties));
        return of(properties);
    }

    private static ConnectionTarget of(Properties properties) {
        String[] hosts = PGProperty.PG_HOST.getOrDefault(properties).split(",", -1);
        String[] ports = PGProperty.PG_PORT.getOrDefault(properties).split(",", -1);
        StringBuilder servers = new StringBuilder();
        for (int i = 0; i < hosts.length; i++) {
            servers.append(i == 0 ? "" : ",").append(hosts[i]).append(':').append(ports[Math.min(i, ports.length - 1)]);
        }
        String database = Optional.ofNullable(PGProperty.PG_DBNAME.getOrDefault(properties))
                .orElseGet(() -> PGProperty.USER.getOrDefault(properties));
        String url = PREFIX + "//" + servers + '/' + URLEncoder.encode(database, StandardCharsets.UTF_8);
        return new ConnectionTarget(servers.toString(), database, url, properties);
    }

    /** What is wrong with a URL; empty when it is fine. Does not repeat the URL: there may be a password in it. */
    static String problemOf(String url) {
        if (!url.startsWith(PREFIX)) {
            return "expected a URL that starts with " + PREFIX + ", found another";
        }
        Properties parsed;
        try {
            parsed = Driver.parseURL(url, null);
        } catch (RuntimeException e) {
            // The driver's message may hold the URL.
            return "the URL cannot be read";
        }
        if (parsed == null) {
            return "the URL cannot be read; its host, port or database may be malformed";
        }
        if (String.valueOf(PGProperty.PG_HOST.getOrDefault(parsed)).contains("@")) {
            return "the URL has an @ before its host, where the driver accepts no user and password; use username"
                    + " and password instead";
        }
        return "";
    }

    /**
     * The folder of a Unix socket among hosts with commas between, which the driver cannot connect through; also as a URL writes it,
     * or as libpq calls one without a file. Empty when there is none.
     */
    static Optional<String> socketFolder(String hosts) {
        for (String host : hosts.split(",", -1)) {
            String plain = host.strip().replaceFirst("(?i)^%2f", "/").replaceFirst("^%40", "@");
            if (plain.startsWith("/") || plain.startsWith("@")) {
                return Optional.of(plain.replaceAll("(?i)%2f", "/"));
            }
        }
        return Optional.empty();
    }

    /** As {@link #socketFolder}, of a URL that can be read: before its database, or in a property that is called as psql has it. */
    static Optional<String> socketFolderOf(String url) {
        return propertiesOf(url).entrySet().stream()
                .filter(property -> HOST_PROPERTIES.contains(property.getKey()))
                .flatMap(property -> socketFolder(property.getValue()).stream())
                .findFirst();
    }

    /** The properties in a URL that can be read. */
    static Map<String, String> propertiesOf(String url) {
        Properties parsed = flat(Driver.parseURL(url, null));
        Map<String, String> properties = new HashMap<>();
        parsed.stringPropertyNames().forEach(name -> properties.put(name, parsed.getProperty(name)));
        return properties;
    }

    /** The driver's URL parser hands out what it found as defaults of an empty set in some cases. */
    private static Properties flat(Properties parsed) {
        Properties flat = new Properties();
        for (String name : parsed.stringPropertyNames()) {
            flat.setProperty(name, parsed.getProperty(name));
        }
        return flat;
    }
}
