package dev.transvase.distribution;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** What is in the archive of a demo's server. */
final class ServerArchive {

    /** Not what PostgreSQL loads as a module: that is in a folder of its own. */
    private static final Pattern LIBRARY = Pattern.compile("(?:\\./)?lib/(lib[^/.]+)\\.(?:\\d+\\.)*(?:so|dylib).*");

    private ServerArchive() {}

    /** The shared libraries beside the server, without their versions. */
    static Set<String> libraries(Path archive) throws IOException {
        Set<String> libraries = new TreeSet<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(
                new XZCompressorInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Matcher name = LIBRARY.matcher(entry.getName());
                if (name.matches()) {
                    libraries.add(name.group(1));
                }
            }
        }
        return libraries;
    }
}
