package dev.sluice.spi;

import java.util.Objects;

/**
 * Where the records of one offered schema go.
 *
 * @param target for the report, for example {@code public.orders}
 * @param accepted the offered schema, with the encoding chosen for each native column
 * @param description for {@code sluice check}, for example the statement it will run; without secrets
 */
public record WriteTarget(String target, Schema accepted, String description) {

    public WriteTarget {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(accepted, "accepted");
        Objects.requireNonNull(description, "description");
    }
}
