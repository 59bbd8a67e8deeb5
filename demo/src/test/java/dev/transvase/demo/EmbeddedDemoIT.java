package dev.transvase.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.transvase.cli.demo.DemoOptions;
import dev.transvase.demo.EmbeddedDemo.KeptServers;
import dev.transvase.demo.TestingTransvase.Database;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDemoIT {
    private static final int ROWS = 300;

    /** A distribution with nothing but the servers that it carries. */
    @TempDir
    private static Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final TestingTransvase transvase = new TestingTransvase();

    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeAll
    static void layOut() throws IOException {
        Path servers = Files.createDirectories(home.resolve("demo").resolve("servers"));
        Path built = Path.of(System.getProperty("transvase.test.servers"));
        for (String archive : List.of("15.txz", "18.txz")) {
            Files.copy(built.resolve(archive), servers.resolve(archive));
        }
    }

    @BeforeEach
    void chooseFolder() {
        folder = temporary.resolve("my files");
    }

    @Test
    void movesAllTablesAndShowsThatTheyAreEqual() {
        int code = new EmbeddedDemo().run(options(false));

        assertThat(code).isZero();
        assertThat(transvase.jobs())
                .containsExactly("orders.json", "customer-notes.json", "depots.json", "changes.json");
        assertThat(transvase.ended()).containsExactly("changes.json terminated", "changes.json dropped");
        assertThat(text(out).lines().filter(line -> line.endsWith(" yes"))).hasSize(6);
        assertThat(text(out).lines()).hasSize(8);
        assertThat(text(out).lines().toList().get(1)).matches("shop.orders +300 +300 .*");
        assertThat(text(out).lines().toList().get(5))
                .as("24 new ones, 12 deleted")
                .matches("shop.orders +312 +312 .*");
        assertThat(text(err))
                .contains("PostgreSQL 15.", "PostgreSQL 18.")
                .contains("transvase run '" + folder.resolve("orders.json") + "' --datasources '"
                        + folder.resolve("datasources.json") + "'")
                .contains("Both sides are equal.", "The servers are stopped")
                .doesNotContain(password("source"), password("target"));
        assertThat(folder.resolve("datasources.json")).content().doesNotContain(password("source"));
        assertThatExceptionOfType(SQLException.class)
                .as("the servers are gone")
                .isThrownBy(() -> database("source").connect());
    }

    @Test
    void failsWhenOneRowDiffers() {
        transvase.onceRun(
                "depots.json",
                () -> execute("target", "UPDATE shop.\"Customer-Notes\" SET \"Body\" = ' ' WHERE \"Note-Id\" = 17"));

        assertThatExceptionOfType(TransvaseException.class)
                .isThrownBy(() -> new EmbeddedDemo().run(options(false)))
                .satisfies(e -> assertThat(e.type()).isEqualTo(ErrorType.INTERNAL));

        assertThat(transvase.jobs()).doesNotContain("changes.json");
        assertThat(text(err)).contains("Both sides are NOT equal.");
        assertThat(text(out).lines().filter(line -> line.endsWith(" NO")))
                .singleElement()
                .asString()
                .contains("Customer-Notes");
    }

    @Test
    void failsWhenAChangeIsLost() {
        transvase.onceRun(
                "changes.json", () -> execute("target", "UPDATE shop.orders SET courier = NULL WHERE id = 9"));

        assertThatExceptionOfType(TransvaseException.class)
                .isThrownBy(() -> new EmbeddedDemo().run(options(false)))
                .satisfies(e -> assertThat(e.type()).isEqualTo(ErrorType.INTERNAL));

        assertThat(transvase.ended()).containsExactly("changes.json terminated", "changes.json dropped");
        assertThat(text(out).lines().filter(line -> line.endsWith(" NO")))
                .singleElement()
                .asString()
                .contains("shop.orders");
    }

    @Test
    void endsWithTheCodeOfTheJobThatFollowsWhenThatFails() {
        transvase.fail("changes.json", 3);

        assertThat(new EmbeddedDemo().run(options(false))).isEqualTo(3);

        assertThat(text(err)).contains("did not succeed").doesNotContain("Changing rows");
        assertThat(text(out).lines().filter(line -> line.endsWith(" yes"))).hasSize(3);
    }

    @Test
    void endsWithTheCodeOfTheFirstJobThatFails() {
        transvase.fail("orders.json", 3);

        assertThat(new EmbeddedDemo().run(options(false))).isEqualTo(3);

        assertThat(transvase.jobs()).containsExactly("orders.json");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void keptServersTakeTheJobsAgain() {
        KeptServers kept = () -> {
            execute("source", "UPDATE shop.orders SET note = 'changed while the servers were kept' WHERE id = 50");
            transvase.run(List.of(
                    "run",
                    folder.resolve("orders.json").toString(),
                    "--datasources",
                    folder.resolve("datasources.json").toString()));
            execute(
                    "target",
                    "DO $$ BEGIN ASSERT (SELECT note LIKE 'changed%' FROM shop.orders WHERE id = 50); END $$");
        };

        assertThat(new EmbeddedDemo(kept).run(options(true))).isZero();

        assertThat(transvase.jobs()).hasSize(5);
        Database source = database("source");
        assertThat(text(err))
                .contains("psql -h 127.0.0.1 -p " + source.port() + " -U demo shop")
                .contains("transvase run '" + folder.resolve("changes.json") + "'")
                .contains("transvase cdc drop '" + folder.resolve("changes.json") + "'")
                .contains("jdbc:postgresql://127.0.0.1:" + source.port() + "/shop")
                .doesNotContain(source.password().reveal());
    }

    @Test
    void runsAgainInItsFolderAndKeepsWhatTheUserChanged() throws IOException {
        new EmbeddedDemo().run(options(false));
        Files.writeString(folder.resolve("orders.json"), "{} // mine");

        assertThat(new EmbeddedDemo().run(options(false))).isZero();

        assertThat(folder.resolve("orders.json.bak")).hasContent("{} // mine");
        assertThat(text(err)).contains("orders.json.bak");
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith(".bak"))).hasSize(1);
        }
    }

    @Test
    void tellsThatTheArchiveHasNoServers() {
        assertThatExceptionOfType(TransvaseException.class)
                .isThrownBy(() -> new EmbeddedDemo().run(options(temporary, false)))
                .withMessageContaining(temporary.resolve("demo").resolve("servers") + " holds none")
                .withMessageContaining(System.getProperty("os.arch"))
                .satisfies(e -> assertThat(e.type()).isEqualTo(ErrorType.USER));
    }

    @Test
    void tellsThatItsFolderCannotBeMade() throws IOException {
        Files.writeString(folder, "a file");

        assertThatExceptionOfType(TransvaseException.class)
                .isThrownBy(() -> new EmbeddedDemo().run(options(false)))
                .withMessageContaining(folder + ": exists and is not a folder");
    }

    private DemoOptions options(boolean keep) {
        return options(home, keep);
    }

    private DemoOptions options(Path home, boolean keep) {
        return new DemoOptions(
                home, keep, false, Optional.of(folder), ROWS, Map.of(), stream(out), stream(err), transvase);
    }

    private Database database(String name) {
        return TestingTransvase.database(folder.resolve("datasources.json"), name);
    }

    private String password(String name) {
        return database(name).password().reveal();
    }

    private void execute(String name, String sql) {
        TestingTransvase.execute(database(name), sql);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
