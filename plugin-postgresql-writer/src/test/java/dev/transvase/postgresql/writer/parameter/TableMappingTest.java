package dev.transvase.postgresql.writer.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.table.TableName;
import dev.transvase.testing.contract.CollectedChecks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where many tables go. */
class TableMappingTest {

    private final CollectedChecks checks = new CollectedChecks();

    private List<String> targets(Map<String, String> mapping, String... sources) {
        List<TableName> names = Stream.of(sources)
                .map(s -> s.split("\\."))
                .map(s -> new TableName(s[0], s[1]))
                .toList();
        return TableMapping.of(mapping, checks).targets(names, checks).stream()
                .map(TableName::toString)
                .toList();
    }

    private static Map<String, String> mapping(String... pairs) {
        Map<String, String> mapping = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            mapping.put(pairs[i], pairs[i + 1]);
        }
        return mapping;
    }

    @Test
    void namesWinOverPatternsAndTheFirstPatternOverOthers() {
        assertThat(targets(
                        mapping(
                                "public.*", "archive.*",
                                "public.or*", "never.*",
                                "public.orders", "archive.orders_2026",
                                "sales.*_old", "attic.*"),
                        "public.orders",
                        "public.origins",
                        "public.users",
                        "sales.returns_old",
                        "other.kept"))
                .containsExactly(
                        "archive.orders_2026", "archive.origins", "archive.users", "attic.returns", "other.kept");
        assertThat(checks.errors()).isEmpty();
    }

    @Test
    void withoutAnEntryNamesStay() {
        assertThat(targets(Map.of(), "public.a", "b.c")).containsExactly("public.a", "b.c");
    }

    @Test
    void severalIntoOneOnlyWhereThatIsSaid() {
        assertThat(targets(mapping("public.order_??", "public.orders"), "public.order_01", "public.order_02"))
                .containsExactly("public.orders", "public.orders");
        assertThat(checks.errors()).isEmpty();
        targets(mapping("a.*", "c.*", "b.*", "c.*"), "a.t", "b.t", "a.u");
        targets(mapping("a.t", "c.t"), "a.t", "c.t");
        assertThat(checks.errors())
                .satisfiesExactly(
                        e -> assertThat(e)
                                .startsWith(
                                        "tableMapping TARGET_TWICE: several tables would be written to c.t: a.t, b.t"),
                        e -> assertThat(e)
                                .startsWith(
                                        "tableMapping TARGET_TWICE: several tables would be written to c.t: a.t, c.t"));
    }

    @Test
    void anEntryThatMeansNoTableIsASlip() {
        targets(mapping("public.ordres", "x.y", "publik.*", "z.*"), "public.orders");
        assertThat(checks.errors())
                .satisfiesExactly(
                        e -> assertThat(e)
                                .startsWith("tableMapping.public.ordres NO_TABLE_MATCHES")
                                .contains("did you mean public.orders?"),
                        e -> assertThat(e).startsWith("tableMapping.publik.* NO_TABLE_MATCHES"));
    }
}
