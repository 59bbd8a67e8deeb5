package dev.transvase.spi.error;

import java.util.Objects;
import java.util.Optional;

/**
 * Something that keeps a job from running, for {@link Checks#error(String, Finding)}.
 *
 * @param code what is wrong as a constant, for example {@code TABLE_NOT_FOUND}
 * @param message what was expected, what was found and where
 * @param remedy what to do about it; may be empty
 * @param subject what it is about, for example {@code public.orders}; empty when it is about nothing that has others beside it
 * @param plural what is said of several subjects that have the same fault, after their number, for example {@code tables lack
 *     REPLICA IDENTITY FULL}; empty with the subject
 * @param fix the statements that fix it; empty when there are none
 */
public record Finding(ErrorCode code, String message, String remedy, String subject, String plural, Optional<Fix> fix) {

    public Finding {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(remedy, "remedy");
        Objects.requireNonNull(fix, "fix");
        if (subject.isEmpty() != plural.isEmpty()) {
            throw new IllegalArgumentException("expected both a subject and its plural, or neither");
        }
    }

    /** A fault that no statement fixes. */
    public static Finding of(ErrorCode code, String message, String remedy) {
        return new Finding(code, message, remedy, "", "", Optional.empty());
    }

    /** The same fault, which others like this one may have too. */
    public Finding of(Object one, String saidOfSeveral) {
        return new Finding(code, message, remedy, one.toString(), saidOfSeveral, fix);
    }

    /** The same fault, which these statements mend. */
    public Finding mendedBy(Fix statements) {
        return new Finding(code, message, remedy, subject, plural, Optional.of(statements));
    }
}
