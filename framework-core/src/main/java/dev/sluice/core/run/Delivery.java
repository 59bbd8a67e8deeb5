package dev.sluice.core.run;

import dev.sluice.spi.Position;
import dev.sluice.spi.RecordBatch;
import dev.sluice.spi.Split;

/**
 * What a channel's reader hands to its writer.
 *
 * @param batch the records
 * @param split where they come from
 * @param position where reading that split would go on after them
 * @param acknowledgements takes word of when they are durable
 */
record Delivery(RecordBatch batch, Split split, Position position, Acknowledgements acknowledgements) {}
