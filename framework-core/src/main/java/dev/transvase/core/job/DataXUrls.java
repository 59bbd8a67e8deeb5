package dev.transvase.core.job;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The URLs of one connection: DataX uses the first that it can connect to. */
final class DataXUrls {

    private static final Pattern HOSTS = Pattern.compile("(jdbc:postgresql://)([^/?]+)(.*)");

    private DataXUrls() {}

    /**
     * URLs that differ by nothing but their host and port as one, whose hosts the driver tries in turn; others as they
     * are.
     */
    static List<String> alternatives(List<String> urls) {
        return urls.size() > 1 ? together(urls).map(List::of).orElse(urls) : urls;
    }

    private static Optional<String> together(List<String> urls) {
        Set<String> hosts = new LinkedHashSet<>();
        Set<String> rest = new LinkedHashSet<>();
        for (String url : urls) {
            Matcher parts = HOSTS.matcher(url.strip());
            if (!parts.matches()) {
                return Optional.empty();
            }
            hosts.add(parts.group(2));
            rest.add(parts.group(3));
        }
        return rest.size() == 1
                ? Optional.of("jdbc:postgresql://" + String.join(",", hosts)
                        + rest.iterator().next())
                : Optional.empty();
    }
}
