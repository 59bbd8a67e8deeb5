package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.DirtyRecord;
import dev.transvase.spi.Position;
import dev.transvase.spi.WriteJournal;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A record is told as dirty, and what was told is secured, before the target has what comes after it. */
class DirtyBeforeCommitIT {

    private static final int BAD = 13;
    private static final int RECORDS = 40;

    private TestingDatabase database;

    @BeforeEach
    void create() {
        database = TestingPostgres.newest().createDatabase();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    /** Asks what the target has at each call. */
    private final class Asking implements WriteJournal {

        private final List<String> events = new ArrayList<>();

        @Override
        public void committed(int table, long records, long bytes) {
            events.add("committed");
        }

        @Override
        public void dirty(DirtyRecord dirty) {
            events.add("dirty");
            assertThat(count("id > " + BAD)).isEqualTo("0");
        }

        @Override
        public void secure() {
            if (events.contains("dirty")) {
                events.add("secured");
                assertThat(events.indexOf("secured")).isGreaterThan(events.indexOf("dirty"));
            }
        }

        @Override
        public long tolerance() {
            return 10;
        }
    }

    private String count(String condition) {
        try {
            return database.queryForString("SELECT count(*) FROM target WHERE " + condition);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "COPY, 'name text CHECK (name <> ''bad'')'",
        "INSERT, 'name text CHECK (name <> ''bad'')'",
        "UPSERT, 'name text CHECK (name <> ''bad'')'",
        "COPY, 'name text, EXCLUDE USING btree (name WITH =) WHERE (name = ''bad'') DEFERRABLE INITIALLY DEFERRED'",
        "INSERT, 'name text, EXCLUDE USING btree (name WITH =) WHERE (name = ''bad'') DEFERRABLE INITIALLY DEFERRED'"
    })
    void eachRecordIsToldFirst(WriteMode mode, String column) throws SQLException {
        database.execute(
                "CREATE TABLE target (id int PRIMARY KEY, " + column + ")",
                column.contains("CHECK") ? "SELECT" : "INSERT INTO target VALUES (-1, 'bad')");
        Asking journal = new Asking();
        try (PostgresWriter writer =
                TestingWriter.to(database, "target").mode(mode).open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            writer.begin();
            try (ChannelWriter channel = writer.open(journal)) {
                channel.write(
                        Numbers.batch(0, RECORDS, id -> id == BAD ? "bad" : "good" + id),
                        TestingWriter.SPLIT,
                        Position.START);
                channel.flush();
            }
            writer.complete();
        }
        assertThat(journal.events).containsOnlyOnce("dirty").contains("secured", "committed");
        assertThat(count("id >= 0")).isEqualTo(String.valueOf(RECORDS - 1));
    }
}
