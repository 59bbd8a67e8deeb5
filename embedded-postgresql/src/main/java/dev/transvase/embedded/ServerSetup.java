package dev.transvase.embedded;

import java.util.List;
import java.util.Map;

/**
 * What a server has beyond an empty cluster.
 *
 * @param settings settings for {@code postgresql.conf}, by name; values unquoted
 * @param access the lines of {@code pg_hba.conf}, such as {@code hostssl all app all cert}; without any, everyone is asked
 *     for a password by SCRAM
 * @param files texts for the cluster's folder, by file name, that only the server can read; settings refer to them by name,
 *     for example {@code ssl_key_file}
 */
public record ServerSetup(Map<String, String> settings, List<String> access, Map<String, String> files) {

    public ServerSetup {
        settings = Map.copyOf(settings);
        access = List.copyOf(access);
        files = Map.copyOf(files);
        for (String name : files.keySet()) {
            if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9_.-]*")) {
                throw new IllegalArgumentException("Not the plain name of a file: " + name);
            }
        }
    }

    /** Settings, and nothing else. */
    public static ServerSetup of(Map<String, String> settings) {
        return new ServerSetup(settings, List.of(), Map.of());
    }
}
