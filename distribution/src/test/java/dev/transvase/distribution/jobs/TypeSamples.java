package dev.transvase.distribution.jobs;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * PostgreSQL's types, each with values at its edges: literals as the server reads them. Some types and some values are there
 * from a major on only.
 */
public final class TypeSamples {

    /** What every database with columns of these types needs first. */
    public static final List<String> DEFINITIONS = List.of(
            "CREATE EXTENSION hstore",
            "CREATE EXTENSION ltree",
            "CREATE EXTENSION citext",
            "CREATE EXTENSION cube",
            "CREATE EXTENSION isn",
            "CREATE EXTENSION seg",
            "CREATE TYPE mood AS ENUM ('sad', 'so so', 'it''s \"fine\"', '心')",
            "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
            "CREATE DOMAIN small_positive AS positive CHECK (VALUE < 100)",
            "CREATE DOMAIN good_mood AS mood CHECK (VALUE <> 'sad')",
            "CREATE DOMAIN three AS integer[] CHECK (array_length(VALUE, 1) = 3)",
            "CREATE DOMAIN price AS numeric(12, 4)",
            "CREATE DOMAIN address AS inet",
            "CREATE TYPE pair AS (a integer, b text)",
            "CREATE TYPE \"Nested Pair\" AS (p pair, \"M\" mood[], x numeric)",
            "CREATE TYPE span AS RANGE (subtype = float8)",
            "CREATE TYPE mood_range AS RANGE (subtype = mood)");

    private final int major;
    private final Map<String, List<String>> types = new LinkedHashMap<>();
    private final Random random = new Random(20_261_124);

    private TypeSamples(int major) {
        this.major = major;
    }

    /** Types whose values mean the same on every server in binary, and arrays of each. */
    public static Map<String, List<String>> builtin(int major) {
        TypeSamples samples = new TypeSamples(major);
        samples.numbers();
        samples.texts();
        samples.times();
        samples.others();
        samples.ranges();
        samples.newer();
        samples.addArrays(List.copyOf(samples.types.keySet()));
        samples.randomValues();
        return samples.types;
    }

    /** Types that depend on their server: defined by users or extensions, with OIDs in them, or without a binary form. */
    public static Map<String, List<String>> ofTheDatabase(int major) {
        TypeSamples samples = new TypeSamples(major);
        samples.references();
        samples.defined();
        samples.extensions();
        samples.addArrays(
                List.of("regclass", "mood", "pair", "\"Nested Pair\"", "span", "hstore", "ltree", "citext", "cube"));
        if (major >= 11) {
            samples.add("positive[]", "{1,NULL,3}");
            samples.add("good_mood[]", "{so so}");
        }
        return samples.types;
    }

    private void add(String type, String... values) {
        types.put(type, List.of(values));
    }

    private void addSince(int since, String type, String... values) {
        if (major >= since) {
            add(type, values);
        }
    }

    private List<String> since(int since, String[] always, String... values) {
        List<String> all = new ArrayList<>(List.of(always));
        if (major >= since) {
            all.addAll(List.of(values));
        }
        return all;
    }

    private void numbers() {
        add("bool", "true", "false");
        add("int2", "32767", "-32768", "0");
        add("int4", "2147483647", "-2147483648", "-1");
        add("int8", "9223372036854775807", "-9223372036854775808", "0");
        String[] floats = {"NaN", "Infinity", "-Infinity", "-0", "0", "0.1", "1e15", "123456.7", "1e-5", "0.0001"};
        types.put("float4", join(floats, "3.4028235e38", "1.17549435e-38", "1.4e-45", "-1.4e-45", "16777216", "0.3"));
        types.put(
                "float8",
                join(floats, "1.7976931348623157e308", "2.2250738585072014e-308", "4.9406564584124654e-324", "0.3"));
        String[] numerics = {
            "NaN",
            "0",
            "0.0",
            "-0.000",
            "1",
            "1.50000",
            "10000",
            "99999999.9999",
            "0.00010000",
            "-12345678901234567890.0123456789",
            "9".repeat(1000) + "." + "9".repeat(1000),
            "1" + "0".repeat(131071),
            "0." + "0".repeat(16382) + "1"
        };
        types.put("numeric", since(14, numerics, "Infinity", "-Infinity"));
        add("numeric(12,2)", "9999999999.99", "-0.01", "0", "NaN");
        add("numeric(1000,500)", "9".repeat(500) + "." + "9".repeat(500), "-1");
        if (major >= 15) {
            add("numeric(3,-2)", "12300", "-99900");
            add("numeric(2,5)", "0.00012");
        }
        add("money", "92233720368547758.07", "-92233720368547758.08", "0", "-0.01", "1234.5");
        add("oid", "0", "4294967295");
        add("xid", "0", "4294967295");
        add("cid", "0", "4294967295");
        add("tid", "(0,0)", "(4294967295,65535)");
        add("pg_lsn", "0/0", "FFFFFFFF/FFFFFFFF", "16/B374D848");
        add("txid_snapshot", "10:20:10,14,15", "1:1:");
    }

    private void texts() {
        String[] plain = {
            "",
            " ",
            "  both  ",
            "null",
            "NULL",
            "\\N",
            "\\.",
            "a'b\"c",
            "{a,b}",
            "(a,b)",
            "tab\there",
            "back\\slash",
            "ü世😀",
            "\u0001",
            "e\u0301"
        };
        types.put("text", join(plain, "x".repeat(100_000), "line\nfeed", "carriage\r\nreturn", "\u2028", "\ufeffbom"));
        types.put("varchar", List.of(plain));
        add("varchar(5)", "abcde", "世界世界世", "a    ", "");
        add("bpchar", "x", "  trailing", "");
        add("char(5)", "ab", "", "  x  ", "世界");
        add("char(1)", "a", "");
        add("\"char\"", "a", "", "\\", "'");
        add("name", "n".repeat(63), "", "Mixed \"Case\"");
        add("bytea", "\\x", "\\x00", "\\xff5c275c0a0d09", "\\x" + "ab".repeat(5000));
        add("uuid", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff");
        add("json", "null", " {\"a\" :  1, \"a\": 2.50 } ", "\"\\u0000\"", "[]", "1e400", "\"世\"");
        add("jsonb", "null", "{\"b\": [1, null, {\"c\": \"\\\\\\\"\"}], \"a\": 1.500}", "[]", "\"世\"", "1e400");
        add("xml", "<a>b &amp; 世</a>", "", "text only", "<?xml version=\"1.0\"?><a/>", "<!-- c --><a/>", "<a x='1'/>");
        add("bit(1)", "0", "1");
        add("bit(9)", "101010101", "000000000");
        add("varbit", "", "1", "1".repeat(1001));
        add("varbit(3)", "", "101");
        add("tsvector", "", "a:1 fat:2A,3B 'it''s' 'b c':4", "'\\\\back':16383");
        add("tsquery", "", "fat & (rat | !cat)", "super:*AB", "a <-> b <2> c", "'it''s'");
    }

    private void times() {
        add("date", "4713-01-01 BC", "5874897-12-31", "infinity", "-infinity", "0001-12-31 BC", "2000-02-29");
        String[] times = {"00:00:00", "24:00:00", "23:59:59.999999", "00:00:00.000001", "12:30:00.1"};
        add("time", times);
        add("time(3)", "12:00:00.123");
        add("timetz", "24:00:00-15:59:59", "00:00:00+15:59:59", "12:00:00.000001+05:30", "23:59:59.999999+00");
        String[] stamps = {
            "4713-01-01 00:00:00 BC",
            "294276-12-31 23:59:59.999999",
            "infinity",
            "-infinity",
            "0001-01-01 00:00:00",
            "0001-12-31 23:59:59.999999 BC",
            "1999-12-31 23:59:59.999999",
            "2000-01-01 00:00:00",
            "1582-10-10 12:00:00",
            "2026-03-29 02:30:00.1"
        };
        add("timestamp", stamps);
        add("timestamp(0)", "2026-11-24 12:00:00");
        types.put(
                "timestamptz",
                List.of(stamps).stream()
                        .map(t -> t.endsWith("infinity")
                                ? t
                                : t.replace(" BC", "+00 BC").replaceAll("(\\d)$", "$1+00"))
                        .toList());
        String[] intervals = {
            "0",
            "1 year 2 mons 3 days 04:05:06.789",
            "-1 year +2 mons -3 days +04:05:06.000001",
            "178000000 years",
            "-178000000 years",
            "2147483647 days -2147483647:00:00",
            "-00:00:00.000001",
            "1 mon -1 day",
            "-1 mon +1 day -00:00:01",
            "2147483647:59:59.999999"
        };
        types.put("interval", since(17, intervals, "infinity", "-infinity"));
        add("interval(2)", "00:00:01.25");
        add("interval year to month", "3 years 4 mons");
    }

    private void others() {
        add("inet", "10.0.0.1", "10.0.0.1/8", "::1", "fe80::1/64", "0.0.0.0/0", "::ffff:1.2.3.4/128");
        add("cidr", "10.0.0.0/8", "::/0", "192.168.1.1/32");
        add("macaddr", "08:00:2b:01:02:03", "00:00:00:00:00:00");
        add("macaddr8", "08:00:2b:01:02:03:04:05", "ff:ff:ff:ff:ff:ff:ff:ff");
        add("point", "(1.5,-0)", "(NaN,Infinity)", "(1e300,1e-300)");
        add("line", "{1,-1,0}", "{0.1,0.2,0.3}");
        add("lseg", "[(0,0),(1,1.1)]");
        add("box", "(2,2),(0.1,0.2)");
        add("path", "[(0,0),(1,1)]", "((0,0),(1,1),(2,0.1))");
        add("polygon", "((0,0),(1,1),(2,0.1))");
        add("circle", "<(1,2.2),3.3>");
        add("int2vector", "1 2 3", "");
        add("oidvector", "1 4294967295", "");
    }

    private void ranges() {
        add("int4range", "[1,5)", "empty", "(,)", "(,2147483646]", "[-2147483648,)");
        add("int8range", "[-9223372036854775808,9223372036854775807)", "empty");
        add("numrange", "(1.10,2.200]", "[,0)", "[NaN,]");
        add("tsrange", "[\"2026-01-01 00:00:00.000001\",infinity]", "(-infinity,)", "empty");
        add("tstzrange", "[\"2026-01-01 00:00:00+00\",\"2026-06-01 00:00:00+00\")", "(,)");
        add("daterange", "[2026-01-01,2026-02-01)", "[4713-01-01 BC,)", "(,infinity)");
    }

    private void newer() {
        addSince(12, "jsonpath", "$.a[*] ? (@ > 1)", "strict $.\"世\"", "lax $[last]");
        addSince(13, "xid8", "0", "18446744073709551615");
        addSince(13, "pg_snapshot", "10:20:10,14,15");
        addSince(14, "int4multirange", "{}", "{[1,5),[7,9)}", "{(,)}");
        addSince(14, "nummultirange", "{(1.10,2.200]}");
        addSince(14, "tstzmultirange", "{[\"2026-01-01 00:00:00+00\",\"2026-06-01 00:00:00+00\")}");
        addSince(14, "datemultirange", "{[2026-01-01,2026-02-01),[2027-01-01,)}");
    }

    private void references() {
        add("regclass", "pg_class", "\"Odd Name\"", "public.\"Odd Name\"", "-");
        add("regtype", "integer", "timestamp with time zone", "mood", "pair[]", "-");
        add("regproc", "array_out", "-");
        add("regprocedure", "lower(text)", "-");
        add("regoper", "||/", "0");
        add("regoperator", "+(integer,integer)", "0");
        add("regconfig", "english");
        add("regdictionary", "simple");
        add("regrole", "pg_monitor");
        add("regnamespace", "public", "pg_catalog");
        addSince(13, "regcollation", "\"C\"");
        add("aclitem", "pg_monitor=r*w/pg_monitor");
    }

    private void defined() {
        String[] moods = {"sad", "so so", "it's \"fine\"", "心"};
        add("mood", moods);
        add("good_mood", "so so", "心");
        add("positive", "1", "2147483647");
        add("small_positive", "99");
        add("three", "{1,NULL,3}", "[0:2]={1,2,3}");
        add("price", "1.5000", "-99999999.9999");
        add("address", "10.0.0.1/8");
        add("pair", "(1,x)", "(,)", "(,\"\")", "(2,\"a \"\"quoted\"\" (and, \\\\) NULL\")", "(3,NULL)");
        add("\"Nested Pair\"", "(,,)", "(\"(1,\"\"x, y\"\")\",\"{sad,\"\"so so\"\",NULL}\",1.500)", "(\"(,)\",{},NaN)");
        add("span", "[1.5,2.5]", "empty", "(-Infinity,0.25)");
        add("mood_range", "[sad,\"so so\"]", "empty");
        addSince(14, "span_multirange", "{[1.5,2.5]}");
        addSince(14, "mood_multirange", "{[sad,\"so so\"]}");
    }

    private void extensions() {
        add("hstore", "", "a=>1, b=>NULL", "\"it's\"=>\"\\\"quoted\\\" => ,\", \"\"=>\"\"");
        add("ltree", "Top.Science.Astronomy", "");
        add("lquery", "Top.*{1,2}.Sci*@|x");
        add("ltxtquery", "Europe & Russia*@");
        add("citext", "MiXed", "", "世");
        add("cube", "(0.25, 2)", "(1, 2),(3, 4)", "(0)");
        add("seg", "1.50", "~5.0", "1 .. 2.0");
        add("isbn13", "978-0-393-04002-9");
    }

    /** Arrays: empty, with NULL, of several dimensions, with lower bounds other than 1. */
    private void addArrays(List<String> elements) {
        for (String element : elements) {
            List<String> values = types.get(element).stream()
                    .filter(v -> v.length() < 10_000)
                    .map(TypeSamples::quoted)
                    .toList();
            String first = values.get(0);
            String last = values.get(values.size() - 1);
            types.put(
                    element + "[]",
                    List.of(
                            "{}",
                            "{" + String.join(delimiter(element), values) + delimiter(element) + "NULL}",
                            array(element, array(element, first, "NULL"), array(element, last, first)),
                            "[-1:0][2:2]=" + array(element, array(element, first), array(element, last))));
        }
    }

    private static String array(String element, String... parts) {
        return "{" + String.join(delimiter(element), parts) + "}";
    }

    /** That of {@code box} is another. */
    private static String delimiter(String element) {
        return element.equals("box") ? ";" : ",";
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private void randomValues() {
        types.put("numeric(60,30)", values(60, () -> randomNumeric(30, 30)));
        types.put("numeric[][]", values(20, () -> array("numeric", arrayOf(() -> randomNumeric(20, 9)))));
        types.put("timestamp(6)", values(60, this::randomTimestamp));
        types.put("timestamptz(6)", values(60, () -> randomTimestamp() + "+00"));
        types.put("float8[][]", values(20, () -> array("float8", arrayOf(() -> Double.toString(randomDouble())))));
        types.put("text[][]", values(20, () -> array("text", arrayOf(() -> quoted(randomText())))));
        types.put("interval(6)", values(60, this::randomInterval));
    }

    private static List<String> values(int count, Supplier<String> one) {
        return IntStream.range(0, count).mapToObj(i -> one.get()).toList();
    }

    private String[] arrayOf(Supplier<String> element) {
        return IntStream.range(0, 1 + random.nextInt(9))
                .mapToObj(i -> random.nextInt(8) == 0 ? "NULL" : element.get())
                .toArray(String[]::new);
    }

    private String randomNumeric(int whole, int fraction) {
        String left = new BigInteger(1 + random.nextInt(3 * whole), random).toString();
        String right = random.ints(random.nextInt(fraction + 1), 0, 10)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining());
        return (random.nextBoolean() ? "-" : "") + left + (right.isEmpty() ? "" : "." + right);
    }

    private String randomTimestamp() {
        return String.format(
                "%04d-%02d-%02d %02d:%02d:%02d.%06d",
                1 + random.nextInt(20_000),
                1 + random.nextInt(12),
                1 + random.nextInt(28),
                random.nextInt(24),
                random.nextInt(60),
                random.nextInt(60),
                random.nextInt(1_000_000));
    }

    private String randomInterval() {
        return (random.nextInt(48_000) - 24_000) + " mons " + (random.nextInt(20_000) - 10_000) + " days "
                + (random.nextInt(2_000_000_000) - 1_000_000_000) + " microseconds";
    }

    private double randomDouble() {
        double value = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) ? value : 0.1;
    }

    private String randomText() {
        return random.ints(random.nextInt(12), 0, 9)
                .mapToObj(i -> "a\"\\,{} 世😀".codePointAt(i))
                .map(Character::toString)
                .collect(Collectors.joining());
    }

    private static List<String> join(String[] some, String... others) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(others));
        return all;
    }
}
