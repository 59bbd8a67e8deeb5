package dev.transvase.core.parameter;

import static dev.transvase.core.error.CoreErrors.UNKNOWN_PARAMETER;

import dev.transvase.spi.error.Spelling;
import java.util.Collection;

/** What becomes of a key that no parameter is called. A key that begins with {@code _comment} is a comment everywhere. */
public enum UnknownKeys {

    /** It is an error, so that a misspelt parameter is never ignored. */
    REFUSED,

    /** It is a warning, as in DataX, which ignores keys that it does not know. */
    IGNORED;

    private static final String COMMENT = "_comment";

    /**
     * Reports such a key.
     *
     * @param path where it stands
     * @param known the keys that are known there
     * @return whether what holds the key can still be used
     */
    public boolean report(String key, String path, Collection<String> known, Problems problems) {
        if (key.startsWith(COMMENT)) {
            return true;
        }
        if (this == REFUSED) {
            problems.error(path, UNKNOWN_PARAMETER, "is not known here", Spelling.remedy(key, known));
            return false;
        }
        String meant = Spelling.nearest(key, known)
                .map(near -> "did you mean `" + near + "`?")
                .orElse("");
        problems.warn(path, UNKNOWN_PARAMETER, "is not known here and is ignored, as in DataX", meant);
        return true;
    }
}
