/** What people look at before they write a job: what a data source is like, its tables, and the first rows. Nothing here changes anything. */
package dev.transvase.spi.look;
