package dev.transvase.core.report;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;

/**
 * How texts are written to JSON files that people look at in a terminal: beyond what JSON demands, characters that move a cursor,
 * reorder letters or end a line are escaped too.
 */
public final class SafeEscapes extends CharacterEscapes {

    private static final long serialVersionUID = 1L;
    private static final char DELETE = '\u007F';

    private final int[] ascii;

    public SafeEscapes() {
        ascii = standardAsciiEscapesForJSON();
        ascii[DELETE] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        return ascii.clone();
    }

    @Override
    public SerializableString getEscapeSequence(int c) {
        boolean control = c >= '\u0080' && c <= '\u009F';
        boolean reorders = (c >= '\u202A' && c <= '\u202E') || (c >= '\u2066' && c <= '\u2069');
        boolean endsLine = c == '\u2028' || c == '\u2029';
        return control || reorders || endsLine ? new SerializedString(String.format("\\u%04x", c)) : null;
    }
}
