package dev.transvase.core.job;

import java.nio.file.Path;
import java.util.Set;

/**
 * Where a job file is, and what reading it looks up.
 *
 * @param folder where its relative paths start, absolute
 * @param references the paths of the texts in which its author has written {@code ${env:NAME}} or {@code ${file:PATH}}
 * @param exampleUrls how its steps write the URLs of their databases
 */
record JobPlace(Path folder, Set<String> references, ExampleUrls exampleUrls) {

    JobPlace {
        references = Set.copyOf(references);
    }
}
