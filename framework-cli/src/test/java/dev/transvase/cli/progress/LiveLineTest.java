package dev.transvase.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LiveLineTest {

    private static final String ERASED = "\r\u001b[K";

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(screen, true, StandardCharsets.UTF_8);
    private final LiveLine line = new LiveLine(terminal);
    private final PrintStream out = line.beside(terminal);

    @Test
    void isDrawnInPlaceAndTakenAway() {
        line.draw("one");
        line.draw("two");
        line.erase();
        line.erase();
        assertThat(screen.toString(StandardCharsets.UTF_8)).isEqualTo("\rone\u001b[K\rtwo\u001b[K" + ERASED);
    }

    @Test
    void makesWayForOutput() {
        line.draw("one");
        out.print("data\n");
        assertThat(screen.toString(StandardCharsets.UTF_8)).isEqualTo("\rone\u001b[K" + ERASED + "data\n");
    }

    @Test
    void makesWayForWarnings() {
        line.draw("one");
        line.around(() -> terminal.print("warning\n"));
        line.draw("two");
        assertThat(screen.toString(StandardCharsets.UTF_8))
                .isEqualTo("\rone\u001b[K" + ERASED + "warning\n\rtwo\u001b[K");
    }

    @Test
    void isNotDrawnOverAnUnfinishedLine() {
        out.print("half a ");
        line.draw("one");
        out.print("line\n");
        line.draw("two");
        assertThat(screen.toString(StandardCharsets.UTF_8)).isEqualTo("half a line\n\rtwo\u001b[K");
    }
}
