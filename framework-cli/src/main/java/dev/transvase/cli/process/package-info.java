/** The process around a command: its streams, signals, exit codes and end. Knows no command. */
package dev.transvase.cli.process;
