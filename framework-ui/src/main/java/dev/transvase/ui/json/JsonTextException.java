package dev.transvase.ui.json;

/** A text is not JSON, or a change of it makes no sense. */
public final class JsonTextException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int offset;

    JsonTextException(int offset, String message) {
        super(message);
        this.offset = offset;
    }

    /** Where in the text, in characters from its start. */
    public int offset() {
        return offset;
    }
}
