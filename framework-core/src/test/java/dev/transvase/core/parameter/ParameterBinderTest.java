package dev.transvase.core.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Secret;
import dev.transvase.spi.parameter.Validated;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ParameterBinderTest {

    private static final String PATH = "job.json: steps[0].parameter";
    private static final Path FOLDER = Path.of("/etc/jobs");

    private final Problems problems = new Problems();

    enum Mode {
        INSERT,
        VERIFY_CA
    }

    record Inner(
            @Parameter(description = "Its name.", required = true)
            String name,

            @Parameter(description = "How many.", defaultValue = "1", min = 1)
            int count) {}

    record All(
            @Parameter(description = "A flag.", defaultValue = "false")
            boolean flag,

            @Parameter(description = "A number.", defaultValue = "512", min = 1)
            int fetchSize,

            @Parameter(description = "A long.", defaultValue = "7")
            long large,

            @Parameter(description = "A share.", defaultValue = "0.5", min = 0, max = 1)
            double share,

            @Parameter(description = "A text.", defaultValue = ",")
            String delimiter,

            @Parameter(description = "A secret.") Optional<Secret> password,

            @Parameter(description = "A mode.", defaultValue = "insert")
            Mode mode,

            @Parameter(description = "A file.") Optional<Path> file,
            @Parameter(description = "A key.") Optional<String> splitPk,
            @Parameter(description = "A limit.", max = 10) Optional<Integer> limit,

            @Parameter(description = "A name or several.", acceptsSingle = true)
            List<String> table,

            @Parameter(description = "Objects.") List<Inner> inner,
            @Parameter(description = "Named numbers.") Map<String, Long> named,
            @Parameter(description = "A record.") Optional<Inner> one,

            @Parameter(description = "A key that is a keyword.", defaultValue = "0")
            int byte_) {}

    record Needs(
            @Parameter(description = "Name of the source.", required = true)
            String datasource,

            @Parameter(description = "The columns.", required = true)
            List<String> column) {}

    @Test
    void absentKeysTakeTheirDefaults() {
        assertThat(bind(All.class, "{'splitPk': null}").orElseThrow())
                .isEqualTo(new All(
                        false,
                        512,
                        7,
                        0.5,
                        ",",
                        Optional.empty(),
                        Mode.INSERT,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        0));
        assertThat(problems.failed()).isFalse();
    }

    @Test
    void valuesOfEveryTypeAreRead() {
        All all = bind(All.class, """
                        {'flag': true, 'fetchSize': 1024, 'large': 9223372036854775807, 'share': 0.25, 'delimiter': '|',
                         'password': 'pw', 'mode': 'Verify_CA', 'file': 'ca.pem', 'splitPk': 12, 'limit': 10,
                         'table': ['a', 'b'], 'inner': [{'name': 'x'}, {'name': 'y', 'count': 2}],
                         'named': {'a b': 1, 'c': '2'}, 'one': {'name': true}, 'byte': 3}""").orElseThrow();

        assertThat(all)
                .isEqualTo(new All(
                        true,
                        1024,
                        Long.MAX_VALUE,
                        0.25,
                        "|",
                        Optional.of(new Secret("pw")),
                        Mode.VERIFY_CA,
                        Optional.of(Path.of("/etc/jobs/ca.pem")),
                        Optional.of("12"),
                        Optional.of(10),
                        List.of("a", "b"),
                        List.of(new Inner("x", 1), new Inner("y", 2)),
                        Map.of("a b", 1L, "c", 2L),
                        Optional.of(new Inner("true", 1)),
                        3));
    }

    @Test
    void numbersAndBooleansMayBeStrings() {
        All all = bind(All.class, "{'flag': 'TRUE', 'fetchSize': '12', 'large': '-3', 'share': '1', 'limit': '4'}")
                .orElseThrow();

        assertThat(all.flag()).isTrue();
        assertThat(all.fetchSize()).isEqualTo(12);
        assertThat(all.large()).isEqualTo(-3);
        assertThat(all.share()).isEqualTo(1.0);
        assertThat(all.limit()).contains(4);
    }

    @Test
    void aSingleValueMayStandForAListWhereThatIsAllowed() {
        assertThat(bind(All.class, "{'table': 'orders'}").orElseThrow().table()).containsExactly("orders");
        assertThat(bind(Needs.class, "{'datasource': 'shop', 'column': 'id'}")).isEmpty();
        assertThat(told()).containsExactly(PATH + ".column: expected a list [...], found \"id\"");
    }

    @Test
    void anAbsolutePathStaysAsItIs() {
        assertThat(bind(All.class, "{'file': '/tls/ca.pem'}").orElseThrow().file())
                .contains(Path.of("/tls/ca.pem"));
    }

    @Test
    void anUnknownKeyIsToldWithTheNearestKnownOne() {
        assertThat(bind(All.class, "{'splitpK': 'id', 'fetchsizes': 1, 'quite else': 2}"))
                .isEmpty();

        assertThat(problems.errors())
                .extracting(Problem::code, Problem::path, Problem::remedy)
                .satisfiesExactly(
                        p -> assertThat(p.toList())
                                .containsExactly("UNKNOWN_PARAMETER", PATH + ".splitpK", "did you mean `splitPk`?"),
                        p -> assertThat(p.toList())
                                .containsExactly(
                                        "UNKNOWN_PARAMETER", PATH + ".fetchsizes", "did you mean `fetchSize`?"),
                        p -> assertThat(p.toList().get(2)).asString().startsWith("known here: flag, fetchSize"));
        assertThat(problems.errors().get(2).path()).isEqualTo(PATH + "[\"quite else\"]");
    }

    @Test
    void unknownKeysInsideAreErrorsToo() {
        assertThat(bind(All.class, "{'inner': [{'name': 'x', 'cuont': 2}]}")).isEmpty();

        assertThat(told()).containsExactly(PATH + ".inner[0].cuont: is not known here -> did you mean `count`?");
    }

    @Test
    void missingAndEmptyRequiredKeysAreToldWithTheirMeaning() {
        assertThat(bind(Needs.class, "{}")).isEmpty();
        assertThat(bind(Needs.class, "{'datasource': ' ', 'column': []}")).isEmpty();
        assertThat(bind(Needs.class, "{'datasource': null, 'column': ['id']}")).isEmpty();

        assertThat(told())
                .containsExactly(
                        PATH + ".datasource: is required but missing -> Name of the source.",
                        PATH + ".column: is required but missing -> The columns.",
                        PATH + ".datasource: must not be empty -> Name of the source.",
                        PATH + ".column: must not be empty -> The columns.",
                        PATH + ".datasource: is required but missing -> Name of the source.");
        assertThat(problems.errors()).extracting(Problem::code).containsOnly("MISSING_PARAMETER");
    }

    @Test
    void wrongValuesAreToldAllAtOnceWithWhatWasExpected() {
        assertThat(bind(All.class, """
                        {'flag': 1, 'fetchSize': 'abc', 'large': 1.5, 'share': 2, 'delimiter': [','], 'limit': 11,
                         'inner': ['x', {}], 'named': {'a': 'b'}, 'one': [], 'file': '', 'table': [null]}""")).isEmpty();

        assertThat(told())
                .containsExactly(
                        PATH + ".flag: expected true or false, found 1",
                        PATH + ".fetchSize: expected a whole number from 1 to 2147483647, found \"abc\"",
                        PATH + ".large: expected a whole number, found 1.5",
                        PATH + ".share: expected a number from 0 to 1, found 2",
                        PATH + ".delimiter: expected a text, found a list [...]",
                        PATH + ".file: expected the path of a file, found \"\"",
                        PATH + ".limit: expected a whole number from -2147483648 to 10, found 11",
                        PATH + ".table[0]: expected a value, found null",
                        PATH + ".inner[0]: expected an object {...}, found a text",
                        PATH + ".inner[1].name: is required but missing -> Its name.",
                        PATH + ".named.a: expected a whole number, found \"b\"",
                        PATH + ".one: expected an object {...}, found a list [...]");
    }

    @Test
    void numbersBeyondTheTypeAreRefusedNotCut() {
        assertThat(bind(All.class, "{'fetchSize': 2147483648, 'large': 9223372036854775808, 'share': '1e999'}"))
                .isEmpty();
        assertThat(bind(All.class, "{'fetchSize': 0, 'share': 'NaN', 'large': ' 1'}"))
                .isEmpty();

        assertThat(problems.errors())
                .extracting(Problem::path)
                .containsExactly(
                        PATH + ".fetchSize",
                        PATH + ".large",
                        PATH + ".share",
                        PATH + ".fetchSize",
                        PATH + ".large",
                        PATH + ".share");
    }

    @Test
    void anUnknownWordIsToldWithTheAllowedOnes() {
        assertThat(bind(All.class, "{'mode': 'isnert'}")).isEmpty();
        assertThat(bind(All.class, "{'mode': 'copyall'}")).isEmpty();

        assertThat(told())
                .containsExactly(
                        PATH + ".mode: expected one of insert, verify-ca, found \"isnert\" -> did you mean `insert`?",
                        PATH + ".mode: expected one of insert, verify-ca, found \"copyall\"");
    }

    @Test
    void longValuesAreShortenedAndKeptOnOneLine() {
        bind(All.class, "{'fetchSize': '" + "x".repeat(500) + "', 'large': 'a\\nb'}");

        assertThat(told())
                .containsExactly(
                        PATH + ".fetchSize: expected a whole number from 1 to 2147483647, found \"" + "x".repeat(60)
                                + "...\"",
                        PATH + ".large: expected a whole number, found \"a b\"");
    }

    @Test
    void aSecretIsNeverShown() {
        record Secrets(
                @Parameter(description = "One.") Optional<Secret> one,
                @Parameter(description = "Many.") List<Secret> many) {}

        bind(Secrets.class, "{'one': ['hunter2'], 'many': 'hunter2'}");

        assertThat(told())
                .containsExactly(
                        PATH + ".one: expected a text, found a list [...] (not shown)",
                        PATH + ".many: expected a list [...], found a text (not shown)");
    }

    @Test
    void aValueFromOutsideIsNotShown() {
        Problems found = new Problems();
        ParameterBinder.bind(
                All.class,
                json("{'fetchSize': 'hunter2', 'mode': 'insertx'}"),
                PATH,
                FOLDER,
                found,
                new ParameterBinder.Leniency(Set.of(), Set.of(PATH + ".fetchSize", PATH + ".mode")));

        assertThat(found.errors()).hasSize(2);
        assertThat(found.errors().toString()).contains("(not shown)").doesNotContain("hunter2", "insertx", "did you");
    }

    @Test
    void anIgnoredKeyIsAWarningUnlessTheRecordHasIt() {
        ParameterBinder.Leniency leniency = new ParameterBinder.Leniency(Set.of("encoding", "delimiter"), Set.of());
        Optional<All> all = ParameterBinder.bind(
                All.class, json("{'encoding': 'UTF-8', 'delimiter': ';'}"), PATH, FOLDER, problems, leniency);

        assertThat(all.orElseThrow().delimiter()).isEqualTo(";");
        assertThat(problems.warnings()).extracting(Problem::path).containsExactly(PATH + ".encoding");
    }

    record Refusing(
            @Parameter(description = "A number.", required = true)
            int number) {
        Refusing {
            if (number == 13) {
                throw new IllegalArgumentException("13 is not a number here");
            }
        }
    }

    record Ruled(
            @Parameter(description = "Least.", required = true)
            int least,

            @Parameter(description = "Most.", required = true)
            int most)
            implements Validated {

        @Override
        public void validate(Checks checks) {
            if (least > most) {
                checks.error("most", ErrorCode.user("RANGE"), "is below least", "swap them");
            }
            if (least == most) {
                checks.warning("", "leaves one number");
            }
        }
    }

    record Outer(@Parameter(description = "Rules.") List<Ruled> rules) {}

    @Test
    void whatTheConstructorRefusesIsAnErrorAtTheRecord() {
        assertThat(bind(Refusing.class, "{'number': 13}")).isEmpty();

        assertThat(told()).containsExactly(PATH + ": 13 is not a number here");
    }

    @Test
    void rulesAreCheckedBelowTheRecordsPath() {
        assertThat(bind(Outer.class, "{'rules': [{'least': 1, 'most': 2}, {'least': 3, 'most': 2}]}"))
                .isEmpty();
        assertThat(told()).containsExactly(PATH + ".rules[1].most: is below least -> swap them");

        assertThat(bind(Ruled.class, "{'least': 1, 'most': 1}")).isPresent();
        assertThat(problems.warnings()).extracting(Problem::toString).containsExactly(PATH + ": leaves one number");
    }

    @Test
    void rulesAreNotAskedOfARecordThatCouldNotBeRead() {
        assertThat(bind(Ruled.class, "{'least': 3, 'most': 'x'}")).isEmpty();

        assertThat(problems.errors()).extracting(Problem::path).containsExactly(PATH + ".most");
    }

    @Test
    void aRecordThatBreaksTheRulesIsADefect() {
        record NoDefault(
                @Parameter(description = "A number.") int number) {}
        record NoAnnotation(String text) {}
        record BadType(
                @Parameter(description = "A number.", required = true)
                Thread thread) {}
        record BadDefault(
                @Parameter(description = "A number.", defaultValue = "x")
                int number) {}

        for (Class<? extends Record> type :
                List.of(NoDefault.class, NoAnnotation.class, BadType.class, BadDefault.class)) {
            assertThatThrownBy(() -> bind(type, "{}"))
                    .isInstanceOf(TransvaseException.class)
                    .extracting(e -> ((TransvaseException) e).code())
                    .isEqualTo("PARAMETER_RECORD_INVALID");
        }
    }

    private <R extends Record> Optional<R> bind(Class<R> type, String json) {
        return ParameterBinder.bind(type, json(json), PATH, FOLDER, problems);
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JsonFile.value(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private List<String> told() {
        return problems.errors().stream()
                .map(problem -> problem.toString().replaceAll("\\R  -> ", " -> "))
                .toList();
    }
}
