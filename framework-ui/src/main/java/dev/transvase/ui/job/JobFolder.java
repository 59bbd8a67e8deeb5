package dev.transvase.ui.job;

import dev.transvase.ui.file.StoredFile;
import dev.transvase.ui.http.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The jobs of a folder: its files {@code *.json}, but for the data sources file. A job's name is its file's without that ending. No name
 * leads out of the folder, and no link does. Changes are made one after the other; the disk is waited for.
 */
public final class JobFolder {

    private static final String JSON = ".json";

    /** A new name is one that any file system, shell and address takes. */
    private static final Pattern NEW_NAME =
            Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}\\p{M} ._-]{0,98}[\\p{L}\\p{N}\\p{M}_-]|[\\p{L}\\p{N}_]");

    private final Path folder;
    private final Path dataSources;

    /**
     * @param folder of the jobs; absolute
     * @param dataSources the data sources file, which is no job
     */
    public JobFolder(Path folder, Path dataSources) {
        this.folder = folder;
        this.dataSources = dataSources.toAbsolutePath().normalize();
    }

    /**
     * A job's file.
     *
     * @param text as it is written, byte for byte
     * @param version tells it from what it was and will be
     */
    public record Script(String name, String text, String version) {

        /** The bytes of the file. */
        public byte[] bytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** The folder. */
    public Path path() {
        return folder;
    }

    /** The names of all jobs, in the order of the alphabet. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + JSON)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (!name.startsWith(".") && isJob(file)) {
                    names.add(name.substring(0, name.length() - JSON.length()));
                }
            }
        } catch (IOException e) {
            throw Refusal.outside("FOLDER_UNREADABLE", "the folder of the jobs cannot be read: " + e.getMessage(), e);
        }
        names.sort(String.CASE_INSENSITIVE_ORDER.thenComparing(Comparator.naturalOrder()));
        return names;
    }

    private boolean isJob(Path file) {
        try {
            return Files.isRegularFile(file)
                    && file.toRealPath().startsWith(folder.toRealPath())
                    && !(Files.exists(dataSources) && Files.isSameFile(file, dataSources));
        } catch (IOException e) {
            return false; // gone meanwhile
        }
    }

    /**
     * The file of a job that is there.
     *
     * @throws Refusal when there is none of this name
     */
    public Path file(String name) {
        Optional<Path> file = inFolder(name);
        return file.filter(this::isJob).orElseThrow(() -> Refusal.missing("there is no such job"));
    }

    private Optional<Path> inFolder(String name) {
        if (name.isEmpty()
                || name.startsWith(".")
                || name.indexOf('/') >= 0
                || name.indexOf('\\') >= 0
                || name.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        Path file = folder.resolve(name + JSON).normalize();
        return folder.equals(file.getParent()) ? Optional.of(file) : Optional.empty();
    }

    /** Reads a job. */
    public Script read(String name) {
        byte[] bytes = StoredFile.read(file(name)).orElseThrow(() -> Refusal.missing("there is no such job"));
        return new Script(name, text(bytes), StoredFile.version(bytes));
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Refusal.conflict(
                    "NOT_UTF_8", "the file is not in UTF-8", "save it in the encoding UTF-8 with an editor");
        }
    }

    /**
     * Replaces a job's file.
     *
     * @param version of the file that was changed
     * @throws Refusal when the file is another one by now
     */
    public synchronized Script save(String name, String text, String version) {
        Script there = read(name);
        if (!there.version().equals(version)) {
            throw Refusal.changed("the job was changed by somebody else meanwhile");
        }
        Script saved = script(name, text);
        StoredFile.write(file(name), saved.bytes(), false);
        return saved;
    }

    /**
     * Makes a new job.
     *
     * @throws Refusal when there is one of this name, or the name cannot be one
     */
    public synchronized Script create(String name, String text) {
        Path file = fresh(name);
        Script made = script(name, text);
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            throw taken(name);
        } catch (IOException e) {
            throw StoredFile.notWritten(file, e);
        }
        try {
            StoredFile.write(file, made.bytes(), false);
        } catch (Refusal e) {
            delete(file);
            throw e;
        }
        return made;
    }

    private static Script script(String name, String text) {
        return new Script(name, text, StoredFile.version(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Path fresh(String name) {
        if (!NEW_NAME.matcher(name).matches() || !Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
            throw Refusal.bad(
                    "INVALID_NAME",
                    "expected a name of letters, digits, blanks, dots, hyphens and underscores that begins with a letter or digit,"
                            + " of 100 characters at most");
        }
        Path file = inFolder(name).orElseThrow(() -> Refusal.bad("INVALID_NAME", "the name leads out of the folder"));
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw taken(name);
        }
        return file;
    }

    private static Refusal taken(String name) {
        return Refusal.conflict("NAME_TAKEN", "there is a job \"" + name + "\" already", "choose another name");
    }

    /** Gives a job another name. */
    public synchronized Script rename(String name, String to) {
        Path from = file(name);
        Path file = fresh(to);
        try {
            Files.move(from, file);
        } catch (IOException e) {
            throw StoredFile.notWritten(file, e);
        }
        return read(to);
    }

    /** Removes a job's file. Its runs stay. */
    public synchronized void delete(String name) {
        delete(file(name));
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw StoredFile.notWritten(file, e);
        }
    }
}
