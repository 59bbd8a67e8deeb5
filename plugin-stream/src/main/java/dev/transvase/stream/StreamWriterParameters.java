package dev.transvase.stream;

import static dev.transvase.stream.StreamErrors.MISSING_PATH;
import static dev.transvase.stream.StreamErrors.UNSUPPORTED_ENCODING;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Reach;
import dev.transvase.spi.parameter.Validated;
import java.util.Optional;

/** What a job file says of the stream writer. */
public record StreamWriterParameters(
        @Parameter(
                description = "Whether records are printed to standard output. false: they are counted and"
                        + " discarded. Has no effect when they go to a file.",
                defaultValue = "true")
        boolean print,

        @Parameter(description = "Separator between two fields.", defaultValue = "\t", reach = Reach.VALUE)
        String fieldDelimiter,

        @Parameter(
                description = "The file to write to; with fileName the folder it is in. An existing file is replaced.",
                reach = Reach.FILE)
        Optional<String> path,

        @Parameter(
                description = "Name of the file in the folder path, which is created if it is missing.",
                reach = Reach.FILE)
        Optional<String> fileName,

        @Parameter(description = "What is written for NULL.", defaultValue = "null", reach = Reach.VALUE)
        String nullFormat,

        @Parameter(
                description = "After how many records each channel pauses for sleepTime. 0: never.",
                defaultValue = "0",
                min = 0)
        long recordNumBeforeSleep,

        @Parameter(description = "Length of the pause, in seconds.", defaultValue = "0", min = 0, max = 86_400)
        long sleepTime,

        @Parameter(description = "Encoding of the text: only UTF-8.", defaultValue = "UTF-8", reach = Reach.VALUE)
        String encoding)
        implements Validated {

    @Override
    public void validate(Checks checks) {
        if (given(fileName).isPresent() && given(path).isEmpty()) {
            checks.error(
                    "fileName",
                    MISSING_PATH,
                    "there is a file name but no folder for it",
                    "Give the folder as path, or the whole file name as path without fileName.");
        }
        if (!encoding.strip().equalsIgnoreCase("UTF-8") && !encoding.strip().equalsIgnoreCase("UTF8")) {
            checks.error(
                    "encoding",
                    UNSUPPORTED_ENCODING,
                    "text is written in UTF-8 only, not in " + encoding,
                    "Leave encoding out and convert the output, for example with iconv.");
        }
    }

    /** The file or folder, when there is one. An empty text counts as none, as in DataX. */
    Optional<String> givenPath() {
        return given(path);
    }

    Optional<String> givenFileName() {
        return given(fileName);
    }

    private static Optional<String> given(Optional<String> text) {
        return text.filter(t -> !t.isBlank());
    }

    boolean pauses() {
        return recordNumBeforeSleep > 0 && sleepTime > 0;
    }
}
