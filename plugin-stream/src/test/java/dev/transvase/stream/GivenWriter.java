package dev.transvase.stream;

import java.util.Optional;

/** A job file's parameters for a stream writer, with one or the other changed. */
record GivenWriter(StreamWriterParameters parameters) {

    static GivenWriter defaults() {
        return new GivenWriter(
                new StreamWriterParameters(true, "\t", Optional.empty(), Optional.empty(), "null", 0, 0, "UTF-8"));
    }

    GivenWriter print(boolean print) {
        StreamWriterParameters p = parameters;
        return new GivenWriter(new StreamWriterParameters(
                print,
                p.fieldDelimiter(),
                p.path(),
                p.fileName(),
                p.nullFormat(),
                p.recordNumBeforeSleep(),
                p.sleepTime(),
                p.encoding()));
    }

    GivenWriter delimiter(String delimiter) {
        StreamWriterParameters p = parameters;
        return new GivenWriter(new StreamWriterParameters(
                p.print(),
                delimiter,
                p.path(),
                p.fileName(),
                p.nullFormat(),
                p.recordNumBeforeSleep(),
                p.sleepTime(),
                p.encoding()));
    }

    GivenWriter path(String path) {
        StreamWriterParameters p = parameters;
        return new GivenWriter(new StreamWriterParameters(
                p.print(),
                p.fieldDelimiter(),
                Optional.of(path),
                p.fileName(),
                p.nullFormat(),
                p.recordNumBeforeSleep(),
                p.sleepTime(),
                p.encoding()));
    }

    GivenWriter fileName(String fileName) {
        StreamWriterParameters p = parameters;
        return new GivenWriter(new StreamWriterParameters(
                p.print(),
                p.fieldDelimiter(),
                p.path(),
                Optional.of(fileName),
                p.nullFormat(),
                p.recordNumBeforeSleep(),
                p.sleepTime(),
                p.encoding()));
    }

    GivenWriter nullFormat(String nullFormat) {
        StreamWriterParameters p = parameters;
        return new GivenWriter(new StreamWriterParameters(
                p.print(),
                p.fieldDelimiter(),
                p.path(),
                p.fileName(),
                nullFormat,
                p.recordNumBeforeSleep(),
                p.sleepTime(),
                p.encoding()));
    }

    GivenWriter pause(long records, long seconds) {
        StreamWriterParameters p = parameters;
        return new GivenWriter(new StreamWriterParameters(
                p.print(), p.fieldDelimiter(), p.path(), p.fileName(), p.nullFormat(), records, seconds, p.encoding()));
    }

    GivenWriter encoding(String encoding) {
        StreamWriterParameters p = parameters;
        return new GivenWriter(new StreamWriterParameters(
                p.print(),
                p.fieldDelimiter(),
                p.path(),
                p.fileName(),
                p.nullFormat(),
                p.recordNumBeforeSleep(),
                p.sleepTime(),
                encoding));
    }
}
