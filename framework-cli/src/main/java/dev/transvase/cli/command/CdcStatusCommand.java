package dev.transvase.cli.command;

import dev.transvase.cli.process.Environment;
import dev.transvase.spi.ChangeCapture;
import dev.transvase.spi.Writer;
import dev.transvase.spi.error.TransvaseException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code transvase cdc status}. */
@Command(
        name = "status",
        description = "Show a job's slot and publication, how much log is kept for it, and the position at its target.")
public final class CdcStatusCommand extends ChangeCaptureCommand {

    public CdcStatusCommand(Environment environment) {
        super(environment);
    }

    @Override
    void run(ChangeCapture capture, Writer writer, Console console) {
        Map<String, String> facts = new LinkedHashMap<>(capture.status());
        try {
            writer.positions().ifPresent(positions -> facts.putAll(positions.status(capture.streamSplit())));
        } catch (TransvaseException e) {
            // What the source keeps is worth knowing also while the target is away.
            facts.put("position", "unknown: " + e.getMessage());
        }
        int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
        facts.forEach((name, value) ->
                environment().out().println(console.shown(name + " ".repeat(width - name.length() + 2) + value)));
    }
}
