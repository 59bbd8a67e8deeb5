package dev.transvase.testing;

import dev.transvase.embedded.EmbeddedServers;
import dev.transvase.embedded.ServerSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.testcontainers.DockerClientFactory;

/**
 * Decides where test servers come from: {@code TRANSVASE_TEST_POSTGRES} is {@code embedded}, {@code docker} or {@code auto},
 * which is the default. What {@code embedded} or {@code docker} ask for and is not there is a failure, never a skip.
 * {@code auto} takes containers when {@code DOCKER_HOST} names an engine and that answers; else the embedded binaries;
 * and for a major that these lack on this platform any engine that answers.
 */
final class ServerProvider {
    private static final List<Integer> SUPPORTED =
            IntStream.rangeClosed(10, 18).boxed().toList();

    /** Names the folder of {@code <major>.txz}, for builds outside of this project. */
    private static final String SERVERS_PROPERTY = "transvase.test.servers";

    private static final Path SERVERS_IN_PROJECT = Path.of("embedded-postgresql", "target", "postgresql");

    private enum Choice {
        AUTO,
        EMBEDDED,
        DOCKER
    }

    private final Choice choice;
    private final boolean engineIsNamed;
    private final EmbeddedServers embedded;

    private ServerProvider(Choice choice, boolean engineIsNamed, EmbeddedServers embedded) {
        this.choice = choice;
        this.engineIsNamed = engineIsNamed;
        this.embedded = embedded;
    }

    static ServerProvider of(Map<String, String> environment, Path workingFolder) {
        String folder = System.getProperty(SERVERS_PROPERTY);
        Path servers = folder != null ? Path.of(folder) : serversAbove(workingFolder);
        boolean engineIsNamed = !environment.getOrDefault("DOCKER_HOST", "").isBlank();
        return new ServerProvider(choice(environment), engineIsNamed, EmbeddedServers.from(servers));
    }

    /** The majors that {@link #start} is able to start. */
    List<Integer> majors() {
        return usesContainers(SUPPORTED.get(SUPPORTED.size() - 1)) ? SUPPORTED : List.copyOf(embedded.majors());
    }

    ServerControl start(int major, ServerSetup setup) {
        return usesContainers(major)
                ? ContainerServer.start(major, setup)
                : new EmbeddedServer(embedded.start(major, setup));
    }

    /** The binaries on this machine, for what containers cannot do. */
    EmbeddedServers embedded() {
        return embedded;
    }

    private boolean usesContainers(int major) {
        return switch (choice) {
            case DOCKER -> true;
            case EMBEDDED -> false;
            case AUTO -> (engineIsNamed || isMissing(major)) && engineAnswers();
        };
    }

    private boolean isMissing(int major) {
        return SUPPORTED.contains(major) && !embedded.majors().contains(major);
    }

    private static boolean engineAnswers() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    private static Choice choice(Map<String, String> environment) {
        String name = environment.getOrDefault("TRANSVASE_TEST_POSTGRES", "auto");
        for (Choice choice : Choice.values()) {
            if (choice.name().toLowerCase(Locale.ROOT).equals(name)) {
                return choice;
            }
        }
        throw new IllegalArgumentException(
                "TRANSVASE_TEST_POSTGRES is " + name + "; expected auto, embedded or docker");
    }

    /** The build lays the binaries into a folder of the project; its tests run in the folder of one of its modules. */
    private static Path serversAbove(Path workingFolder) {
        Path start = workingFolder.toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            Path servers = folder.resolve(SERVERS_IN_PROJECT);
            if (Files.isDirectory(servers)) {
                return servers;
            }
        }
        return start.resolve(SERVERS_IN_PROJECT);
    }
}
