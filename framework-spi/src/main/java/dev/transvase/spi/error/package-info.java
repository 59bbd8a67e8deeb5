/**
 * How a plugin reports what is wrong: {@code TransvaseException} ends the job, {@code Checks} collects what is found before it
 * starts, {@code DirtyRecord} is a record that could not be moved, {@code Notices} are warnings of a job that goes on, and
 * {@code Spelling} finds what a misspelt word was meant to be.
 */
package dev.transvase.spi.error;
