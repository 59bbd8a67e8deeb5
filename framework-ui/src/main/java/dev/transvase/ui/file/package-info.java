/** Files that are written whole or not at all, and their versions. */
package dev.transvase.ui.file;
