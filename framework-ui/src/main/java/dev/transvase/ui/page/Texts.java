package dev.transvase.ui.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** All texts of the pages in one language. Thread-safe. */
public final class Texts {

    private static final List<String> LANGUAGES = List.of("en");

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

    private static Texts read(String language) {
        Properties properties = new Properties();
        String name = "/dev/transvase/ui/texts_" + language + ".properties";
        try (InputStream in = Texts.class.getResourceAsStream(name);
                InputStreamReader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Texts(
                language,
                properties.stringPropertyNames().stream()
                        .collect(Collectors.toUnmodifiableMap(key -> key, properties::getProperty)));
    }

    /** The language, for example {@code en}. */
    public String language() {
        return language;
    }

    /** The text of this key, with these in place of {@code {0}} and so on; the key itself when there is none. */
    public String of(String key, Object... values) {
        String text = texts.getOrDefault(key, key);
        return values.length == 0 ? text : new MessageFormat(text, Locale.ROOT).format(values);
    }
}
