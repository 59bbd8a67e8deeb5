package dev.transvase.cli.command;

import dev.transvase.cli.log.LogFile;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.ExitCode;
import dev.transvase.cli.text.TextTable;
import dev.transvase.core.plugin.InstalledPlugin;
import dev.transvase.core.plugin.PluginCatalog;
import dev.transvase.spi.ReaderType;
import dev.transvase.spi.StepType;
import dev.transvase.spi.error.TransvaseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code transvase plugins}. */
@Command(name = "plugins", description = "Show what is installed, from where, in which version.")
public final class PluginsCommand extends LoggedCommand {

    public PluginsCommand(Environment environment) {
        super(environment);
    }

    @Override
    protected int run(Console console, LogFile log) {
        try (PluginCatalog plugins = Plugins.load(environment())) {
            TextTable table = new TextTable("", "NAME", "VERSION", "STEP TYPES", "FOLDER");
            Map<String, List<String>> offers = new TreeMap<>();
            for (InstalledPlugin plugin : plugins.plugins()) {
                String steps =
                        plugin.stepTypes().stream().map(PluginsCommand::shown).collect(Collectors.joining(", "));
                table.row(
                        plugin.name(), plugin.version(), steps, plugin.folder().toString());
                plugin.stepTypes().stream()
                        .map(PluginsCommand::shown)
                        .forEach(step -> offers.computeIfAbsent(step, s -> new ArrayList<>())
                                .add(plugin.name()));
            }
            table.lines().forEach(environment().out()::println);
            plugins.unusable().stream().map(TransvaseException::getMessage).forEach(console::warning);
            offers.forEach((step, from) -> {
                if (from.size() > 1) {
                    console.warning("the " + step + " is offered by " + String.join(" and ", from)
                            + ", so that no job can use it; remove all but one of their folders");
                }
            });
        }
        return ExitCode.DONE;
    }

    private static String shown(StepType step) {
        return step.name() + (step instanceof ReaderType ? " reader" : " writer");
    }
}
