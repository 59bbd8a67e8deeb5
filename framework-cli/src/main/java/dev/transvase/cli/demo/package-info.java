/** The command that runs the demo, and what the demo implements to be found by it. */
package dev.transvase.cli.demo;
