package dev.transvase.ui.source;

import static dev.transvase.core.error.CoreErrors.DEFECT;

import dev.transvase.core.datasource.DataSourceSpec;
import dev.transvase.core.parameter.InvalidJobException;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.plugin.PluginCatalog.Offer;
import dev.transvase.spi.DataSourceType;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.Fix;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.look.DataSourceCatalog;
import dev.transvase.spi.look.DataSourceReport;
import dev.transvase.ui.http.Refusal;
import dev.transvase.ui.plan.Plugins;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Connects to data sources to see what they are like and what they have. Thread-safe; blocks on them. */
public final class Looks {

    private final Plugins plugins;

    public Looks(Plugins plugins) {
        this.plugins = plugins;
    }

    /**
     * What a data source is like.
     *
     * @param facts each with its name
     */
    public record Tested(Map<String, String> facts, List<Prerequisite> prerequisites) {}

    /**
     * Something that a use of it needs.
     *
     * @param met whether it has that
     * @param message why not; empty when it is met
     * @param statements those that mend it
     */
    public record Prerequisite(
            String use, String what, boolean met, String message, String remedy, List<String> statements) {}

    /**
     * Connects, as each plugin does that connects to such data sources.
     *
     * @throws Refusal when the data source cannot be used
     */
    public Tested test(DataSourceSpec spec) {
        List<Offer<DataSourceType>> offers = plugins.catalog().dataSources(spec.type());
        if (offers.isEmpty()) {
            throw Refusal.of(assertMissing(spec));
        }
        Map<String, String> facts = new LinkedHashMap<>();
        List<Prerequisite> prerequisites = new ArrayList<>();
        Set<String> tests = new HashSet<>();
        Problems problems = new Problems();
        for (Offer<DataSourceType> offer : offers) {
            if (tests.add(offer.type().test().getName())) {
                DataSourceReport report = asked(problems, () -> {
                    Record bound = bound(spec, offer, problems);
                    return plugins.steps().dataSourceTest(offer, bound).examine();
                });
                report.facts()
                        .forEach((name, fact) ->
                                facts.putIfAbsent(name, problems.masks().apply(fact)));
                report.prerequisites().forEach(one -> prerequisites.add(prerequisite(one, problems)));
            }
        }
        return new Tested(facts, prerequisites);
    }

    private TransvaseException assertMissing(DataSourceSpec spec) {
        try {
            plugins.catalog().dataSource(spec.type());
            return TransvaseException.of(DEFECT, "a data source type is there and is not", null);
        } catch (TransvaseException e) {
            return e;
        }
    }

    private static Prerequisite prerequisite(DataSourceReport.Prerequisite one, Problems problems) {
        Optional<Finding> lacking = one.lacking();
        return new Prerequisite(
                one.use(),
                one.what(),
                lacking.isEmpty(),
                problems.masks().apply(lacking.map(Finding::message).orElse("")),
                problems.masks().apply(lacking.map(Finding::remedy).orElse("")),
                lacking.flatMap(Finding::fix).map(Fix::statements).orElse(List.of()));
    }

    /** What lists the tables; empty when the type of the data source lists none. */
    public Optional<DataSourceCatalog> catalog(DataSourceSpec spec) {
        Problems problems = new Problems();
        for (Offer<DataSourceType> offer : plugins.catalog().dataSources(spec.type())) {
            if (offer.type().catalog().isPresent()) {
                return asked(problems, () -> plugins.steps().catalog(offer, bound(spec, offer, problems)));
            }
        }
        return Optional.empty();
    }

    private static Record bound(DataSourceSpec spec, Offer<DataSourceType> offer, Problems problems) {
        Optional<? extends Record> bound = spec.bind(offer.type().parameters(), problems);
        problems.throwIfFailed();
        return bound.orElseThrow();
    }

    /** Runs it, and keeps secrets out of what goes wrong. */
    static <T> T asked(Problems problems, Supplier<T> question) {
        try {
            return question.get();
        } catch (InvalidJobException e) {
            throw Refusal.bad("INVALID_DATA_SOURCE", problems.masks().apply(e.getMessage()));
        } catch (TransvaseException e) {
            throw Refusal.of(e.reworded(problems.masks().apply(e.getMessage())));
        }
    }
}
