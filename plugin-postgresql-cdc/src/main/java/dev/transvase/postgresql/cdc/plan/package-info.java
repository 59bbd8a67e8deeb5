/**
 * The phases of a run, each an object that the one before makes: {@code Planning} checks and gives a {@code Planned}, whose split
 * gives an {@code Opening}, which opens the splits. The reader calls it; it calls every other package but {@code wait}.
 */
package dev.transvase.postgresql.cdc.plan;
