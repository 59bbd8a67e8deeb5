package dev.transvase.core.run;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Split;
import dev.transvase.spi.record.RecordBatch;

/**
 * What a channel's reader hands to its writer.
 *
 * @param batch the records
 * @param split where they come from
 * @param end what may be done after them
 * @param acknowledgements takes word of when they are durable
 */
record Delivery(RecordBatch batch, Split split, BatchEnd end, Acknowledgements acknowledgements) {}
