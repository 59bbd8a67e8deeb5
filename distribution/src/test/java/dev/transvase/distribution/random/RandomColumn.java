package dev.transvase.distribution.random;

/**
 * A column of a random table.
 *
 * @param name as it is, without quotes
 * @param type as it is declared
 * @param rest what stands behind the type: constraints, default, how it is generated
 * @param role what it is there for
 */
record RandomColumn(String name, String type, String rest, Role role) {

    enum Role {
        /** Takes and gives values. */
        PLAIN,
        /** The server computes it. */
        GENERATED,
        /** The server numbers it; the numbers depend on what was refused. */
        NUMBERED
    }

    static RandomColumn plain(String name, String type) {
        return new RandomColumn(name, type, "", Role.PLAIN);
    }

    RandomColumn with(String more) {
        return new RandomColumn(name, type, rest + ' ' + more, role);
    }

    String quoted() {
        return quote(name);
    }

    String definition() {
        return (quoted() + ' ' + type + ' ' + rest).strip();
    }

    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
