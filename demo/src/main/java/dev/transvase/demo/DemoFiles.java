package dev.transvase.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The job files and the data sources file: what is in them, and where. */
final class DemoFiles {
    private static final String DATASOURCES = "datasources.json";
    private static final String CHANGES = "changes.json";
    private static final String SOURCE_PASSWORD = "source.password";
    private static final String TARGET_PASSWORD = "target.password";

    private final DemoFolder folder;
    private final List<Path> movedAside = new ArrayList<>();

    DemoFiles(DemoFolder folder) {
        this.folder = folder;
    }

    void write(DemoServers servers) throws IOException {
        DemoDatabase source = servers.source();
        DemoDatabase target = servers.target();
        folder.writeSecret(SOURCE_PASSWORD, source.password() + "\n").ifPresent(movedAside::add);
        folder.writeSecret(TARGET_PASSWORD, target.password() + "\n").ifPresent(movedAside::add);
        write(
                DATASOURCES,
                Map.of(
                        "sourceVersion", source.version(),
                        "sourceHost", source.host(),
                        "sourcePort", Integer.toString(source.port()),
                        "targetVersion", target.version(),
                        "targetHost", target.host(),
                        "targetPort", Integer.toString(target.port()),
                        "database", DemoDatabase.NAME,
                        "username", DemoDatabase.ROLE));
        for (DemoTable table : DemoTable.ALL) {
            write(table.job(), Map.of());
        }
        write(CHANGES, Map.of());
    }

    /** Where the user's versions are now of files that were found changed. */
    List<Path> movedAside() {
        return List.copyOf(movedAside);
    }

    Path datasources() {
        return folder.file(DATASOURCES);
    }

    Path job(DemoTable table) {
        return folder.file(table.job());
    }

    /** The job that follows the source. */
    Path changes() {
        return folder.file(CHANGES);
    }

    Path sourcePassword() {
        return folder.file(SOURCE_PASSWORD);
    }

    Path targetPassword() {
        return folder.file(TARGET_PASSWORD);
    }

    private void write(String name, Map<String, String> values) throws IOException {
        folder.write(name, Resources.text(name, values)).ifPresent(movedAside::add);
    }
}
