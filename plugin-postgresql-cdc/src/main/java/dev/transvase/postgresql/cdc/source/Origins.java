package dev.transvase.postgresql.cdc.source;

import dev.transvase.spi.table.TableName;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the rows of a job's tables come from, by the tables: those of other databases that other jobs bring here, and where these
 * have them from. Stored with the position, so that the next database on the way knows.
 */
public record Origins(Map<TableName, Set<Origin>> of) {

    public static final Origins NONE = new Origins(Map.of());

    /**
     * A table of another database.
     *
     * @param place which database it is, as {@link SourceFacts#place} says it
     */
    public record Origin(String place, String table) implements Comparable<Origin> {

        @Override
        public int compareTo(Origin other) {
            int byPlace = place.compareTo(other.place);
            return byPlace == 0 ? table.compareTo(other.table) : byPlace;
        }
    }

    Set<Origin> of(TableName table) {
        return of.getOrDefault(table, Set.of());
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(of.size());
        for (Map.Entry<TableName, Set<Origin>> table : of.entrySet()) {
            out.writeUTF(table.getKey().namespace());
            out.writeUTF(table.getKey().name());
            out.writeInt(table.getValue().size());
            for (Origin origin : table.getValue()) {
                out.writeUTF(origin.place());
                out.writeUTF(origin.table());
            }
        }
    }

    static Origins read(DataInputStream in) throws IOException {
        Map<TableName, Set<Origin>> of = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            TableName table = new TableName(in.readUTF(), in.readUTF());
            Set<Origin> origins = new TreeSet<>();
            for (int more = in.readInt(); more > 0; more--) {
                origins.add(new Origin(in.readUTF(), in.readUTF()));
            }
            of.put(table, origins);
        }
        return new Origins(of);
    }
}
