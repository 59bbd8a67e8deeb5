package dev.transvase.embedded;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks an xz-compressed tar archive of plain entries: folders, files and symbolic links with names as ustar writes
 * them, which is all that the server archives hold. Any other kind of entry is an error, not skipped.
 */
final class TarXz {
    private static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final int PREFIX_OFFSET = 345;
    private static final int PREFIX_LENGTH = 155;
    private static final int OWNER_MAY_EXECUTE = 0100;

    private final InputStream in;
    private final Path target;

    private TarXz(InputStream in, Path target) {
        this.in = in;
        this.target = target;
    }

    /** Unpacks into a folder that exists. What was written before an error stays there. */
    static void unpack(Path archive, Path target) throws IOException {
        try (InputStream in = new XZInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
            new TarXz(in, target.toAbsolutePath().normalize()).unpackEntries();
        }
    }

    private void unpackEntries() throws IOException {
        byte[] header = new byte[BLOCK];
        while (true) {
            readBlock(header);
            if (header[0] == 0) {
                return;
            }
            unpackEntry(header);
        }
    }

    private void unpackEntry(byte[] header) throws IOException {
        String name = name(header);
        Path path = inTarget(target.resolve(name), name);
        requireNoLinkAbove(path, name);
        int mode = Math.toIntExact(octal(header, 100, 8));
        long size = octal(header, 124, 12);
        char type = (char) header[156];
        switch (type) {
            case '5' -> Files.createDirectories(path);
            case '2' -> {
                String link = text(header, 157, NAME_LENGTH);
                inTarget(path.resolveSibling(link), name);
                Files.createDirectories(path.getParent());
                Files.createSymbolicLink(path, Path.of(link));
            }
            case '0', '\0' -> {
                Files.createDirectories(path.getParent());
                writeFile(path, size);
                Files.setPosixFilePermissions(path, permissions(mode));
            }
            default -> throw new IOException("Entry " + name + " is of the unsupported kind '" + type + "'");
        }
    }

    /** The archive decides names, so that one which leads out of the folder is refused. */
    private Path inTarget(Path path, String entry) throws IOException {
        Path normalized = path.normalize();
        if (!normalized.startsWith(target)) {
            throw new IOException("Entry " + entry + " leads out of the archive");
        }
        return normalized;
    }

    /** A link may be in the folder and lead out of it by way of another: nothing is unpacked through one. */
    private void requireNoLinkAbove(Path path, String entry) throws IOException {
        for (Path above = path.getParent(); above.startsWith(target); above = above.getParent()) {
            if (!above.equals(target) && Files.isSymbolicLink(above)) {
                throw new IOException("Entry " + entry + " is to be unpacked through the link " + above.getFileName());
            }
        }
    }

    private void writeFile(Path path, long size) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long left = size;
        try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new EOFException("The archive ends within " + path.getFileName());
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    }

    private void readBlock(byte[] block) throws IOException {
        if (in.readNBytes(block, 0, BLOCK) < BLOCK) {
            throw new EOFException("The archive ends without its closing block");
        }
    }

    private static String name(byte[] header) {
        String name = text(header, 0, NAME_LENGTH);
        boolean ustar = text(header, 257, 5).equals("ustar");
        String prefix = ustar ? text(header, PREFIX_OFFSET, PREFIX_LENGTH) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String text(byte[] header, int offset, int length) {
        int end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] header, int offset, int length) throws IOException {
        String digits = text(header, offset, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("Entry " + name(header) + " has the unreadable number " + digits, e);
        }
    }

    /** Readable by all, since another account may run the server; writable by the owner only. */
    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if ((mode & OWNER_MAY_EXECUTE) != 0) {
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        return permissions;
    }
}
