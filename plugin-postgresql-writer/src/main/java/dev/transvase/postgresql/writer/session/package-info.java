/**
 * Sessions with the target: they reconnect, retry, commit, and ask the server what became of a commit whose answer was lost.
 * {@code rows} writes over a {@link dev.transvase.postgresql.writer.session.TargetSession}, {@code changes} over an {@link
 * dev.transvase.postgresql.writer.session.ApplySession}. Each is used by one thread, apart from its {@code cancel}.
 */
package dev.transvase.postgresql.writer.session;
