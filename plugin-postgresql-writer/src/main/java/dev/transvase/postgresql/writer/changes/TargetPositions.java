package dev.transvase.postgresql.writer.changes;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.Position;
import dev.transvase.spi.Writer;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** How far changes have been applied, as the target's {@link PositionTable} has it. */
public final class TargetPositions implements Writer.Positions {

    private final PositionTable table;
    private final Optional<ChangeTarget> changes;
    private final Supplier<PostgresSession> connectToAsk;
    private final Supplier<PostgresSession> connectToForget;

    /**
     * @param table the parameter {@code positionTable}
     * @param changes those that this run applies; empty before it is known whether the reader sends any
     * @param connectToAsk gives a session that changes nothing, which is closed here
     * @param connectToForget gives a session that may delete a position, which is closed here
     */
    public TargetPositions(
            String table,
            Optional<ChangeTarget> changes,
            Supplier<PostgresSession> connectToAsk,
            Supplier<PostgresSession> connectToForget) {
        this.table = new PositionTable(SqlNames.parseTable(table));
        this.changes = changes;
        this.connectToAsk = connectToAsk;
        this.connectToForget = connectToForget;
    }

    @Override
    public Position of(String split) {
        if (changes.isPresent()) {
            return changes.get().storedPosition(split);
        }
        try (PostgresSession session = connectToAsk.get()) {
            return table.read(session.jdbc(), split);
        } catch (SQLException e) {
            throw SqlErrors.translate(e, lookingUp(split));
        }
    }

    @Override
    public Map<String, String> status(String split) {
        try (PostgresSession session = connectToAsk.get()) {
            Position stored = table.read(session.jdbc(), split);
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put(
                    "position table",
                    table.table() + " in database " + session.jdbc().getCatalog() + " of the target");
            facts.put("position", description(stored));
            return facts;
        } catch (SQLException e) {
            throw SqlErrors.translate(e, lookingUp(split));
        }
    }

    private static String description(Position stored) {
        if (stored.equals(Position.START)) {
            return "none is stored";
        }
        return stored.description().isEmpty() ? "of an incomplete snapshot" : stored.description();
    }

    @Override
    public void forget(String split) {
        try (PostgresSession session = connectToForget.get()) {
            table.forget(session.jdbc(), split);
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "removing the position of " + split);
        }
    }

    private static String lookingUp(String split) {
        return "looking up the position of " + split;
    }
}
