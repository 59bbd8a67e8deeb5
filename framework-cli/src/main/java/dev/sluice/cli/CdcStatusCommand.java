package dev.sluice.cli;

import dev.sluice.spi.ChangeCapture;
import dev.sluice.spi.Writer;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code sluice cdc status}. */
@Command(name = "status", description = "Show a job's slot and publication, and how much log is kept for it.")
final class CdcStatusCommand extends ChangeCaptureCommand {

    CdcStatusCommand(Environment environment) {
        super(environment);
    }

    @Override
    void run(ChangeCapture capture, Writer writer) {
        Map<String, String> facts = capture.status();
        int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
        facts.forEach((name, value) ->
                environment().out().println(Printable.line(name + " ".repeat(width - name.length() + 2) + value)));
    }
}
