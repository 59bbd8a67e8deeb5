package dev.transvase.ui.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.datasource.DataSourceSpec;
import dev.transvase.ui.http.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Secrets secrets = new Secrets(json("""
            {"properties": {"password": {"writeOnly": true}, "jdbcUrl": {}, "properties": {},
             "ssl": {"properties": {"mode": {}, "keyPassword": {"writeOnly": true}}}}}
            """));

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) MAPPER.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static DataSourceSpec spec(String parameters) {
        return new DataSourceSpec("shop", "postgresql", json(parameters), "", Set.of(), Path.of("/"));
    }

    @Test
    void secretsAreTakenOutAndReferencesShown() {
        Secrets.Shown shown = secrets.shown(spec("""
                {"password": "hush-hush", "ssl": {"mode": "require", "keyPassword": "${env:KEY}"},
                 "jdbcUrl": "jdbc:x://h/d?user=u&password=topsecret1", "properties": {"sslpassword": "another-one", "a": "b"}}
                """));
        assertThat(shown.parameters()).isEqualTo(json("""
                {"ssl": {"mode": "require"}, "jdbcUrl": "jdbc:x://h/d?user=u&password=***",
                 "properties": {"sslpassword": "***", "a": "b"}}
                """));
        assertThat(shown.secrets()).containsEntry("password", "written").containsEntry("ssl.keyPassword", "${env:KEY}");
    }

    @Test
    void whatComesBackGetsWhatWasTakenOut() {
        DataSourceSpec before = spec("""
                {"password": "hush-hush", "ssl": {"mode": "require", "keyPassword": "key-secret"},
                 "jdbcUrl": "jdbc:x://h/d?password=topsecret1"}
                """);
        ObjectNode shown = secrets.shown(before).parameters();
        assertThat(secrets.restored(shown, before)).isEqualTo(before.parameters());
        shown.put("password", "another");
        ((ObjectNode) shown.path("ssl")).putNull("keyPassword");
        assertThat(secrets.restored(shown, before)).isEqualTo(json("""
                {"password": "another", "ssl": {"mode": "require"}, "jdbcUrl": "jdbc:x://h/d?password=topsecret1"}
                """));
        shown.remove("ssl");
        assertThat(secrets.restored(shown, before).has("ssl")).isFalse();
        shown.put("jdbcUrl", "jdbc:x://other/d?password=***");
        assertThatThrownBy(() -> secrets.restored(shown, before))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("jdbcUrl");
    }

    @Test
    void filesOfSecretsAreTheirOwnersAndLieBesideTheDataSources(@TempDir Path folder) throws IOException {
        SecretFiles files = new SecretFiles(folder.resolve("datasources.json"));
        String reference = files.keep("../a/b", "ssl.password", "hush");
        assertThat(reference).matches("\\$\\{file:secrets/[^/{}]+}");
        Path file = folder.resolve(reference.replaceAll("\\$\\{file:|}", ""));
        assertThat(file).hasContent("hush");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String copy = files.copy(reference, "c", "ssl.password");
        assertThat(copy).isNotEqualTo(reference);
        assertThat(files.copy("${env:X}", "c", "password")).isEqualTo("${env:X}");
        files.remove(reference);
        files.remove("${file:../datasources.json}");
        assertThat(file).doesNotExist();
        assertThat(folder.resolve(copy.replaceAll("\\$\\{file:|}", ""))).hasContent("hush");
    }
}
