/** What people look at before they write a job: a data source's tables, and first rows. All of it is READ ONLY, with a time limit. */
package dev.transvase.postgresql.look;
