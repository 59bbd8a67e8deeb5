package dev.transvase.ui.page;

import dev.transvase.ui.http.Assets;

/**
 * What every page has.
 *
 * @param title shown by the browser
 * @param section which part of the navigation it belongs to, for example {@code jobs}
 * @param folder the folder of the jobs
 * @param texts its language
 * @param assets gives the addresses of what it loads
 */
public record Page(String title, String section, String folder, Texts texts, Assets assets) {

    /** A text. */
    public String text(String key, Object... values) {
        return texts.of(key, values);
    }

    /** The address of a file that it loads. */
    public String asset(String name) {
        return assets.address(name);
    }
}
