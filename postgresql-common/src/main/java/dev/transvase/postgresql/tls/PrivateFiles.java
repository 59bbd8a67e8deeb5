package dev.transvase.postgresql.tls;

import dev.transvase.spi.error.Checks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that nobody but their owner should be able to read. */
final class PrivateFiles {

    private static final Logger log = LoggerFactory.getLogger(PrivateFiles.class);

    private static final Set<PosixFilePermission> OF_OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private PrivateFiles() {}

    /** Warns of a file that others may read or change, where the file system knows of such rights. */
    static void check(String parameter, Path file, Checks checks) {
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
                checks.warning(
                        parameter,
                        file
                                + " can be read or changed by users other than its owner, so psql would reject it;"
                                + " run chmod 600 "
                                + file);
            }
        } catch (IOException | UnsupportedOperationException e) {
            log.debug("the permissions of {} cannot be read", file, e); // a missing one is reported when it is read
        }
    }
}
