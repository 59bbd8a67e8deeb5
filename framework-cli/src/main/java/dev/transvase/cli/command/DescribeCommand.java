package dev.transvase.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.cli.log.LogFile;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.ExitCode;
import dev.transvase.core.parameter.ParameterDescription;
import dev.transvase.core.plugin.PluginCatalog;
import dev.transvase.core.plugin.PluginCatalog.Offer;
import dev.transvase.spi.StepType;
import dev.transvase.spi.error.TransvaseException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code transvase describe}. */
@Command(name = "describe", description = "Show a step type's parameters: type, default, range, meaning.")
public final class DescribeCommand extends LoggedCommand {

    @Parameters(index = "0", paramLabel = "TYPE", description = "The step type, for example postgresql.")
    private String type;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "reader|writer",
            description = "Which of the two to show; otherwise both.")
    private Side side;

    @Option(
            names = "--json-schema",
            description = "Print a JSON schema of the parameters; when both are shown, one for each.")
    private boolean jsonSchema;

    /** Of a job. */
    enum Side {
        READER,
        WRITER
    }

    public DescribeCommand(Environment environment) {
        super(environment);
    }

    @Override
    protected int run(Console console, LogFile log) {
        try (PluginCatalog plugins = Plugins.load(environment())) {
            List<Described> found = find(plugins);
            environment().out().println(jsonSchema ? schema(found).toPrettyString() : text(found));
        }
        return ExitCode.DONE;
    }

    private List<Described> find(PluginCatalog plugins) {
        List<Described> found = new ArrayList<>();
        List<TransvaseException> missing = new ArrayList<>();
        if (side != Side.WRITER) {
            add("reader", plugins::reader, found, missing);
        }
        if (side != Side.READER) {
            add("writer", plugins::writer, found, missing);
        }
        if (found.isEmpty()) {
            TransvaseException first = missing.get(0);
            missing.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
        return found;
    }

    private <T extends StepType> void add(
            String name, Function<String, Offer<T>> catalog, List<Described> found, List<TransvaseException> missing) {
        try {
            found.add(new Described(name, catalog.apply(type).type()));
        } catch (TransvaseException e) {
            missing.add(e); // reported when the other side has no such type either
        }
    }

    private static ObjectNode schema(List<Described> found) {
        if (found.size() == 1) {
            return found.get(0).schema();
        }
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        found.forEach(described -> all.set(described.side(), described.schema()));
        return all;
    }

    private static String text(List<Described> found) {
        return String.join(
                System.lineSeparator(), found.stream().map(Described::text).toList());
    }

    /**
     * A step type found.
     *
     * @param side reader or writer
     */
    private record Described(String side, StepType type) {

        ObjectNode schema() {
            return ParameterDescription.jsonSchema(type.parameters(), type.name() + ' ' + side);
        }

        String text() {
            String aliases = type.aliases().isEmpty() ? "" : " (also " + String.join(", ", type.aliases()) + ")";
            return type.name() + ' ' + side + aliases + ": " + type.summary() + System.lineSeparator()
                    + System.lineSeparator()
                    + ParameterDescription.of(type.parameters()).table();
        }
    }
}
