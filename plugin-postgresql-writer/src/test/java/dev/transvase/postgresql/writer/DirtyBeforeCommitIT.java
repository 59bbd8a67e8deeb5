package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingJob;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
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
        "COPY, 1, 'name text CHECK (name <> ''bad'')'",
        "INSERT, 1, 'name text CHECK (name <> ''bad'')'",
        "UPSERT, 1, 'name text CHECK (name <> ''bad'')'",
        "UPSERT, 2, 'name text CHECK (name <> ''bad'')'",
        "COPY, 1, 'name text, EXCLUDE USING btree (name WITH =) WHERE (name = ''bad'') DEFERRABLE INITIALLY DEFERRED'",
        "INSERT, 1, 'name text, EXCLUDE USING btree (name WITH =) WHERE (name = ''bad'') DEFERRABLE INITIALLY DEFERRED'",
        "COPY, 1, name text REFERENCES allowed",
        "UPSERT, 1, name text REFERENCES allowed",
        "UPSERT, 2, name text REFERENCES allowed",
        "COPY, 1, name text REFERENCES allowed DEFERRABLE INITIALLY DEFERRED",
        "INSERT, 1, name text REFERENCES allowed DEFERRABLE INITIALLY DEFERRED",
        "UPSERT, 2, name text REFERENCES allowed DEFERRABLE INITIALLY DEFERRED"
    })
    void eachRecordIsToldFirst(WriteMode mode, int channels, String column) throws SQLException {
        database.execute(
                "CREATE TABLE allowed (name text PRIMARY KEY)",
                "INSERT INTO allowed SELECT 'good' || i FROM generate_series(0, " + RECORDS + ") i",
                "CREATE TABLE target (id int PRIMARY KEY, " + column + ")",
                column.contains("EXCLUDE") ? "INSERT INTO target VALUES (-1, 'bad')" : "SELECT");
        assertThat(write(mode, channels, id -> id == BAD ? "bad" : "good" + id).events)
                .containsOnlyOnce("dirty")
                .contains("secured", "committed");
        assertThat(count("id >= 0")).isEqualTo(String.valueOf(RECORDS - 1));
    }

    /** What refers to a later record of its batch waits for it, and is told of by nobody. */
    @ParameterizedTest
    @CsvSource({"COPY, 1", "INSERT, 1", "UPSERT, 2"})
    void whatIsTakenLaterIsNotTold(WriteMode mode, int channels) throws SQLException {
        database.execute("CREATE TABLE target (id int PRIMARY KEY, name text UNIQUE,"
                + " needed text GENERATED ALWAYS AS (CASE name WHEN 'early' THEN 'late' WHEN 'bad' THEN 'never' END) STORED"
                + " REFERENCES target (name) DEFERRABLE INITIALLY DEFERRED)");
        int early = 4;
        int late = 30;
        Asking journal =
                write(mode, channels, id -> id == BAD ? "bad" : id == early ? "early" : id == late ? "late" : "n" + id);
        assertThat(journal.events).containsOnlyOnce("dirty").contains("secured", "committed");
        assertThat(count("true")).isEqualTo(String.valueOf(RECORDS - 1));
    }

    private Asking write(WriteMode mode, int channels, IntFunction<String> name) {
        Asking journal = new Asking();
        TestingWriter parameters = TestingWriter.to(database, "target").mode(mode);
        try (PostgresWriter writer = new PostgresWriter(
                parameters.parameters(),
                parameters.source(),
                TestingJob.in(Path.of(".")).withChannels(channels))) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            writer.begin();
            try (ChannelWriter channel = writer.open(journal)) {
                channel.write(Numbers.batch(0, RECORDS, name), TestingWriter.SPLIT, BatchEnd.commitPoint());
                channel.flush();
            }
            writer.complete();
        }
        return journal;
    }
}
