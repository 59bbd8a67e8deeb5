package dev.transvase.cli.command;

import dev.transvase.cli.process.Environment;
import dev.transvase.spi.ChangeCapture;
import dev.transvase.spi.Writer;
import picocli.CommandLine.Command;

/** {@code transvase cdc drop}. */
@Command(
        name = "drop",
        description =
                "Remove a job's slot and publication, and the position stored at its target: the next run starts over.")
public final class CdcDropCommand extends ChangeCaptureCommand {

    public CdcDropCommand(Environment environment) {
        super(environment);
    }

    @Override
    void run(ChangeCapture capture, Writer writer, Console console) {
        // The slot first: it is what fills the source's disk.
        capture.drop().stream().map(console::shown).forEach(environment().out()::println);
        writer.positions().ifPresent(positions -> positions.forget(capture.streamSplit()));
    }
}
