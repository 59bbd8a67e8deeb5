package dev.transvase.cli;

/** Which Transvase this is. */
final class Version {

    private Version() {}

    /** As the jar's manifest tells; {@code unknown} when the classes are in no jar. */
    static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
