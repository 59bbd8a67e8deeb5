package dev.transvase.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.embedded.ServerSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProviderTest {
    private static final Map<String, String> EMBEDDED = Map.of("TRANSVASE_TEST_POSTGRES", "embedded");

    @TempDir
    Path project;

    @Test
    void anUnknownChoiceIsAnError() {
        assertThatThrownBy(() -> ServerProvider.of(Map.of("TRANSVASE_TEST_POSTGRES", "podman"), project))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("podman")
                .hasMessageContaining("docker");
    }

    @Test
    void theServersOfTheProjectAreFoundFromTheFolderOfAnyModule() throws IOException {
        Path servers = Files.createDirectories(project.resolve("embedded-postgresql/target/postgresql"));
        Files.createFile(servers.resolve("14.txz"));
        Path module = Files.createDirectories(project.resolve("plugin-x/target"));

        assertThat(ServerProvider.of(EMBEDDED, module).majors()).containsExactly(14);
    }

    @Test
    void embeddedFailsForAMajorThatIsNotThereInsteadOfSkipping() {
        ServerProvider provider = ServerProvider.of(EMBEDDED, project);

        assertThat(provider.majors()).isEmpty();
        assertThatThrownBy(() -> provider.start(10, ServerSetup.of(Map.of())))
                .hasMessageContaining("PostgreSQL 10 is not in");
    }

    @Test
    void dockerOffersEveryMajor() {
        ServerProvider provider = ServerProvider.of(Map.of("TRANSVASE_TEST_POSTGRES", "docker"), project);

        assertThat(provider.majors()).startsWith(10).endsWith(18).hasSize(9);
    }
}
