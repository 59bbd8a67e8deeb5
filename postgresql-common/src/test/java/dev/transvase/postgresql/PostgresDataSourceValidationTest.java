package dev.transvase.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.tls.Ssl;
import dev.transvase.postgresql.tls.SslMode;
import dev.transvase.spi.parameter.Secret;
import dev.transvase.testing.contract.CollectedChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGProperty;

class PostgresDataSourceValidationTest {

    private static List<String> errors(PostgresDataSource source) {
        RecordedChecks checks = new RecordedChecks();
        source.validate(checks);
        assertThat(checks.texts).noneMatch(t -> t.contains(Sources.PASSWORD));
        return checks.errors;
    }

    private static PostgresDataSource source(String host, String database, String url, Map<String, String> properties) {
        return new PostgresDataSource(
                Optional.ofNullable(host),
                5432,
                Optional.ofNullable(database),
                Optional.ofNullable(url),
                "u",
                Optional.of(new Secret(Sources.PASSWORD)),
                Optional.empty(),
                properties,
                10,
                60,
                Optional.empty(),
                60,
                Optional.empty(),
                Optional.empty(),
                100_000,
                false,
                30);
    }

    @Test
    void hostAndDatabaseOrAUrl() {
        assertThat(errors(source("h", "d", null, Map.of()))).isEmpty();
        assertThat(errors(source(null, null, "jdbc:postgresql://h:1,h2:2/d?ssl=true", Map.of())))
                .isEmpty();
        assertThat(errors(source(null, null, null, Map.of())))
                .containsExactly("host MISSING_PARAMETER", "database MISSING_PARAMETER");
        assertThat(errors(source("h", null, "jdbc:postgresql://h/d", Map.of())))
                .containsExactly("host CONFLICTING_PARAMETERS");
    }

    @Test
    void aUrlThatIsNoneIsNotRepeated() {
        for (String url : List.of(
                "jdbc:mysql://h/d?password=" + Sources.PASSWORD,
                "jdbc:postgresql://h:port/d?password=" + Sources.PASSWORD,
                "jdbc:postgresql://u:" + Sources.PASSWORD + "@h",
                "jdbc:postgresql://u:" + Sources.PASSWORD + "@h:5432/d",
                "jdbc:postgresql://u:" + Sources.PASSWORD + "@h:5432,h2:5432/d",
                "jdbc:postgresql://h2:5432,u:" + Sources.PASSWORD + "@h:5432/d",
                "//" + Sources.PASSWORD,
                Sources.PASSWORD)) {
            assertThat(errors(source(null, null, url, Map.of()))).as(url).containsExactly("jdbcUrl INVALID_JDBC_URL");
        }
    }

    @Test
    void theFolderOfAUnixSocketIsRefusedByName() {
        for (String host : List.of("/tmp", "/var/run/postgresql", "@abstract", "h,/tmp", "%2Ftmp")) {
            assertThat(errors(source(host, "d", null, Map.of()))).as(host).containsExactly("host UNIX_SOCKET");
        }
        for (String url : List.of(
                "jdbc:postgresql://%2Ftmp/d",
                "jdbc:postgresql://%2ftmp:5433/d",
                "jdbc:postgresql://h,%2Ftmp/d",
                "jdbc:postgresql:d?host=/tmp",
                "jdbc:postgresql:d?PGHOST=/tmp",
                "jdbc:postgresql://h/d?host=%2Ftmp")) {
            assertThat(errors(source(null, null, url, Map.of()))).as(url).containsExactly("jdbcUrl UNIX_SOCKET");
        }
        RecordedChecks checks = new RecordedChecks();
        source("/tmp", "d", null, Map.of()).validate(checks);
        assertThat(checks.texts).anyMatch(text -> text.contains("host \"/tmp\" is the folder of a Unix socket"));
    }

    @Test
    void aPropertyOfAUrlThatIsWrittenWronglyIsAnError() {
        for (String wrong : List.of("sslMode=verify-full", "ssl_mode=require", "passwrd=x", "aplicationName=x")) {
            assertThat(errors(source(null, null, "jdbc:postgresql://h/d?" + wrong, Map.of())))
                    .as(wrong)
                    .containsExactly("jdbcUrl UNKNOWN_PROPERTY");
        }
    }

    @Test
    void theDriverDoesNotLogAUrlThatIsNone() {
        List<String> logged = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord log) {
                logged.add(new SimpleFormatter().format(log));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        try {
            for (String rest :
                    List.of("//h:port/d?password=", "//h?password=", "//h/a/b?password=", "//u:pw@h/d?p=%zz")) {
                errors(source(null, null, "jdbc:postgresql:" + rest + Sources.PASSWORD, Map.of()));
            }
        } finally {
            root.removeHandler(handler);
        }
        assertThat(logged).noneMatch(line -> line.contains(Sources.PASSWORD));
    }

    @Test
    void propertiesAreThoseOfTheDriver() {
        assertThat(errors(source("h", "d", null, Map.of("tcpKeepAlive", "true"))))
                .isEmpty();
        assertThat(errors(source("h", "d", null, Map.of("tcpKeepAlife", "true"))))
                .containsExactly("properties.tcpKeepAlife UNKNOWN_PROPERTY");
        assertThat(errors(source("h", "d", null, Map.of("password", Sources.PASSWORD))))
                .containsExactly("properties.password RESERVED_PROPERTY");
    }

    /** What breaks a mode is overridden by name, in a URL as well; what contradicts a job is refused. */
    @Test
    void propertiesThatJobsDoNotWorkWith() {
        Map<String, String> breaking = Map.of(
                "preferQueryMode", "simple",
                "autosave", "always",
                "binaryTransfer", "false",
                "binaryTransferDisable", "INT4",
                "defaultRowFetchSize", "10",
                "stringtype", "unspecified",
                "allowEncodingChanges", "true");
        String url = "jdbc:postgresql://h/d?"
                + breaking.entrySet().stream()
                        .map(e -> e.getKey() + '=' + e.getValue())
                        .collect(Collectors.joining("&"));
        for (PostgresDataSource source : List.of(source("h", "d", null, breaking), source(null, null, url, Map.of()))) {
            CollectedChecks checks = new CollectedChecks();
            source.validate(checks);
            assertThat(checks.errors()).isEmpty();
            assertThat(String.join("\n", checks.warnings())).contains(breaking.keySet());
            assertThat(ConnectionTarget.of(source, "test").properties().stringPropertyNames())
                    .doesNotContainAnyElementsOf(breaking.keySet());
        }
        assertThat(errors(source("h", "d", null, Map.of("readOnly", "true"))))
                .containsExactly("properties.readOnly UNSUPPORTED_PROPERTY");
        assertThat(errors(source("h", "d", null, Map.of("options", "-c TimeZone=Asia/Tokyo"))))
                .containsExactly("properties.options UNSUPPORTED_PROPERTY");
        assertThat(errors(source("h", "d", null, Map.of("options", "-c work_mem=8MB"))))
                .isEmpty();
    }

    @Test
    void propertiesThatLoadClassesOrWriteFilesAreRefused() {
        for (String name : List.of(
                "socketFactory",
                "socketFactoryArg",
                "sslfactory",
                "sslfactoryarg",
                "sslhostnameverifier",
                "sslpasswordcallback",
                "authenticationPluginClassName",
                "xmlFactoryFactory",
                "connectExecutor",
                "connectExecutorArg",
                "classLoaderStrategy",
                "loggerFile")) {
            assertThat(errors(source("h", "d", null, Map.of(name, "a.b.C"))))
                    .containsExactly("properties." + name + " UNSUPPORTED_PROPERTY");
            assertThat(errors(source(null, null, "jdbc:postgresql://h/d?" + name + "=a.b.C", Map.of())))
                    .containsExactly("jdbcUrl UNSUPPORTED_PROPERTY");
        }
        assertThat(errors(source(
                        "h",
                        "d",
                        null,
                        Map.of("sslfactory", "org.postgresql.ssl.NonValidatingFactory", "localSocketAddress", "::1"))))
                .isEmpty();
    }

    /** Each property of the driver whose description speaks of a class or an executor is known here. */
    @Test
    void theDriverHasNoOtherPropertyThatLoadsClasses() {
        List<String> loading = Arrays.stream(PGProperty.values())
                .filter(property -> property.getDescription().matches("(?is).*\\bclass(es)?\\b.*"))
                .map(PGProperty::getName)
                .filter(name -> !name.equals("sspiServiceClass"))
                .toList();
        assertThat(loading).isNotEmpty();
        assertThat(loading)
                .allSatisfy(name -> assertThat(errors(source("h", "d", null, Map.of(name, "a.b.C"))))
                        .isNotEmpty());
    }

    private static PostgresDataSource withAuth(String methods, Map<String, String> properties) {
        PostgresDataSource source = source("h", "d", null, properties);
        return new PostgresDataSource(
                source.host(),
                source.port(),
                source.database(),
                source.jdbcUrl(),
                source.username(),
                source.password(),
                source.ssl(),
                source.properties(),
                10,
                60,
                Optional.empty(),
                60,
                Optional.of(methods),
                Optional.of(PostgresDataSource.ChannelBinding.PREFER),
                100_000,
                false,
                30);
    }

    @Test
    void methodsToLogInWith() {
        assertThat(errors(withAuth("scram-sha-256, md5", Map.of()))).isEmpty();
        assertThat(errors(withAuth("!password,!md5", Map.of()))).isEmpty();
        assertThat(errors(withAuth("scram", Map.of()))).containsExactly("requireAuth UNKNOWN_AUTH_METHOD");
        assertThat(errors(withAuth("!md5,password", Map.of()))).containsExactly("requireAuth CONFLICTING_PARAMETERS");
        assertThat(errors(withAuth("none", Map.of("requireAuth", "md5", "channelBinding", "require"))))
                .containsExactlyInAnyOrder(
                        "properties.requireAuth CONFLICTING_PARAMETERS",
                        "properties.channelBinding CONFLICTING_PARAMETERS");
    }

    @Test
    void aPrivateKeyThatOthersMayReadIsWarnedOf(@TempDir Path folder) throws IOException {
        Path key = Files.createFile(folder.resolve("client.pk8"));
        Ssl ssl = new Ssl(
                SslMode.PREFER,
                Optional.of(key),
                Optional.of(key),
                Optional.of(key),
                Optional.empty(),
                Optional.empty());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        CollectedChecks open = new CollectedChecks();
        ssl.validate(open);
        assertThat(open.warnings()).singleElement().asString().contains("chmod 600", key.toString());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        CollectedChecks closed = new CollectedChecks();
        ssl.validate(closed);
        assertThat(closed.warnings()).isEmpty();
    }

    @Test
    void listsOfRevokedCertificatesNeedSomethingToVerify() {
        RecordedChecks checks = new RecordedChecks();
        new Ssl(SslMode.PREFER, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), file(true))
                .validate(checks);
        assertThat(checks.errors).containsExactly("crl CONFLICTING_PARAMETERS");
    }

    @Test
    void tlsIsSaidOnce() {
        Ssl ssl = new Ssl(
                SslMode.PREFER,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        PostgresDataSource both = source("h", "d", null, Map.of("sslmode", "require", "channelBinding", "require"));
        assertThat(errors(both)).isEmpty();
        assertThat(errors(Sources.with(both, ssl))).containsExactly("properties.sslmode CONFLICTING_PARAMETERS");
    }

    private static List<String> errors(SslMode mode, boolean truststore, boolean keystore, boolean key) {
        RecordedChecks checks = new RecordedChecks();
        new Ssl(mode, file(truststore), file(keystore), file(key), Optional.empty(), Optional.empty()).validate(checks);
        return checks.errors;
    }

    private static Optional<Path> file(boolean given) {
        return given ? Optional.of(Path.of("file")) : Optional.empty();
    }

    @Test
    void eachModeAsksForItsFiles() {
        assertThat(errors(SslMode.PREFER, false, false, false)).isEmpty();
        assertThat(errors(SslMode.PREFER, true, false, false)).isEmpty();
        assertThat(errors(SslMode.PREFER, true, true, false)).containsExactly("privateKey MISSING_PARAMETER");
        assertThat(errors(SslMode.VERIFY_CA, true, true, true)).isEmpty();
        assertThat(errors(SslMode.VERIFY_CA, false, false, false))
                .containsExactly(
                        "truststore MISSING_PARAMETER", "keystore MISSING_PARAMETER", "privateKey MISSING_PARAMETER");
        assertThat(errors(SslMode.VERIFY_FULL, true, false, false)).isEmpty();
    }

    @Test
    void theUrlAndItsPropertiesReachTheDriver() {
        ConnectionTarget target = ConnectionTarget.of(
                Sources.url(
                        "jdbc:postgresql://h1:1,h2:2/my%20db?user=other&password=other&tcpKeepAlive=false",
                        "me", Sources.PASSWORD, Map.of("socketTimeout", "7")),
                "app");
        assertThat(target.servers()).isEqualTo("h1:1,h2:2");
        assertThat(target.database()).isEqualTo("my db");
        assertThat(target.url()).doesNotContain("other").doesNotContain(Sources.PASSWORD);
        assertThat(target.properties())
                .containsEntry("user", "me")
                .containsEntry("password", Sources.PASSWORD)
                .containsEntry("socketTimeout", "7")
                .containsEntry("tcpKeepAlive", "false")
                .containsEntry("ApplicationName", "app");
    }

    @Test
    void aUrlOfAnotherDatabaseIsNotRepeated() {
        assertThat(ConnectionTarget.problemOf("jdbc:oracle:thin:scott/s3cret@//h:1521/x"))
                .contains("jdbc:postgresql:")
                .doesNotContain("s3cret");
    }
}
