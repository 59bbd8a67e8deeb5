package dev.transvase.core.parameter;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.parameter.Secret;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a component of a parameter record can hold. */
sealed interface ValueType {

    /** A single value of a kind. */
    enum Scalar implements ValueType {
        BOOLEAN,
        INT,
        LONG,
        DOUBLE,
        TEXT,
        SECRET,
        PATH
    }

    /** One of an enum's constants. */
    record Choice(Class<?> type) implements ValueType {

        /** The words a job file may use, as they are shown. */
        List<String> words() {
            return Arrays.stream(type.getEnumConstants()).map(Choice::word).toList();
        }

        /** The constant that {@code text} names, letter case aside, {@code -} and {@code _} alike. */
        Optional<Object> constant(String text) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> word(constant).equals(plain(text)))
                    .map(Object.class::cast)
                    .findFirst();
        }

        private static String word(Object constant) {
            return plain(((Enum<?>) constant).name());
        }

        private static String plain(String text) {
            return text.toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** A record of the same manner. */
    record Nested(Class<? extends Record> type) implements ValueType {}

    /** An {@link Optional}. */
    record Maybe(ValueType of) implements ValueType {}

    /** A {@link List}. */
    record Many(ValueType of) implements ValueType {}

    /** A {@link Map} from text. */
    record Named(ValueType of) implements ValueType {}

    /** The type without the {@link Maybe} around it. */
    default ValueType present() {
        return this instanceof Maybe maybe ? maybe.of() : this;
    }

    /** What lists, maps and optional values of it hold. */
    default ValueType leaf() {
        if (this instanceof Maybe maybe) {
            return maybe.of().leaf();
        }
        if (this instanceof Many many) {
            return many.of().leaf();
        }
        return this instanceof Named named ? named.of().leaf() : this;
    }

    /** Whether a value of it must not be shown. */
    default boolean hidden() {
        if (this instanceof Maybe maybe) {
            return maybe.of().hidden();
        }
        if (this instanceof Many many) {
            return many.of().hidden();
        }
        return this instanceof Named named ? named.of().hidden() : this == Scalar.SECRET;
    }

    /** Reads a component's declared type; {@code where} names it if that is none of the known ones. */
    static ValueType of(Type type, String where) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == Optional.class) {
                return new Maybe(of(arguments[0], where));
            }
            if (generic.getRawType() == List.class) {
                return new Many(of(arguments[0], where));
            }
            if (generic.getRawType() == Map.class && arguments[0] == String.class) {
                return new Named(of(arguments[1], where));
            }
        }
        if (type instanceof Class<?> plain) {
            return ofClass(plain, where);
        }
        throw unknown(type, where);
    }

    private static ValueType ofClass(Class<?> type, String where) {
        if (type == boolean.class || type == Boolean.class) {
            return Scalar.BOOLEAN;
        } else if (type == int.class || type == Integer.class) {
            return Scalar.INT;
        } else if (type == long.class || type == Long.class) {
            return Scalar.LONG;
        } else if (type == double.class || type == Double.class) {
            return Scalar.DOUBLE;
        } else if (type == String.class) {
            return Scalar.TEXT;
        } else if (type == Secret.class) {
            return Scalar.SECRET;
        } else if (type == Path.class) {
            return Scalar.PATH;
        } else if (type.isEnum()) {
            return new Choice(type);
        } else if (type.isRecord()) {
            return new Nested(type.asSubclass(Record.class));
        }
        throw unknown(type, where);
    }

    private static TransvaseException unknown(Type type, String where) {
        return ParameterRecord.defect(
                where + " has the type " + type.getTypeName() + ", which is not supported for a parameter");
    }
}
