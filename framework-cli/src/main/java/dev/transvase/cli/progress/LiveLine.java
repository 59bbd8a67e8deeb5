package dev.transvase.cli.progress;

import dev.transvase.cli.text.Printable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The one line at the foot of a terminal that is drawn over and over. Its lock also guards standard output while that is
 * the same terminal, so that neither tears the other.
 */
final class LiveLine {

    private static final String START_OF_LINE = "\r";
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream err;
    private boolean shown;
    /** Whether others have left the cursor at the start of a line: else drawing would overwrite what they wrote. */
    private boolean free = true;

    LiveLine(PrintStream err) {
        this.err = err;
    }

    /** Draws the line, unless somebody else's unfinished line is in its place. */
    synchronized void draw(String text) {
        if (free) {
            err.print(START_OF_LINE + Printable.line(text) + "\u001b[K");
            err.flush();
            shown = true;
        }
    }

    /** Takes the line away. */
    synchronized void erase() {
        if (shown) {
            err.print(ERASE);
            err.flush();
            shown = false;
        }
    }

    /** Prints whole lines in place of the line. */
    synchronized void around(Runnable printing) {
        erase();
        printing.run();
    }

    private synchronized void around(PrintStream out, byte[] bytes, int offset, int length) throws IOException {
        erase();
        out.write(bytes, offset, length);
        if (out.checkError()) { // which flushes too
            throw new IOException("standard output is closed");
        }
        if (length > 0) {
            free = bytes[offset + length - 1] == '\n';
        }
    }

    /** A stream to the same terminal which moves the line out of the way. */
    PrintStream beside(PrintStream out) {
        return new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        around(out, bytes, offset, length);
                    }
                },
                true,
                StandardCharsets.UTF_8);
    }
}
