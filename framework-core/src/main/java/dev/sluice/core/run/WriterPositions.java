package dev.sluice.core.run;

import dev.sluice.spi.Position;
import dev.sluice.spi.StoredPositions;
import dev.sluice.spi.TableName;
import dev.sluice.spi.Writer;
import java.util.Map;
import java.util.Optional;

/** What the job's writer has stored. The reader is constructed before the writer is: there is none to ask until then. */
final class WriterPositions implements StoredPositions {

    private Writer writer;
    private Map<TableName, String> targets = Map.of();

    void of(Writer planned) {
        this.writer = planned;
    }

    /** The writer has been planned, and writes the tables here. */
    void to(Map<TableName, String> planned) {
        this.targets = Map.copyOf(planned);
    }

    @Override
    public Optional<String> target(TableName table) {
        return Optional.ofNullable(targets.get(table));
    }

    @Override
    public boolean kept() {
        return planned().storesPositions();
    }

    @Override
    public Position of(String split) {
        return planned().storedPosition(split);
    }

    @Override
    public Optional<String> place() {
        return planned().place();
    }

    private Writer planned() {
        if (writer == null) {
            throw new IllegalStateException("stored positions can be asked for once the writer has been planned");
        }
        return writer;
    }
}
