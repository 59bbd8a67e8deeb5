package dev.transvase.core.step;

import static dev.transvase.core.error.CoreErrors.STEP_NOT_CONSTRUCTED;

import com.google.inject.AbstractModule;
import com.google.inject.ConfigurationException;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import com.google.inject.spi.Message;
import dev.transvase.core.plugin.GuardedCatalog;
import dev.transvase.core.plugin.GuardedDataSourceTest;
import dev.transvase.core.plugin.GuardedReader;
import dev.transvase.core.plugin.GuardedWriter;
import dev.transvase.core.plugin.InstalledPlugin;
import dev.transvase.core.plugin.PluginCatalog.Offer;
import dev.transvase.spi.DataSourceTest;
import dev.transvase.spi.DataSourceType;
import dev.transvase.spi.JobContext;
import dev.transvase.spi.Reader;
import dev.transvase.spi.ReaderType;
import dev.transvase.spi.StoredPositions;
import dev.transvase.spi.Writer;
import dev.transvase.spi.WriterType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.look.DataSourceCatalog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Constructs the plugins' classes. The root injector holds what all steps share; each step has a child of it that adds
 * the step's own parameters and data source, so that neither step sees the other's.
 */
public final class StepFactory {

    private final Injector root;

    /** @param clock what steps tell the time with */
    public StepFactory(Clock clock) {
        this.root = Guice.createInjector(Stage.DEVELOPMENT, new AbstractModule() {
            @Override
            protected void configure() {
                binder().requireExplicitBindings();
                bind(Clock.class).toInstance(clock);
            }
        });
    }

    /**
     * The step's reader, which the caller closes.
     *
     * @param stored how far an earlier run came; not asked before the writer has been planned
     */
    public Reader reader(
            Offer<ReaderType> offer,
            Record parameters,
            Optional<? extends Record> dataSource,
            JobContext job,
            StoredPositions stored) {
        Reader reader = construct(
                offer.plugin(),
                offer.type().implementation(),
                bindings(parameters, dataSource),
                Optional.of(job),
                Optional.of(stored));
        return new GuardedReader(offer.plugin(), reader);
    }

    /** The step's writer, which the caller closes. */
    public Writer writer(
            Offer<WriterType> offer, Record parameters, Optional<? extends Record> dataSource, JobContext job) {
        Writer writer = construct(
                offer.plugin(),
                offer.type().implementation(),
                bindings(parameters, dataSource),
                Optional.of(job),
                Optional.empty());
        return new GuardedWriter(offer.plugin(), writer);
    }

    /** What tries this data source. */
    public DataSourceTest dataSourceTest(Offer<DataSourceType> offer, Record dataSource) {
        DataSourceTest test = construct(
                offer.plugin(),
                offer.type().test(),
                bindings(dataSource, Optional.empty()),
                Optional.empty(),
                Optional.empty());
        return new GuardedDataSourceTest(offer.plugin(), test);
    }

    /** What lists this data source's tables; empty when its type has nothing that does. */
    public Optional<DataSourceCatalog> catalog(Offer<DataSourceType> offer, Record dataSource) {
        return offer.type()
                .catalog()
                .map(catalog -> new GuardedCatalog(
                        offer.plugin(),
                        construct(
                                offer.plugin(),
                                catalog,
                                bindings(dataSource, Optional.empty()),
                                Optional.empty(),
                                Optional.empty())));
    }

    private static List<Record> bindings(Record parameters, Optional<? extends Record> dataSource) {
        List<Record> bindings = new ArrayList<>();
        bindings.add(parameters);
        dataSource.ifPresent(bindings::add);
        return bindings;
    }

    private <T> T construct(
            InstalledPlugin plugin,
            Class<? extends T> implementation,
            List<Record> bindings,
            Optional<JobContext> job,
            Optional<StoredPositions> stored) {
        return plugin.call("constructing " + implementation.getSimpleName(), () -> {
            try {
                return root.createChildInjector(new StepModule(implementation, bindings, job, stored))
                        .getInstance(implementation);
            } catch (ProvisionException e) {
                throw unwrapped(implementation, e.getErrorMessages(), e);
            } catch (CreationException e) {
                throw unwrapped(implementation, e.getErrorMessages(), e);
            } catch (ConfigurationException e) {
                throw unwrapped(implementation, e.getErrorMessages(), e);
            }
        });
    }

    private static RuntimeException unwrapped(
            Class<?> implementation, Iterable<Message> messages, RuntimeException thrown) {
        if (thrown.getCause() instanceof TransvaseException cause) {
            return cause;
        }
        String first = messages.iterator().hasNext()
                ? messages.iterator().next().getMessage().lines().findFirst().orElse("")
                : "";
        return TransvaseException.of(
                STEP_NOT_CONSTRUCTED, implementation.getName() + " could not be constructed: " + first, thrown);
    }

    /** What one step adds: its class and what only it may ask for. */
    private static final class StepModule extends AbstractModule {

        private final Class<?> implementation;
        private final List<Record> bindings;
        private final Optional<JobContext> job;
        private final Optional<StoredPositions> stored;

        StepModule(
                Class<?> implementation,
                List<Record> bindings,
                Optional<JobContext> job,
                Optional<StoredPositions> stored) {
            this.implementation = implementation;
            this.bindings = bindings;
            this.job = job;
            this.stored = stored;
        }

        @Override
        protected void configure() {
            bind(implementation);
            bindings.forEach(this::bindInstance);
            job.ifPresent(context -> bind(JobContext.class).toInstance(context));
            stored.ifPresent(positions -> bind(StoredPositions.class).toInstance(positions));
        }

        @SuppressWarnings("unchecked")
        private <R extends Record> void bindInstance(R instance) {
            bind((Class<R>) instance.getClass()).toInstance(instance);
        }
    }
}
