package dev.transvase.spi.parameter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one component of a parameter record. The same description feeds the job file's validation, {@code transvase
 * describe}, its JSON schema and error messages.
 *
 * <p>A component's type is one of {@code boolean}, {@code int}, {@code long}, {@code double}, {@link String}, {@link
 * Secret}, an enum (written in lower case), a record of the same manner, {@link java.util.Optional} of any of these,
 * {@link java.util.List} of any of these, or {@link java.util.Map} from {@link String} to any of these. Numbers and
 * booleans may be written as strings in a job file. A {@link String} component takes any JSON scalar in its text form.
 *
 * <p>When the key is absent: a required component is an error; else the default applies; else an {@code Optional} is
 * empty, a list or map is empty. A record component of another type must be required or have a default. JSON {@code null}
 * counts as absent.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Parameter {

    /** What it means, in one or two sentences; units included. */
    String description();

    /** Whether a job file must give it. An empty string or list then is an error too. */
    boolean required() default false;

    /** The text of the default as a job file would have it, for example {@code "512"}; none when empty. */
    String defaultValue() default "";

    /** The least number allowed; for lists, maps and strings it has no meaning. */
    long min() default Long.MIN_VALUE;

    /** The largest number allowed. */
    long max() default Long.MAX_VALUE;

    /** For a list: whether a single value may stand in place of a list of one. */
    boolean acceptsSingle() default false;

    /**
     * What a job's author can do by it. To say nothing is safe: then a text cannot be given in a restricted run. Of a parameter that is
     * a record, a list or a map of records, the components of those say it for themselves, unless it is {@link Reach#CODE} or {@link
     * Reach#CONNECTION} as a whole.
     */
    Reach reach() default Reach.UNDECLARED;
}
