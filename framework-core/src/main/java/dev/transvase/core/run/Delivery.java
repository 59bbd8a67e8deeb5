package dev.transvase.core.run;

import dev.transvase.spi.Position;
import dev.transvase.spi.RecordBatch;
import dev.transvase.spi.Split;

/**
 * What a channel's reader hands to its writer.
 *
 * @param batch the records
 * @param split where they come from
 * @param position where reading that split would go on after them
 * @param acknowledgements takes word of when they are durable
 */
record Delivery(RecordBatch batch, Split split, Position position, Acknowledgements acknowledgements) {}
