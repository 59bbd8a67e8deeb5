package dev.transvase.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.Plugin;
import dev.transvase.spi.StepType;
import dev.transvase.spi.parameter.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class StreamPluginTest {

    @Test
    void itIsFoundAndOffersAReaderAndAWriter() {
        List<Plugin> plugins = ServiceLoader.load(Plugin.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();

        assertThat(plugins).hasSize(1);
        assertThat(plugins.get(0).stepTypes())
                .extracting(StepType::name, StepType::aliases)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("stream", List.of("streamreader")),
                        org.assertj.core.groups.Tuple.tuple("stream", List.of("streamwriter")));
    }

    /** Every parameter has help. */
    @Test
    void everyParameterIsDescribed() {
        List<RecordComponent> components =
                List.of(StreamReaderParameters.class, ColumnParameters.class, StreamWriterParameters.class).stream()
                        .flatMap(c -> Arrays.stream(c.getRecordComponents()))
                        .toList();

        assertThat(components)
                .allSatisfy(c -> assertThat(c.getAnnotation(Parameter.class))
                        .as(c.getName())
                        .isNotNull()
                        .extracting(Parameter::description)
                        .asString()
                        .endsWith("."));
    }
}
