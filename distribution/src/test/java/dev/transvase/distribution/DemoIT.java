package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution.Ended;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a user runs it. */
class DemoIT {
    private static final Pattern PORT = Pattern.compile("\"port\": (\\d+)");

    @TempDir
    private static Path unpacked;

    private static TestingDistribution transvase;

    @TempDir
    private Path folder;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        transvase = TestingDistribution.unpack(unpacked);
    }

    @Test
    void movesItsTablesAndShowsThatBothSidesAreEqual() throws IOException, InterruptedException {
        Ended demo = run(transvase.script().toString(), "demo", "--rows", "5000");

        assertThat(demo.code()).as(demo.err()).isZero();
        assertThat(demo.out().lines().filter(line -> line.endsWith(" yes"))).hasSize(6);
        assertThat(demo.out())
                .containsPattern("shop\\.orders +5,000 +5,000 ")
                .contains("replication slot di_slot_demo dropped", "publication di_pub_demo dropped");
        assertThat(demo.err()).contains("Both sides are equal.");
        Path files = folder.resolve("transvase-demo");
        assertThat(files.resolve("datasources.json")).exists();
        assertThat(files.resolve("orders.json")).exists();
        assertThat(files.resolve("customer-notes.json")).exists();
        assertThat(files.resolve("changes.json")).exists();
        assertThat(ports(files)).hasSize(2).noneMatch(DemoIT::answers);

        Ended again = run(transvase.script().toString(), "demo", "--rows", "10");

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.out()).containsPattern("shop\\.orders +10 +10 ");
        assertThat(again.err()).doesNotContain(".bak");
    }

    @Test
    void keepsItsServersUntilItIsTerminated() throws IOException, InterruptedException {
        Process demo = new ProcessBuilder(transvase.script().toString(), "demo", "--keep", "--rows", "1000")
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader messages = demo.errorReader(StandardCharsets.UTF_8)) {
            List<String> commands = commandsAfter("run the job again in another terminal", messages);
            assertThat(commands).hasSize(3);
            for (String command : commands) {
                Ended job = run("sh", "-c", command);
                assertThat(job.code()).as(job.err()).isZero();
            }

            demo.toHandle().destroy(); // SIGTERM; the process itself would close its streams too
            messages.lines().forEach(line -> {});
        } finally {
            demo.destroy();
        }

        assertThat(demo.waitFor()).isEqualTo(143);
        assertThat(ports(folder.resolve("transvase-demo"))).hasSize(2).noneMatch(DemoIT::answers);
    }

    @Test
    void leavesNothingRunningWhenItIsInterruptedWhileChangesAreFollowed() throws IOException, InterruptedException {
        Process demo = new ProcessBuilder(transvase.script().toString(), "demo", "--rows", "100000")
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> after;
        try (BufferedReader messages = demo.errorReader(StandardCharsets.UTF_8)) {
            readTo("at the target after", messages);
            demo.toHandle().destroy(); // SIGTERM; the process itself would close its streams too
            after = messages.lines().toList();
        } finally {
            demo.destroy();
        }

        assertThat(demo.waitFor()).isEqualTo(143);
        assertThat(after)
                .contains("Stopping the servers of the demo and deleting their data.")
                .noneMatch(line -> line.contains("in all.") || line.contains("error:"));
        assertThat(ports(folder.resolve("transvase-demo"))).hasSize(2).noneMatch(DemoIT::answers);
    }

    /** The three lines that follow, each a command as one would type it. */
    private static List<String> commandsAfter(String announcement, BufferedReader messages) throws IOException {
        readTo(announcement, messages);
        List<String> commands = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            commands.add(messages.readLine().strip());
        }
        return commands;
    }

    private static void readTo(String announcement, BufferedReader messages) throws IOException {
        StringBuilder before = new StringBuilder();
        for (String line = messages.readLine(); line != null; line = messages.readLine()) {
            if (line.contains(announcement)) {
                return;
            }
            before.append(line).append('\n');
        }
        throw new AssertionError("The demo ended early:\n" + before);
    }

    private static List<Integer> ports(Path files) throws IOException {
        return PORT.matcher(Files.readString(files.resolve("datasources.json")))
                .results()
                .map((MatchResult port) -> Integer.valueOf(port.group(1)))
                .toList();
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private Ended run(String... command) throws IOException, InterruptedException {
        return TestingDistribution.run(new ProcessBuilder(command).directory(folder.toFile()));
    }
}
