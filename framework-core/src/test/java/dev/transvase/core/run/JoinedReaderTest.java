package dev.transvase.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.transvase.core.parameter.Problem;
import dev.transvase.core.parameter.Problems;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.LeftOut;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.SequenceValue;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JoinedReaderTest {

    private final Problems problems = new Problems();

    /** A reader of one table, stored in these. */
    private record Stored(String name, Set<String> origins) implements Reader {

        @Override
        public ReadPlan plan(Checks checks) {
            Schema schema = Schema.of(new TableName("public", name), List.of(Column.of("n", Scalar.INT64)));
            return ReadPlan.of(List.of(schema))
                    .withLeftOut(List.of(new LeftOut(name + "_seq", "a sequence")))
                    .withOrigins(origins.isEmpty() ? List.of() : List.of(origins), origins)
                    .withSequences(List.of(new SequenceValue(0, 0, name.length())));
        }

        @Override
        public List<Split> split(List<Schema> accepted, int channels, Checks checks) {
            return List.of();
        }

        @Override
        public SplitReader open(Split split, Schema schema, Position position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private ReadPlan plan(Reader one, Reader other) {
        return new JoinedReader(List.of(
                        new JoinedReader.Part("connection[0]", one), new JoinedReader.Part("connection[1]", other)))
                .plan(problems.at("reader"));
    }

    @Test
    void whatTwoOfThemReadWouldComeTwice() {
        plan(new Stored("person", Set.of("person at a", "emp at a")), new Stored("emp", Set.of("emp at a")));
        assertThat(problems.errors())
                .singleElement()
                .satisfies(e -> assertThat(e.code()).isEqualTo("DUPLICATE_TABLE"))
                .extracting(Problem::message)
                .asString()
                .contains("connection[1]", "public.emp", "emp at a")
                .doesNotContain("person");
    }

    @Test
    void tablesOfOneNameInTwoDatabasesAreTwo() {
        ReadPlan plan = plan(new Stored("orders", Set.of("orders at a")), new Stored("orders", Set.of("orders at b")));
        assertThat(problems.errors()).isEmpty();
        assertThat(plan.tables()).hasSize(2);
        assertThat(plan.origins()).containsExactly(Set.of("orders at a"), Set.of("orders at b"));
        assertThat(plan.leftOut()).hasSize(2);
        assertThat(plan.sequences())
                .extracting(SequenceValue::table, SequenceValue::column)
                .containsExactly(tuple(0, 0), tuple(1, 0));
    }

    @Test
    void aReaderThatCannotTellIsTakenAtItsWord() {
        plan(new Stored("orders", Set.of()), new Stored("orders", Set.of()));
        assertThat(problems.errors()).isEmpty();
    }
}
