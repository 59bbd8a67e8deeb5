package dev.sluice.spi;

/**
 * How far an earlier run of the job came, as its writer stored it. Injectable into readers; answers once the writer has
 * been planned, so from {@link Reader#split} on. Blocks on the target.
 */
public interface StoredPositions {

    /** Whether the writer stores positions together with what it writes. */
    boolean kept();

    /** Where the run left this split; {@link Position#START} when there is nothing stored. */
    Position of(String split);
}
