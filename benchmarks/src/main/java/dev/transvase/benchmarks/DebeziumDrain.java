package dev.transvase.benchmarks;

import dev.transvase.embedded.PostgresServer;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/**
 * Debezium's embedded engine from a slot to nowhere, in a JVM of its own whose class path is that of this module's tests: so
 * nothing of it gets anywhere else.
 */
final class DebeziumDrain implements Contender {

    private static final String MAIN = "dev.transvase.benchmarks.DebeziumPeer";

    private final ChangeRun run;
    private final long changes;
    private final String classPath;

    private DebeziumDrain(ChangeRun run, long changes, String classPath) {
        this.run = run;
        this.changes = changes;
        this.classPath = classPath;
    }

    /** Empty when this module's tests were not compiled. */
    static Optional<Contender> find(ChangeRun run, long changes) throws IOException {
        Path classes = BuildFolder.locate().resolve("test-classes");
        Path jars = BuildFolder.locate().resolve("test.classpath");
        if (!Files.isDirectory(classes) || !Files.exists(jars)) {
            return Optional.empty();
        }
        String classPath = classes
                + System.getProperty("path.separator")
                + Files.readString(jars).strip();
        return Optional.of(new DebeziumDrain(run, changes, classPath));
    }

    @Override
    public String name() {
        return "Debezium";
    }

    private static String slot(int round) {
        return "debezium_" + round;
    }

    @Override
    public void prepare(int round) throws SQLException {
        run.source().createSlot(slot(round));
    }

    @Override
    public Outcome run(int round) throws IOException, InterruptedException {
        Path properties = run.folder().resolve(slot(round) + ".properties");
        try (Writer writer = Files.newBufferedWriter(properties)) {
            properties(round).store(writer, null);
        }
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dlogback.configurationFile=peer-logback.xml",
                "-cp",
                classPath,
                MAIN,
                properties.toString(),
                Long.toString(changes));
        try (ToolProcess process = ToolProcess.start("debezium", run.folder(), builder)) {
            double seconds = process.await();
            return new Outcome(seconds, Double.parseDouble(process.printed().strip()));
        }
    }

    /** What it needs, and for all else its defaults. */
    private Properties properties(int round) {
        PostgresServer server = run.source().server();
        Properties properties = new Properties();
        properties.setProperty("name", "measured");
        properties.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        properties.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        properties.setProperty("topic.prefix", "measured");
        properties.setProperty("database.hostname", server.host());
        properties.setProperty("database.port", Integer.toString(server.port()));
        properties.setProperty("database.user", server.user());
        properties.setProperty("database.password", server.password());
        properties.setProperty("database.dbname", LogicalServer.DATABASE);
        properties.setProperty("plugin.name", "pgoutput");
        properties.setProperty("slot.name", slot(round));
        properties.setProperty("publication.name", LogicalServer.PUBLICATION);
        properties.setProperty("publication.autocreate.mode", "disabled");
        properties.setProperty("snapshot.mode", "no_data");
        properties.setProperty("tombstones.on.delete", "false");
        return properties;
    }
}
