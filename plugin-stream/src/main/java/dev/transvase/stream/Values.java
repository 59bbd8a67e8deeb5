package dev.transvase.stream;

import dev.transvase.spi.record.RecordBatchBuilder;

/** Where the values of one column come from. Immutable; all splits share it. */
interface Values {

    /**
     * Appends the field of one record.
     *
     * @param draw stands at this field
     * @param sequence the record's number over all splits, from 0
     */
    void append(Draw draw, long sequence, RecordBatchBuilder out);

    /** The same value each time. */
    final class Constant implements Values {

        private final byte[] encoded;

        /** @param encoded in the encoding of its type; {@code null} for NULL */
        Constant(byte[] encoded) {
            this.encoded = encoded;
        }

        @Override
        public void append(Draw draw, long sequence, RecordBatchBuilder out) {
            if (encoded == null) {
                out.appendNull();
            } else {
                out.appendEncoded(encoded, 0, encoded.length);
            }
        }
    }

    /** {@code start}, {@code start + step} and so on. */
    record Sequence(long start, long step, long min, long max) implements Values {

        @Override
        public void append(Draw draw, long sequence, RecordBatchBuilder out) {
            out.appendLong(start + step * sequence);
        }
    }

    /** NULL in some of the records. */
    record SomeNull(int percent, Values others) implements Values {

        @Override
        public void append(Draw draw, long sequence, RecordBatchBuilder out) {
            if (draw.between(0, 99) < percent) {
                out.appendNull();
            } else {
                others.append(draw, sequence, out);
            }
        }
    }
}
