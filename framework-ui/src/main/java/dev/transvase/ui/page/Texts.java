package dev.transvase.ui.page;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** All texts of the pages in one language. Thread-safe. */
public final class Texts {

    private static final List<String> LANGUAGES = List.of("en", "zh");

    private final String language;
    private final Map<String, String> texts;

    private Texts(String language, Map<String, String> texts) {
        this.language = language;
        this.texts = texts;
    }

    /** Reads those of all languages, by language. */
    static Map<String, Texts> all() {
        return LANGUAGES.stream().collect(Collectors.toUnmodifiableMap(language -> language, Texts::read));
    }

    /** For each language a JavaScript module that exports its texts, by the module's name. */
    static Map<String, String> modules(Map<String, Texts> all) {
        Map<String, String> modules = new HashMap<>();
        all.forEach((language, texts) -> modules.put("texts-" + language + ".js", texts.module()));
        return modules;
    }

    private static Texts read(String language) {
        Properties properties = new Properties();
        String name = "/dev/transvase/ui/texts_" + language + ".properties";
        try (InputStream in = Texts.class.getResourceAsStream(name);
                InputStreamReader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> texts = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> texts.put(key, properties.getProperty(key)));
        return new Texts(language, texts);
    }

    /** The language, for example {@code en}. */
    public String language() {
        return language;
    }

    /** The keys of all texts. */
    Set<String> keys() {
        return texts.keySet();
    }

    /** The text of this key, with these in place of {@code {0}} and so on; the key itself when there is none. */
    public String of(String key, Object... values) {
        String text = texts.getOrDefault(key, key);
        for (int i = 0; i < values.length; i++) {
            text = text.replace("{" + i + '}', String.valueOf(values[i]));
        }
        return text;
    }

    private String module() {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        texts.forEach(object::put);
        return "export default " + object + ";\n";
    }
}
