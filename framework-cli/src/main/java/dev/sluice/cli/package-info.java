/** The command line: what {@code bin/sluice} starts. Only the demo's side of it is meant for others. */
package dev.sluice.cli;
