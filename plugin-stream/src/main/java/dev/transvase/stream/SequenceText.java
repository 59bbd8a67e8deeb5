package dev.transvase.stream;

import static dev.transvase.stream.StreamErrors.SEQUENCE_TOO_LONG;

import dev.transvase.spi.error.Checks;
import java.math.BigInteger;
import java.util.List;

/** Reads {@code START,STEP}. */
final class SequenceText {

    private SequenceText() {}

    static Values.Sequence parse(ValueType type, String text) {
        if (!Numbers.isWhole(type)) {
            throw new IllegalArgumentException(
                    "incr is for long, int and short columns; this one is of type " + type.label());
        }
        String[] parts = text.split(",", -1);
        if (parts.length > 2) {
            throw new IllegalArgumentException("\"" + text + "\" is not \"START,STEP\", for example \"1,1\"");
        }
        long start = Numbers.whole(type, parts[0]);
        long step = parts.length == 1 ? 1 : Numbers.whole(ValueType.LONG, parts[1]);
        return new Values.Sequence(start, step, Numbers.min(type), Numbers.max(type));
    }

    /** Reports sequences that would leave the range of their type within this many records over all channels. */
    static void checkRange(List<GeneratedColumn> columns, long recordsPerSplit, int splits, Checks checks) {
        BigInteger records = BigInteger.valueOf(recordsPerSplit).multiply(BigInteger.valueOf(splits));
        if (records.signum() == 0) {
            return;
        }
        for (int i = 0; i < columns.size(); i++) {
            Values values = columns.get(i).values();
            if (values instanceof Values.SomeNull some) {
                values = some.others();
            }
            if (values instanceof Values.Sequence sequence) {
                BigInteger last = records.subtract(BigInteger.ONE)
                        .multiply(BigInteger.valueOf(sequence.step()))
                        .add(BigInteger.valueOf(sequence.start()));
                if (last.compareTo(BigInteger.valueOf(sequence.min())) < 0
                        || last.compareTo(BigInteger.valueOf(sequence.max())) > 0) {
                    checks.error(
                            "column[" + i + "].incr",
                            SEQUENCE_TOO_LONG,
                            "after " + records + " records it would be at " + last + ", outside " + sequence.min()
                                    + " to " + sequence.max(),
                            "Make fewer records, or take type long or a smaller step.");
                }
            }
        }
    }
}
