package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PositionTables;
import dev.transvase.postgresql.cdc.source.Loops;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.spi.Position;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two jobs in opposite directions: the second is refused, and of two that began together one ends. */
class LoopsIT {

    private static final String KEPT = "CREATE TABLE kept (split text PRIMARY KEY, token bytea NOT NULL,"
            + " context bytea NOT NULL, description text NOT NULL, updated_at timestamptz NOT NULL)";

    private TestingDatabase here;
    private TestingDatabase there;
    private Following onward;
    private Following back;

    @BeforeEach
    void create() throws Exception {
        here = TestingPostgres.newest().createDatabase();
        there = TestingPostgres.newest().createDatabase();
        for (TestingDatabase database : new TestingDatabase[] {here, there}) {
            database.execute(
                    "CREATE TABLE t (id int)",
                    "ALTER TABLE t REPLICA IDENTITY FULL",
                    "CREATE TABLE u (id int)",
                    "ALTER TABLE u REPLICA IDENTITY FULL",
                    KEPT);
        }
        onward = new Following(here, "t");
        back = new Following(there, "public.*");
        onward.place = Optional.of(place(back));
        back.place = Optional.of(place(onward));
    }

    @AfterEach
    void drop() {
        onward.close();
        back.close();
        here.close();
        there.close();
    }

    /** The database that this one reads. */
    private static String place(Following other) throws SQLException {
        try (PostgresSession session = PostgresSession.open(other.dataSource(), "test")) {
            return PositionTables.place(session);
        }
    }

    /** As the writer does, in the database that changes go to. */
    private static void store(Following from, TestingDatabase to) throws SQLException {
        for (Map.Entry<String, Position> stored : from.positions.entrySet()) {
            try (Connection connection = to.connect();
                    PreparedStatement insert =
                            connection.prepareStatement("INSERT INTO kept VALUES (?, ?, ?, '', now())")) {
                insert.setString(1, stored.getKey());
                insert.setBytes(2, stored.getValue().token());
                insert.setBytes(3, stored.getValue().context());
                insert.executeUpdate();
            }
        }
    }

    /** As a version stored it that did not keep where it writes. */
    private static Position withoutTargets(Position position) {
        StreamPosition streamed = StreamPosition.of(position);
        StoredContext now = StoredContext.of(streamed.context());
        assertThat(now.targets()).isNotEmpty();
        StoredContext before = new StoredContext(
                now.shapes(),
                now.facts(),
                now.timeline(),
                Map.of(),
                now.truncates(),
                now.copies(),
                now.partitions(),
                now.origins());
        return new StreamPosition(streamed.begun(), streamed.lsn(), streamed.systemId(), before.toBytes()).toPosition();
    }

    @Test
    void aJobThatWouldSendChangesBackIsRefused() throws Exception {
        onward.run();
        store(onward, there);
        back.check();
        assertThat(back.checks.errors())
                .singleElement()
                .asString()
                .contains("LOOP", "by the job of di_slot_" + here.name(), "changes of public.t come back to them");

        Following others = new Following(there, "u");
        others.place = back.place;
        others.check();
        assertThat(others.checks.errors()).as("other tables").isEmpty();
        Following elsewhere = new Following(there, "t");
        elsewhere.place = Optional.of("another/database");
        elsewhere.check();
        assertThat(elsewhere.checks.errors()).as("a chain").isEmpty();
    }

    @Test
    void whatCountsIsWhereJobsWrite() throws Exception {
        onward.targets = Map.of("public.t", "public.u");
        onward.run();
        store(onward, there);
        Following same = new Following(there, "t");
        same.place = back.place;
        same.targets = Map.of("public.t", "public.elsewhere");
        same.check();
        assertThat(same.checks.errors()).as("a table of the same name").isEmpty();
        assertThat(same.checks.warnings()).isEmpty();
        Following loop = new Following(there, "u");
        loop.place = back.place;
        loop.targets = Map.of("public.u", "public.t");
        loop.check();
        assertThat(loop.checks.errors())
                .singleElement()
                .asString()
                .contains("LOOP", "by the job of di_slot_" + here.name(), "changes of public.u come back to them");
    }

    @Test
    void aLoopMayLeadThroughSeveralTables() throws Exception {
        try (Following both = new Following(here, "t", "u")) {
            both.place = onward.place;
            both.targets = Map.of("public.t", "public.t", "public.u", "public.u");
            both.run();
            store(both, there);
            back.targets = Map.of("public.t", "public.u", "public.u", "public.other");
            back.check();
            assertThat(back.checks.errors()).isEmpty();
            back.targets = Map.of("public.t", "public.u", "public.u", "public.t");
            back.check();
            assertThat(back.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("LOOP", "changes of public.t, public.u come back to them");
        }
    }

    @Test
    void whatCannotBeKnownIsTold() throws Exception {
        onward.run();
        onward.positions.replaceAll((split, position) -> withoutTargets(position));
        store(onward, there);
        back.check();
        assertThat(back.checks.errors()).isEmpty();
        assertThat(back.checks.warnings())
                .singleElement()
                .asString()
                .contains("the job of di_slot_" + here.name(), "if to public.t, each change would loop");

        there.execute("CREATE ROLE " + there.name() + "_stranger");
        try (PostgresSession session = PostgresSession.open(back.dataSource(), "test");
                Statement statement = session.jdbc().createStatement()) {
            statement.execute("SET ROLE " + there.name() + "_stranger");
            assertThat(Loops.find(session, "own", back.place, List.of()).unknown())
                    .singleElement()
                    .asString()
                    .contains("public.kept, which this job's user may not read");
        }
        there.execute("DROP ROLE " + there.name() + "_stranger");
    }

    @Test
    void whatOthersStoreInTheSameWayIsOfNoConcern() throws Exception {
        // As this reader's, with a length below zero.
        there.execute("INSERT INTO kept VALUES ('theirs', '\\x01', '\\x11ffffffff', '', now())");
        back.check();
        assertThat(back.checks.errors()).isEmpty();
        assertThat(back.checks.warnings()).isEmpty();
    }

    @Test
    void ofTwoJobsThatBeganTogetherOneEnds() throws Exception {
        back.run();
        assertThat(back.leftOut)
                .containsEntry("public.kept", "it stores the positions of jobs that write to this database");
        onward.run();
        there.execute("INSERT INTO t VALUES (1)");
        back.untilCurrent = false;
        assertThatThrownBy(() -> back.run(line -> {
                    if (line.equals("INSERT t 1")) {
                        storeOnward();
                    }
                    return false;
                }))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("LOOP"));
    }

    private static boolean knowsOrigins(Following job) {
        return job.positions.values().stream()
                .anyMatch(position -> !StoredContext.of(
                                StreamPosition.of(position).context())
                        .origins()
                        .of()
                        .isEmpty());
    }

    /** Each job knows from the one before it where the rows come from. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aLoopMayLeadThroughAThirdDatabase(int major) throws Exception {
        onward.run();
        store(onward, there);
        try (TestingDatabase third = TestingPostgres.major(major).createDatabase();
                Following second = new Following(there, "t");
                Following last = new Following(third, "t", "u")) {
            third.execute(
                    "CREATE TABLE t (id int)",
                    "ALTER TABLE t REPLICA IDENTITY FULL",
                    "CREATE TABLE u (id int)",
                    "ALTER TABLE u REPLICA IDENTITY FULL",
                    KEPT);
            second.place = Optional.of(place(last));
            second.run();
            second.untilCurrent = false;
            second.enough = reader -> {
                insert(there);
                return knowsOrigins(second);
            };
            second.run();
            store(second, third);
            last.place = Optional.of(place(onward));
            last.targets = Map.of("public.t", "public.elsewhere", "public.u", "public.t");
            last.check();
            assertThat(last.checks.errors())
                    .as("another table of the first one")
                    .isEmpty();
            last.targets = Map.of();
            last.check();
            assertThat(last.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("LOOP", "by the job of di_slot_" + there.name(), "changes of public.t come back to them");
        }
    }

    static List<Integer> oldestAndNewest() {
        return StreamIT.oldestAndNewest();
    }

    private static void insert(TestingDatabase database) {
        try {
            database.execute("INSERT INTO t VALUES (0)");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private void storeOnward() {
        try {
            store(onward, there);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
