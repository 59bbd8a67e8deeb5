package dev.transvase.spi.parameter;

/**
 * What the author of a job file can do by the value of a parameter. With {@code --restricted}, for job files of others, the runtime
 * refuses what reaches too far, before a plugin gets it.
 */
public enum Reach {
    /**
     * Nothing is said. A text of this kind is refused with {@code --restricted}; a {@link java.nio.file.Path} counts as {@link #FILE},
     * any other type as {@link #VALUE}.
     */
    UNDECLARED,
    /** No more than what the step is for: a name, a number, a format. The plugin never takes it for code or for a path. */
    VALUE,
    /**
     * A name, a constant or an expression of SQL. With {@code --restricted} only {@code *}, names without a schema or table, and
     * constants.
     */
    EXPRESSION,
    /** SQL, or any other code that a system runs with the rights of its user. Refused with {@code --restricted}. */
    CODE,
    /** A file or folder of this machine. With {@code --restricted} only one in the job file's folder. */
    FILE,
    /** A system to connect to that is no named data source. Refused with {@code --restricted}. */
    CONNECTION
}
