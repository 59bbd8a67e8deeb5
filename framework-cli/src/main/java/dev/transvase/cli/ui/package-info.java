/** The command that serves the UI, and what the UI implements to be found by it. */
package dev.transvase.cli.ui;
