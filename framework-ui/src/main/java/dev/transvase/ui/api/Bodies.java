package dev.transvase.ui.api;

import dev.transvase.spi.parameter.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What requests bring. */
final class Bodies {

    private Bodies() {}

    /** A name for what is made. */
    record NewName(
            @Parameter(description = "The new name.", required = true)
            String name) {}

    /** A data source to add. */
    record NewSource(
            @Parameter(description = "The data source's name.", required = true)
            String name,

            @Parameter(description = "Its type, one of /source-types.", required = true)
            String type,

            @Parameter(description = "Its parameters, as /source-types describes them; of any shape.")
            Map<String, String> parameters) {}

    /** A data source as it is to be. */
    record SourceChange(
            @Parameter(description = "Its type, one of /source-types.", required = true)
            String type,

            @Parameter(
                    description =
                            "Its parameters; a secret that is not given stays, and so does what is still hidden by ***.")
            Map<String, String> parameters) {}

    /** A data source to try. */
    record SourceDraft(
            @Parameter(description = "Its type, one of /source-types.", required = true)
            String type,

            @Parameter(description = "Its parameters.") Map<String, String> parameters,

            @Parameter(description = "The data source whose secrets it has where it gives none.")
            Optional<String> like) {}

    /** Names and patterns of tables. */
    record Patterns(
            @Parameter(description = "Names and patterns.", required = true, acceptsSingle = true)
            List<String> table,

            @Parameter(description = "Names and patterns of tables that are left out.", acceptsSingle = true)
            List<String> excludeTable,

            @Parameter(description = "How many tables to show at most.", defaultValue = "200", min = 1, max = 1000)
            int limit) {}

    /** A job to make. */
    record NewJob(
            @Parameter(description = "The job's name, which becomes its file's.", required = true)
            String name,

            @Parameter(description = "Its script; without it an empty job.")
            Optional<String> script) {}

    /** A script to look at. */
    record Script(
            @Parameter(description = "The script, not saved perhaps.", required = true)
            String script,

            @Parameter(description = "The job's name, for messages.", defaultValue = "job")
            String name,

            @Parameter(description = "What the variables of the script stand for.")
            Map<String, String> variables) {}

    /** A script whose first records are shown. */
    record PreviewOf(
            @Parameter(description = "The script, not saved perhaps.", required = true)
            String script,

            @Parameter(description = "The job's name, for messages.", defaultValue = "job")
            String name,

            @Parameter(description = "What the variables of the script stand for.")
            Map<String, String> variables,

            @Parameter(description = "Which of the reader's tables; without it the first.")
            Optional<String> table,

            @Parameter(description = "How many records.", defaultValue = "50", min = 1, max = 50)
            int records) {}

    /** Changes of single values of a script. */
    record Edits(
            @Parameter(description = "The script, not saved perhaps.", required = true)
            String script,

            @Parameter(
                    description =
                            "One after the other, each {\"path\": \"steps[0].parameter.table\", \"value\": ANY} or"
                                    + " {\"path\": ..., \"remove\": true}.",
                    required = true)
            List<Edit> edits) {}

    /** A change of a value. */
    record Edit(
            @Parameter(description = "The way to the value, as findings have it.", required = true)
            String path,

            @Parameter(description = "What it is to be: any JSON.")
            Optional<String> value,

            @Parameter(description = "Whether to remove it.", defaultValue = "false")
            boolean remove) {}

    /** How a job is to be run. */
    record StartRun(
            @Parameter(description = "The job's name.", required = true)
            String job,

            @Parameter(description = "What the variables of the job stand for.")
            Map<String, String> variables,

            @Parameter(
                    description = "Whether a stream of changes ends once it has come to where its source is now.",
                    defaultValue = "false")
            boolean untilCurrent,

            @Parameter(description = "Whether to start while another run of the job goes on.", defaultValue = "false")
            boolean beside) {}

    /** What is to be removed, said a second time. */
    record Confirmation(
            @Parameter(description = "The stream's name, as the state of the stream tells it.", required = true)
            String stream,

            @Parameter(description = "What the variables of the job stand for.")
            Map<String, String> variables) {}
}
