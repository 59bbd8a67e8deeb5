package dev.transvase.ui.api;

/** Versions in the headers of HTTP, which has them in quotes. */
final class Versions {

    private Versions() {}

    static String quoted(String version) {
        return '"' + version + '"';
    }

    static String plain(String header) {
        return header.strip().replaceFirst("^W/", "").replace("\"", "");
    }
}
