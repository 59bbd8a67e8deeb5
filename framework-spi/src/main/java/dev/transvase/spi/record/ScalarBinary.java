package dev.transvase.spi.record;

import dev.transvase.spi.table.Type;
import java.util.UUID;

/** Writes values of types that need more than a number appended, in their binary form. */
final class ScalarBinary {

    private ScalarBinary() {}

    /** @throws ArithmeticException when the value does not fit INT16 or INT32 */
    static void encodeLong(Type.Scalar type, long value, ByteSink out) {
        if (type == Type.Scalar.INT64) {
            out.putLong(value);
        } else if (type == Type.Scalar.INT32) {
            out.putInt(Math.toIntExact(value));
        } else {
            if (value != (short) value) {
                throw new ArithmeticException(value + " is out of the range of INT16");
            }
            out.putShort((int) value);
        }
    }

    /** @throws ArithmeticException when the value is finite and too large for FLOAT32 */
    static void encodeDouble(Type.Scalar type, double value, ByteSink out) {
        if (type == Type.Scalar.FLOAT64) {
            out.putLong(Double.doubleToLongBits(value));
            return;
        }
        float rounded = (float) value;
        if (Float.isInfinite(rounded) && !Double.isInfinite(value)) {
            throw new ArithmeticException(value + " is out of the range of FLOAT32");
        }
        out.putInt(Float.floatToIntBits(rounded));
    }

    static void encodeInterval(Interval value, ByteSink out) {
        out.putLong(value.micros());
        out.putInt(value.days());
        out.putInt(value.months());
    }

    static void encodeUuid(UUID value, ByteSink out) {
        out.putLong(value.getMostSignificantBits());
        out.putLong(value.getLeastSignificantBits());
    }
}
