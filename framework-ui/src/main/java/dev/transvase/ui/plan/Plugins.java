package dev.transvase.ui.plan;

import dev.transvase.core.datasource.DataSourcesLookup;
import dev.transvase.core.plugin.PluginCatalog;
import dev.transvase.core.run.JobPlanner;
import dev.transvase.core.step.StepFactory;
import dev.transvase.spi.Plugin;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The installed plugins, loaded in the background once, so that the first page does not wait for them. Thread-safe. */
public final class Plugins implements AutoCloseable {

    /** Both take their time to make. */
    private record Loaded(PluginCatalog catalog, StepFactory steps) {}

    private final DataSourcesLookup dataSources;
    private final boolean restricted;
    private final FutureTask<Loaded> loaded;

    private Plugins(Path home, DataSourcesLookup dataSources, boolean restricted) {
        this.dataSources = dataSources;
        this.restricted = restricted;
        this.loaded = new FutureTask<>(() -> new Loaded(
                PluginCatalog.load(home.resolve("plugin"), Plugin.class.getClassLoader()),
                new StepFactory(Clock.systemUTC())));
    }

    /**
     * Begins to load those of an installation. Returns at once.
     *
     * @param restricted whether jobs may only use named data sources, run no code and reach no file outside of their folder
     */
    public static Plugins load(Path home, DataSourcesLookup dataSources, boolean restricted) {
        Plugins plugins = new Plugins(home, dataSources, restricted);
        Thread thread =
                new Thread(plugins.loaded, "ui-plugins"); // loading classes takes longer than starting the server
        thread.setDaemon(true);
        thread.start();
        return plugins;
    }

    /** The plugins; waits until they are loaded. */
    public PluginCatalog catalog() {
        return loaded().catalog();
    }

    /** What makes their steps. */
    public StepFactory steps() {
        return loaded().steps();
    }

    /** Plans jobs with the data sources as their file is now. One for each plan. */
    JobPlanner planner() {
        return new JobPlanner(catalog(), steps(), dataSources, restricted);
    }

    private Loaded loaded() {
        try {
            return loaded.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("the plugins could not be loaded", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while plugins were loaded", e);
        }
    }

    @Override
    public void close() {
        if (loaded.isDone()) {
            catalog().close();
        }
    }
}
