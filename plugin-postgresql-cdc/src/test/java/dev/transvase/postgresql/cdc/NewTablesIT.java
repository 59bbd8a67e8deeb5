package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.NewTables;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Snapshot;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Split;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables that come to a pattern after the stream began. */
class NewTablesIT {

    static List<Integer> oldestAndNewest() {
        return StreamIT.oldestAndNewest();
    }

    private static TestingDatabase database(int major) throws SQLException {
        return old(TestingPostgres.major(major));
    }

    private static TestingDatabase old(TestingPostgres server) throws SQLException {
        TestingDatabase database = server.createDatabase();
        database.execute("CREATE TABLE old (id int PRIMARY KEY, v int)", "ALTER TABLE old REPLICA IDENTITY FULL");
        return database;
    }

    private static Following following(TestingDatabase database) {
        Following following = new Following(database, "public.*");
        following.newTables = NewTables.FOLLOW;
        return following;
    }

    private static void create(TestingDatabase database, String table, String more) throws SQLException {
        database.execute(
                "CREATE TABLE " + table + " (id int PRIMARY KEY, v int" + more + ')',
                "ALTER TABLE " + table + " REPLICA IDENTITY FULL");
    }

    private static String publication(TestingDatabase database) {
        return "di_pub_" + database.name();
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void rowsComeFirstThenChanges(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = following(database)) {
            database.execute("INSERT INTO old VALUES (1, 1)");
            following.run();
            create(database, "fresh", "");
            database.execute(
                    "INSERT INTO old VALUES (2, 2)", "INSERT INTO fresh VALUES (1, 1)", "UPDATE fresh SET v = 2");
            following.run();
            assertThat(following.lines).containsExactly("ROW old 1 1", "INSERT old 2 2", "ROW fresh 1 2");
            following.lines.clear();
            database.execute("UPDATE fresh SET v = 3", "INSERT INTO old VALUES (3, 3)");
            following.run();
            assertThat(following.lines)
                    .containsExactly("UPDATE_BEFORE fresh 1 2", "UPDATE_AFTER fresh 1 3", "INSERT old 3 3");
            assertThat(following.notices).isEmpty();
            assertThat(database.queryForList(
                            "SELECT slot_name FROM pg_replication_slots WHERE database =" + " current_database()"))
                    .containsExactly("di_slot_" + database.name());
        }
    }

    /** Its rows from before would be missing otherwise, and what it was like then is of no concern. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTableThatSomebodyHasPublishedIsCopiedFirst(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = following(database)) {
            following.run();
            create(database, "fresh", ", gone int");
            database.execute(
                    "INSERT INTO fresh VALUES (1, 1)",
                    "ALTER PUBLICATION " + publication(database) + " ADD TABLE fresh",
                    "INSERT INTO fresh VALUES (2, 2)",
                    "TRUNCATE fresh",
                    "INSERT INTO fresh VALUES (3, 3)",
                    "ALTER TABLE fresh DROP COLUMN gone",
                    "INSERT INTO fresh VALUES (4, 4)",
                    "INSERT INTO old VALUES (1, 1)");
            following.newTables = NewTables.IGNORE;
            following.run();
            assertThat(following.lines).containsExactly("INSERT old 1 1");
            assertThat(following.leftOut).containsKey("public.fresh");
            assertThat(following.checks.warnings())
                    .anySatisfy(w -> assertThat(w).contains("public.fresh", "newTables to follow"));
            following.newTables = NewTables.FOLLOW;
            database.execute("INSERT INTO fresh VALUES (5, 5)", "INSERT INTO old VALUES (2, 2)");
            following.run();
            assertThat(following.lines)
                    .containsExactly(
                            "INSERT old 1 1", "INSERT old 2 2", "ROW fresh 3 3", "ROW fresh 4 4", "ROW fresh 5 5");
            database.execute("DELETE FROM fresh WHERE id < 5");
            following.run();
            assertThat(following.lines.subList(5, 7)).containsExactly("DELETE fresh 3 3", "DELETE fresh 4 4");
        }
    }

    /** Servers that know no better keep for such a transaction, and after it, that the table is not published. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTransactionThatWroteBeforeAndAfterSomebodyPublishedTheTableHidesNothing(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = following(database)) {
            following.run();
            create(database, "fresh", "");
            try (Connection open = database.connect();
                    Statement statement = open.createStatement()) {
                open.setAutoCommit(false);
                statement.execute("INSERT INTO fresh VALUES (1, 1)");
                database.execute("ALTER PUBLICATION " + publication(database) + " ADD TABLE fresh");
                statement.execute("INSERT INTO fresh VALUES (2, 2)");
                Thread committer = new Thread(() -> commitOnceWaitedFor(database, open));
                committer.start();
                following.run();
                committer.join();
            }
            database.execute("INSERT INTO fresh VALUES (3, 3)");
            following.run();
            assertThat(following.lines).containsExactly("ROW fresh 1 1", "ROW fresh 2 2", "INSERT fresh 3 3");
        }
    }

    private static void commitOnceWaitedFor(TestingDatabase database, Connection open) {
        try {
            while (database.queryForList(
                            "SELECT pid FROM pg_locks WHERE NOT granted AND mode = 'ShareRowExclusiveLock'")
                    .isEmpty()) {
                Thread.onSpinWait();
            }
            open.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void rowsOfBusyTablesComeOnce(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = following(database)) {
            following.run();
            create(database, "fresh", " REFERENCES old");
            database.execute(
                    "INSERT INTO old SELECT i, i FROM generate_series(1, 2000) i",
                    "INSERT INTO fresh SELECT i, i FROM generate_series(1, 2000) i");
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger written = new AtomicInteger(2000);
            Thread writer = new Thread(() -> write(database, stop, written));
            writer.start();
            try {
                following.run();
            } finally {
                stop.set(true);
                writer.join();
            }
            following.run();
            Map<String, String> rows = new HashMap<>();
            for (String line : following.lines) {
                String[] fields = line.split(" ", -1);
                String key = fields[1] + ' ' + fields[2];
                switch (fields[0]) {
                    case "ROW", "INSERT" -> {
                        assertThat(rows.put(key, fields[3])).as(line).isNull();
                        if (fields[1].equals("fresh")) {
                            assertThat(rows).as(line).containsKey("old " + fields[3]);
                        }
                    }
                    case "UPDATE_BEFORE", "DELETE" ->
                        assertThat(rows.remove(key)).as(line).isEqualTo(fields[3]);
                    default -> rows.put(key, fields[3]);
                }
            }
            Map<String, String> expected = new HashMap<>();
            for (String table : List.of("old", "fresh")) {
                database.query("SELECT id, v FROM " + table)
                        .forEach(row -> expected.put(table + ' ' + row.get(0), row.get(1)));
            }
            assertThat(rows).isEqualTo(expected);
            assertThat(written.get()).isGreaterThan(2000);
        }
    }

    /** A row that is referred to comes with the transaction of the first that refers to it. */
    private static void write(TestingDatabase database, AtomicBoolean stop, AtomicInteger last) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!stop.get()) {
                int id = last.incrementAndGet();
                statement.execute("INSERT INTO old VALUES (" + id + ", " + id + ')');
                statement.execute("INSERT INTO fresh VALUES (" + id + ", " + id + ')');
                statement.execute("UPDATE fresh SET v = id - 1 WHERE id = " + (id - 7));
                statement.execute("DELETE FROM fresh WHERE id = " + (id - 1000));
                connection.commit();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What an earlier run has copied goes first, unless it has copied all. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aCopyThatWasCutShortBeginsOnceMore(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = following(database)) {
            database.execute("INSERT INTO old VALUES (1, 1)");
            following.run();
            create(database, "fresh", "");
            database.execute("INSERT INTO fresh VALUES (1, 1)", "INSERT INTO old VALUES (2, 2)");
            assertThat(runUntil(following, "ROW fresh")).isTrue();
            database.execute("UPDATE fresh SET v = 2", "INSERT INTO old VALUES (3, 3)");
            assertThat(runUntil(following, "ROW fresh")).isTrue();
            database.execute("UPDATE fresh SET v = 3", "INSERT INTO old VALUES (4, 4)");
            following.run();
            database.execute("UPDATE fresh SET v = 4");
            following.run();
            assertThat(following.lines)
                    .containsExactly(
                            "ROW old 1 1",
                            "INSERT old 2 2",
                            "ROW fresh 1 1",
                            "TRUNCATE fresh",
                            "INSERT old 3 3",
                            "ROW fresh 1 2",
                            "TRUNCATE fresh",
                            "INSERT old 4 4",
                            "ROW fresh 1 3",
                            "UPDATE_BEFORE fresh 1 3",
                            "UPDATE_AFTER fresh 1 4");
        }
    }

    /** Reads until a line that begins so, and then nothing more, as a run that is killed. */
    private static boolean runUntil(Following following, String prefix) {
        class Killed extends RuntimeException {
            private static final long serialVersionUID = 1L;
        }
        int before = following.lines.size();
        following.enough = reader -> {
            if (following.lines.size() > before
                    && following.lines.get(following.lines.size() - 1).startsWith(prefix)) {
                throw new Killed();
            }
            return false;
        };
        try {
            following.run();
            return false;
        } catch (Killed e) {
            return true;
        } finally {
            following.enough = reader -> false;
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void newTablesComeInTheOrderOfTheirForeignKeys(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = following(database)) {
            following.run();
            create(database, "c", "");
            create(database, "b", " REFERENCES c");
            create(database, "a", " REFERENCES b");
            assertThat(stages(following)).containsExactly("0 stream", "1 stream", "2 c", "3 b", "4 a", "5 stream");
            database.execute("ALTER TABLE old ADD FOREIGN KEY (v) REFERENCES c");
            // Rows of the old table may refer to new ones from here on, so these come before the others go on.
            assertThat(stages(following)).containsExactly("0 stream", "1 c", "2 b", "3 a", "4 stream");
            database.execute("ALTER TABLE c ADD FOREIGN KEY (v) REFERENCES old");
            assertThat(stages(following)).startsWith("0 stream", "1 stream");
        }
    }

    private static List<String> stages(Following following) {
        try (PostgresCdcReader reader = following.reader()) {
            ReadPlan plan = reader.plan(following.checks);
            return reader.split(plan.tables(), 2, following.checks).stream()
                    .map(s -> s.stage() + " "
                            + (s.table() == Split.MANY_TABLES
                                    ? "stream"
                                    : plan.tables().get(s.table()).table().name()))
                    .distinct()
                    .toList();
        }
    }

    /** Nothing is changed at the source before: else its updates and deletes would fail. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTableThatCannotBeFollowedIsToldFirst(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = following(database)) {
            following.run();
            database.execute("CREATE TABLE fresh (id int)");
            following.check();
            assertThat(following.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("REPLICA_IDENTITY", "public.fresh");
            assertThat(database.queryForList("SELECT tablename FROM pg_publication_tables WHERE pubname = '"
                            + publication(database) + '\''))
                    .containsExactly("old");
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void withoutASnapshotChangesComeFromThenOn(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = following(database)) {
            following.snapshot = Snapshot.NEVER;
            following.run();
            create(database, "fresh", "");
            database.execute("INSERT INTO fresh VALUES (1, 1)", "INSERT INTO old VALUES (1, 1)");
            following.run();
            database.execute("INSERT INTO fresh VALUES (2, 2)");
            following.run();
            assertThat(following.lines).containsExactly("INSERT old 1 1", "INSERT fresh 2 2");
        }
    }

    /** The log would be kept through the copy else, and who has published the table is no reason not to confirm it. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void whatComesBeforeTheCopyIsConfirmedBeforeIt(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = following(database)) {
            following.run();
            create(database, "fresh", "");
            database.execute(
                    "ALTER PUBLICATION " + publication(database) + " ADD TABLE fresh",
                    "INSERT INTO fresh VALUES (1, 1)",
                    "INSERT INTO old VALUES (1, 1)");
            String end = database.queryForList("SELECT pg_current_wal_lsn()").get(0);
            assertThat(runUntil(following, "ROW fresh")).isTrue();
            assertThat(following.lines).containsExactly("INSERT old 1 1", "ROW fresh 1 1");
            assertThat(database.queryForList("SELECT slot_name FROM pg_replication_slots WHERE slot_name = 'di_slot_"
                            + database.name() + "' AND confirmed_flush_lsn >= '" + end + '\''))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPreparedTransactionThatHoldsATableIsNamed(int major) throws Exception {
        try (SeparatePostgres separate = SeparatePostgres.start(major, Map.of("max_prepared_transactions", "2"));
                TestingDatabase database = old(separate.server());
                Following following = following(database)) {
            following.run();
            create(database, "fresh", "");
            database.execute("BEGIN; INSERT INTO fresh VALUES (1, 1); PREPARE TRANSACTION 'forgotten'");
            following.slotWaitSeconds = 3;
            assertThatThrownBy(following::run)
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("SLOT_WAIT"))
                    .hasMessageContaining("transactions in progress at the source have to end first")
                    .hasMessageContaining("the prepared transaction 'forgotten' of");
            database.execute("COMMIT PREPARED 'forgotten'");
            following.run();
            assertThat(following.lines).containsExactly("TRUNCATE fresh", "ROW fresh 1 1");
        }
    }

    /** The publication would be changed first, and the slot fail after that at every start. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aServerWithoutRoomForTheSlotIsToldFirst(int major) throws Exception {
        try (SeparatePostgres separate =
                        SeparatePostgres.start(major, Map.of("max_replication_slots", "1", "max_wal_senders", "1"));
                TestingDatabase database = old(separate.server());
                Following following = following(database)) {
            following.run();
            create(database, "fresh", "");
            following.check();
            assertThat(following.checks.errors())
                    .anyMatch(e -> e.contains("NO_REPLICATION_SLOT") && e.contains("tables that join the stream"))
                    .anyMatch(e -> e.contains("NO_WAL_SENDER") && e.contains("need 2 WAL senders"));
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aCopyThatIsNotGoneOnWithIsTold(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = following(database)) {
            following.run();
            create(database, "fresh", "");
            database.execute("INSERT INTO fresh VALUES (1, 1)");
            assertThat(runUntil(following, "ROW fresh")).isTrue();
            following.newTables = NewTables.IGNORE;
            following.run();
            assertThat(following.checks.warnings())
                    .anySatisfy(w -> assertThat(w).contains("an earlier run began to copy public.fresh"));
        }
    }

    /** It is another table, and has all that the source has under its name. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTableThatWasMadeAnewJoinsToo(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = following(database)) {
            following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.FAIL, Ddl.Other.IGNORE);
            create(database, "fresh", "");
            following.run();
            database.execute("INSERT INTO fresh VALUES (1, 1)", "INSERT INTO old VALUES (1, 1)", "DROP TABLE fresh");
            create(database, "fresh", "");
            database.execute("INSERT INTO fresh VALUES (2, 2)", "INSERT INTO old VALUES (2, 2)");
            following.run();
            database.execute("INSERT INTO fresh VALUES (3, 3)");
            following.run();
            assertThat(following.lines)
                    .containsExactly("INSERT old 1 1", "INSERT old 2 2", "ROW fresh 2 2", "INSERT fresh 3 3");
        }
    }

    /** A run goes on with the tables that it has; it tells of others. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aRunTellsOfTablesThatComeWhileItGoesOn(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = following(database)) {
            following.run();
            AtomicBoolean made = new AtomicBoolean();
            following.untilCurrent = false;
            following.enough = reader -> {
                if (made.compareAndSet(false, true)) {
                    create(database);
                }
                reader.lag(); // asked for as the runtime does, which has the source looked at
                return !following.notices.isEmpty();
            };
            following.run();
            assertThat(following.notices).singleElement().asString().contains("public.fresh", "the next start");
        }
    }

    private static void create(TestingDatabase database) {
        try {
            create(database, "fresh", "");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
