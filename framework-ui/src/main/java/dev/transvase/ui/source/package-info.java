/** Data sources: their file, the files of their secrets, what they are like, and their tables. */
package dev.transvase.ui.source;
