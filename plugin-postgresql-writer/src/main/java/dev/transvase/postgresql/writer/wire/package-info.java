/**
 * Values as bytes: records as they arrive, and the server's binary and text forms. It knows no table and no conversion. Every
 * package that reads or builds bytes may call it.
 */
package dev.transvase.postgresql.writer.wire;
