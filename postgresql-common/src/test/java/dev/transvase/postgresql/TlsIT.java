package dev.transvase.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.tls.Ssl;
import dev.transvase.postgresql.tls.SslMode;
import dev.transvase.postgresql.tls.TestingKey;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingAuthority;
import dev.transvase.testing.TestingCertificate;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.copy.CopyDual;

/** TLS and log-in against servers that demand each kind. */
@TestInstance(Lifecycle.PER_CLASS)
class TlsIT {

    /** Of a message with a piece of the log: its type, where the piece starts, where the log ends, and the time. */
    private static final int STREAM_HEADER_BYTES = 1 + 3 * Long.BYTES;

    @TempDir
    private static Path folder;

    private final List<TlsServer> servers = new ArrayList<>();

    /** 10 does not bind channels and compares no names, 11 binds, 12 compares, 14 words its refusals anew. */
    @BeforeAll
    void start() throws SQLException {
        List<Integer> majors = TestingPostgres.majors();
        for (int major : majors) {
            if (major == majors.get(0)
                    || List.of(11, 12, 14).contains(major)
                    || major == majors.get(majors.size() - 1)) {
                servers.add(new TlsServer(major, folder));
            }
        }
    }

    @AfterAll
    void close() {
        servers.forEach(TlsServer::close);
    }

    List<TlsServer> servers() {
        return servers;
    }

    private TlsServer newest() {
        return servers.get(servers.size() - 1);
    }

    Stream<TlsServer> oldestAndNewest() {
        return Stream.of(servers.get(0), newest());
    }

    /** What {@code transvase datasource test} tells. */
    private static String connect(PostgresDataSource source) {
        return new PostgresDataSourceTest(source).connect();
    }

    private static void assertTls(PostgresDataSource source) {
        assertThat(connect(source)).endsWith(", user " + source.username() + ", TLSv1.3");
    }

    private static void assertPlain(PostgresDataSource source) {
        assertThat(connect(source)).endsWith(", user " + source.username() + ", no TLS");
    }

    private static void assertRefused(PostgresDataSource source, String code, Object... hints) {
        try {
            throw new AssertionError("connected: " + connect(source));
        } catch (TransvaseException e) {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
            assertThat(e)
                    .hasMessageStartingWith("cannot connect to " + source.host().orElseThrow() + ':' + source.port());
            for (Object hint : hints) {
                assertThat(e).hasMessageContaining(hint.toString());
            }
            assertThat(Sources.everything(e)).doesNotContain(Sources.PASSWORD);
        }
    }

    /** It is asked for without waiting, which must not come between the parts of a TLS record. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("oldestAndNewest")
    void aReplicationStreamIsReadWithoutAGap(TlsServer server) throws SQLException {
        TestingDatabase database = server.database();
        database.execute("ALTER ROLE " + TlsServer.TLS_ONLY + " REPLICATION");
        PostgresDataSource source =
                server.source(TlsServer.TLS_ONLY, server.trusting(SslMode.VERIFY_FULL, server.truststore()));
        String start = database.queryForString("SELECT pg_current_wal_flush_lsn()");
        try (PostgresSession session = PostgresSession.openForReplication(source, "test")) {
            CopyDual copy = session.pg().getCopyAPI().copyDual("START_REPLICATION " + start);
            database.execute(
                    "SET synchronous_commit = on", // else the end of the log may not be written yet
                    "CREATE TABLE streamed AS SELECT i, md5(i::text) AS v FROM generate_series(1, 100000) i");
            long length = Long.parseLong(
                    database.queryForString("SELECT pg_current_wal_flush_lsn() - '" + start + "'::pg_lsn"));
            assertThat(length).isGreaterThan(5_000_000);
            long first = Long.parseLong(database.queryForString("SELECT '" + start + "'::pg_lsn - '0/0'::pg_lsn"));
            long next = first;
            while (next < first + length) {
                byte[] message = copy.readFromCopy(false);
                if (message != null && message[0] == 'w') {
                    assertThat(ByteBuffer.wrap(message).getLong(1)).isEqualTo(next);
                    next += message.length - STREAM_HEADER_BYTES;
                }
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void modes(TlsServer server) {
        // Whatever is not "disable" gets through to a server that demands TLS.
        assertTls(server.source(TlsServer.TLS_ONLY));
        Ssl prefer = server.trusting(SslMode.PREFER, null);
        assertTls(server.source(TlsServer.TLS_ONLY, prefer));
        // No truststore, a regular connection; a truststore, an encrypted and verified one.
        assertPlain(server.source(TlsServer.ANY, prefer));
        Path truststore = server.truststore();
        assertTls(server.source(TlsServer.ANY, server.trusting(SslMode.PREFER, truststore)));
        assertTls(server.source(TlsServer.ANY, server.trusting(SslMode.VERIFY_FULL, truststore)));

        Ssl disable = server.trusting(SslMode.DISABLE, truststore);
        assertPlain(server.source(TlsServer.ANY, disable));
        assertRefused(server.source(TlsServer.TLS_ONLY, disable), "TLS_REQUIRED", "ssl.mode", "pg_hba.conf");
    }

    /** A server that does not insist on a certificate takes clients with and without one. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("oldestAndNewest")
    void aCertificateIsOptionalForAServerThatDoesNotInsist(TlsServer server) {
        TestingCertificate known = server.clients.client("somebody");
        TestingCertificate unknown = TestingAuthority.named("elsewhere").client("somebody");
        for (SslMode mode : List.of(SslMode.PREFER, SslMode.VERIFY_CA, SslMode.VERIFY_FULL)) {
            assertTls(server.source(TlsServer.TLS_ONLY, server.client(mode, known)));
            assertTls(server.source(TlsServer.TLS_ONLY, server.client(mode, unknown)));
        }
    }

    @Test
    void truststoresOfSeveralCertificates() throws IOException {
        TlsServer server = newest();
        TestingAuthority other = TestingAuthority.named("other-ca");
        byte[] pkcs7 = TestingAuthority.pkcs7(other, server.authority);
        for (Path truststore : List.of(
                server.file("ca.pem", other.pem() + server.authority.pem()),
                Files.write(folder.resolve("ca.p7b"), pkcs7),
                server.file("armoured.p7b", TestingCertificate.pem("PKCS7", pkcs7)))) {
            assertTls(server.source(TlsServer.TLS_ONLY, server.trusting(SslMode.VERIFY_FULL, truststore)));
        }
    }

    @Test
    void aServerThatIsNotTrusted() {
        TlsServer server = newest();
        for (TestingAuthority other :
                List.of(TestingAuthority.named("other-ca"), TestingAuthority.named("server-ca"))) {
            Path truststore = server.file("other.pem", other.pem());
            for (SslMode mode : List.of(SslMode.PREFER, SslMode.VERIFY_FULL)) {
                assertRefused(
                        server.source(TlsServer.ANY, server.trusting(mode, truststore)),
                        "TLS_UNTRUSTED_SERVER",
                        "CN=server, issued by CN=server-ca",
                        truststore);
            }
        }
    }

    @Test
    void certificatesOfTheServer() throws SQLException {
        try (TlsServer server = new TlsServer(newest().major(), folder)) {
            Path truststore = server.truststore();
            Ssl full = server.trusting(SslMode.VERIFY_FULL, truststore);
            Ssl prefer = server.trusting(SslMode.PREFER, truststore);

            TestingCertificate other = server.authority.server("db.example.org", "10.0.0.7");
            server.present(other.pem(), other);
            assertRefused(
                    server.source(TlsServer.ANY, full),
                    "TLS_HOST_MISMATCH",
                    "for db.example.org, 10.0.0.7, not for " + server.database().host());
            assertTls(server.source(TlsServer.ANY, prefer));
            Path elsewhere =
                    server.file("other.pem", TestingAuthority.named("other").pem());
            assertRefused(
                    server.source(TlsServer.ANY, server.trusting(SslMode.VERIFY_FULL, elsewhere)),
                    "TLS_UNTRUSTED_SERVER");

            TestingCertificate nameless = server.authority.server();
            server.present(nameless.pem(), nameless);
            assertRefused(server.source(TlsServer.ANY, full), "TLS_HOST_MISMATCH", "for CN=server, not for ");

            TestingCertificate expired = server.authority.expiredServer("127.0.0.1", "localhost");
            server.present(expired.pem(), expired);
            Ssl itself = server.trusting(SslMode.VERIFY_FULL, server.file("server.pem", expired.pem()));
            for (Ssl ssl : List.of(full, prefer, itself)) {
                assertRefused(
                        server.source(TlsServer.ANY, ssl),
                        "TLS_SERVER_CERTIFICATE_EXPIRED",
                        "CN=server",
                        expired.certificate().getNotAfter().toInstant());
            }
            assertRefused(
                    server.source(TlsServer.ANY, server.trusting(SslMode.PREFER, elsewhere)),
                    "TLS_UNTRUSTED_SERVER",
                    "has also expired");

            TestingAuthority lower = server.authority.intermediate("lower-ca");
            TestingCertificate below = lower.server("127.0.0.1", "localhost");
            server.present(below.pem() + lower.pem(), below);
            assertTls(server.source(TlsServer.ANY, full));
            server.present(below.pem(), below);
            assertRefused(server.source(TlsServer.ANY, full), "TLS_UNTRUSTED_SERVER", "issued by CN=lower-ca");
            assertTls(server.source(
                    TlsServer.ANY, server.trusting(SslMode.VERIFY_FULL, server.file("lower.pem", lower.pem()))));
        }
    }

    @Test
    void aServerWithoutTls() {
        try (var database = TestingPostgres.newest().createDatabase()) {
            for (SslMode mode : List.of(SslMode.PREFER, SslMode.VERIFY_FULL)) {
                assertRefused(
                        Sources.with(Sources.of(database), newest().trusting(mode, newest().truststore())),
                        "TLS_NOT_OFFERED",
                        "ssl = on");
            }
        }
    }

    /** Every form of a key. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("oldestAndNewest")
    void aCertificateInPlaceOfAPassword(TlsServer server) {
        for (TestingKey key : TestingKey.readable()) {
            X509Certificate certificate = server.clients.client(TlsServer.CERTIFICATE, key.publicKey());
            // As openssl x509 -text writes it.
            Path keystore = server.file(
                    "client.crt",
                    "Certificate:\n    Data:\n        Version: 1 (0x0)\n" + TestingCertificate.pem(certificate));
            Ssl ssl = TlsServer.ssl(SslMode.VERIFY_CA, server.truststore(), keystore, key.file(), key.password());
            assertTls(server.source(TlsServer.CERTIFICATE, ssl));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aServerThatDemandsACertificate(TlsServer server) {
        List<String> users =
                List.of(TlsServer.CERTIFICATE, TlsServer.CERTIFICATE_AND_PASSWORD, TlsServer.ANY_CERTIFICATE);
        TestingAuthority sameName = TestingAuthority.named("client-ca");
        for (String user : users) {
            assertTls(server.source(user, server.client(SslMode.VERIFY_CA, server.clients.client(user))));
            assertTls(server.source(user, server.client(SslMode.VERIFY_FULL, server.clients.client(user))));

            Ssl without = server.trusting(SslMode.VERIFY_FULL, server.truststore());
            for (PostgresDataSource source : List.of(
                    server.source(user, without),
                    server.source(user),
                    server.source(user, server.trusting(SslMode.PREFER, null)))) {
                assertRefused(source, "TLS_CLIENT_CERTIFICATE_REQUIRED", user, "ssl.keystore and ssl.privateKey");
            }

            Ssl unknown = server.client(
                    SslMode.VERIFY_CA, TestingAuthority.named("elsewhere").client(user));
            assertRefused(
                    server.source(user, unknown),
                    "TLS_CLIENT_CERTIFICATE_REFUSED",
                    "CN=elsewhere",
                    unknown.keystore().orElseThrow());
            Ssl forged = server.client(SslMode.VERIFY_CA, sameName.client(user));
            assertRefused(
                    server.source(user, forged),
                    "TLS_CLIENT_CERTIFICATE_REFUSED",
                    forged.keystore().orElseThrow());

            TestingCertificate old = server.clients.expiredClient(user);
            Ssl expired = server.client(SslMode.VERIFY_CA, old);
            assertRefused(
                    server.source(user, expired),
                    "TLS_CLIENT_CERTIFICATE_EXPIRED",
                    expired.keystore().orElseThrow(),
                    old.certificate().getNotAfter().toInstant());
        }
    }

    /** Only since 12 a server compares the name when it asks for a password besides. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aCertificateOfAnotherUser(TlsServer server) {
        Ssl other = server.client(SslMode.VERIFY_CA, server.clients.client("another"));
        assertRefused(
                server.source(TlsServer.CERTIFICATE, other),
                "TLS_CLIENT_NAME_MISMATCH",
                "its common name is another",
                TlsServer.CERTIFICATE,
                other.keystore().orElseThrow());
        assertTls(server.source(TlsServer.ANY_CERTIFICATE, other));
        PostgresDataSource both = server.source(TlsServer.CERTIFICATE_AND_PASSWORD, other);
        if (server.major() < 12) {
            assertTls(both);
        } else {
            assertRefused(both, "AUTHENTICATION_FAILED", "its common name is another");
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void passwords(TlsServer server) {
        for (String user : List.of(TlsServer.MD5, TlsServer.ANY, TlsServer.TLS_ONLY)) {
            for (Ssl ssl : List.of(
                    server.trusting(SslMode.PREFER, null), server.trusting(SslMode.VERIFY_FULL, server.truststore()))) {
                assertThat(connect(server.source(user, ssl))).contains("user " + user);
                PostgresDataSource wrong = Sources.with(server.source(user, "wrong"), ssl);
                assertRefused(wrong, "AUTHENTICATION_FAILED", user, "transvase datasource test NAME");
                assertRefused(Sources.with(server.source(user, ""), ssl), "AUTHENTICATION_FAILED", user);
            }
        }
    }

    @Test
    void aCertificateThatWasRevoked() throws SQLException {
        TlsServer server = newest();
        TestingAuthority authority = server.authority;
        TestingCertificate other = authority.server("other.example.org");
        TestingCertificate presented = authority.server("127.0.0.1");
        server.present(presented.pem(), presented);
        assertTls(server.source(TlsServer.TLS_ONLY, revoking(server, authority.revocations(other.certificate()))));
        assertTls(server.source(TlsServer.TLS_ONLY, revoking(server, authority.revocations())));
        assertRefused(
                server.source(
                        TlsServer.TLS_ONLY,
                        revoking(server, authority.revocations(other.certificate(), presented.certificate()))),
                "TLS_SERVER_CERTIFICATE_REVOKED",
                "ssl.crl");
        assertRefused(
                server.source(TlsServer.TLS_ONLY, revoking(server, authority.oldRevocations())),
                "TLS_REVOCATION_UNKNOWN",
                "newest");
        assertRefused(
                server.source(
                        TlsServer.TLS_ONLY,
                        revoking(server, TestingAuthority.named("server-ca").revocations())),
                "TLS_REVOCATION_UNKNOWN");
        assertThatThrownBy(() -> connect(server.source(TlsServer.TLS_ONLY, revoking(server, "nothing"))))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("TLS_CRL_UNREADABLE"));
        // Trusted by itself, and revoked all the same.
        Ssl pinned = new Ssl(
                SslMode.VERIFY_FULL,
                Optional.of(server.file("server.pem", presented.pem())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(server.file("list.crl", authority.revocations(presented.certificate()))));
        assertRefused(server.source(TlsServer.TLS_ONLY, pinned), "TLS_SERVER_CERTIFICATE_REVOKED");
    }

    private static Ssl revoking(TlsServer server, String lists) {
        return new Ssl(
                SslMode.VERIFY_FULL,
                Optional.of(server.truststore()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(server.file("lists.crl", lists)));
    }

    /** SCRAM bound to the TLS channel, from 11 on. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void channelBinding(TlsServer server) throws SQLException {
        Ssl full = server.trusting(SslMode.VERIFY_FULL, server.truststore());
        Map<String, String> require = Map.of("channelBinding", "require");
        PostgresDataSource bound = Sources.with(server.source(TlsServer.TLS_ONLY, full), require);
        if (server.major() >= 11) {
            assertTls(bound);
            assertRefused(
                    Sources.with(Sources.with(server.source(TlsServer.TLS_ONLY, "wrong"), full), require),
                    "AUTHENTICATION_FAILED");
        } else {
            assertRefused(bound, "CHANNEL_BINDING_FAILED", "PostgreSQL 11");
        }
        Ssl plain = server.trusting(SslMode.PREFER, null);
        assertRefused(
                Sources.with(server.source(TlsServer.ANY, plain), require), "CHANNEL_BINDING_FAILED", "channelBinding");
        assertRefused(
                Sources.with(server.source(TlsServer.MD5, full), require), "CHANNEL_BINDING_FAILED", "SCRAM-SHA-256");
    }

    /** What is open goes on; the next connection is told what to do, and works once that is done. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("oldestAndNewest")
    void aPasswordOrMethodThatChangesMeanwhile(TlsServer server) throws SQLException {
        PostgresDataSource source = server.source(TlsServer.MD5);
        try (PostgresSession session = PostgresSession.open(source, "test")) {
            server.database()
                    .execute(
                            "SET password_encryption = 'scram-sha-256'",
                            "ALTER ROLE " + TlsServer.MD5 + " PASSWORD 'n3w'");
            assertRefused(
                    source,
                    "AUTHENTICATION_FAILED",
                    "update the data source, run `transvase datasource test NAME`, then run the job again");
            assertThat(connect(server.source(TlsServer.MD5, "n3w"))).contains(TlsServer.MD5);
            try (Statement statement = session.jdbc().createStatement();
                    ResultSet row = statement.executeQuery("SELECT current_user")) {
                assertThat(row.next()).isTrue();
            }
        } finally {
            server.database()
                    .execute(
                            "SET password_encryption = 'md5'",
                            "ALTER ROLE " + TlsServer.MD5 + " PASSWORD '" + Sources.PASSWORD + "'");
        }
        server.database()
                .execute(
                        "SET password_encryption = 'md5'",
                        "ALTER ROLE " + TlsServer.ANY + " PASSWORD '" + Sources.PASSWORD + "'");
        try {
            assertRefused(server.source(TlsServer.ANY), "AUTHENTICATION_FAILED", "or its method was changed");
        } finally {
            server.database()
                    .execute(
                            "SET password_encryption = 'scram-sha-256'",
                            "ALTER ROLE " + TlsServer.ANY + " PASSWORD '" + Sources.PASSWORD + "'");
        }
    }
}
