package dev.transvase.cli.process;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The jars of a part of the distribution that other commands do not load. */
public final class JarFolder {

    private JarFolder() {}

    /**
     * A class loader for the jars in a folder; its parent is the command line's own. A folder that is not there has none.
     *
     * @param name of the class loader, for stack traces
     */
    public static URLClassLoader loader(String name, Path folder) throws IOException {
        List<URL> jars = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
                for (Path file : files) {
                    jars.add(file.toUri().toURL());
                }
            }
        }
        return new URLClassLoader(name, jars.toArray(URL[]::new), JarFolder.class.getClassLoader());
    }
}
