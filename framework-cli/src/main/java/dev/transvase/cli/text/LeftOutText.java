package dev.transvase.cli.text;

import dev.transvase.spi.error.LeftOut;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a job does not read although a user may expect it, as lines: one for each reason. */
final class LeftOutText {

    private static final int NAMES_SHOWN = 5;

    private final List<LeftOut> leftOut;
    private final String indent;

    LeftOutText(List<LeftOut> leftOut, String indent) {
        this.leftOut = leftOut;
        this.indent = indent;
    }

    /** None when nothing is left out. */
    List<String> lines() {
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        leftOut.forEach(left ->
                byReason.computeIfAbsent(left.why(), why -> new ArrayList<>()).add(left.table()));
        List<String> lines = new ArrayList<>();
        byReason.forEach((why, names) -> {
            int more = names.size() - NAMES_SHOWN;
            lines.add(indent + "left out: "
                    + String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())))
                    + (more > 0 ? " and " + Figures.count(more) + " more" : "") + ": " + why);
        });
        return lines;
    }
}
