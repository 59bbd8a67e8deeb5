package dev.transvase.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EmbeddedServersIT {
    private static final Path SERVERS = Path.of(System.getProperty("transvase.test.servers"));
    private static final String PLATFORM = System.getProperty("transvase.test.platform");
    private static final int NEWEST = 18;

    @Test
    void theMajorsOfThisPlatformAreThere() {
        List<Integer> expected = switch (PLATFORM) {
            case "linux-amd64", "darwin-amd64" -> List.of(10, 11, 12, 13, 14, 15, 16, 17, 18);
            case "linux-arm64v8" -> List.of(12, 14, 15, 16, 17, 18);
            case "darwin-arm64v8" -> List.of(14, 15, 16, 17, 18);
            default -> List.of();
        };

        assertThat(EmbeddedServers.from(SERVERS).majors()).containsExactlyElementsOf(expected);
    }

    @Test
    void everyMajorStartsKeepsItsDataAndLeavesNothing() throws Exception {
        EmbeddedServers servers = EmbeddedServers.from(SERVERS);
        ExecutorService threads = Executors.newFixedThreadPool(9);
        try {
            List<Future<?>> lives = new ArrayList<>();
            for (int major : servers.majors()) {
                lives.add(threads.submit(() -> {
                    live(servers, major);
                    return null;
                }));
            }
            for (Future<?> life : lives) {
                life.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void live(EmbeddedServers servers, int major) throws Exception {
        PostgresServer server = servers.start(major, Map.of("wal_level", "logical", "cluster_name", "it's"));
        try (server) {
            int port = server.port();
            assertThat(query(server, "SELECT version()")).startsWith("PostgreSQL " + major + ".");
            assertThat(query(server, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(query(server, "SHOW wal_level")).isEqualTo("logical");
            assertThat(query(server, "SHOW cluster_name")).isEqualTo("it's");
            query(server, "CREATE TABLE kept AS SELECT generate_series(1, 3) AS id; SELECT 1");

            long before = server.pid();
            server.restart(StopMode.IMMEDIATE);
            assertThat(server.pid()).isNotEqualTo(before);
            server.stop(StopMode.FAST);
            assertThatThrownBy(() -> connect(server, server.password())).isInstanceOf(SQLException.class);
            server.start();

            assertThat(server.port()).isEqualTo(port);
            assertThat(query(server, "SELECT count(*) FROM kept")).isEqualTo("3");
            assertThat(Files.readString(server.logFile())).contains("was not properly shut down");
        }
        assertGone(server.dataFolder());
    }

    @Test
    void aWrongPasswordIsRefused() {
        try (PostgresServer server = EmbeddedServers.from(SERVERS).start(NEWEST, Map.of())) {
            assertThatThrownBy(() -> connect(server, "wrong"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
        }
    }

    @Test
    void noProcessIsLeftAfterClose() {
        PostgresServer server = EmbeddedServers.from(SERVERS).start(NEWEST, Map.of());
        List<ProcessHandle> processes = processesOf(server.pid());
        assertThat(processes).hasSizeGreaterThan(2);

        server.close();

        processes.forEach(EmbeddedServersIT::awaitEnd);
    }

    @Test
    void aPortThatIsTakenMeanwhileIsReplacedByTheNext() throws IOException {
        PortChoice random = PortChoice.random();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            List<Integer> proposals = new ArrayList<>();
            IntSupplier takenFirst = () -> proposals.isEmpty() ? taken.getLocalPort() : random.next();
            PortChoice ports = () -> {
                int port = takenFirst.getAsInt();
                proposals.add(port);
                return port;
            };
            EmbeddedServers servers = EmbeddedServers.with(SERVERS, ports, ServerAccount.forThisProcess());

            try (PostgresServer server = servers.start(NEWEST, Map.of())) {
                assertThat(proposals.get(0)).isEqualTo(taken.getLocalPort());
                assertThat(proposals).hasSizeGreaterThan(1).endsWith(server.port());
            }
        }
    }

    @Test
    void aSettingThatTheServerRefusesIsToldInItsOwnWordsAndLeavesNothing() {
        EmbeddedServers servers = EmbeddedServers.from(SERVERS);

        Throwable failure = catchThrowable(() -> servers.start(NEWEST, Map.of("work_mem", "lots")));

        assertThat(failure)
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("PostgreSQL 18")
                .hasMessageContaining("invalid value for parameter \"work_mem\"");
        Matcher folder = Pattern.compile(" -D (\\S+)").matcher(failure.getMessage());
        assertThat(folder.find()).isTrue();
        assertGone(Path.of(folder.group(1)));
    }

    @Test
    void accessRulesAndFilesAreThoseThatWereAskedFor() throws Exception {
        try (PostgresServer server = EmbeddedServers.from(SERVERS).start(NEWEST, withRulesAndFiles())) {
            assertRulesAndFiles(server);
        }
        assertThatThrownBy(() -> new ServerSetup(Map.of(), List.of(), Map.of("../server.key", "")))
                .hasMessageContaining("../server.key");
    }

    private static ServerSetup withRulesAndFiles() {
        return new ServerSetup(
                Map.of("ident_file", "names.conf"),
                List.of("host all all all trust"),
                Map.of("names.conf", "# nobody\n", "note.txt", "only for the server"));
    }

    private static void assertRulesAndFiles(PostgresServer server) throws Exception {
        connect(server, "wrong").close();
        assertThat(query(server, "SELECT pg_read_file('note.txt')")).isEqualTo("only for the server");
        assertThat(query(server, "SHOW ident_file")).endsWith("names.conf");
        assertThat(Files.getPosixFilePermissions(server.dataFolder().resolve("note.txt")))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void rootCanRunServersUnderAnotherAccountToo() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root") && ServerAccount.OTHER_USER.works());
        EmbeddedServers servers = EmbeddedServers.with(SERVERS, PortChoice.random(), ServerAccount.OTHER_USER);

        PostgresServer server = servers.start(NEWEST, withRulesAndFiles());
        try (server) {
            server.restart(StopMode.FAST);
            assertRulesAndFiles(server);
        }
        assertGone(server.dataFolder());
    }

    @Test
    void theServerAndItsFolderGoWithAKilledJvm() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerUntilKilled.class.getName(),
                        SERVERS.toString())
                .redirectError(Redirect.INHERIT)
                .start();
        List<ProcessHandle> processes;
        Path data;
        try (BufferedReader out = jvm.inputReader(StandardCharsets.UTF_8)) {
            long pid = Long.parseLong(out.readLine());
            data = Path.of(out.readLine());
            processes = new ArrayList<>(processesOf(pid));
            jvm.descendants().forEach(processes::add);
            assertThat(data).isDirectory();
        } finally {
            jvm.destroyForcibly();
        }

        processes.forEach(EmbeddedServersIT::awaitEnd);
        assertGone(data);
    }

    /** Prints the server's process and folder, and waits for its end. */
    static final class ServerUntilKilled {
        private ServerUntilKilled() {}

        public static void main(String[] arguments) throws IOException {
            PostgresServer server = EmbeddedServers.from(Path.of(arguments[0])).start(NEWEST, Map.of());
            System.out.println(server.pid());
            System.out.println(server.dataFolder());
            int read = System.in.read();
            throw new IllegalStateException("Still alive after " + read);
        }
    }

    private static Connection connect(PostgresServer server, String password) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {server.host()});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName("postgres");
        return source.getConnection(server.user(), password);
    }

    /** The first value of the last statement. */
    private static String query(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = connect(server, server.password());
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (!rows) {
                rows = statement.getMoreResults();
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    private static List<ProcessHandle> processesOf(long pid) {
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> processes = new ArrayList<>(postmaster.descendants().toList());
        processes.add(postmaster);
        return processes;
    }

    /** Under a parent that does not collect its dead, as in some containers, a process that ended stays as a zombie. */
    private static void awaitEnd(ProcessHandle process) {
        while (process.isAlive() && !isZombie(process.pid())) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static boolean isZombie(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "stat"))
                    .contains(") Z ");
        } catch (IOException notLinuxOrGone) {
            return false;
        }
    }

    private static void assertGone(Path dataFolder) {
        assertThat(dataFolder.getParent()).doesNotExist();
    }
}
