package dev.sluice.spi;

import java.util.List;
import java.util.Objects;

/**
 * Where the records of one offered schema go.
 *
 * @param target for the report, for example {@code public.orders}
 * @param accepted the offered schema, with the encoding chosen for each native column
 * @param description for {@code sluice check}, for example the statement it will run; without secrets
 * @param into for {@code sluice check}: for each accepted column where its values go, for example {@code total
 *     numeric(10,2)}; empty when the writer has no columns of its own
 */
public record WriteTarget(String target, Schema accepted, String description, List<String> into) {

    public WriteTarget {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(accepted, "accepted");
        Objects.requireNonNull(description, "description");
        into = List.copyOf(into);
    }

    /** A target without columns of its own. */
    public WriteTarget(String target, Schema accepted, String description) {
        this(target, accepted, description, List.of());
    }
}
