package dev.transvase.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Takes every measure of changes in real time once, of a few changes. Each tool makes sure that it did all there was to do, so
 * what is looked at here is that it was there and what it had to do; however long that took.
 */
class MeasuresIT {

    private static final int CHANGES = 700;

    private static ChangeRun run;

    @BeforeAll
    static void start() throws Exception {
        run = ChangeRun.start();
    }

    @AfterAll
    static void stop() throws IOException {
        run.close();
    }

    @Test
    void allToolsDrainAllChanges() throws Exception {
        assertThat(tools(Measure.DRAIN, CHANGES)).contains("Transvase", "JDBC driver", "Debezium");
        assertThat(ChangeWorkload.of(CHANGES).changes()).isEqualTo(CHANGES);
        assertThat(run.source().query("SELECT count(*) || ' ' || min(id) || ' ' || max(id) FROM orders"))
                .isEqualTo("400 1 500");
        // Each sixth row has that status from its start.
        assertThat(run.source().query("SELECT count(*) FROM orders WHERE status = 'returned' AND id <= 100"))
                .isEqualTo("100");
        assertThat(run.source().query("SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE '%drain_1'"))
                .isEqualTo("1");
    }

    @Test
    void bothToolsApplyAllChanges() throws Exception {
        assertThat(tools(Measure.APPLY, CHANGES)).containsExactly("Transvase", "subscription");
        assertThat(run.target().digest()).startsWith("400 ");
    }

    @Test
    void bothToolsApplyOneTransaction() throws Exception {
        assertThat(tools(Measure.MEMORY, 300)).containsExactly("Transvase", "subscription");
        assertThat(run.target().digest()).startsWith("300 ");
        assertThat(run.source().query("SELECT count(DISTINCT xmin::text) FROM orders"))
                .isEqualTo("1");
    }

    @Test
    void rowsArriveOneByOne() throws Exception {
        assertThat(tools(Measure.LATENCY, 4)).containsExactly("Transvase", "subscription");
        assertThat(run.target().digest()).isEqualTo(run.source().digest()).startsWith("12 ");
    }

    @Test
    void commitsArriveWhileOthersAreAtWork() throws Exception {
        assertThat(tools(Measure.COMMITS, 40)).containsExactly("Transvase", "subscription");
        assertThat(run.target().digest()).isEqualTo(run.source().digest()).startsWith("84 ");
        assertThat(run.source().query("SELECT count(*) > 0 FROM pg_class WHERE relname = 'noise'"))
                .isEqualTo("t");
    }

    @Test
    void aToolThatDoesNothingFails() throws Exception {
        run.source()
                .execute(
                        "TRUNCATE orders",
                        "INSERT INTO orders SELECT 1, 1, 'new', 1, NULL, NULL, now(), NULL, NULL,"
                                + " '00000000-0000-0000-0000-000000000000'");
        Contender idle = new Contender() {
            @Override
            public String name() {
                return "idle";
            }

            @Override
            public void prepare(int round) {
                // It has no slot.
            }

            @Override
            public Outcome run(int round) {
                return new Outcome(1, 1);
            }
        };
        assertThatThrownBy(() -> new Applying(run, idle).run(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("idle has not made the tables the same: expected 1 ");
        run.source().createSlot("unread");
        run.source().execute("DELETE FROM orders");
        assertThatThrownBy(() ->
                        run.source().requireConfirmed("unread", run.source().end()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("The slot unread was not read up to ");
    }

    /** The tools that a measure has figures of. */
    private static List<String> tools(Measure measure, int changes) throws Exception {
        PrintStream told = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new MeasureRun(measure, changes, 1, told)
                .on(run)
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| tool"))
                .map(line -> line.split(" \\| ", 2)[0].substring(2))
                .toList();
    }
}
