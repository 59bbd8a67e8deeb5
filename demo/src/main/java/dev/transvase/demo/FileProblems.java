package dev.transvase.demo;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says what the JDK's file exceptions leave to the name of their class. */
final class FileProblems {
    private FileProblems() {}

    static String text(Exception e) {
        Throwable cause = e.getCause() != null ? e.getCause() : e;
        if (!(cause instanceof FileSystemException problem)) {
            return e.getMessage();
        }
        String reason;
        if (problem instanceof AccessDeniedException) {
            reason = "no permission";
        } else if (problem instanceof NoSuchFileException) {
            reason = "does not exist";
        } else if (problem instanceof FileAlreadyExistsException) {
            reason = "exists and is not a folder";
        } else {
            reason = problem.getReason() != null
                    ? problem.getReason()
                    : problem.getClass().getSimpleName();
        }
        return problem.getFile() + ": " + reason;
    }
}
