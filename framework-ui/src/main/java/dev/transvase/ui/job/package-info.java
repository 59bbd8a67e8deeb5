/** The folder's jobs: their files, what is in them, and what a check finds. */
package dev.transvase.ui.job;
