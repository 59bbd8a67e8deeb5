package dev.transvase.cli;

import dev.transvase.core.plugin.PluginCatalog;

/** Where the plugins are. */
final class Plugins {

    private Plugins() {}

    /** Loads what is installed; the caller closes it. */
    static PluginCatalog load(Environment environment) {
        return PluginCatalog.load(environment.home().resolve("plugin"), Plugins.class.getClassLoader());
    }
}
