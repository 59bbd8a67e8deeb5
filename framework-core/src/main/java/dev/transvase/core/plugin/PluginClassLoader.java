package dev.transvase.core.plugin;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Optional;

/**
 * The class loader of one plugin. The SPI and what it is made of come from the host and only from there; all else comes
 * from the platform or the plugin's own jars and never from the host, so that a plugin may carry any version of any
 * library, and cannot lean on one the host happens to have.
 */
final class PluginClassLoader extends URLClassLoader {

    private static final String[] HOST_PACKAGES = {"dev.transvase.spi.", "org.slf4j.", "jakarta.inject."};

    private static final String NAME = "plugin ";

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader host;

    PluginClassLoader(String plugin, URL[] jars, ClassLoader host) {
        super(NAME + plugin, jars, ClassLoader.getPlatformClassLoader());
        this.host = host;
    }

    /** The plugin whose class loader has this name. */
    static Optional<String> pluginOf(String loaderName) {
        return loaderName != null && loaderName.startsWith(NAME)
                ? Optional.of(loaderName.substring(NAME.length()))
                : Optional.empty();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        for (String hostPackage : HOST_PACKAGES) {
            if (name.startsWith(hostPackage)) {
                return host.loadClass(name);
            }
        }
        return super.loadClass(name, resolve);
    }
}
