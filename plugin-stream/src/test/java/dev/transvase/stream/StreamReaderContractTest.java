package dev.transvase.stream;

import dev.transvase.spi.Reader;
import dev.transvase.testing.contract.AbstractReaderContractTest;
import java.util.List;
import java.util.stream.IntStream;

class StreamReaderContractTest extends AbstractReaderContractTest {

    private static final int RECORDS = 2500;

    @Override
    protected Reader newReader() {
        return new StreamReader(TestingColumns.parameters(
                RECORDS, TestingColumns.incr("long", "1,1"), TestingColumns.value("string", "same")));
    }

    @Override
    protected List<List<String>> expected(int channels) {
        return IntStream.rangeClosed(1, RECORDS * channels)
                .mapToObj(i -> List.of(String.valueOf(i), "same"))
                .toList();
    }
}
