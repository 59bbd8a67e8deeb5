package dev.transvase.postgresql;

import dev.transvase.embedded.ServerSetup;
import dev.transvase.postgresql.tls.Ssl;
import dev.transvase.postgresql.tls.SslMode;
import dev.transvase.spi.parameter.Secret;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingAuthority;
import dev.transvase.testing.TestingCertificate;
import dev.transvase.testing.TestingDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server with TLS that asks each of its users for something else, and the files a client needs. */
public final class TlsServer implements AutoCloseable {

    /** What pg_hba.conf asks of the user of that name, whose password is {@link Sources#PASSWORD}. */
    public static final String ANY = "any_way";

    public static final String TLS_ONLY = "tls_only";
    public static final String MD5 = "md5_user";
    public static final String CERTIFICATE = "cert_only";
    public static final String CERTIFICATE_AND_PASSWORD = "cert_and_password";

    /** A certificate of a known authority, whatever name is in it, and the password. */
    public static final String ANY_CERTIFICATE = "any_cert";

    public final TestingAuthority authority = TestingAuthority.named("server-ca");
    public final TestingAuthority clients = TestingAuthority.named("client-ca");

    private final Path folder;
    private final int major;
    private final SeparatePostgres server;
    private final TestingDatabase database;
    private int files;

    public TlsServer(int major, Path parent) throws SQLException {
        this.major = major;
        try {
            this.folder = Files.createTempDirectory(parent, "tls");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestingCertificate certificate = authority.server("127.0.0.1", "localhost");
        Map<String, String> files = Map.of(
                "server.crt", certificate.pem(), "server.key", certificate.keyPem(), "clients.crt", clients.pem());
        Map<String, String> settings = Map.of("ssl", "on", "ssl_ca_file", "clients.crt");
        server = SeparatePostgres.start(major, new ServerSetup(settings, access(), files));
        database = server.server().createDatabase();
        for (String user : List.of(ANY, TLS_ONLY, CERTIFICATE, CERTIFICATE_AND_PASSWORD, ANY_CERTIFICATE)) {
            database.execute("SET password_encryption = 'scram-sha-256'", createRole(user));
        }
        database.execute("SET password_encryption = 'md5'", createRole(MD5));
    }

    private List<String> access() {
        boolean comparesNames = major >= 12;
        return List.of(
                "host    all postgres                   all scram-sha-256",
                "host    all " + ANY + "                all scram-sha-256",
                "host    all " + MD5 + "                all md5",
                "hostssl all " + TLS_ONLY + "           all scram-sha-256",
                "hostssl all " + CERTIFICATE + "        all cert",
                "hostssl all " + CERTIFICATE_AND_PASSWORD + " all scram-sha-256 clientcert="
                        + (comparesNames ? "verify-full" : "1"),
                "hostssl all " + ANY_CERTIFICATE + "    all scram-sha-256 clientcert="
                        + (comparesNames ? "verify-ca" : "1"));
    }

    public static String createRole(String user) {
        return "CREATE ROLE " + user + " LOGIN PASSWORD '" + Sources.PASSWORD + "'";
    }

    public int major() {
        return major;
    }

    public TestingDatabase database() {
        return database;
    }

    /** Without TLS of its own. */
    public PostgresDataSource source(String user) {
        return source(user, Sources.PASSWORD);
    }

    public PostgresDataSource source(String user, String password) {
        return Sources.of(database.host(), database.port(), database.name(), user, password);
    }

    public PostgresDataSource source(String user, Ssl ssl) {
        return Sources.with(source(user), ssl);
    }

    public Ssl trusting(SslMode mode, Path truststore) {
        return ssl(mode, truststore, null, null, null);
    }

    /** A client that trusts the server and has this certificate. */
    public Ssl client(SslMode mode, TestingCertificate client) {
        return ssl(mode, truststore(), file("client.crt", client.pem()), file("client.pk8", client.keyPem()), null);
    }

    public static Ssl ssl(SslMode mode, Path truststore, Path keystore, Path key, String password) {
        return new Ssl(
                mode,
                Optional.ofNullable(truststore),
                Optional.ofNullable(keystore),
                Optional.ofNullable(key),
                Optional.ofNullable(password).map(Secret::new),
                Optional.empty());
    }

    /** Holds the certificate of the server's authority. */
    public Path truststore() {
        return file("ca.pem", authority.pem());
    }

    public Path file(String name, String content) {
        try {
            Path of = Files.createDirectory(folder.resolve(String.valueOf(files++)));
            return Files.writeString(of.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the running server another certificate; returns when new connections get it. */
    public void present(String chain, TestingCertificate certificate) throws SQLException {
        String name = "server-" + files++;
        List<String> statements = new ArrayList<>();
        statements.add("COPY (SELECT regexp_split_to_table('" + chain + "', '\\n')) TO PROGRAM 'umask 077; cat > "
                + name + ".crt'");
        statements.add("COPY (SELECT regexp_split_to_table('" + certificate.keyPem()
                + "', '\\n')) TO PROGRAM 'umask 077;" + " cat > " + name + ".key'");
        statements.add("ALTER SYSTEM SET ssl_cert_file = '" + name + ".crt'");
        statements.add("ALTER SYSTEM SET ssl_key_file = '" + name + ".key'");
        statements.add("SELECT pg_reload_conf()");
        database.execute(statements.toArray(String[]::new));
        // A connection has the settings that the server had when it accepted it.
        while (!database.queryForString("SHOW ssl_key_file").equals(name + ".key")) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
