package dev.transvase.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.transvase.core.job.JobSettings.Speed;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpeedLimitTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Time that passes only while somebody waits. */
    private static final class VirtualTicker implements Ticker {

        private long now = 12_345;

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void waitUntil(long nanos) {
            now = Math.max(now, nanos);
        }
    }

    private static RecordBatch batch(int records, int bytesEach) {
        RecordBatchBuilder builder =
                new RecordBatchBuilder(Schema.of(new TableName("", "t"), List.of(Column.of("c", Type.Scalar.BYTES))));
        byte[] value = new byte[bytesEach - 6];
        for (int i = 0; i < records; i++) {
            builder.beginRecord().appendBytes(value).endRecord();
        }
        return builder.build();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void keepsTheRateWithinFivePercentAndSmoothWithinASecond(int channels) throws InterruptedException {
        VirtualTicker ticker = new VirtualTicker();
        SpeedLimit limit =
                new SpeedLimit(new Speed(channels, true, OptionalDouble.of(2), OptionalLong.empty()), ticker);
        RecordBatch batch = batch(1000, 1000);
        long start = ticker.nanos();
        long[] tenths = new long[200];
        long passed = 0;
        int[] at = new int[channels];
        for (int channel = 0; ticker.nanos() - start < 10 * SECOND; channel = (channel + 1) % channels) {
            int end = limit.pieceEnd(batch, at[channel]);
            RecordBatch piece = batch.slice(at[channel], end);
            at[channel] = end == batch.size() ? 0 : end;
            limit.acquire(piece);
            passed += piece.bytes();
            tenths[(int) ((ticker.nanos() - start) / (SECOND / 10))] += piece.bytes();
        }
        assertThat((double) passed).isCloseTo(10 * 2 * 1024 * 1024, Percentage.withPercentage(5));
        for (int tenth = 0; tenth < 100; tenth++) {
            assertThat((double) tenths[tenth]).isCloseTo(2 * 1024 * 1024 / 10.0, Percentage.withPercentage(60));
        }
    }

    @Test
    void limitsRecords() throws InterruptedException {
        VirtualTicker ticker = new VirtualTicker();
        SpeedLimit limit = new SpeedLimit(new Speed(1, true, OptionalDouble.empty(), OptionalLong.of(500)), ticker);
        RecordBatch batch = batch(1000, 10);
        long start = ticker.nanos();
        int pieces = 0;
        for (int from = 0, to; from < batch.size(); from = to) {
            to = limit.pieceEnd(batch, from);
            assertThat(to - from).isEqualTo(25);
            limit.acquire(batch.slice(from, to));
            pieces++;
        }
        assertThat(pieces).isEqualTo(40);
        assertThat((double) (ticker.nanos() - start)).isCloseTo(2.0 * SECOND, within(0.1 * SECOND));
    }

    @Test
    void theSlowerOfBothLimitsHolds() throws InterruptedException {
        VirtualTicker ticker = new VirtualTicker();
        SpeedLimit limit = new SpeedLimit(new Speed(1, true, OptionalDouble.of(1), OptionalLong.of(10)), ticker);
        long start = ticker.nanos();
        for (int i = 0; i < 30; i++) {
            limit.acquire(batch(1, 100));
        }
        assertThat((double) (ticker.nanos() - start)).isCloseTo(2.9 * SECOND, within(0.1 * SECOND));
    }

    @Test
    void aRecordLargerThanAPieceStillPassesAndIsPaidFor() throws InterruptedException {
        VirtualTicker ticker = new VirtualTicker();
        SpeedLimit limit = new SpeedLimit(new Speed(1, true, OptionalDouble.of(1), OptionalLong.empty()), ticker);
        RecordBatch wide = batch(2, 2 << 20);
        assertThat(limit.pieceEnd(wide, 0)).isEqualTo(1);
        long start = ticker.nanos();
        limit.acquire(wide.slice(0, 1));
        limit.acquire(wide.slice(1, 2));
        assertThat((double) (ticker.nanos() - start)).isCloseTo(2.0 * SECOND, within(0.1 * SECOND));
    }

    @Test
    void aPauseIsNotMadeUpForByABurst() throws InterruptedException {
        VirtualTicker ticker = new VirtualTicker();
        SpeedLimit limit = new SpeedLimit(new Speed(1, true, OptionalDouble.empty(), OptionalLong.of(100)), ticker);
        ticker.now += 60 * SECOND;
        long start = ticker.nanos();
        for (int i = 0; i < 100; i++) {
            limit.acquire(batch(1, 10));
        }
        assertThat((double) (ticker.nanos() - start)).isCloseTo(0.95 * SECOND, within(0.1 * SECOND));
    }

    @Test
    void throttleFalseMakesTheLimitsIneffective() {
        Speed speed = new Speed(1, false, OptionalDouble.of(1), OptionalLong.of(1));
        SpeedLimit limit = new SpeedLimit(speed, new VirtualTicker());
        assertThat(limit.limits()).isFalse();
        assertThat(limit.pieceEnd(batch(1000, 1000), 0)).isEqualTo(1000);
    }
}
