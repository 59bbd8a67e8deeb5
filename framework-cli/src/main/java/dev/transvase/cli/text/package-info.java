/** How figures, plans and summaries are shown to people, and how foreign text is kept from doing harm to a terminal. */
package dev.transvase.cli.text;
