package dev.transvase.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.run.Progress;
import dev.transvase.spi.Lag;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressTextTest {

    private final Rate rate = new Rate(Duration.ofSeconds(3));

    @Test
    void aPlainLineHoldsEverything() {
        rate.add(progress(0, 0, 0));
        rate.add(progress(2, 5, 4_000));
        assertThat(ProgressText.plain(progress(2, 5, 4_000), rate))
                .isEqualTo(
                        "5/10 splits, 4,000 read, 4,000 written, 2 dirty, 39.1 KB, 2,000 records/s, 19.5 KB/s, 2.0 s");
    }

    @Test
    void ofSeveralTablesItSaysWhichAreUnderWay() {
        rate.add(progress(0, 0, 0));
        Progress progress = new Progress(
                Duration.ofSeconds(2),
                900,
                5,
                500,
                3,
                List.of("a.one", "a.two", "a.three"),
                9,
                90,
                9,
                0,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
        rate.add(progress);
        assertThat(ProgressText.plain(progress, rate))
                .startsWith("3/500 tables, 5/900 splits, 9 read")
                .endsWith("2.0 s, reading a.one, a.two and 1 more");
        assertThat(ProgressText.live(progress, rate, 200)).startsWith("[").endsWith("reading a.one, a.two and 1 more");
        assertThat(ProgressText.live(progress, rate, 60))
                .startsWith("3/500 tables")
                .hasSize(59);
    }

    @Test
    void theRateIsThatOfLately() {
        rate.add(progress(0, 0, 0));
        rate.add(progress(10, 0, 1_000));
        rate.add(progress(20, 0, 101_000));
        assertThat(rate.records()).isEqualTo(10_000);
    }

    @Test
    void aLiveLineNeverFillsTheTerminal() {
        rate.add(progress(0, 0, 0));
        for (int columns = 1; columns < 200; columns++) {
            assertThat(ProgressText.live(progress(1, 3, 5), rate, columns)).hasSizeLessThan(columns);
        }
        assertThat(ProgressText.live(progress(1, 5, 5), rate, 150)).startsWith("[============            ] 5/10");
        assertThat(ProgressText.live(progress(1, 5, 5), rate, 40)).startsWith("5/10");
    }

    @Test
    void ofAStreamItSaysFirstHowFarBehindItIsOrHowLongItIsLost() {
        Progress current = followed(Lag.of(2048, Duration.ofMillis(1500)));
        rate.add(current);
        assertThat(ProgressText.live(current, rate, 160)).startsWith("behind by 2.0 KB and 1.5 s, 30 read");
        assertThat(ProgressText.plain(followed(Lag.unknown(Duration.ofSeconds(7))), rate))
                .startsWith("stream lost for 7.0 s, 30 read");
    }

    private static Progress followed(Lag lag) {
        return new Progress(
                Duration.ofSeconds(2),
                3,
                2,
                1,
                0,
                List.of("public.orders"),
                30,
                300,
                30,
                0,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.of(lag),
                Optional.of(new Progress.Changes(20, 5, 4, 1, 2)),
                List.of());
    }

    @Test
    void itSaysHowMuchIsDoneAndHowLongTheRestWillTake() {
        rate.add(expecting(0, 0, 10_000));
        rate.add(expecting(2, 4_000, 10_000));
        assertThat(ProgressText.plain(expecting(2, 4_000, 10_000), rate))
                .startsWith("40 %, 3.0 s left, 0/10 splits, 4,000 read");
        assertThat(ProgressText.live(expecting(2, 4_000, 10_000), rate, 150))
                .startsWith("[=========               ] 40 %, 3.0 s left");
        assertThat(ProgressText.plain(expecting(2, 10_000, 10_000), rate)).startsWith("99 %, ");
        assertThat(ProgressText.plain(expecting(0, 0, 0), rate)).startsWith("99 %, ");
    }

    @Test
    void itSaysWhatIsWaitedFor() {
        rate.add(progress(0, 0, 0));
        assertThat(ProgressText.plain(waiting(Progress.Waiting.TARGET), rate)).endsWith(", waiting for the target");
        assertThat(ProgressText.plain(waiting(Progress.Waiting.SOURCE), rate)).endsWith(", waiting for the source");
        assertThat(ProgressText.plain(waiting(Progress.Waiting.SPEED_LIMIT), rate))
                .endsWith(", at the speed limit");
    }

    @Test
    void whoeverElseIsWaitedForIsNamed() {
        rate.add(progress(0, 0, 0));
        Progress one =
                waitingOutside(new Progress.Wait("a lock on public.t, held by pid 7 (psql)", Duration.ofSeconds(12)));
        assertThat(ProgressText.plain(one, rate))
                .endsWith(", waiting 12.0 s for a lock on public.t, held by pid 7 (psql)")
                .doesNotContain("waiting for the source");
        assertThat(ProgressText.live(one, rate, 60))
                .startsWith("waiting 12.0 s for a lock on public.t, held by pid 7 (psql)")
                .hasSize(59);
        Progress two = waitingOutside(
                new Progress.Wait("a lock", Duration.ofSeconds(12)),
                new Progress.Wait("another", Duration.ofSeconds(3)));
        assertThat(ProgressText.plain(two, rate)).endsWith(", waiting 12.0 s for a lock; and 1 more wait");
        assertThat(ProgressJson.line(two.reported(words -> words.replace("lock", "***")), rate))
                .contains(
                        "\"waitingFor\":[{\"what\":\"a ***\",\"millis\":12000},{\"what\":\"another\",\"millis\":3000}]");
        assertThat(ProgressJson.line(progress(0, 0, 0), rate)).doesNotContain("waitingFor");
    }

    private static Progress waitingOutside(Progress.Wait... waits) {
        Progress base = waiting(Progress.Waiting.SOURCE);
        return new Progress(
                base.elapsed(),
                base.splits(),
                base.splitsDone(),
                base.tables(),
                base.tablesDone(),
                base.underWay(),
                base.readRecords(),
                base.readBytes(),
                base.writtenRecords(),
                base.dirtyRecords(),
                base.expectedRecords(),
                base.waiting(),
                base.lag(),
                base.changes(),
                List.of(waits));
    }

    @Test
    void asJsonItHasAllThatIsKnown() {
        rate.add(expecting(0, 0, 10_000));
        rate.add(expecting(2, 4_000, 10_000));
        assertThat(ProgressJson.line(expecting(2, 4_000, 10_000), rate))
                .isEqualTo(
                        "{\"elapsedMillis\":2000,\"tables\":1,\"tablesDone\":0,\"splits\":10,\"splitsDone\":0,"
                                + "\"reading\":[\"public.orders\"],\"read\":{\"records\":4000,\"bytes\":40000},"
                                + "\"written\":{\"records\":4000},\"dirty\":{\"records\":2},\"recordsPerSecond\":2000,"
                                + "\"bytesPerSecond\":20000,\"expected\":{\"records\":10000},\"share\":0.4,\"leftMillis\":3000}");
        Progress stream = followed(Lag.of(2048, Duration.ofMillis(1500)));
        assertThat(ProgressJson.line(stream, rate))
                .endsWith("\"lag\":{\"bytes\":2048,\"delayMillis\":1500,\"lostMillis\":0},"
                        + "\"changes\":{\"inserts\":20,\"updates\":5,\"deletes\":4,\"truncates\":1},\"reconnects\":2}");
        assertThat(ProgressJson.line(waiting(Progress.Waiting.SPEED_LIMIT), rate))
                .contains("\"waiting\":\"speed_limit\"")
                .doesNotContain("changes")
                .doesNotContain("reconnects");
    }

    private static Progress expecting(int seconds, long records, long all) {
        return progress(seconds, 0, records, OptionalLong.of(all), Optional.empty());
    }

    private static Progress waiting(Progress.Waiting waiting) {
        return progress(0, 0, 0, OptionalLong.empty(), Optional.of(waiting));
    }

    private static Progress progress(int seconds, int done, long records) {
        return progress(seconds, done, records, OptionalLong.empty(), Optional.empty());
    }

    private static Progress progress(
            int seconds, int done, long records, OptionalLong expected, Optional<Progress.Waiting> waiting) {
        return new Progress(
                Duration.ofSeconds(seconds),
                10,
                done,
                1,
                0,
                List.of("public.orders"),
                records,
                records * 10,
                records,
                2,
                expected,
                waiting,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }
}
