/** The commands, one class each, on picocli; {@code JobExecution} runs a job from its plan to its exit code. */
package dev.transvase.cli.command;
