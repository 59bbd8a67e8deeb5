package dev.transvase.cli.text;

/** Which Transvase this is. */
public final class Version {

    private Version() {}

    /** As the jar's manifest tells; {@code unknown} when the classes are in no jar. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
