package dev.transvase.core.plugin;

import static dev.transvase.core.error.CoreErrors.PLUGIN_UNUSABLE;

import dev.transvase.spi.Plugin;
import dev.transvase.spi.StepType;
import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Loads the plugin that lies in one folder of jars. */
final class PluginFolder {

    private static final String SERVICE_FILE = "META-INF/services/" + Plugin.class.getName();

    private final Path folder;

    PluginFolder(Path folder) {
        this.folder = folder;
    }

    String name() {
        return folder.getFileName().toString();
    }

    /**
     * Loads it into a class loader of its own.
     *
     * @throws TransvaseException when the folder holds no usable plugin; the message says what is missing
     */
    InstalledPlugin load(ClassLoader host) {
        List<URL> jars = jars();
        if (jars.isEmpty()) {
            throw unusable("it holds no jar", null);
        }
        PluginClassLoader loader = new PluginClassLoader(name(), jars.toArray(URL[]::new), host);
        try {
            Plugin plugin = PluginCall.in(loader, () -> instance(loader));
            List<StepType> stepTypes = PluginCall.in(loader, () -> List.copyOf(plugin.stepTypes()));
            return new InstalledPlugin(
                    name(),
                    version(plugin),
                    folder,
                    stepTypes,
                    PluginCall.in(loader, () -> List.copyOf(plugin.dataSourceTypes())),
                    loader);
        } catch (RuntimeException | LinkageError e) {
            closeAfter(e, loader);
            throw e instanceof TransvaseException known ? known : unusable(PluginCall.reason(e), e);
        }
    }

    private List<URL> jars() {
        List<URL> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path file : files) {
                jars.add(url(file));
            }
        } catch (IOException e) {
            throw unusable("it cannot be read (" + e.getMessage() + ")", e);
        }
        jars.sort((a, b) -> a.getPath().compareTo(b.getPath()));
        return jars;
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Plugin instance(PluginClassLoader loader) {
        Iterator<Plugin> plugins = ServiceLoader.load(Plugin.class, loader).iterator();
        try {
            if (!plugins.hasNext()) {
                throw unusable("none of its jars has " + SERVICE_FILE, null);
            }
            Plugin plugin = plugins.next();
            if (plugins.hasNext()) {
                throw unusable("its " + SERVICE_FILE + " names more than one plugin", null);
            }
            return plugin;
        } catch (ServiceConfigurationError e) {
            throw unusable(PluginCall.reason(e), e);
        }
    }

    private static String version(Plugin plugin) {
        String version = plugin.getClass().getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    private TransvaseException unusable(String reason, Throwable cause) {
        return TransvaseException.of(
                PLUGIN_UNUSABLE,
                "plugin " + name() + " in " + folder + " cannot be used: " + damage().orElse(reason)
                        + ". Install it again, or remove the folder",
                cause);
    }

    /** What a class loader keeps to itself: it looks for classes elsewhere when a jar cannot be read. */
    private Optional<String> damage() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path file : files) {
                Optional<String> damage = damage(file);
                if (damage.isPresent()) {
                    return damage;
                }
            }
        } catch (IOException e) {
            return Optional.empty(); // the reason at hand says it better
        }
        return Optional.empty();
    }

    private static Optional<String> damage(Path jar) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream in = zip.getInputStream(entry)) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(jar.getFileName() + " is damaged (" + e.getMessage() + ")");
        }
    }

    private static void closeAfter(Throwable failure, PluginClassLoader loader) {
        try {
            loader.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
