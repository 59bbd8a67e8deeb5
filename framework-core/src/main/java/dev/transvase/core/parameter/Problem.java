package dev.transvase.core.parameter;

import dev.transvase.spi.ErrorType;

/**
 * One thing that is wrong with a job, or that its user should know of.
 *
 * @param path where: the file's name and the way to the value, for example {@code job.json: steps[0].parameter.column[2]}
 * @param type who can do something about it
 * @param code what went wrong as a constant, for example {@code UNKNOWN_PARAMETER}
 * @param message what was expected and what was found
 * @param remedy what to do about it; may be empty
 * @param warning whether the job may run all the same
 */
public record Problem(String path, ErrorType type, String code, String message, String remedy, boolean warning) {

    /** One line, or two when there is a remedy. */
    @Override
    public String toString() {
        String told = path.isEmpty() ? message : path + (path.endsWith(":") ? " " : ": ") + message;
        return remedy.isEmpty() ? told : told + System.lineSeparator() + "  -> " + remedy;
    }
}
