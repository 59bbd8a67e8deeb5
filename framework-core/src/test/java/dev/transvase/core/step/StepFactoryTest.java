package dev.transvase.core.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.core.plugin.InstalledPlugin;
import dev.transvase.core.plugin.PluginCatalog.Offer;
import dev.transvase.spi.DataSourceTest;
import dev.transvase.spi.DataSourceType;
import dev.transvase.spi.JobContext;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Reader;
import dev.transvase.spi.ReaderType;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.StoredPositions;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Schema;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepFactoryTest {

    record Parameters(String greeting) {}

    record Source(String host) {}

    private static final JobContext JOB = new StepContext("job", 2, Path.of("."), false, false, false, Notices.NONE);
    private static final InstalledPlugin PLUGIN = new InstalledPlugin(
            "acme", "1", Path.of("acme"), List.of(), List.of(), StepFactoryTest.class.getClassLoader());

    private static final StoredPositions NOTHING_STORED = new StoredPositions() {
        @Override
        public boolean kept() {
            return false;
        }

        @Override
        public Position of(String split) {
            return Position.START;
        }
    };

    private final StepFactory factory = new StepFactory(Clock.systemUTC());

    abstract static class Base implements Reader {
        @Override
        public List<Split> split(List<Schema> accepted, int channels, Checks checks) {
            return List.of();
        }

        @Override
        public SplitReader open(Split split, Schema schema, Position position) {
            throw new IllegalStateException("no splits");
        }

        @Override
        public void close() {}
    }

    static final class Greeter extends Base {
        private final String told;

        @Inject
        Greeter(Parameters parameters, Source source, JobContext job, StoredPositions stored, Clock clock) {
            told = parameters.greeting() + " " + source.host() + " " + job.jobName() + " "
                    + (clock != null && !stored.kept());
        }

        @Override
        public ReadPlan plan(Checks checks) {
            throw new IllegalStateException(told);
        }
    }

    static final class Refusing extends Base {
        @Inject
        Refusing() {
            throw TransvaseException.of(ErrorCode.user("NOT_TODAY"), "not today");
        }

        @Override
        public ReadPlan plan(Checks checks) {
            return ReadPlan.of(List.of());
        }
    }

    static final class Demanding extends Base {
        private final StringBuilder somethingTheRuntimeDoesNotHave;

        @Inject
        Demanding(StringBuilder somethingTheRuntimeDoesNotHave) {
            this.somethingTheRuntimeDoesNotHave = somethingTheRuntimeDoesNotHave;
        }

        @Override
        public ReadPlan plan(Checks checks) {
            checks.warning("", somethingTheRuntimeDoesNotHave.toString());
            return ReadPlan.of(List.of());
        }
    }

    private Reader reader(Class<? extends Reader> implementation, Record parameters, Optional<Source> source) {
        ReaderType type = new ReaderType("t", List.of(), "", parameters.getClass(), Optional.empty(), implementation);
        return factory.reader(new Offer<>(PLUGIN, type), parameters, source, JOB, NOTHING_STORED);
    }

    @Test
    void aStepGetsItsParametersItsDataSourceAndTheRunsServices() {
        Reader reader = reader(Greeter.class, new Parameters("hello"), Optional.of(new Source("db")));
        assertThatThrownBy(() -> reader.plan(null))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.INTERNAL))
                .hasMessageContaining("plugin acme 1 failed while planning the read")
                .hasMessageContaining("hello db job true");
    }

    @Test
    void oneStepDoesNotSeeTheOthersDataSource() {
        reader(Greeter.class, new Parameters("hello"), Optional.of(new Source("db")));
        assertThatThrownBy(() -> reader(Greeter.class, new Parameters("hello"), Optional.empty()))
                .hasMessageContaining("Greeter could not be constructed");
    }

    @Test
    void whatAConstructorThrowsIsToldAsItIs() {
        assertThatThrownBy(() -> reader(Refusing.class, new Parameters(""), Optional.empty()))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("NOT_TODAY"));
    }

    @Test
    void aConstructorThatAsksForTooMuchIsNamed() {
        assertThatThrownBy(() -> reader(Demanding.class, new Parameters(""), Optional.empty()))
                .hasMessageContaining("Demanding")
                .hasMessageContaining("StringBuilder");
    }

    record Pinging(Source source) implements DataSourceTest {
        @Inject
        Pinging {}

        @Override
        public String connect() {
            return "connected to " + source.host();
        }
    }

    @Test
    void aDataSourceTestGetsTheDataSource() {
        DataSourceType type = new DataSourceType("db", Source.class, Pinging.class);
        assertThat(factory.dataSourceTest(new Offer<>(PLUGIN, type), new Source("db1"))
                        .connect())
                .isEqualTo("connected to db1");
    }
}
