package dev.transvase.postgresql;

import static dev.transvase.postgresql.error.PostgresErrors.UNKNOWN_AUTH_METHOD;
import static dev.transvase.spi.error.CommonErrors.CONFLICTING_PARAMETERS;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Spelling;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.postgresql.PGProperty;

/** How a server may ask a data source's user who it is: what the data source says in words of its own and the driver does. */
final class LoginRules {

    private static final Set<String> METHODS = Set.of("scram-sha-256", "md5", "password", "gss", "sspi", "none");

    private LoginRules() {}

    /** Reports methods that are none, and what is said twice. */
    static void check(PostgresDataSource source, Checks checks) {
        source.requireAuth().ifPresent(text -> checkMethods(text, checks));
        if (source.requireAuth().isPresent()) {
            requireSaidOnce(PGProperty.REQUIRE_AUTH.getName(), source, checks);
        }
        if (source.channelBinding().isPresent()) {
            requireSaidOnce(PGProperty.CHANNEL_BINDING.getName(), source, checks);
        }
    }

    private static void requireSaidOnce(String name, PostgresDataSource source, Checks checks) {
        if (source.properties().containsKey(name)) {
            checks.error(
                    "properties." + name,
                    CONFLICTING_PARAMETERS,
                    name + " is given both as a parameter and as a driver property",
                    "remove the property");
        }
    }

    private static void checkMethods(String text, Checks checks) {
        List<String> methods = methods(text);
        long refused = methods.stream().filter(method -> method.startsWith("!")).count();
        for (String method : methods) {
            if (!METHODS.contains(bare(method))) {
                checks.error(
                        "requireAuth",
                        UNKNOWN_AUTH_METHOD,
                        "there is no authentication method \"" + bare(method) + "\"",
                        Spelling.nearest(bare(method), METHODS)
                                .map(nearest -> "did you mean " + nearest + "?")
                                .orElse("choose from "
                                        + String.join(
                                                ", ", METHODS.stream().sorted().toList())));
            }
        }
        if (refused != 0 && refused != methods.size()) {
            checks.error(
                    "requireAuth",
                    CONFLICTING_PARAMETERS,
                    "some methods have a ! and others do not",
                    "list the allowed methods, or list the forbidden ones, each with a !");
        }
    }

    private static List<String> methods(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    }

    private static String bare(String method) {
        return method.startsWith("!") ? method.substring(1) : method;
    }

    /** Sets the driver's properties. */
    static void apply(PostgresDataSource source, Properties properties) {
        source.requireAuth()
                .ifPresent(text -> PGProperty.REQUIRE_AUTH.set(properties, String.join(",", methods(text))));
        source.channelBinding()
                .ifPresent(choice ->
                        PGProperty.CHANNEL_BINDING.set(properties, choice.name().toLowerCase(Locale.ROOT)));
        properties.putIfAbsent(PGProperty.SCRAM_MAX_ITERATIONS.getName(), String.valueOf(source.scramMaxIterations()));
    }
}
