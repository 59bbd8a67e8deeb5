package dev.transvase.postgresql.writer.parameter;

import static dev.transvase.postgresql.error.PostgresErrors.NO_TABLE_MATCHES;
import static dev.transvase.postgresql.writer.error.WriterErrors.INVALID_MAPPING;
import static dev.transvase.postgresql.writer.error.WriterErrors.TARGET_TWICE;

import dev.transvase.postgresql.catalog.TablePattern;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Spelling;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells where the reader's tables go by {@code tableMapping}: an entry that names a table wins over patterns, of these the
 * first in the job file, and a table that none means keeps its name.
 *
 * <p>Several tables may go into one only where each of them is sent there by an entry that has no wildcard on its right:
 * else it is taken for a slip.
 */
public final class TableMapping {

    private final List<Entry> entries;

    /**
     * One entry.
     *
     * @param path where it stands in the job file
     */
    private record Entry(String path, TablePattern from, TablePattern to) {}

    private TableMapping(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** Reads it; what is wrong with an entry is reported. */
    public static TableMapping of(Map<String, String> mapping, Checks checks) {
        List<Entry> entries = new ArrayList<>();
        mapping.forEach((from, to) -> {
            String path = "tableMapping." + from;
            Optional<TablePattern> source = parse(path, from, checks);
            Optional<TablePattern> target = parse(path, to, checks);
            if (source.isPresent() && target.isPresent()) {
                Optional<String> wrong = source.get().whyNotInto(target.get());
                wrong.ifPresent(why -> checks.error(
                        path,
                        INVALID_MAPPING,
                        why
                                + ": a wildcard stands for the text that the wildcard in the same position of the"
                                + " same part matched",
                        "write for example \"sales.*\": \"archive.*\", or \"shop.order_??\": \"public.orders\""));
                if (wrong.isEmpty()) {
                    entries.add(new Entry(path, source.get(), target.get()));
                }
            }
        });
        return new TableMapping(entries);
    }

    private static Optional<TablePattern> parse(String path, String text, Checks checks) {
        try {
            return Optional.of(TablePattern.parse(text));
        } catch (TransvaseException e) {
            checks.error(path, e.errorCode(), e.getMessage(), "correct the name");
            return Optional.empty();
        }
    }

    /** Where these go, in their order; what does not go together is reported. */
    public List<TableName> targets(List<TableName> sources, Checks checks) {
        Set<Entry> used = new HashSet<>();
        Map<TableName, List<Sent>> sent = new LinkedHashMap<>();
        List<TableName> targets = new ArrayList<>();
        for (TableName source : sources) {
            Optional<Entry> entry = entry(source);
            entries.stream().filter(e -> e.from().matches(source)).forEach(used::add);
            TableName target = entry.flatMap(e -> e.from().into(e.to(), source)).orElse(source);
            boolean asked = entry.isPresent() && entry.get().to().isName();
            sent.computeIfAbsent(target, t -> new ArrayList<>()).add(new Sent(source, asked));
            targets.add(target);
        }
        entries.stream().filter(e -> !used.contains(e)).forEach(e -> reportUnused(e, sources, checks));
        sent.forEach((target, from) -> {
            if (from.size() > 1 && !from.stream().allMatch(Sent::asked)) {
                reportMerged(target, from, checks);
            }
        });
        return targets;
    }

    /** A table on its way, and whether the job file says in full where that leads. */
    private record Sent(TableName source, boolean asked) {}

    private Optional<Entry> entry(TableName source) {
        return entries.stream()
                .filter(e -> e.from().isName() && e.from().matches(source))
                .findFirst()
                .or(() -> entries.stream().filter(e -> e.from().matches(source)).findFirst());
    }

    private static void reportUnused(Entry entry, Collection<TableName> sources, Checks checks) {
        List<String> names = sources.stream().map(TableName::toString).toList();
        checks.error(
                entry.path(),
                NO_TABLE_MATCHES,
                "no table of the reader's matches " + entry.from()
                        + Spelling.nearest(entry.from().toString(), names)
                                .map(n -> "; did you mean " + n + "?")
                                .orElse(""),
                "correct the entry or remove it");
    }

    private static void reportMerged(TableName target, List<Sent> from, Checks checks) {
        checks.error(
                "tableMapping",
                TARGET_TWICE,
                "several tables would be written to " + target + ": "
                        + from.stream().map(s -> s.source().toString()).collect(Collectors.joining(", ")),
                "if this is intended, give each an entry with the full name of its target; otherwise map them to"
                        + " different tables");
    }
}
