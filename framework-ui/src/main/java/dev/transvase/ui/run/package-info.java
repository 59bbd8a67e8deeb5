/**
 * Runs of jobs. Each is a process of its own, {@code transvase run}, and a folder below {@code runs/} that has all that is known of it;
 * neither needs this server to be there.
 */
package dev.transvase.ui.run;
