/**
 * How a plugin reports what is wrong: {@code TransvaseException} ends the job, {@code Checks} collects what is found before it
 * starts, {@code DirtyRecord} is a record that could not be moved, and {@code Notices} are warnings of a job that goes on.
 */
package dev.transvase.spi.error;
