package dev.transvase.ui.source;

import dev.transvase.core.datasource.DataSourceSpec;
import dev.transvase.core.parameter.Problems;
import dev.transvase.spi.look.DataSourceCatalog;
import dev.transvase.spi.look.DataSourceCatalog.CatalogColumn;
import dev.transvase.spi.look.DataSourceCatalog.CatalogTable;
import dev.transvase.spi.table.TableName;
import dev.transvase.ui.http.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Searches the tables of data sources as one types. The list of a data source is asked for once and kept for a short while, so that a
 * keystroke costs no connection. Thread-safe; blocks on the data source when the list is too old.
 */
public final class Tables {

    private static final Duration FRESH = Duration.ofSeconds(60);
    private static final int MOST_KEPT = 8;

    private final Looks looks;
    private final Clock clock;
    private final Map<String, Kept> kept = new HashMap<>();

    private record Kept(DataSourceSpec spec, DataSourceCatalog catalog, List<CatalogTable> tables, Instant since) {}

    public Tables(Looks looks, Clock clock) {
        this.looks = looks;
        this.clock = clock;
    }

    /**
     * A table that was found.
     *
     * @param name as a job file has it
     * @param records about how many; left out when nobody knows
     * @param bytes its size; left out likewise
     * @param apart why a pattern does not mean it although it matches; empty when it does
     */
    public record Table(
            String name,
            String schema,
            String table,
            String kind,
            OptionalLong records,
            OptionalLong bytes,
            List<String> key,
            String apart) {

        static Table of(CatalogTable table) {
            return new Table(
                    table.written(),
                    table.name().namespace(),
                    table.name().name(),
                    table.kind(),
                    table.records(),
                    table.bytes(),
                    table.key(),
                    table.apart().orElse(""));
        }
    }

    /**
     * What was found.
     *
     * @param total how many match
     * @param all how many there are
     */
    public record Matches(int total, int all, List<Table> tables) {}

    /**
     * Tables whose schema and name hold each word of the text, those that begin with it first.
     *
     * @param fresh whether to ask the data source again
     */
    public Matches search(DataSourceSpec spec, String text, int from, int limit, boolean fresh) {
        List<CatalogTable> tables = tables(spec, fresh).tables();
        String[] words = text.toLowerCase(Locale.ROOT).strip().split("\\s+", -1);
        List<CatalogTable> first = new ArrayList<>();
        List<CatalogTable> others = new ArrayList<>();
        for (CatalogTable table : tables) {
            String name = table.name().name().toLowerCase(Locale.ROOT);
            String whole = table.name().namespace().toLowerCase(Locale.ROOT) + '.' + name;
            if (holdsAll(whole, words)) {
                (name.startsWith(words[0]) || whole.startsWith(words[0]) ? first : others).add(table);
            }
        }
        first.addAll(others);
        return matches(first, tables.size(), from, limit);
    }

    private static boolean holdsAll(String name, String... words) {
        for (String word : words) {
            if (!name.contains(word)) {
                return false;
            }
        }
        return true;
    }

    private static Matches matches(List<CatalogTable> found, int all, int from, int limit) {
        return new Matches(
                found.size(),
                all,
                found.stream().skip(from).limit(limit).map(Table::of).toList());
    }

    /** What names or patterns of a job file mean now. */
    public Matches meant(DataSourceSpec spec, List<String> patterns, List<String> excluded, int limit) {
        Kept list = tables(spec, false);
        return Looks.asked(new Problems(), () -> {
            List<CatalogTable> meant = new ArrayList<>();
            for (String pattern : patterns) {
                for (CatalogTable table : list.catalog().meant(pattern, list.tables())) {
                    if (!meant.contains(table)) {
                        meant.add(table);
                    }
                }
            }
            for (String pattern : excluded) {
                meant.removeAll(list.catalog().meant(pattern, list.tables()));
            }
            return matches(meant, list.tables().size(), 0, limit);
        });
    }

    /** The columns of a table, by its name as a job file has it. Asks again for a table that was not there when the list was made. */
    public List<CatalogColumn> columns(DataSourceSpec spec, String written) {
        Kept list = tables(spec, false);
        Optional<TableName> known = named(list, written);
        if (known.isEmpty()) {
            list = tables(spec, true);
            known = named(list, written);
        }
        TableName name = known.orElseThrow(() -> Refusal.missing("there is no such table"));
        DataSourceCatalog catalog = list.catalog();
        return Looks.asked(new Problems(), () -> catalog.columns(name));
    }

    private static Optional<TableName> named(Kept list, String written) {
        return Looks.asked(new Problems(), () -> list.catalog().meant(written, list.tables())).stream()
                .findFirst()
                .map(CatalogTable::name);
    }

    private Kept tables(DataSourceSpec spec, boolean fresh) {
        Instant now = clock.instant();
        synchronized (kept) {
            Kept known = kept.get(spec.name());
            if (!fresh
                    && known != null
                    && known.spec().saysTheSameAs(spec)
                    && known.since().plus(FRESH).isAfter(now)) {
                return known;
            }
        }
        DataSourceCatalog catalog = looks.catalog(spec)
                .orElseThrow(() -> Refusal.missing("data sources of type " + spec.type() + " list no tables"));
        Kept asked = new Kept(spec, catalog, Looks.asked(new Problems(), catalog::tables), now);
        synchronized (kept) {
            if (kept.size() >= MOST_KEPT) {
                kept.clear();
            }
            kept.put(spec.name(), asked);
        }
        return asked;
    }
}
