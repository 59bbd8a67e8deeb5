/** The pages: what each shows, and their templates. */
package dev.transvase.ui.page;
