package dev.transvase.ui.source;

import dev.transvase.ui.file.OwnerOnly;
import dev.transvase.ui.file.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files that secrets are in, one each, in a folder beside the data sources file that is its owner's alone. */
final class SecretFiles {

    private static final String FOLDER = "secrets";
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\{file:" + FOLDER + "/([^/{}]+)}|" + FOLDER + "/([^/{}]+)");

    private final Path folder;

    /** @param dataSources the data sources file */
    SecretFiles(Path dataSources) {
        this.folder = dataSources.toAbsolutePath().normalize().resolveSibling(FOLDER);
    }

    /**
     * Keeps a secret; gives the reference to it.
     *
     * @param parameter for example {@code ssl.privateKeyPassword}
     */
    String keep(String source, String parameter, String secret) {
        String name = name(source, parameter);
        makeFolder();
        StoredFile.write(folder.resolve(name), secret.getBytes(StandardCharsets.UTF_8), true);
        return "${file:" + FOLDER + '/' + name + '}';
    }

    /** Keeps a file, such as a private key; gives its path, which starts at the data sources file's folder. */
    String keepFile(String source, String parameter, byte[] content) {
        String name = name(source, parameter) + ".file";
        makeFolder();
        StoredFile.write(folder.resolve(name), content, true);
        return FOLDER + '/' + name;
    }

    /** A copy of a secret that is kept here, for another data source; the reference itself when it leads elsewhere. */
    String copy(String reference, String source, String parameter) {
        Optional<Path> file = file(reference);
        Optional<byte[]> secret = file.flatMap(StoredFile::read);
        return secret.map(bytes -> keep(source, parameter, new String(bytes, StandardCharsets.UTF_8)))
                .orElse(reference);
    }

    /** Removes the file that a reference or a path leads to, if it is one of ours. */
    void remove(String reference) {
        Optional<Path> file = file(reference);
        if (file.isPresent()) {
            try {
                Files.deleteIfExists(file.get());
            } catch (IOException e) {
                throw StoredFile.notWritten(file.get(), e);
            }
        }
    }

    private Optional<Path> file(String reference) {
        Matcher matcher = REFERENCE.matcher(reference);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(folder.resolve(matcher.group(1) == null ? matcher.group(2) : matcher.group(1)));
    }

    private void makeFolder() {
        try {
            if (Files.isDirectory(folder)) {
                return;
            }
            Files.createDirectory(folder, OwnerOnly.folder(folder.getParent()));
        } catch (FileAlreadyExistsException e) {
            // made meanwhile
        } catch (IOException e) {
            throw StoredFile.notWritten(folder, e);
        }
    }

    /** Names are data sources' and may hold anything: what no file name should have becomes its number. */
    private static String name(String source, String parameter) {
        StringBuilder name = new StringBuilder();
        for (char c : (source + '.' + parameter).toCharArray()) {
            boolean plain =
                    c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_' || (c == '.' && !name.isEmpty()));
            name.append(plain ? Character.toString(c) : "~" + Integer.toHexString(c) + '~');
        }
        return name.toString();
    }
}
