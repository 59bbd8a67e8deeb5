package dev.transvase.cli.command;

import dev.transvase.cli.process.Environment;
import dev.transvase.core.plugin.PluginCatalog;

/** Where the plugins are. */
public final class Plugins {

    private Plugins() {}

    /** Loads what is installed; the caller closes it. */
    static PluginCatalog load(Environment environment) {
        return PluginCatalog.load(environment.home().resolve("plugin"), Plugins.class.getClassLoader());
    }
}
