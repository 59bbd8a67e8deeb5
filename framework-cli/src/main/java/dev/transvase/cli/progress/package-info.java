/** What is shown of a job while it runs: a line that renews itself, lines of text, or JSON. */
package dev.transvase.cli.progress;
