package dev.transvase.benchmarks;

import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * Where this module's jar, or its classes, were built to, and {@code plugin/} with the unpacked plugins, {@code transvase/} with
 * the unpacked distribution.
 */
final class BuildFolder {

    private BuildFolder() {}

    static Path locate() {
        try {
            return Path.of(BuildFolder.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The benchmarks do not lie in a folder", e);
        }
    }

    /** The distribution, unpacked as a user does it. */
    static Path distribution() {
        return locate().resolve("transvase");
    }

    /** The PostgreSQL binaries, which another module has fetched. */
    static Path servers() {
        Path root = locate().getParent().getParent();
        return root.resolve("embedded-postgresql").resolve("target").resolve("postgresql");
    }
}
