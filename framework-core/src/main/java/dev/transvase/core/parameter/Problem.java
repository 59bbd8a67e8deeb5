package dev.transvase.core.parameter;

import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.Fix;
import java.util.Optional;

/**
 * One thing that is wrong with a job, or that its user should know of.
 *
 * @param path where: the file's name and the way to the value, for example {@code job.json: steps[0].parameter.column[2]}
 * @param type who can do something about it
 * @param code what went wrong as a constant, for example {@code UNKNOWN_PARAMETER}
 * @param message what was expected and what was found
 * @param remedy what to do about it; may be empty
 * @param warning whether the job may run all the same
 * @param subject what it is about, where others may have the same fault; otherwise empty
 * @param plural what is said of several that have it, after their number; empty with the subject
 * @param fix the statements that fix it
 */
public record Problem(
        String path,
        ErrorType type,
        String code,
        String message,
        String remedy,
        boolean warning,
        String subject,
        String plural,
        Optional<Fix> fix) {

    /** A problem that has no others like it, and that no statement fixes. */
    public static Problem of(String path, ErrorType type, String code, String message, String remedy, boolean warning) {
        return new Problem(path, type, code, message, remedy, warning, "", "", Optional.empty());
    }

    /** The same problem at another path. */
    Problem at(String other) {
        return new Problem(other, type, code, message, remedy, warning, subject, plural, fix);
    }

    /** One line, or two when there is a remedy. */
    @Override
    public String toString() {
        String reported = path.isEmpty() ? message : path + (path.endsWith(":") ? " " : ": ") + message;
        return remedy.isEmpty() ? reported : reported + System.lineSeparator() + "  -> " + remedy;
    }
}
