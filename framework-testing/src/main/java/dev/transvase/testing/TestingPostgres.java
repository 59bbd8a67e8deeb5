package dev.transvase.testing;

import dev.transvase.embedded.PostgresServer;
import dev.transvase.embedded.ServerSetup;
import dev.transvase.embedded.StopMode;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL server for tests. {@link #major} gives one that all tests of this JVM share: it is started when first
 * asked for and ends with the JVM, so tests make a {@linkplain #createDatabase() database of their own} and change
 * nothing that others see. {@link SeparatePostgres} gives a server of one's own.
 *
 * <p>Servers listen on a loopback address, ask everyone for a password by SCRAM, have {@code wal_level=logical} and room
 * for 300 connections, and do not sync to disk. They are embedded ones unless {@code TRANSVASE_TEST_POSTGRES=docker} asks
 * for containers, or {@code DOCKER_HOST} names an engine that answers; {@code TRANSVASE_TEST_POSTGRES=embedded} forbids
 * containers.
 */
public final class TestingPostgres {
    private static final Map<String, String> SETTINGS = Map.of(
            "wal_level", "logical",
            "max_connections", "300",
            "max_wal_senders", "20",
            "max_replication_slots", "20",
            "fsync", "off",
            "synchronous_commit", "off",
            "full_page_writes", "off");

    /** One server per major for the life of the JVM: starting one for each test class would cost most of their time. */
    private static final ConcurrentMap<Integer, TestingPostgres> SHARED = new ConcurrentHashMap<>();

    private final int major;
    private final ServerControl control;

    /** Databases that are made while tests run, which would wait for them otherwise; empty on a server of one test's own. */
    private final Optional<SpareDatabase> spare;

    private TestingPostgres(int major, ServerControl control, boolean shared) {
        this.major = major;
        this.control = control;
        this.spare = shared ? Optional.of(new SpareDatabase(() -> makeDatabase(""))) : Optional.empty();
    }

    /** The shared server of this major; blocks while it starts. Fails when it cannot be had on this platform. */
    public static TestingPostgres major(int major) {
        return SHARED.computeIfAbsent(
                major, absent -> new TestingPostgres(absent, control(absent, ServerSetup.of(Map.of())), true));
    }

    public static TestingPostgres newest() {
        List<Integer> majors = majors();
        return major(majors.get(majors.size() - 1));
    }

    public static TestingPostgres oldest() {
        return major(majors().get(0));
    }

    /** The majors that can be had here, ascending; a source of arguments for parameterized tests. Never empty. */
    public static List<Integer> majors() {
        List<Integer> majors = provider().majors();
        if (majors.isEmpty()) {
            throw new IllegalStateException("There are no PostgreSQL servers to test with: build embedded-postgresql,"
                    + " or start a container engine and set TRANSVASE_TEST_POSTGRES=docker");
        }
        return majors;
    }

    static TestingPostgres start(int major, ServerSetup setup) {
        return of(major, control(major, setup));
    }

    static TestingPostgres of(int major, ServerControl control) {
        return new TestingPostgres(major, control, false);
    }

    private static ServerControl control(int major, ServerSetup setup) {
        Map<String, String> all = new TreeMap<>(SETTINGS);
        all.putAll(setup.settings());
        return provider().start(major, new ServerSetup(all, setup.access(), setup.files()));
    }

    /** From the binaries on this machine, whatever the provider is. */
    static PostgresServer startEmbedded(int major) {
        return provider().embedded().start(major, SETTINGS);
    }

    /** The first number of the server's version. */
    public int major() {
        return major;
    }

    public String host() {
        return control.host();
    }

    public int port() {
        return control.port();
    }

    /** A superuser. */
    public String user() {
        return control.user();
    }

    /** Random for each server. */
    public String password() {
        return control.password();
    }

    /** A fresh, empty database in UTF8. Closing it ends its sessions and slots and drops it. */
    public TestingDatabase createDatabase() {
        return new TestingDatabase(this, spare.map(SpareDatabase::take).orElseGet(() -> makeDatabase("")));
    }

    /**
     * A fresh database with options of {@code CREATE DATABASE}, such as {@code TEMPLATE template0 ENCODING 'EUC_CN'
     * LC_COLLATE 'C' LC_CTYPE 'C'}.
     */
    public TestingDatabase createDatabase(String options) {
        return new TestingDatabase(this, makeDatabase(options));
    }

    private String makeDatabase(String options) {
        String name = "test_" + randomHex();
        try (Connection connection = connect("postgres", user(), password())) {
            Sql.execute(connection, "CREATE DATABASE " + name + " " + options);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot create a database on PostgreSQL " + major, e);
        }
        return name;
    }

    Connection connect(String database, String user, String password) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host()});
        source.setPortNumbers(new int[] {port()});
        source.setDatabaseName(database);
        source.setApplicationName("test");
        return source.getConnection(user, password);
    }

    void stop(StopMode mode) {
        control.stop(mode);
    }

    void startAgain() {
        control.start();
    }

    void close() {
        control.close();
    }

    static String randomHex() {
        byte[] random = new byte[6];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static ServerProvider provider() {
        return ServerProvider.of(System.getenv(), Path.of(""));
    }
}
