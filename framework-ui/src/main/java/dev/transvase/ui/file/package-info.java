/** Files that are there as a whole or not at all, and how their versions are told apart. */
package dev.transvase.ui.file;
