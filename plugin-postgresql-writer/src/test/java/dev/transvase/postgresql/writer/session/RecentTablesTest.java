package dev.transvase.postgresql.writer.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentTablesTest {

    @Test
    void letsGoOfWhatWasUsedLongestAgo() {
        List<String> closed = new ArrayList<>();
        RecentTables<String> tables = new RecentTables<>(closed::add);
        for (int table = 0; table < RecentTables.MOST; table++) {
            tables.put(table, "t" + table);
        }
        assertThat(tables.get(0)).isEqualTo("t0");
        tables.put(100, "new");
        assertThat(closed).containsExactly("t1");
        assertThat(tables).hasSize(RecentTables.MOST).containsKeys(0, 100);
        for (int table = 1000; table < 2000; table++) {
            tables.computeIfAbsent(table, t -> "t" + t);
        }
        assertThat(tables).hasSize(RecentTables.MOST);
        assertThat(closed).hasSize(1001);
    }
}
