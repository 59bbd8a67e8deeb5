package dev.transvase.core.job;

import static dev.transvase.core.error.CoreErrors.UNSUPPORTED_JOB;

import com.fasterxml.jackson.databind.JsonNode;
import dev.transvase.core.job.JobFile.Content;
import dev.transvase.core.job.JobSettings.ChannelSpeed;
import dev.transvase.core.parameter.Problems;
import java.util.List;
import java.util.Optional;

/**
 * The shape of DataX: {@code job.content[].reader/writer} and {@code job.setting}.
 *
 * <p>Ignored with a warning: {@code common} and {@code entry} and most of {@code core} (see {@link DataXCore}), which tune
 * DataX itself, and {@code jobInfo}. A {@code transformer} is an error unless it is empty, because leaving it out would
 * change the data.
 */
final class DataXJob {

    private final JobPlace place;
    private final Problems problems;

    DataXJob(JobPlace place, Problems problems) {
        this.place = place;
        this.problems = problems;
    }

    Optional<Content> read(Fields root) {
        root.only(List.of("job", "core"), List.of("common", "entry"));
        ChannelSpeed each = DataXCore.read(root, problems);
        Optional<Fields> job = root.requiredObject("job");
        if (job.isEmpty()) {
            return Optional.empty();
        }
        job.get().only(List.of("content", "setting"), List.of("jobInfo"));
        JobSettings settings = DataXSetting.read(job.get(), each, problems);
        return content(job.get()).flatMap(content -> {
            content.only(List.of("reader", "writer", "transformer"), List.of());
            refuseTransformer(content);
            Optional<StepSpec> reader = step(content, "reader", "Reader");
            Optional<StepSpec> writer = step(content, "writer", "Writer");
            return reader.flatMap(from -> writer.map(to -> new Content(from, to, settings)));
        });
    }

    private Optional<Fields> content(Fields job) {
        if (!job.present("content", "give [{\"reader\": ..., \"writer\": ...}]")) {
            return Optional.empty();
        }
        if (job.json().get("content").isObject()) {
            return job.object("content"); // as Addax has it
        }
        List<Fields> contents = job.objects("content");
        int size = job.json().get("content").size();
        if (job.json().get("content").isArray() && size != 1) {
            problems.error(
                    job.pathOf("content"),
                    UNSUPPORTED_JOB,
                    "expected one pair of reader and writer, found " + size,
                    size == 0 ? "add one" : "write a separate job for each");
        }
        return contents.stream().findFirst();
    }

    private void refuseTransformer(Fields content) {
        JsonNode transformer = content.json().path("transformer");
        if (!transformer.isMissingNode() && !transformer.isNull() && !transformer.isEmpty()) {
            problems.error(
                    content.pathOf("transformer"),
                    UNSUPPORTED_JOB,
                    "transformers are not supported",
                    "use expressions in the reader's `column`, or `querySql`");
        }
    }

    private Optional<StepSpec> step(Fields content, String key, String stepName) {
        Optional<Fields> step = content.requiredObject(key);
        if (step.isEmpty()) {
            return Optional.empty();
        }
        step.get().only(List.of("name", "parameter"), List.of());
        Optional<String> name =
                step.get().requiredText("name", "name a step type, for example postgresql" + key + " or stream" + key);
        Optional<Fields> parameter = step.get().has("parameter")
                ? step.get().object("parameter")
                : Optional.of(step.get().empty("parameter"));
        boolean reads = key.equals("reader");
        parameter.ifPresent(found -> new DataXParameters(found).adapt());
        JdbcUrls urls = new JdbcUrls(name.flatMap(type -> place.exampleUrls().of(key, type)));
        Optional<List<Connections.Part>> parts =
                parameter.map(found -> new Connections(found, reads, urls, place).move());
        return name.flatMap(type ->
                parameter.map(found -> StepSpec.of(type, stepName, found.path(), parts.orElseThrow(), JobShape.DATAX)));
    }
}
