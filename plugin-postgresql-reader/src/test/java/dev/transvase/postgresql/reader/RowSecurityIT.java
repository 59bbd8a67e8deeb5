package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.reader.RecordedChecks.Finding;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies never leave rows out without a word. */
class RowSecurityIT {

    static List<TestingPostgres> oldestAndNewest() {
        return List.of(TestingPostgres.oldest(), TestingPostgres.newest());
    }

    private TestingDatabase database;
    private TestingLogin login;

    private void create(TestingPostgres server) throws SQLException {
        database = server.createDatabase();
        login = database.createLogin();
        String user = login.user();
        database.execute(
                "CREATE TABLE orders (id int PRIMARY KEY, tenant int)",
                "INSERT INTO orders SELECT n, CASE WHEN n <= 3 THEN 1 ELSE 2 END FROM generate_series(1, 10) n",
                "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY by_tenant ON orders FOR SELECT USING (tenant = 1)",
                "CREATE POLICY writes ON orders FOR INSERT WITH CHECK (true)",
                "CREATE TABLE free (id int)",
                "INSERT INTO free VALUES (1)",
                "CREATE TABLE forced (id int, tenant int)",
                "INSERT INTO forced SELECT * FROM orders",
                "ALTER TABLE forced ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
                "CREATE POLICY \"Odd one\" ON forced USING (tenant = 1)",
                "CREATE TABLE closed (id int)",
                "ALTER TABLE closed ENABLE ROW LEVEL SECURITY",
                "CREATE VIEW others AS SELECT * FROM orders",
                "CREATE VIEW own AS SELECT id FROM orders",
                "CREATE FUNCTION hidden() RETURNS TABLE (id int) LANGUAGE plpgsql STABLE AS"
                        + " $$ BEGIN RETURN QUERY SELECT o.id FROM public.orders o; END $$",
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + user,
                "GRANT CREATE ON SCHEMA public TO " + user,
                "ALTER TABLE forced OWNER TO " + user,
                "ALTER VIEW own OWNER TO " + user);
    }

    @AfterEach
    void drop() throws SQLException {
        database.execute("DROP OWNED BY " + login.user() + " CASCADE");
        database.close();
    }

    private ReaderSetup setup() {
        return ReaderSetup.of(database, login.user(), login.password());
    }

    private static List<Finding> errors(ReaderSetup setup) {
        try (Reading reading = Reading.of(setup, 2)) {
            return reading.checks.errors;
        }
    }

    private static void assertRefused(ReaderSetup setup, String path, String table, String policies) {
        assertThat(errors(setup))
                .singleElement()
                .satisfies(e -> assertThat(e.code()).isEqualTo("ROW_SECURITY"))
                .satisfies(e -> assertThat(e.parameter()).isEqualTo(path))
                .satisfies(e -> assertThat(e.message()).contains(table + " is under row-level security", policies))
                .satisfies(e -> assertThat(e.remedy())
                        .contains("BYPASSRLS", "as a role that they do not apply to", "\"rowSecurity\": \"apply\""));
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aReadThatPoliciesWouldFilterIsRefusedBeforeAnythingMoves(TestingPostgres server) throws SQLException {
        create(server);
        assertRefused(setup().table("orders"), "table", "public.orders", "by_tenant");
        assertRefused(
                setup().table("free", "orders").column("id", "id + 1").where("id > 0"),
                "table[1]",
                "public.orders",
                "by_tenant");
        assertRefused(setup().table("public.or*"), "table", "public.orders", "by_tenant");
        assertRefused(setup().table("orders").splitPk("id"), "table", "public.orders", "by_tenant");
        assertRefused(setup().table("closed"), "table", "public.closed", "all of its rows");
        assertRefused(
                setup().querySql("SELECT f.id FROM free f LEFT JOIN orders o USING (id)"),
                "querySql",
                "public.orders",
                "by_tenant");
        assertRefused(setup().table("orders").session("SET row_security = on"), "table", "public.orders", "by_tenant");
        assertThat(errors(setup().table("forced")))
                .singleElement()
                .satisfies(e -> assertThat(e.message()).contains("Odd one", "FORCE ROW LEVEL SECURITY"))
                .satisfies(e -> assertThat(e.remedy())
                        .contains("ALTER TABLE \"public\".\"forced\" NO FORCE ROW LEVEL SECURITY"));
        assertThat(errors(setup().table("orders")).get(0).message())
                .as("what concerns other commands is no matter here")
                .doesNotContain("writes");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void viewsAndFunctionsHideNothingEither(TestingPostgres server) throws SQLException {
        create(server);
        // It reads with its owner's rights, to whom the policies apply, whoever asks.
        assertRefused(setup().table("own"), "table", "public.orders", login.user());
        assertThat(errors(ReaderSetup.of(database).table("own")))
                .singleElement()
                .satisfies(e -> assertThat(e.remedy()).contains("ALTER ROLE \"" + login.user() + "\" BYPASSRLS"));
        try (Reading reading = Reading.of(setup().table("others"), 1)) {
            assertThat(reading.rows()).hasSize(10);
        }
        // What a function reads is seen by running it.
        ReaderSetup function = setup().querySql("SELECT id FROM hidden()");
        assertThat(errors(function))
                .singleElement()
                .satisfies(e -> assertThat(e.code()).isEqualTo("ROW_SECURITY"))
                .satisfies(e -> assertThat(e.message())
                        .contains("public.orders is under row-level security", "by_tenant", "a function reads it"))
                .satisfies(e -> assertThat(e.remedy()).contains("BYPASSRLS"));
        try (Reading reading = Reading.of(function.withoutTrialRead(), 1)) {
            assertThatThrownBy(reading::rows).isInstanceOfSatisfying(TransvaseException.class, e -> {
                assertThat(e.code()).isEqualTo("ROW_SECURITY");
                assertThat(e).hasMessageContaining("\"orders\"").hasMessageContaining("BYPASSRLS");
            });
        }
        // Those to whom no policy applies see all.
        try (Reading reading =
                Reading.of(ReaderSetup.of(database).table("orders", "forced").splitPk("id"), 2)) {
            assertThat(reading.rows()).hasSize(20);
        }
    }

    /** Since PostgreSQL 15 a view may read with the rights of whoever asks. */
    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void aViewThatReadsWithTheRightsOfWhoeverAsks(int major) throws SQLException {
        create(TestingPostgres.major(major));
        database.execute(
                "CREATE VIEW asked WITH (security_invoker) AS SELECT id FROM orders",
                "CREATE VIEW outer_view AS SELECT id FROM asked",
                "CREATE VIEW asked_own WITH (security_invoker = on) AS SELECT id FROM orders",
                "GRANT SELECT ON asked, outer_view, asked_own TO " + login.user(),
                "CREATE ROLE " + login.user() + "_other",
                "ALTER VIEW asked_own OWNER TO " + login.user() + "_other");
        try {
            for (String view : List.of("asked", "outer_view", "asked_own")) {
                assertRefused(setup().table(view), "table", "public.orders", "from " + login.user());
                assertThat(errors(setup().table(view)).get(0).remedy())
                        .as("its owner's rights do not count")
                        .doesNotContain("_other");
                try (Reading reading = Reading.of(setup().table(view).applyingRowSecurity(), 1)) {
                    assertThat(reading.rows()).hasSize(3);
                    assertThat(reading.checks.warnings)
                            .singleElement()
                            .satisfies(w -> assertThat(w.message()).contains("public.orders", "by_tenant"));
                }
                try (Reading reading = Reading.of(ReaderSetup.of(database).table(view), 1)) {
                    assertThat(reading.rows()).hasSize(10);
                }
            }
        } finally {
            database.execute("DROP VIEW asked_own", "DROP ROLE " + login.user() + "_other");
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void theTableThatAFunctionReadsIsNamed(TestingPostgres server) throws SQLException {
        create(server);
        database.execute(
                "CREATE FUNCTION inlined() RETURNS SETOF orders LANGUAGE sql STABLE AS 'SELECT * FROM public.orders'",
                "CREATE FUNCTION opaque() RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT count(*) FROM public.orders'",
                "CREATE FUNCTION definer() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER AS"
                        + " 'SELECT count(*) FROM public.orders'",
                "ALTER FUNCTION definer() OWNER TO " + login.user(),
                "CREATE FUNCTION trusted() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER AS"
                        + " 'SELECT count(*) FROM public.orders'");
        for (String query : List.of("SELECT id FROM inlined()", "SELECT opaque()", "SELECT definer()")) {
            assertRefused(setup().querySql(query), "querySql", "public.orders", "by_tenant");
        }
        assertRefused(setup().table("free").column("id", "opaque()"), "table", "public.orders", "by_tenant");
        // The policies concern the owner of the function, who is another one than the reader.
        assertThat(errors(ReaderSetup.of(database).querySql("SELECT definer()")))
                .singleElement()
                .satisfies(e -> assertThat(e.code()).isEqualTo("ROW_SECURITY"))
                .satisfies(e -> assertThat(e.message()).contains("\"orders\""));
        try (Reading reading = Reading.of(setup().querySql("SELECT trusted()"), 1)) {
            assertThat(reading.rows()).containsExactly(List.of("10"));
        }
    }

    /** Two reads of a table begin at its start, and no statement of the user's loosens what we rely on. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void settingsThatEveryReadNeeds(TestingPostgres server) throws SQLException {
        create(server);
        ReaderSetup setup = setup().querySql(
                        "SELECT current_setting('synchronize_seqscans'), current_setting('row_security')")
                .session("SET synchronize_seqscans = on", "SET row_security = on");
        try (Reading reading = Reading.of(setup, 1)) {
            assertThat(reading.rows()).containsExactly(List.of("off", "off"));
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void whoWantsTheFilteredRowsGetsThemWithAWord(TestingPostgres server) throws SQLException {
        create(server);
        for (ReaderSetup applied : List.of(
                setup().table("orders"),
                setup().table("orders").splitPk("id"),
                setup().table("own"),
                setup().querySql("SELECT id FROM orders"),
                setup().table("orders").session("SET row_security = off"))) {
            try (Reading reading = Reading.of(applied.applyingRowSecurity(), 1)) {
                assertThat(reading.rows()).hasSize(3);
                assertThat(reading.checks.warnings)
                        .singleElement()
                        .satisfies(w -> assertThat(w.parameter()).isEqualTo("rowSecurity"))
                        .satisfies(w -> assertThat(w.message()).contains("public.orders", "by_tenant"));
            }
        }
        try (Reading reading =
                Reading.of(setup().table("free", "others").column("id").applyingRowSecurity(), 1)) {
            assertThat(reading.rows()).hasSize(11);
            assertThat(reading.checks.warnings).isEmpty();
        }
    }
}
