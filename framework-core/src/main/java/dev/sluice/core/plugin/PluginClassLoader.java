package dev.sluice.core.plugin;

import java.net.URL;
import java.net.URLClassLoader;

/**
 * The class loader of one plugin. The SPI and what it is made of come from the host and only from there; all else comes
 * from the platform or the plugin's own jars and never from the host, so that a plugin may carry any version of any
 * library, and cannot lean on one the host happens to have.
 */
final class PluginClassLoader extends URLClassLoader {

    private static final String[] HOST_PACKAGES = {"dev.sluice.spi.", "org.slf4j.", "jakarta.inject."};

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader host;

    PluginClassLoader(String plugin, URL[] jars, ClassLoader host) {
        super("plugin " + plugin, jars, ClassLoader.getPlatformClassLoader());
        this.host = host;
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
