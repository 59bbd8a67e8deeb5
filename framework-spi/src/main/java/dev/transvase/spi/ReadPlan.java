package dev.transvase.spi;

import dev.transvase.spi.error.LeftOut;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.SequenceValue;
import dev.transvase.spi.table.TableDefinition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a reader offers.
 *
 * @param tables one schema for each table or query, in the order of the job file. An empty list of columns stands for
 *     "whatever the writer has" and is not allowed to readers today
 * @param unbounded whether reading goes on until it is stopped, as a change stream does
 * @param changes the stream of changes among its splits; empty when all records are rows
 * @param leftOut what is not read although a user may expect it; shown by {@code transvase check}, the summary and the report
 * @param origins for each table what its records are stored in, by names that two readers give to the same storage only,
 *     so that records that would be read twice are found; empty when the reader cannot tell
 * @param read all that records may be made of, by names like those of {@code origins}, which it includes: what queries and
 *     views look at, too
 * @param sequences how far sequences of the source have counted
 * @param definitions tells how the tables are declared; asked while the writer plans, on that thread
 */
public record ReadPlan(
        List<Schema> tables,
        boolean unbounded,
        Optional<ChangeStream> changes,
        List<LeftOut> leftOut,
        List<Set<String>> origins,
        Set<String> read,
        List<SequenceValue> sequences,
        Definitions definitions) {

    /** How tables are declared, looked up when it is asked for. */
    @FunctionalInterface
    public interface Definitions {

        /** Of a source that does not tell. */
        Definitions NONE = table -> Optional.empty();

        /**
         * The table at this place of the plan; empty when its records come from none, such as those of a query. May block on the
         * source.
         */
        Optional<TableDefinition> of(int table);
    }

    public ReadPlan {
        tables = List.copyOf(tables);
        Objects.requireNonNull(changes, "changes");
        leftOut = List.copyOf(leftOut);
        origins = origins.stream().map(Set::copyOf).toList();
        read = Set.copyOf(read);
        sequences = List.copyOf(sequences);
        Objects.requireNonNull(definitions, "definitions");
        if (!origins.isEmpty() && origins.size() != tables.size()) {
            throw new IllegalArgumentException(origins.size() + " origins of " + tables.size() + " tables");
        }
    }

    /** A plan of plain rows that come to an end, without further details. */
    public static ReadPlan of(List<Schema> tables) {
        return new ReadPlan(
                tables, false, Optional.empty(), List.of(), List.of(), Set.of(), List.of(), Definitions.NONE);
    }

    /** The same plan, which goes on until it is stopped or comes to an end. */
    public ReadPlan withUnbounded(boolean other) {
        return new ReadPlan(tables, other, changes, leftOut, origins, read, sequences, definitions);
    }

    /** The same plan with this stream of changes. */
    public ReadPlan withChanges(ChangeStream stream) {
        return new ReadPlan(tables, unbounded, Optional.of(stream), leftOut, origins, read, sequences, definitions);
    }

    /**
     * The same plan, which tells what its records are made of.
     *
     * @param stored see {@link #origins}
     * @param all see {@link #read}
     */
    public ReadPlan withOrigins(List<Set<String>> stored, Set<String> all) {
        return new ReadPlan(tables, unbounded, changes, leftOut, stored, all, sequences, definitions);
    }

    /** The same plan, which tells how far these sequences have counted. */
    public ReadPlan withSequences(List<SequenceValue> others) {
        return new ReadPlan(tables, unbounded, changes, leftOut, origins, read, others, definitions);
    }

    /** The same plan, which leaves these out. */
    public ReadPlan withLeftOut(List<LeftOut> others) {
        return new ReadPlan(tables, unbounded, changes, others, origins, read, sequences, definitions);
    }

    /** The same plan, which tells how its tables are declared. */
    public ReadPlan withDefinitions(Definitions others) {
        return new ReadPlan(tables, unbounded, changes, leftOut, origins, read, sequences, others);
    }
}
