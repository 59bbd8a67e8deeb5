package dev.transvase.distribution.random;

import dev.transvase.distribution.jobs.TypeSamples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;

/** The types that random tables have, each with values at its edges. */
final class RandomTypes {

    private static final int LONGEST = 2000;

    /** Types that somebody might move one into another; the rest of all pairs is tried more rarely. */
    private static final List<List<String>> FAMILIES = List.of(
            List.of(
                    "int2",
                    "int4",
                    "int8",
                    "numeric",
                    "numeric(12,2)",
                    "numeric(3,0)",
                    "float4",
                    "float8",
                    "money",
                    "bool",
                    "text",
                    "varchar(5)",
                    "oid",
                    "positive",
                    "bit(9)",
                    "varbit"),
            List.of(
                    "date",
                    "time",
                    "timetz",
                    "timestamp",
                    "timestamptz",
                    "timestamp(0)",
                    "timestamptz(0)",
                    "time(3)",
                    "interval",
                    "interval(2)",
                    "interval year to month",
                    "text",
                    "varchar(5)"),
            List.of(
                    "text",
                    "varchar",
                    "varchar(5)",
                    "bpchar",
                    "char(5)",
                    "char(1)",
                    "name",
                    "\"char\"",
                    "bytea",
                    "json",
                    "jsonb",
                    "xml",
                    "citext",
                    "uuid",
                    "mood",
                    "tsvector",
                    "hstore",
                    "ltree"),
            List.of("inet", "cidr", "macaddr", "macaddr8", "text", "address", "varchar"),
            List.of("int4[]", "int8[]", "numeric[]", "float4[]", "float8[]", "text[]", "varchar(5)[]", "bool[]"),
            List.of("timestamp[]", "timestamptz[]", "date[]", "text[]", "text"),
            List.of("pair", "text", "pair[]", "hstore", "jsonb"));

    private static final List<String> TEXTS =
            List.of("text", "varchar", "varchar(5)", "bpchar", "char(5)", "char(1)", "name", "citext");

    /** What a person might have typed for a value of any type. */
    private static final List<String> TYPED = List.of(
            "now",
            "today",
            "12",
            " 12 ",
            "-1",
            "1.5",
            "1e3",
            "0x1F",
            "1_000",
            "$1,234.50",
            "t",
            "yes",
            "on",
            "2026-01-02 03:04:05.5",
            "2026-01-02 03:04:05.5-05:30",
            "12:00:00.5-05:30",
            "24:00",
            "1.5 sec",
            "P1Y2M",
            "infinity",
            "{1,2}",
            "",
            " ",
            "101",
            "B101",
            "X1F");

    private static final Pattern FLOATS =
            Pattern.compile("^(float|point|line|lseg|box|path|polygon|circle|cube|seg|span|_float)");

    private final int major;
    private final Map<String, List<String>> samples = new LinkedHashMap<>();
    private final List<String> names;

    /** @param major the older of the servers */
    RandomTypes(int major) {
        this.major = major;
        samples.putAll(TypeSamples.builtin(major));
        samples.putAll(TypeSamples.ofTheDatabase(major));
        // Negative scales and arrays of the longest values are of no use here.
        samples.replaceAll((type, values) ->
                values.stream().filter(v -> v.length() < LONGEST).toList());
        samples.put("numeric(3,0)", List.of("1", "-999", "0"));
        samples.put("timestamptz(0)", List.of("2026-01-02 03:04:05+00", "infinity", "0044-03-15 12:00:00+00 BC"));
        samples.put("varchar(5)[]", List.of("{}", "{abcde,NULL,\"a    \"}"));
        if (major < 11) {
            samples.keySet().removeIf(type -> type.equals("positive[]") || type.equals("good_mood[]"));
        }
        names = List.copyOf(samples.keySet());
    }

    /** Any type there is. */
    String any(Random random) {
        return names.get(random.nextInt(names.size()));
    }

    /** A type that values of this one might go into; often the same. */
    String target(String type, Random random) {
        // Before 12 a server prints floats, and all that is made of them, in another way than a newer one.
        if (random.nextInt(4) > 0 || (major < 12 && FLOATS.matcher(type).find())) {
            return type;
        }
        List<String> related = new ArrayList<>();
        FAMILIES.stream().filter(family -> family.contains(type)).forEach(related::addAll);
        if (related.isEmpty() || random.nextInt(8) == 0) {
            return random.nextBoolean() ? "text" : any(random);
        }
        return related.get(random.nextInt(related.size()));
    }

    /** A type of which values can go into several others. */
    String convertible(Random random) {
        List<String> family = FAMILIES.get(random.nextInt(FAMILIES.size()));
        return family.get(random.nextInt(family.size()));
    }

    /** A value of the first type as the server reads it, which may be meant for the second one; NULL is {@code null}. */
    String value(String type, String target, Random random) {
        if (random.nextInt(7) == 0) {
            return null;
        }
        List<String> values = samples.get(type);
        if (isText(type) && !type.equals(target) && random.nextInt(4) > 0) {
            List<String> meant = random.nextInt(3) == 0 ? TYPED : samples.get(target);
            String value = meant.get(random.nextInt(meant.size()));
            return limited(value, type);
        }
        return values.get(random.nextInt(values.size()));
    }

    private static String limited(String value, String type) {
        int limit = type.equals("varchar(5)") || type.equals("char(5)") ? 5 : type.equals("char(1)") ? 1 : LONGEST;
        int points = value.codePointCount(0, value.length());
        return points <= limit ? value : value.substring(0, value.offsetByCodePoints(0, limit));
    }

    static boolean isText(String type) {
        return TEXTS.contains(type);
    }
}
