package dev.transvase.core.plugin;

import static dev.transvase.core.error.CoreErrors.PLUGIN_FAILED;

import dev.transvase.spi.DataSourceType;
import dev.transvase.spi.StepType;
import dev.transvase.spi.error.TransvaseException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A plugin that was found and loaded.
 *
 * @param name its folder's name
 * @param version of the jar that holds its entry point, or {@code unknown}
 * @param folder where it was found
 * @param stepTypes what it reads and writes
 * @param dataSourceTypes what it connects to
 * @param classLoader in which every call into it is made
 */
public record InstalledPlugin(
        String name,
        String version,
        Path folder,
        List<StepType> stepTypes,
        List<DataSourceType> dataSourceTypes,
        ClassLoader classLoader) {

    /**
     * Calls into the plugin, in its class loader. Whatever it throws that is not a {@link TransvaseException} is a defect of
     * the plugin and becomes one.
     *
     * @param operation what it is doing, for the message: "reading", "planning the write"
     */
    public <T> T call(String operation, Supplier<T> call) {
        try {
            return PluginCall.in(classLoader, call);
        } catch (TransvaseException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw TransvaseException.of(
                    PLUGIN_FAILED,
                    "plugin " + name + " " + version + " failed while " + operation + ": " + PluginCall.reason(e),
                    e);
        }
    }

    /** The name of the plugin whose code this frame of a stack is in; empty when it is in none's. */
    public static Optional<String> ownerOf(StackTraceElement frame) {
        return PluginClassLoader.pluginOf(frame.getClassLoaderName());
    }

    /** As {@link #call}, without a result. */
    public void run(String operation, Runnable call) {
        call(operation, () -> {
            call.run();
            return null;
        });
    }
}
