/** What commands share of their arguments: job files and variables, schedule times, and the files they write. */
package dev.transvase.cli.argument;
