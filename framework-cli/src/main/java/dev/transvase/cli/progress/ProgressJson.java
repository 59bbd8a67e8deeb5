package dev.transvase.cli.progress;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.run.Progress;
import java.time.Duration;
import java.util.Locale;

/** A run's progress as JSON, for programs that start one. Its fields are in docs/command-line.md, and kept. */
final class ProgressJson {

    private ProgressJson() {}

    /** One object, without a line break. */
    static String line(Progress progress, Rate rate) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("elapsedMillis", progress.elapsed().toMillis());
        json.put("tables", progress.tables()).put("tablesDone", progress.tablesDone());
        json.put("splits", progress.splits()).put("splitsDone", progress.splitsDone());
        progress.underWay().forEach(json.putArray("reading")::add);
        json.putObject("read").put("records", progress.readRecords()).put("bytes", progress.readBytes());
        json.putObject("written").put("records", progress.writtenRecords());
        json.putObject("dirty").put("records", progress.dirtyRecords());
        json.put("recordsPerSecond", Math.round(rate.records()));
        json.put("bytesPerSecond", Math.round(rate.bytes()));
        progress.expectedRecords()
                .ifPresent(records -> json.putObject("expected").put("records", records));
        progress.share().ifPresent(share -> json.put("share", Math.min(1, share)));
        rate.left().map(Duration::toMillis).ifPresent(left -> json.put("leftMillis", left));
        progress.waiting()
                .ifPresent(waiting -> json.put("waiting", waiting.name().toLowerCase(Locale.ROOT)));
        if (!progress.waits().isEmpty()) {
            ArrayNode waits = json.putArray("waitingFor");
            progress.waits()
                    .forEach(wait -> waits.addObject()
                            .put("what", wait.what())
                            .put("millis", wait.since().toMillis()));
        }
        progress.lag()
                .ifPresent(lag -> json.putObject("lag")
                        .put("bytes", lag.bytes())
                        .put("delayMillis", lag.delay().toMillis())
                        .put("lostMillis", lag.lost().toMillis()));
        progress.changes().ifPresent(changes -> {
            json.putObject("changes")
                    .put("inserts", changes.inserts())
                    .put("updates", changes.updates())
                    .put("deletes", changes.deletes())
                    .put("truncates", changes.truncates());
            json.put("reconnects", changes.reconnects());
        });
        return json.toString();
    }
}
