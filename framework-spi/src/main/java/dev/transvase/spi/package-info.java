/**
 * What a plugin author sees: the step types a plugin offers, the reader and writer contracts, and the record batch that
 * travels between them.
 *
 * <p>Everything here is public API and kept compatible. The way of one job through it:
 *
 * <ol>
 *   <li>{@link dev.transvase.spi.Plugin} names its step types; the job file's parameters become its parameter records.
 *   <li>{@link dev.transvase.spi.Reader#plan} offers schemas, {@link dev.transvase.spi.Writer#plan} accepts them, {@link
 *       dev.transvase.spi.Reader#split} cuts the work.
 *   <li>{@link dev.transvase.spi.Writer#begin} runs once; then each channel moves batches from a {@link
 *       dev.transvase.spi.SplitReader} to a {@link dev.transvase.spi.ChannelWriter}; {@link dev.transvase.spi.Writer#complete} runs once.
 * </ol>
 *
 * <p>Beside the contracts: {@code record} has the batch, {@code table} what a table is, {@code parameter} how parameters are
 * described, and {@code error} how faults are reported.
 */
package dev.transvase.spi;
