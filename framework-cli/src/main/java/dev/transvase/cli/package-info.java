/**
 * The command line: what {@code bin/transvase} starts. {@code Transvase} is the tree of commands. Of all rooms only {@code demo}
 * and {@code ui} are meant for others.
 */
package dev.transvase.cli;
