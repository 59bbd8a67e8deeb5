package dev.transvase.core.plugin;

import static dev.transvase.core.error.CoreErrors.DATA_SOURCE_TYPE_UNKNOWN;
import static dev.transvase.core.error.CoreErrors.PLUGIN_FOLDER_UNREADABLE;
import static dev.transvase.core.error.CoreErrors.PLUGIN_NOT_CLOSED;
import static dev.transvase.core.error.CoreErrors.STEP_TYPE_AMBIGUOUS;
import static dev.transvase.core.error.CoreErrors.STEP_TYPE_UNKNOWN;

import dev.transvase.spi.DataSourceType;
import dev.transvase.spi.ReaderType;
import dev.transvase.spi.StepType;
import dev.transvase.spi.WriterType;
import dev.transvase.spi.error.Spelling;
import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The installed plugins: one for each folder below the plugin folder. A folder that holds no usable plugin harms only the
 * jobs that need what it might have offered.
 */
public final class PluginCatalog implements AutoCloseable {

    private final Path root;
    private final List<InstalledPlugin> plugins;
    private final List<TransvaseException> unusable;

    private PluginCatalog(Path root, List<InstalledPlugin> plugins, List<TransvaseException> unusable) {
        this.root = root;
        this.plugins = List.copyOf(plugins);
        this.unusable = List.copyOf(unusable);
    }

    /**
     * Loads every plugin below this folder.
     *
     * @param host the loader of the SPI
     * @throws TransvaseException when the folder itself cannot be read
     */
    public static PluginCatalog load(Path root, ClassLoader host) {
        List<InstalledPlugin> plugins = new ArrayList<>();
        List<TransvaseException> unusable = new ArrayList<>();
        for (PluginFolder folder : folders(root)) {
            try {
                plugins.add(folder.load(host));
            } catch (TransvaseException e) {
                unusable.add(e);
            }
        }
        return new PluginCatalog(root, plugins, unusable);
    }

    private static List<PluginFolder> folders(Path root) {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, Files::isDirectory)) {
            entries.forEach(folders::add);
        } catch (IOException e) {
            throw TransvaseException.of(
                    PLUGIN_FOLDER_UNREADABLE,
                    "the plugin folder " + root + " cannot be read (" + e.getMessage() + "); unpack the archive again",
                    e);
        }
        folders.sort(Comparator.naturalOrder());
        return folders.stream().map(PluginFolder::new).toList();
    }

    /** Those that could be loaded, by name. */
    public List<InstalledPlugin> plugins() {
        return plugins;
    }

    /** Why the others could not. */
    public List<TransvaseException> unusable() {
        return unusable;
    }

    /**
     * The reader of this step type or alias.
     *
     * @throws TransvaseException when there is none, or more than one
     */
    public Offer<ReaderType> reader(String stepType) {
        return only("reader", stepType, ReaderType.class);
    }

    /**
     * The writer of this step type or alias.
     *
     * @throws TransvaseException when there is none, or more than one
     */
    public Offer<WriterType> writer(String stepType) {
        return only("writer", stepType, WriterType.class);
    }

    /**
     * A data source type of this name, from whichever plugin offers it.
     *
     * @throws TransvaseException when there is none
     */
    public Offer<DataSourceType> dataSource(String type) {
        return plugins.stream()
                .flatMap(p -> p.dataSourceTypes().stream()
                        .filter(d -> d.name().equals(type))
                        .map(d -> new Offer<>(p, d)))
                .findFirst()
                .orElseThrow(() -> TransvaseException.of(
                        DATA_SOURCE_TYPE_UNKNOWN,
                        "no installed plugin connects to data sources of type \"" + type + "\"; there are: "
                                + plugins.stream()
                                        .flatMap(p -> p.dataSourceTypes().stream())
                                        .map(DataSourceType::name)
                                        .collect(Collectors.toCollection(TreeSet::new))
                                + hints()));
    }

    /** All that plugins offer for data sources of this type, each perhaps with a test of its own. */
    public List<Offer<DataSourceType>> dataSources(String type) {
        return plugins.stream()
                .flatMap(p -> p.dataSourceTypes().stream()
                        .filter(d -> d.name().equals(type))
                        .map(d -> new Offer<>(p, d)))
                .toList();
    }

    /**
     * How a step writes the URL of its database.
     *
     * @param category {@code reader} or {@code writer}
     * @param stepType its name or alias
     * @return empty when there is no such step type, or it writes none
     */
    public Optional<String> exampleUrl(String category, String stepType) {
        Class<? extends StepType> kind = category.equals("reader") ? ReaderType.class : WriterType.class;
        return offers(kind, type -> answersTo(type, stepType)).stream()
                .flatMap(offer -> offer.plugin().dataSourceTypes().stream()
                        .filter(source -> offer.type().dataSourceType().equals(Optional.of(source.name()))))
                .flatMap(source -> source.exampleUrl().stream())
                .findFirst();
    }

    private static boolean answersTo(StepType type, String name) {
        return type.name().equals(name) || type.aliases().contains(name);
    }

    private <T extends StepType> List<Offer<T>> offers(Class<T> kind, Predicate<? super T> wanted) {
        return plugins.stream()
                .flatMap(p -> stepTypes(p, kind).filter(wanted).map(t -> new Offer<>(p, t)))
                .toList();
    }

    private static <T extends StepType> Stream<T> stepTypes(InstalledPlugin plugin, Class<T> kind) {
        return plugin.stepTypes().stream().filter(kind::isInstance).map(kind::cast);
    }

    private static Stream<String> spellings(StepType type) {
        return Stream.concat(Stream.of(type.name()), type.aliases().stream());
    }

    private <T extends StepType> Offer<T> only(String what, String name, Class<T> kind) {
        List<Offer<T>> found = offers(kind, type -> answersTo(type, name));
        if (found.isEmpty()) {
            List<T> known = plugins.stream().flatMap(p -> stepTypes(p, kind)).toList();
            List<String> spellings =
                    known.stream().flatMap(PluginCatalog::spellings).toList();
            throw TransvaseException.of(
                    STEP_TYPE_UNKNOWN,
                    "no installed plugin has a " + what + " of type \"" + name + "\"; "
                            + Spelling.nearest(name, spellings)
                                    .map(near -> "did you mean \"" + near + "\"? ")
                                    .orElse("")
                            + "there are: "
                            + known.stream()
                                    .map(StepType::name)
                                    .distinct()
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + hints());
        }
        if (found.size() > 1) {
            throw TransvaseException.of(
                    STEP_TYPE_AMBIGUOUS,
                    "more than one plugin has a " + what + " of type \"" + name + "\": "
                            + found.stream().map(o -> o.plugin().name()).collect(Collectors.joining(", ")) + " in "
                            + root
                            + ". Remove all but one");
        }
        return found.get(0);
    }

    private String hints() {
        return unusable.isEmpty()
                ? ""
                : ". Not loaded: "
                        + unusable.stream().map(Throwable::getMessage).collect(Collectors.joining("; "));
    }

    /** Lets go of the plugins' jars. Only after the last call into any of them. */
    @Override
    public void close() {
        for (InstalledPlugin plugin : plugins) {
            if (plugin.classLoader() instanceof AutoCloseable loader) {
                try {
                    loader.close();
                } catch (Exception e) {
                    throw TransvaseException.of(
                            PLUGIN_NOT_CLOSED, "the jars of plugin " + plugin.name() + " could not be closed", e);
                }
            }
        }
    }

    /**
     * What a plugin offers under a name.
     *
     * @param plugin who offers it
     * @param type what it is
     */
    public record Offer<T>(InstalledPlugin plugin, T type) {}
}
