/**
 * SQL names, statement texts, and the meaning of the server's and the driver's errors. Needs no connection; everybody may call
 * it.
 */
package dev.transvase.postgresql.sql;
