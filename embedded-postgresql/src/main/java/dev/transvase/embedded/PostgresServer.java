package dev.transvase.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One running server with a cluster of its own. It takes connections on {@link #host()} and {@link #port()} from the
 * superuser {@link #user()} by SCRAM, so that a wrong password is refused. Encoding is UTF8. Methods may be called by
 * any thread and block until the server has done what they ask.
 */
public final class PostgresServer implements AutoCloseable {
    private static final String USER = "postgres";
    private static final Pattern SETTING_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");
    private static final int PORT_ATTEMPTS = 20;

    /** Seconds that the server may take to come up or to go before it counts as stuck. */
    private static final String PATIENCE = "120";

    private final int major;
    private final Path folder;
    private final Path binaries;
    private final ServerAccount account;
    private final String password;
    private final PortChoice ports;
    private final Thread endOfJvm = new Thread(this::close, "stop PostgreSQL");
    private JvmWatch watch;
    private int port;
    private boolean running;
    private boolean closed;

    private PostgresServer(
            int major, Path folder, Path binaries, ServerAccount account, String password, PortChoice ports) {
        this.major = major;
        this.folder = folder;
        this.binaries = binaries;
        this.account = account;
        this.password = password;
        this.ports = ports;
    }

    static PostgresServer launch(
            int major, Path archive, BinariesCache cache, ServerAccount account, ServerSetup setup, PortChoice ports) {
        String configuration = configuration(setup.settings());
        Path folder = null;
        PostgresServer server = null;
        try {
            folder = Files.createTempDirectory("transvase-postgresql-" + major + "-");
            Path binaries = binaries(archive, cache, account, folder);
            server = new PostgresServer(major, folder, binaries, account, randomPassword(), ports);
            server.watchJvm();
            server.createCluster(configuration);
            server.admit(setup.access());
            server.addFiles(setup.files());
            server.startOnAnyPort();
            return server;
        } catch (IOException | RuntimeException e) {
            EmbeddedServerException failure =
                    new EmbeddedServerException("PostgreSQL " + major + " does not start: " + e.getMessage(), e);
            discard(server, folder, failure);
            throw failure;
        }
    }

    /** The first number of its version, 10 to 18. */
    public int major() {
        return major;
    }

    public String host() {
        return PortChoice.HOST;
    }

    /** Stays the same across restarts. */
    public int port() {
        return port;
    }

    /** The superuser. */
    public String user() {
        return USER;
    }

    /** Random, made for this server. */
    public String password() {
        return password;
    }

    /** The cluster's folder with {@code postgresql.conf} and {@code pg_hba.conf}, for who needs more than settings. */
    public Path dataFolder() {
        return folder.resolve("data");
    }

    /** What the server logs, over all its restarts. */
    public Path logFile() {
        return folder.resolve("server.log");
    }

    /** The process id of the postmaster, for tests that kill it. */
    public synchronized long pid() {
        requireNotClosed();
        try (var lines = Files.lines(dataFolder().resolve("postmaster.pid"))) {
            return Long.parseLong(lines.findFirst().orElseThrow().strip());
        } catch (IOException e) {
            throw new EmbeddedServerException("PostgreSQL " + major + " is not running", e);
        }
    }

    /** Ends the server and keeps its data; nothing happens when it is stopped already. */
    public synchronized void stop(StopMode mode) {
        requireNotClosed();
        stopIfRunning(mode);
    }

    /** Starts the server again on the same data and the same port; nothing happens when it runs. */
    public synchronized void start() {
        requireNotClosed();
        if (running) {
            return;
        }
        try {
            startServer();
        } catch (IOException e) {
            throw new EmbeddedServerException("PostgreSQL " + major + " does not start again: " + e.getMessage(), e);
        }
    }

    public synchronized void restart(StopMode mode) {
        stop(mode);
        start();
    }

    /**
     * Starts a standby that follows this server by streaming and takes connections to read. It has the same settings, user
     * and password, and is to be closed before this one. This server is stopped for a moment, which makes the copy of its
     * data a consistent one.
     *
     * @param settings settings of the standby that differ, by name; values unquoted
     * @throws EmbeddedServerException when it does not start
     */
    public synchronized PostgresServer startStandby(Map<String, String> settings) {
        requireNotClosed();
        String configuration = configuration(settings);
        Path standbyFolder = null;
        PostgresServer standby = null;
        try {
            standbyFolder = Files.createTempDirectory("transvase-postgresql-" + major + "-standby-");
            standby = new PostgresServer(major, standbyFolder, binaries, account, password, ports);
            standby.watchJvm();
            stopIfRunning(StopMode.FAST);
            try {
                Folders.copy(dataFolder(), standby.dataFolder());
            } finally {
                start();
            }
            standby.follow(this, configuration);
            standby.startOnAnyPort();
            return standby;
        } catch (IOException | RuntimeException e) {
            EmbeddedServerException failure = new EmbeddedServerException(
                    "A standby of PostgreSQL " + major + " does not start: " + e.getMessage(), e);
            discard(standby, standbyFolder, failure);
            throw failure;
        }
    }

    /** Ends the server and deletes its folder with all data. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            stopIfRunning(StopMode.IMMEDIATE);
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + folder, e);
        } finally {
            watch.end();
            forgetEndOfJvm();
        }
    }

    private static Path binaries(Path archive, BinariesCache cache, ServerAccount account, Path folder)
            throws IOException {
        if (!account.ownsFiles()) {
            return cache.unpacked(archive);
        }
        // Another account cannot enter this user's home, where the cache is.
        Path binaries = Files.createDirectory(folder.resolve("binaries"));
        TarXz.unpack(archive, binaries);
        return binaries;
    }

    private void createCluster(String configuration) throws IOException {
        Path passwordFile = folder.resolve("password");
        writePrivate(passwordFile, password);
        account.own(folder);
        String locale = isMac() ? "C" : "C.UTF-8";
        Command.run(
                account.command(
                        program("initdb"),
                        "--pgdata=" + dataFolder(),
                        "--username=" + USER,
                        "--pwfile=" + passwordFile,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=" + locale,
                        "--no-sync"),
                folder.resolve("initdb.log"));
        Files.delete(passwordFile);
        append(dataFolder().resolve("postgresql.conf"), configuration);
    }

    private void admit(List<String> access) throws IOException {
        if (!access.isEmpty()) {
            Files.write(dataFolder().resolve("pg_hba.conf"), access);
        }
    }

    private void addFiles(Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = dataFolder().resolve(file.getKey());
            writePrivate(path, file.getValue());
            account.own(path);
        }
    }

    /** The server refuses a private key that others can read. */
    private static void writePrivate(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    private void watchJvm() throws IOException {
        watch = JvmWatch.begin(pgCtl("stop", "-m", "immediate", "-w"), folder);
        Runtime.getRuntime().addShutdownHook(endOfJvm);
    }

    /** Makes a copied cluster a standby. */
    private void follow(PostgresServer primary, String configuration) throws IOException {
        String connection = "primary_conninfo = 'host=" + primary.host() + " port=" + primary.port() + " user=" + USER
                + " password=" + password + "'\n";
        boolean inSettings = major >= 12;
        append(dataFolder().resolve("postgresql.conf"), configuration + (inSettings ? connection : ""));
        if (inSettings) {
            Files.createFile(dataFolder().resolve("standby.signal"));
        } else {
            append(dataFolder().resolve("recovery.conf"), "standby_mode = on\n" + connection);
        }
        account.own(folder);
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void startOnAnyPort() throws IOException {
        for (int attempt = 1; ; attempt++) {
            port = ports.next();
            long alreadyLogged = Files.exists(logFile()) ? Files.size(logFile()) : 0;
            try {
                startServer();
                return;
            } catch (EmbeddedServerException e) {
                boolean taken = logAfter(alreadyLogged).contains("could not bind");
                if (!taken || attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void startServer() throws IOException {
        long alreadyLogged = Files.exists(logFile()) ? Files.size(logFile()) : 0;
        try {
            Command.run(
                    pgCtl("start", "-w", "-t", PATIENCE, "-l", logFile().toString(), "-o", "-p " + port),
                    folder.resolve("pg_ctl.log"));
        } catch (EmbeddedServerException e) {
            throw new EmbeddedServerException(e.getMessage() + "\n" + logAfter(alreadyLogged), e);
        }
        running = true;
    }

    private void stopIfRunning(StopMode mode) {
        if (!running) {
            return;
        }
        try {
            Command.run(pgCtl("stop", "-w", "-t", PATIENCE, "-m", mode.pgCtlName()), folder.resolve("pg_ctl.log"));
        } catch (IOException e) {
            throw new EmbeddedServerException("PostgreSQL " + major + " does not stop: " + e.getMessage(), e);
        }
        running = false;
    }

    private List<String> pgCtl(String action, String... options) {
        List<String> command = account.command(
                program("pg_ctl"), action, "-s", "-D", dataFolder().toString());
        command.addAll(List.of(options));
        return command;
    }

    private String program(String name) {
        return binaries.resolve("bin").resolve(name).toString();
    }

    private String logAfter(long offset) throws IOException {
        if (!Files.exists(logFile())) {
            return "";
        }
        byte[] log = Files.readAllBytes(logFile());
        int from = (int) Math.min(offset, log.length);
        return new String(log, from, log.length - from, StandardCharsets.UTF_8).strip();
    }

    private void requireNotClosed() {
        if (closed) {
            throw new IllegalStateException("This server is closed and its data deleted");
        }
    }

    private void forgetEndOfJvm() {
        try {
            Runtime.getRuntime().removeShutdownHook(endOfJvm);
        } catch (IllegalStateException endingNow) {
            // The JVM is ending: the hook is running, or has nothing left to do.
        }
    }

    private static void discard(PostgresServer server, Path folder, EmbeddedServerException failure) {
        try {
            if (server != null && server.watch != null) {
                server.close();
            } else if (folder != null) {
                Folders.delete(folder);
            }
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static String configuration(Map<String, String> settings) {
        StringBuilder text = new StringBuilder("\nlisten_addresses = '" + PortChoice.HOST + "'\n");
        text.append("unix_socket_directories = ''\n");
        settings.forEach((name, value) -> {
            if (!SETTING_NAME.matcher(name).matches() || value.lines().count() > 1) {
                throw new IllegalArgumentException("Not a server setting: " + name + " = " + value);
            }
            String escaped = value.replace("\\", "\\\\").replace("'", "''");
            text.append(name).append(" = '").append(escaped).append("'\n");
        });
        return text.toString();
    }

    private static String randomPassword() {
        byte[] random = new byte[18];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().encodeToString(random);
    }

    /** Not every release of macOS has the locale C.UTF-8. */
    private static boolean isMac() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
    }
}
