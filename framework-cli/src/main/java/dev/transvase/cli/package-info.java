/** The command line: what {@code bin/transvase} starts. Only the demo's side of it is meant for others. */
package dev.transvase.cli;
