package dev.transvase.ui;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a page in the user's browser where there is a desktop. That it does not is no failure: the address is printed, too. */
final class Browser {

    private static final Logger LOG = LoggerFactory.getLogger(Browser.class);

    private Browser() {}

    /** Asks the desktop to, and does not wait. AWT would do the same, and load its classes and libraries for it. */
    static void open(String address, Map<String, String> variables) {
        String system = System.getProperty("os.name", "");
        if (system.startsWith("Mac")) {
            start(List.of("open", address));
        } else if (variables.containsKey("DISPLAY") || variables.containsKey("WAYLAND_DISPLAY")) {
            start(List.of("xdg-open", address));
        }
    }

    private static void start(List<String> command) {
        try {
            new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            LOG.info("no browser was opened: {}", e.getMessage());
        }
    }
}
