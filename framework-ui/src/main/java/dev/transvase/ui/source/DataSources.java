package dev.transvase.ui.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.transvase.core.datasource.DataSourceSpec;
import dev.transvase.core.datasource.DataSourcesFile;
import dev.transvase.core.datasource.DataSourcesLookup;
import dev.transvase.core.parameter.InvalidJobException;
import dev.transvase.core.parameter.Problems;
import dev.transvase.ui.file.StoredFile;
import dev.transvase.ui.http.Refusal;
import dev.transvase.ui.json.JsonText;
import dev.transvase.ui.json.JsonTextException;
import dev.transvase.ui.json.ValuePath;
import dev.transvase.ui.plan.StepTypes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The data sources of a file. A change keeps all else in the file byte for byte; secrets go to files of their own. Changes are made one
 * after the other; the disk is waited for.
 */
public final class DataSources {

    private static final String ROOT = "datasources";
    private static final String EMPTY = "{\n  \"" + ROOT + "\": {}\n}\n";
    private static final int LONGEST_NAME = 100;

    private final DataSourcesLookup lookup;
    private final StepTypes types;
    private final SecretFiles files;

    public DataSources(DataSourcesLookup lookup, StepTypes types) {
        this.lookup = lookup;
        this.types = types;
        this.files = new SecretFiles(lookup.file());
    }

    /**
     * A data source without its secrets.
     *
     * @param parameters as the file has them; {@code ***} stands for a password within one
     * @param secrets by the parameter's path: a reference such as {@code ${env:NAME}}, or {@code written} for one that stands in the file
     *     itself
     */
    public record Source(String name, String type, ObjectNode parameters, Map<String, String> secrets) {}

    /** Where the file is. */
    public Path file() {
        return lookup.file().toAbsolutePath().normalize();
    }

    /** What named the file, for people. */
    public String origin() {
        return lookup.origin();
    }

    /** Tells what is in the file from what was and will be. */
    public String version() {
        return StoredFile.version(bytes());
    }

    /** All of them, in the file's order. */
    public List<Source> list() {
        List<Source> sources = new ArrayList<>();
        read().ifPresent(file ->
                file.names().forEach(name -> sources.add(shown(file.find(name).orElseThrow()))));
        return sources;
    }

    /**
     * One of them.
     *
     * @throws Refusal when there is none of this name
     */
    public Source get(String name) {
        return shown(spec(name));
    }

    /** The same with its secrets, to connect with. */
    public DataSourceSpec spec(String name) {
        return find(name).orElseThrow(() -> Refusal.missing("there is no such data source"));
    }

    /**
     * As {@link #spec}, of one that is not written down yet.
     *
     * @param like whose secrets it has where it gives none; empty for nobody's
     */
    public DataSourceSpec draft(String type, ObjectNode parameters, String like) {
        Path folder = file().getParent();
        ObjectNode all = like.isEmpty() ? parameters : secrets(type).restored(parameters, spec(like));
        Set<String> literal = new HashSet<>();
        for (String path : secrets(type).paths()) {
            JsonNode secret = Secrets.at(all, path);
            if (path.indexOf('.') < 0 && secret.isTextual() && !Secrets.isReference(secret.textValue())) {
                literal.add(path);
            }
        }
        return new DataSourceSpec(like, type, all, ROOT + ": " + type, literal, folder);
    }

    /**
     * Adds one.
     *
     * @throws Refusal when there is one of this name
     */
    public synchronized Source add(String name, String type, ObjectNode parameters) {
        requireFree(name);
        write(json().set(path(name), entry(name, type, parameters)));
        return get(name);
    }

    /** Makes one with everything that another one has. */
    public synchronized Source copy(String name, String to) {
        requireFree(to);
        DataSourceSpec from = spec(name);
        ObjectNode parameters = from.parameters().deepCopy();
        for (String path : secrets(from.type()).paths()) {
            JsonNode secret = Secrets.at(parameters, path);
            if (secret.isTextual()) {
                Secrets.put(parameters, path, TextNode.valueOf(files.copy(secret.textValue(), to, path)));
            }
        }
        write(json().set(path(to), typed(from.type(), parameters)));
        return get(to);
    }

    /**
     * Changes one. What is not given of its secrets stays; one that is given as {@code null} goes.
     *
     * @param version of the file that was changed, see {@link #version}
     */
    public synchronized Source change(String name, String type, ObjectNode parameters, String version) {
        if (!version().equals(version)) {
            throw Refusal.changed("the data sources file was changed by somebody else meanwhile");
        }
        DataSourceSpec before = spec(name);
        ObjectNode entry = entry(name, type, secrets(type).restored(parameters, before));
        Edit edit = json();
        JsonNode old = typed(before.type(), before.parameters());
        for (Map.Entry<String, JsonNode> member : entry.properties()) {
            if (!member.getValue().equals(old.path(member.getKey()))) {
                edit = edit.set(with(path(name), member.getKey()), member.getValue());
            }
        }
        for (Map.Entry<String, JsonNode> member : old.properties()) {
            if (!entry.has(member.getKey())) {
                edit = edit.remove(with(path(name), member.getKey()));
            }
        }
        write(edit);
        removeFiles(before, spec(name));
        return get(name);
    }

    /**
     * Keeps a file that a parameter names, such as a certificate, and lets the parameter name it.
     *
     * @param parameter for example {@code ssl.keystore}
     * @throws Refusal when the parameter is no file
     */
    public synchronized Source putFile(String name, String parameter, byte[] content) {
        DataSourceSpec spec = spec(name);
        if (!secrets(spec.type()).files().contains(parameter)) {
            throw Refusal.bad("INVALID_PARAMETER", "the parameter is none that names a file");
        }
        String path = files.keepFile(name, parameter, content);
        List<Object> steps = new ArrayList<>(path(name).steps());
        steps.addAll(List.of(parameter.split("\\.", -1)));
        write(json().set(new ValuePath(steps), TextNode.valueOf(path)));
        return get(name);
    }

    /** Removes one, and the files of its secrets. */
    public synchronized void delete(String name) {
        DataSourceSpec gone = spec(name);
        write(json().remove(path(name)));
        removeFiles(gone, gone.withType(""));
    }

    /** Removes files of secrets that the file's data sources no longer refer to. */
    private void removeFiles(DataSourceSpec before, DataSourceSpec after) {
        String text = new String(bytes(), StandardCharsets.UTF_8);
        Secrets parameters = secrets(before.type());
        for (String path : Stream.concat(parameters.paths().stream(), parameters.files().stream())
                .toList()) {
            String reference = Secrets.at(before.parameters(), path).asText("");
            boolean kept = !after.type().isEmpty()
                    && Secrets.at(after.parameters(), path).asText("").equals(reference);
            if (!kept && !reference.isEmpty() && !text.contains(reference)) {
                files.remove(reference);
            }
        }
    }

    /** What goes into the file: secrets are put away first. */
    private ObjectNode entry(String name, String type, ObjectNode parameters) {
        ObjectNode kept = parameters.deepCopy();
        for (String path : secrets(type).paths()) {
            JsonNode secret = Secrets.at(kept, path);
            if (secret.isValueNode() && !secret.isNull() && !Secrets.isReference(secret.asText())) {
                Secrets.put(kept, path, TextNode.valueOf(files.keep(name, path, secret.asText())));
            }
        }
        return typed(type, kept);
    }

    private static ObjectNode typed(String type, ObjectNode parameters) {
        ObjectNode entry = parameters.objectNode();
        entry.put("type", type);
        entry.setAll(parameters);
        return entry;
    }

    private void requireFree(String name) {
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw Refusal.bad("INVALID_NAME", "expected a name of up to " + LONGEST_NAME + " characters");
        }
        if (find(name).isPresent()) {
            throw Refusal.conflict("NAME_TAKEN", "there is a data source of this name already", "choose another name");
        }
    }

    private Source shown(DataSourceSpec spec) {
        Secrets.Shown shown = secrets(spec.type()).shown(spec);
        return new Source(spec.name(), spec.type(), shown.parameters(), shown.secrets());
    }

    private Secrets secrets(String type) {
        return types.sources().stream()
                .filter(source -> source.name().equals(type))
                .findFirst()
                .map(source -> new Secrets(source.parameters()))
                .orElseThrow(() -> Refusal.bad(
                        "DATA_SOURCE_TYPE_UNKNOWN",
                        "no installed plugin connects to data sources of type \"" + type + "\""));
    }

    private Optional<DataSourceSpec> find(String name) {
        return read().flatMap(file -> file.find(name));
    }

    /** Empty where there is no file yet. */
    private Optional<DataSourcesFile> read() {
        if (Files.notExists(file())) {
            return Optional.empty();
        }
        Problems problems = new Problems();
        return Optional.of(DataSourcesFile.read(file(), problems)
                .orElseThrow(() -> Refusal.conflict(
                        "DATA_SOURCES_FILE_INVALID",
                        new InvalidJobException(problems.errors()).getMessage(),
                        "mend the file with an editor")));
    }

    private byte[] bytes() {
        return StoredFile.read(file()).orElse(new byte[0]);
    }

    private Edit json() {
        byte[] bytes = bytes();
        return new Edit(bytes.length == 0 ? EMPTY : new String(bytes, StandardCharsets.UTF_8));
    }

    private void write(Edit edit) {
        StoredFile.write(file(), edit.text().getBytes(StandardCharsets.UTF_8), false);
    }

    private static ValuePath path(String name) {
        return new ValuePath(List.of(ROOT, name));
    }

    private static ValuePath with(ValuePath path, String name) {
        List<Object> steps = new ArrayList<>(path.steps());
        steps.add(name);
        return new ValuePath(steps);
    }

    /** A change of the file's text. That it cannot be made means that somebody has spoilt the file meanwhile. */
    private record Edit(String text) {

        Edit set(ValuePath path, JsonNode value) {
            return apply(json -> json.set(path, value));
        }

        Edit remove(ValuePath path) {
            return apply(json -> json.remove(path));
        }

        private Edit apply(Change change) {
            try {
                return new Edit(change.of(JsonText.of(text)).text());
            } catch (JsonTextException e) {
                throw Refusal.conflict(
                        "DATA_SOURCES_FILE_INVALID",
                        "the data sources file: " + e.getMessage(),
                        "mend it with an editor");
            }
        }
    }

    private interface Change {

        JsonText of(JsonText json) throws JsonTextException;
    }
}
