package dev.transvase.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.transvase.core.job.JobFile;
import dev.transvase.core.job.JobSettings;
import dev.transvase.core.job.JobShape;
import dev.transvase.core.job.StepSpec;
import dev.transvase.core.run.JobNotices;
import dev.transvase.core.run.JobPlan;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.error.LeftOut;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanTextTest {

    private static WriteTarget target(String name) {
        Schema schema = Schema.of(new TableName("public", name), List.of(Column.of(name + "_id", Scalar.INT64)));
        return WriteTarget.of("archive." + name, schema, "COPY archive." + name);
    }

    @Test
    void everyTableHasAPlanOfItsOwn() {
        StepSpec step = new StepSpec(
                "t",
                "T",
                JsonNodeFactory.instance.objectNode(),
                "steps[0]",
                Optional.empty(),
                "",
                List.of(),
                JobShape.DATAWORKS);
        JobPlan plan = new JobPlan(
                new JobFile("all", Path.of(""), Optional.empty(), step, step, JobSettings.DEFAULTS),
                null,
                null,
                List.of(target("orders"), target("users")),
                List.of(
                        Split.of("1", 1, new byte[0], "SELECT FROM users"),
                        Split.of("2", 0, new byte[0], "SELECT FROM orders, first"),
                        Split.of("3", 0, new byte[0], "SELECT FROM orders, second")),
                false,
                Optional.empty(),
                2,
                List.of(),
                List.of(
                        new LeftOut("public.v", "a view"),
                        new LeftOut("public.s1", "a sequence"),
                        new LeftOut("public.s2", "a sequence")),
                new JobNotices());
        assertThat(new PlanText(plan, "t").lines())
                .startsWith("job all: t -> t, 2 channels, 3 splits, 2 tables")
                .containsSubsequence(
                        "public.orders -> archive.orders",
                        "  reads in 2 splits",
                        "    SELECT FROM orders, first",
                        "    SELECT FROM orders, second",
                        "    COPY archive.orders",
                        "public.users -> archive.users",
                        "  reads in 1 split",
                        "    SELECT FROM users",
                        "    COPY archive.users",
                        "left out: public.v: a view",
                        "left out: public.s1, public.s2: a sequence")
                .anyMatch(line -> line.strip().startsWith("users_id"));
    }
}
