/**
 * What the server's catalog says of tables, columns, types, keys, inheritance and row-level security. All plugins may call it
 * with a session; calls block on the server.
 */
package dev.transvase.postgresql.catalog;
