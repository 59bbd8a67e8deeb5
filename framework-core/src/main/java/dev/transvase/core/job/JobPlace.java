package dev.transvase.core.job;

import java.nio.file.Path;
import java.util.Set;

/**
 * Where a job file is, and what of it may be looked up.
 *
 * @param folder where its relative paths start, absolute
 * @param references the paths of the texts in which its author has written {@code ${env:NAME}} or {@code ${file:PATH}}
 */
record JobPlace(Path folder, Set<String> references) {

    JobPlace {
        references = Set.copyOf(references);
    }
}
