/** The log file of a command. */
package dev.transvase.cli.log;
