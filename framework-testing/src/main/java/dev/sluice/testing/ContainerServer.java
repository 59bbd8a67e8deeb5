package dev.sluice.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.ExposedPort;
import dev.sluice.embedded.StopMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.Base58;

/** The image {@code postgres:<major>} in whatever engine Testcontainers finds. */
final class ContainerServer implements ServerControl {
    private static final int PORT = PostgreSQLContainer.POSTGRESQL_PORT;

    /** How long a restarted server may take, and how often it is asked. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration POLL = Duration.ofMillis(50);

    private final PostgreSQLContainer container;
    private int port;

    private ContainerServer(PostgreSQLContainer container) {
        this.container = container;
        this.port = container.getMappedPort(PORT);
    }

    static ContainerServer start(int major, Map<String, String> settings) {
        List<String> command = new ArrayList<>(List.of("postgres"));
        settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        PostgreSQLContainer container = new PostgreSQLContainer("postgres:" + major)
                .withUsername("postgres")
                .withPassword(Base58.randomString(20))
                .withDatabaseName("postgres")
                .withEnv("POSTGRES_INITDB_ARGS", "--encoding=UTF8 --auth-host=scram-sha-256")
                .withEnv("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
                .withCommand(command.toArray(String[]::new));
        container.start();
        return new ContainerServer(container);
    }

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String user() {
        return container.getUsername();
    }

    @Override
    public String password() {
        return container.getPassword();
    }

    @Override
    public void stop(StopMode mode) {
        String signal = switch (mode) {
            case FAST -> "SIGINT";
            case IMMEDIATE -> "SIGQUIT";
        };
        DockerClient docker = container.getDockerClient();
        try (WaitContainerResultCallback end =
                docker.waitContainerCmd(container.getContainerId()).exec(new WaitContainerResultCallback())) {
            docker.killContainerCmd(container.getContainerId())
                    .withSignal(signal)
                    .exec();
            end.awaitStatusCode();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot wait for the end of " + container.getDockerImageName(), e);
        }
    }

    @Override
    public void start() {
        container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
        port = Integer.parseInt(container
                .getCurrentContainerInfo()
                .getNetworkSettings()
                .getPorts()
                .getBindings()
                .get(ExposedPort.tcp(PORT))[0]
                .getHostPortSpec());
        awaitConnection();
    }

    private void awaitConnection() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (Connection connection = connect()) {
                if (connection.isValid(0)) {
                    return;
                }
            } catch (SQLException notYet) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(container.getDockerImageName() + " does not start again", notYet);
                }
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private Connection connect() throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host()});
        source.setPortNumbers(new int[] {port});
        return source.getConnection(user(), password());
    }

    @Override
    public void close() {
        container.stop();
    }
}
