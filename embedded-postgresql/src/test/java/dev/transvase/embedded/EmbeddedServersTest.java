package dev.transvase.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServersTest {
    @TempDir
    Path folder;

    @Test
    void majorsAreReadFromTheNamesOfTheArchives() throws IOException {
        for (String name : new String[] {"18.txz", "9.txz", "10.txz", "notes.txt", "x18.txz"}) {
            Files.createFile(folder.resolve(name));
        }

        assertThat(EmbeddedServers.from(folder).majors()).containsExactly(9, 10, 18);
        assertThat(EmbeddedServers.from(folder.resolve("missing")).majors()).isEmpty();
    }

    @Test
    void anAbsentMajorIsToldTogetherWithThoseThatAreThere() throws IOException {
        Files.createFile(folder.resolve("14.txz"));
        EmbeddedServers servers = EmbeddedServers.from(folder);

        assertThatThrownBy(() -> servers.start(10, Map.of()))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("PostgreSQL 10")
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("[14]");
    }
}
