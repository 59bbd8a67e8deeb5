package dev.transvase.ui.page;

import dev.transvase.ui.http.Assets;

/**
 * What every page has.
 *
 * @param title shown by the browser
 * @param texts its language
 * @param theme {@code light} or {@code dark}; empty for what the browser prefers
 * @param assets gives the addresses of what it loads
 */
public record Page(String title, Texts texts, String theme, Assets assets) {

    /** A text. */
    public String text(String key, Object... values) {
        return texts.of(key, values);
    }

    /** The address of a file that it loads. */
    public String asset(String name) {
        return assets.address(name);
    }
}
