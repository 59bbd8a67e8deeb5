package dev.transvase.postgresql;

import static dev.transvase.postgresql.error.PostgresErrors.RESERVED_PROPERTY;
import static dev.transvase.postgresql.error.PostgresErrors.UNKNOWN_PROPERTY;
import static dev.transvase.postgresql.error.PostgresErrors.UNSUPPORTED_PROPERTY;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Spelling;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postgresql.PGProperty;

/** Judges the driver's properties that a data source names, in {@code properties} or in its URL. */
final class DriverProperties {

    /** Properties that a data source says in its own words. */
    private static final Set<String> RESERVED = Set.of("user", "password", "PGHOST", "PGPORT", "PGDBNAME", "service");

    /** What of these the job sets itself. */
    private static final Map<String, String> SET_BY_US = Map.of(
            PGProperty.APPLICATION_NAME.getName(), "sessions are named after the job",
            PGProperty.CONNECT_TIMEOUT.getName(), "the data source's connectTimeout applies",
            PGProperty.LOGIN_TIMEOUT.getName(), "the data source's connectTimeout applies",
            PGProperty.REPLICATION.getName(), "replication is set for the sessions that need it");

    /** What jobs do not work with as another value; they have the value whatever is said. */
    private static final Map<String, String> FIXED = Map.of(
            // Statements are described before they are run, and arrays are sent in binary.
            PGProperty.PREFER_QUERY_MODE.getName(), "extended",
            PGProperty.BINARY_TRANSFER.getName(), "true",
            PGProperty.BINARY_TRANSFER_ENABLE.getName(), "",
            PGProperty.BINARY_TRANSFER_DISABLE.getName(), "",
            PGProperty.STRING_TYPE.getName(), "varchar",
            // Savepoints and cursors are the job's.
            PGProperty.AUTOSAVE.getName(), "never",
            PGProperty.DEFAULT_ROW_FETCH_SIZE.getName(), "0",
            // Texts come and go in UTF-8.
            PGProperty.ALLOW_ENCODING_CHANGES.getName(), "false");

    /** Properties that name a class for the driver to load, or a file for it to write. */
    private static final Set<String> LOADING = Set.of(
            PGProperty.SOCKET_FACTORY.getName(),
            PGProperty.SOCKET_FACTORY_ARG.getName(),
            PGProperty.SSL_FACTORY.getName(),
            PGProperty.SSL_FACTORY_ARG.getName(),
            PGProperty.SSL_HOSTNAME_VERIFIER.getName(),
            PGProperty.SSL_PASSWORD_CALLBACK.getName(),
            PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME.getName(),
            PGProperty.XML_FACTORY_FACTORY.getName(),
            PGProperty.CONNECT_EXECUTOR.getName(),
            PGProperty.CONNECT_EXECUTOR_ARG.getName(),
            PGProperty.CLASS_LOADER_STRATEGY.getName(),
            "loggerFile");

    /** Of these, classes of the driver's own that need nothing else. */
    private static final Set<String> DRIVERS_OWN = Set.of(
            "org.postgresql.ssl.LibPQFactory",
            "org.postgresql.ssl.jdbc4.LibPQFactory",
            "org.postgresql.ssl.DefaultJavaSSLFactory",
            "org.postgresql.ssl.NonValidatingFactory");

    /** The time zone is the data source's own word, and hidden here it would be taken for the server's. */
    private static final Pattern ZONE_OPTION = Pattern.compile("(?i)(-c\\s*|--)timezone\\s*=");

    private DriverProperties() {}

    /** Gives properties the values that jobs need. */
    static void fix(Properties properties) {
        FIXED.keySet().forEach(properties::remove);
    }

    private static Set<String> known() {
        return Arrays.stream(PGProperty.values()).map(PGProperty::getName).collect(Collectors.toSet());
    }

    /** Reports what is wrong with properties. */
    static void check(Map<String, String> properties, Checks checks) {
        Set<String> known = known();
        for (String name : properties.keySet()) {
            if (RESERVED.contains(name)) {
                checks.error(
                        "properties." + name,
                        RESERVED_PROPERTY,
                        "the property " + name + " is set through the data source's own parameters",
                        "remove it and use host, port, database, username and password");
            } else if (!known.contains(name)) {
                checks.error(
                        "properties." + name,
                        UNKNOWN_PROPERTY,
                        "the PostgreSQL driver has no property " + name,
                        Spelling.nearest(name, known)
                                .map(n -> "did you mean " + n + "?")
                                .orElse("see the driver's documentation"));
            }
        }
        checkValues("properties.", properties, checks);
    }

    /** Reports properties of a URL that jobs do not work with, and those that look like others written wrongly. */
    static void checkUrl(Map<String, String> properties, Checks checks) {
        Set<String> known = known();
        for (String name : properties.keySet()) {
            if (known.contains(name)) {
                continue;
            }
            Spelling.nearest(name, known)
                    .ifPresentOrElse(
                            nearest -> checks.error(
                                    "jdbcUrl",
                                    UNKNOWN_PROPERTY,
                                    "the PostgreSQL driver has no property " + name,
                                    "did you mean " + nearest + "?"),
                            () -> checks.warning(
                                    "jdbcUrl",
                                    "the PostgreSQL driver has no property " + name + ", so it has no effect"));
        }
        checkValues("jdbcUrl", properties, checks);
    }

    private static void checkValues(String path, Map<String, String> properties, Checks checks) {
        FIXED.forEach((property, fixed) -> {
            String value = properties.get(property);
            if (value != null && !value.strip().equalsIgnoreCase(fixed)) {
                checks.warning(
                        at(path, property),
                        "the driver's property " + property + " = " + value
                                + " has no effect: jobs do not work with it, so it stays "
                                + (fixed.isEmpty() ? "empty" : fixed));
            }
        });
        if (Boolean.parseBoolean(properties.getOrDefault(PGProperty.READ_ONLY.getName(), "false"))) {
            checks.error(
                    at(path, PGProperty.READ_ONLY.getName()),
                    UNSUPPORTED_PROPERTY,
                    "the driver's property readOnly = true prevents a writer from writing",
                    "remove it: readers read in READ ONLY transactions without it, and a user without privileges"
                            + " cannot write");
        }
        LOADING.stream()
                .filter(properties::containsKey)
                .filter(property -> !DRIVERS_OWN.contains(properties.get(property)))
                .sorted()
                .forEach(property -> checks.error(
                        at(path, property),
                        UNSUPPORTED_PROPERTY,
                        "the driver's property " + property + " makes it load a class or write a file",
                        "remove it; for TLS and client certificates, use ssl"));
        SET_BY_US.forEach((property, instead) -> {
            if (properties.containsKey(property)) {
                checks.warning(at(path, property), "the driver's property " + property + " has no effect: " + instead);
            }
        });
        String options = properties.getOrDefault(PGProperty.OPTIONS.getName(), "");
        if (ZONE_OPTION.matcher(options).find()) {
            checks.error(
                    at(path, PGProperty.OPTIONS.getName()),
                    UNSUPPORTED_PROPERTY,
                    "the driver's property options sets TimeZone",
                    "remove TimeZone from it, and set the data source's timeZone");
        }
    }

    private static String at(String path, String property) {
        return path.endsWith(".") ? path + property : path;
    }
}
