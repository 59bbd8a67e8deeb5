package dev.transvase.core.run;

import dev.transvase.spi.Position;
import dev.transvase.spi.StoredPositions;
import dev.transvase.spi.Writer;
import dev.transvase.spi.table.TableName;
import java.util.Map;
import java.util.Optional;

/** What the job's writer has stored. The reader is constructed before the writer is: there is none to ask until then. */
final class WriterPositions implements StoredPositions {

    private Writer writer;
    private Map<TableName, String> targets = Map.of();

    void of(Writer constructed) {
        this.writer = constructed;
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
        return constructed().positions().isPresent();
    }

    @Override
    public Position of(String split) {
        return constructed().positions().map(positions -> positions.of(split)).orElse(Position.START);
    }

    @Override
    public Optional<String> place() {
        return constructed().place();
    }

    private Writer constructed() {
        if (writer == null) {
            throw new IllegalStateException(
                    "stored positions are available only after the steps have been constructed");
        }
        return writer;
    }
}
