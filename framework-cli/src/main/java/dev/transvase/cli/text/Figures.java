package dev.transvase.cli.text;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Figures {

    private static final double MEGABYTE = 1024 * 1024;
    private static final double NANOS = 1e9;

    private Figures() {}

    /** 1,234,567. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A count with its noun: 1 split, 2 splits. */
    public static String count(long count, String noun) {
        return count(count) + ' ' + noun + (count == 1 ? "" : "s");
    }

    /** A size in B, KB, MB or GB, each 1,024 times the one before, as {@code speed.mbps} counts. */
    public static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double megabytes = bytes / MEGABYTE;
        if (megabytes < 1) {
            return number(bytes / 1024.0) + " KB";
        }
        return megabytes < 1024 ? number(megabytes) + " MB" : number(megabytes / 1024) + " GB";
    }

    /** A size in MB, without the unit. */
    static String megabytes(double bytes) {
        return number(bytes / MEGABYTE);
    }

    /** 0.4 s, 3 min 12 s, 2 h 05 min. */
    public static String duration(Duration duration) {
        if (duration.toMinutes() == 0) {
            return number(duration.toMillis() / 1000.0) + " s";
        }
        if (duration.toHours() == 0) {
            return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
        }
        return String.format(Locale.ROOT, "%d h %02d min", duration.toHours(), duration.toMinutesPart());
    }

    /** How many of something per second; 0 when no time has passed. */
    public static double perSecond(long amount, Duration time) {
        double seconds = time.toNanos() / NANOS;
        return seconds > 0 ? amount / seconds : 0;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
