package dev.transvase.cli.progress;

import dev.transvase.cli.process.Environment;
import java.time.Duration;

/** How a run's progress is shown. */
public enum ProgressMode {
    LIVE(Duration.ofMillis(250), Duration.ofSeconds(3)),
    PLAIN(Duration.ofSeconds(5), Duration.ofSeconds(5)),
    JSON(Duration.ofSeconds(1), Duration.ofSeconds(5)),
    NONE(Duration.ofSeconds(30), Duration.ofSeconds(30));

    private final Duration interval;
    private final Duration rateWindow;

    ProgressMode(Duration interval, Duration rateWindow) {
        this.interval = interval;
        this.rateWindow = rateWindow;
    }

    /** What {@code --progress} takes. */
    public enum Choice {
        AUTO,
        PLAIN,
        NONE,
        JSON;

        /** In use on this terminal; log lines on it rule a live line out. */
        public ProgressMode on(Environment.Terminal terminal, boolean verbose) {
            return switch (this) {
                case AUTO -> terminal.err() && !verbose ? LIVE : ProgressMode.PLAIN;
                case PLAIN -> ProgressMode.PLAIN;
                case NONE -> ProgressMode.NONE;
                case JSON -> ProgressMode.JSON;
            };
        }
    }

    /** Time between two showings. */
    Duration interval() {
        return interval;
    }

    /** Over which time the speed is taken. */
    Duration rateWindow() {
        return rateWindow;
    }
}
