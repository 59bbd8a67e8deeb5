package dev.transvase.core.job;

import dev.transvase.spi.DataSourceType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The URLs of one connection, read as the kind of database behind them writes them: DataX uses the first that it can connect to. */
final class JdbcUrls {

    private static final Pattern HOSTS = Pattern.compile("([^/?]+://)([^/?]+)(.*)");

    private final Optional<String> example;

    /** @param example see {@link DataSourceType#exampleUrl}; without it no URLs are joined */
    JdbcUrls(Optional<String> example) {
        this.example = example;
    }

    /** A URL to imitate, after {@code before}; empty when none is known. */
    String example(String before) {
        return example.map(url -> before + url).orElse("");
    }

    /** A URL with two hosts to imitate, after {@code before}; empty when none is known. */
    String exampleOfHosts(String before) {
        return example.map(HOSTS::matcher)
                .filter(Matcher::matches)
                .map(url -> before
                        + url.group(1)
                        + numbered(url.group(2), 1)
                        + ','
                        + numbered(url.group(2), 2)
                        + url.group(3))
                .orElse("");
    }

    private static String numbered(String host, int number) {
        return host.replaceFirst("(?=:|$)", Integer.toString(number));
    }

    /**
     * URLs that differ only in host and port as one, whose hosts the driver tries in turn; others as they
     * are.
     */
    List<String> alternatives(List<String> urls) {
        return urls.size() > 1 ? together(urls).map(List::of).orElse(urls) : urls;
    }

    private Optional<String> together(List<String> urls) {
        Optional<String> prefix =
                example.map(HOSTS::matcher).filter(Matcher::matches).map(url -> url.group(1));
        Set<String> hosts = new LinkedHashSet<>();
        Set<String> rest = new LinkedHashSet<>();
        for (String url : urls) {
            Matcher parts = HOSTS.matcher(url.strip());
            if (!parts.matches() || !prefix.equals(Optional.of(parts.group(1)))) {
                return Optional.empty();
            }
            hosts.add(parts.group(2));
            rest.add(parts.group(3));
        }
        return rest.size() == 1
                ? Optional.of(prefix.orElseThrow()
                        + String.join(",", hosts)
                        + rest.iterator().next())
                : Optional.empty();
    }
}
