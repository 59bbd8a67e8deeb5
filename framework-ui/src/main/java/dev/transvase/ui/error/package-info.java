/** The codes of errors that the UI gives. */
package dev.transvase.ui.error;
