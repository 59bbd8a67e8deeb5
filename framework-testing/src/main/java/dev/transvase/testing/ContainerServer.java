package dev.transvase.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.ExposedPort;
import dev.transvase.embedded.ServerSetup;
import dev.transvase.embedded.StopMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.Base58;

/** The image {@code postgres:<major>} in whatever engine Testcontainers finds. */
final class ContainerServer implements ServerControl {
    private static final int PORT = PostgreSQLContainer.POSTGRESQL_PORT;

    /** Where the container finds what goes into its cluster. */
    private static final String GIVEN = "/tmp/cluster/";

    /** How long a restarted server may take, and how often it is asked. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration POLL = Duration.ofMillis(50);

    private final PostgreSQLContainer container;
    private int port;

    private ContainerServer(PostgreSQLContainer container) {
        this.container = container;
        this.port = container.getMappedPort(PORT);
    }

    static ContainerServer start(int major, ServerSetup setup) {
        PostgreSQLContainer container = new PostgreSQLContainer("postgres:" + major)
                .withUsername("postgres")
                .withPassword(Base58.randomString(20))
                .withDatabaseName("postgres")
                .withEnv("POSTGRES_INITDB_ARGS", "--encoding=UTF8 --auth-host=scram-sha-256")
                .withEnv("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256");
        List<String> command = new ArrayList<>(List.of("postgres"));
        if (setup.files().isEmpty() && setup.access().isEmpty()) {
            setup.settings().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        } else {
            addToCluster(container, setup);
        }
        container.withCommand(command.toArray(String[]::new));
        container.start();
        return new ContainerServer(container);
    }

    /**
     * The image runs what lies in one of its folders as the server's account once the cluster is made. Settings that name a
     * file cannot be on the command line: the image starts the server with it once before.
     */
    private static void addToCluster(PostgreSQLContainer container, ServerSetup setup) {
        StringBuilder script = new StringBuilder("(\nset -e\numask 077\ncd \"$PGDATA\"\n");
        setup.files().forEach((name, text) -> {
            container.withCopyToContainer(Transferable.of(text), GIVEN + "files/" + name);
            script.append("cat " + GIVEN + "files/" + name + " > " + name + '\n');
        });
        StringBuilder settings = new StringBuilder("\n");
        setup.settings().forEach((name, value) -> {
            String escaped = value.replace("\\", "\\\\").replace("'", "''");
            settings.append(name).append(" = '").append(escaped).append("'\n");
        });
        container.withCopyToContainer(Transferable.of(settings.toString()), GIVEN + "settings");
        script.append("cat " + GIVEN + "settings >> postgresql.conf\n");
        if (!setup.access().isEmpty()) {
            String access = String.join("\n", setup.access()) + '\n';
            container.withCopyToContainer(Transferable.of(access), GIVEN + "access");
            script.append("cat " + GIVEN + "access > pg_hba.conf\n");
        }
        container.withCopyToContainer(Transferable.of(script + ")\n"), "/docker-entrypoint-initdb.d/add-to-cluster.sh");
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
