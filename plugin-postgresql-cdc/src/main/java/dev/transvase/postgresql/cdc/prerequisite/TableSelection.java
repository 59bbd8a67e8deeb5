package dev.transvase.postgresql.cdc.prerequisite;

import static dev.transvase.postgresql.cdc.error.CdcErrors.NEW_TABLES;
import static dev.transvase.postgresql.cdc.error.CdcErrors.TABLE_CHANGED;
import static dev.transvase.postgresql.error.PostgresErrors.COLUMN_NOT_FOUND;
import static dev.transvase.postgresql.error.PostgresErrors.NO_TABLE_MATCHES;
import static dev.transvase.postgresql.error.PostgresErrors.TABLE_NOT_FOUND;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.catalog.TablePattern;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.source.KnownTables;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.LeftOut;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the tables and columns that a job is to follow. A pattern means ordinary and partitioned tables that the user owns and
 * whose changes are in the log; a table that is named is taken as it is, and whether it can be followed is checked later.
 */
public final class TableSelection {

    private static final String NOT_THERE = "it did not exist when the stream started";

    private final PostgresSession session;
    private final PostgresCdcParameters parameters;
    private final Checks checks;
    private boolean wrong;
    private final Map<TableName, String> leftOut = new LinkedHashMap<>();
    private final Set<TableName> named = new HashSet<>();

    /** By OID, the tables that join the stream, and whether an earlier run has begun to copy them. */
    private final Map<Integer, Boolean> joining = new HashMap<>();

    public TableSelection(PostgresSession session, PostgresCdcParameters parameters, Checks checks) {
        this.session = session;
        this.parameters = parameters;
        this.checks = checks;
    }

    /**
     * A table to follow.
     *
     * @param path where the job file means it
     * @param named whether it is there by its name, not by a pattern
     * @param columns those that are carried
     */
    public record Selected(TableDescription table, String path, boolean named, List<PgColumn> columns) {}

    /**
     * As {@link #select}, for a stream that has begun. What the job means only since then joins the stream where {@code newTables}
     * says so; else what a pattern means is left out, with a warning, because its rows from before would be missing.
     */
    public List<Selected> selectOf(KnownTables known) throws SQLException {
        List<Selected> all = select();
        boolean follow = parameters.newTables() == PostgresCdcParameters.NewTables.FOLLOW && known.mayGrow();
        List<Selected> fresh = all.stream()
                .filter(s -> !known.has(s.table()))
                .filter(s -> follow || (!s.named() && !isInPlaceOfAnother(s, known)))
                .toList();
        if (follow) {
            fresh.forEach(s -> joining.put(s.table().oid(), known.begun(s.table())));
            return all;
        }
        List<TableName> missing = fresh.stream().map(s -> s.table().table()).toList();
        missing.forEach(table -> leftOut.put(table, NOT_THERE));
        if (!missing.isEmpty()) {
            String message = "not followed, because they did not exist when the stream started: "
                    + String.join(
                            ", ", missing.stream().map(TableName::toString).toList())
                    + copiedInPart(fresh, known);
            if (parameters.newTables() == PostgresCdcParameters.NewTables.FAIL) {
                error(
                        "newTables",
                        NEW_TABLES,
                        message,
                        "to follow them, set newTables to follow; otherwise exclude them with excludeTable or newTables");
            } else {
                checks.warning("table", message + "; " + toFollow(known));
            }
        }
        return all.stream().filter(s -> !missing.contains(s.table().table())).toList();
    }

    /** What a run has left that was to take a table in and ended before. */
    private static String copiedInPart(List<Selected> fresh, KnownTables known) {
        List<String> begun = fresh.stream()
                .filter(s -> known.begun(s.table()))
                .map(s -> s.table().table().toString())
                .toList();
        return begun.isEmpty()
                ? ""
                : "; an earlier run began to copy " + String.join(", ", begun)
                        + ", so the target may have some of the rows: empty it there, or set newTables to follow,"
                        + " which copies all of them again";
    }

    private String toFollow(KnownTables known) {
        if (parameters.newTables() == PostgresCdcParameters.NewTables.FOLLOW) {
            return "newTables follows them once the target has stored which tables the stream contains: when the"
                    + " first snapshot is complete and the writer stores positions";
        }
        return known.mayGrow()
                ? "to follow them, set newTables to follow"
                : "to follow them, remove the stream with `transvase cdc drop` and start over";
    }

    /** Of a table that was dropped and recreated, and published: whoever compares the two reports that. */
    private static boolean isInPlaceOfAnother(Selected one, KnownTables known) {
        return known.hasNamesake(one.table().table())
                && known.published(one.table().table());
    }

    /** Whether a table that {@link #selectOf} has selected is to join the stream. */
    public boolean joins(Selected one) {
        return joining.containsKey(one.table().oid());
    }

    /** Whether an earlier run has begun to copy one that joins. */
    public boolean joinedBefore(Selected one) {
        return joining.getOrDefault(one.table().oid(), false);
    }

    /** The tables, each once; what is not as it should be has been reported. */
    public List<Selected> select() throws SQLException {
        Map<TableName, String> names = new LinkedHashMap<>();
        MeantTables meant = MeantTables.look(session, parameters);
        for (int i = 0; i < parameters.table().size(); i++) {
            String path = parameters.table().size() == 1 ? "table" : "table[" + i + ']';
            String text = parameters.table().get(i);
            try {
                TablePattern pattern = TablePattern.parse(text);
                if (pattern.isName()) {
                    names.putIfAbsent(pattern.name(), path);
                    named.add(pattern.name());
                } else {
                    List<TableName> matched = meant.by(pattern);
                    if (matched.isEmpty()) {
                        error(
                                path,
                                NO_TABLE_MATCHES,
                                "no table that the user owns and that is in the log matches " + text,
                                "name tables, or make the user their owner");
                    }
                    matched.forEach(name -> names.putIfAbsent(name, path));
                    leftOut.putAll(meant.leftOut(pattern));
                }
            } catch (TransvaseException e) {
                error(path, e.errorCode(), e.getMessage(), "correct the name");
            }
        }
        leftOut.keySet().removeAll(names.keySet());
        return describe(names);
    }

    /** What patterns match and do not mean; complete once {@link #select} is done. */
    public List<LeftOut> leftOut() {
        return leftOut.entrySet().stream()
                .map(e -> new LeftOut(e.getKey().toString(), e.getValue()))
                .toList();
    }

    /** The tables of {@link #leftOut}. */
    public Set<TableName> notFollowed() {
        return Set.copyOf(leftOut.keySet());
    }

    private List<Selected> describe(Map<TableName, String> names) {
        List<Selected> selected = new ArrayList<>();
        Set<TableName> seen = new HashSet<>();
        names.forEach((name, path) -> {
            try {
                TableDescription table = TableDescription.describe(session, name);
                if (seen.add(table.table())) {
                    selected.add(new Selected(table, path, named.contains(name), columns(table)));
                }
            } catch (TransvaseException e) {
                if (!e.is(TABLE_NOT_FOUND)) {
                    throw e;
                }
                if (named.contains(name)) {
                    error(path, e.errorCode(), e.getMessage(), "correct the name; capitals need double quotes");
                } else {
                    error(
                            path,
                            TABLE_CHANGED,
                            name + " was dropped or renamed at the source while the job was being checked",
                            "run the job again");
                }
            }
        });
        return selected;
    }

    /** Columns that the server computes are not in the stream; the target computes its own. */
    private List<PgColumn> columns(TableDescription table) {
        List<PgColumn> published =
                table.columns().stream().filter(c -> !c.generated()).toList();
        if (parameters.allColumns()) {
            return published;
        }
        List<PgColumn> chosen = new ArrayList<>();
        for (int i = 0; i < parameters.column().size(); i++) {
            String text = parameters.column().get(i);
            Optional<PgColumn> column =
                    SqlNames.resolve(text, name -> table.column(name).filter(published::contains));
            if (column.isPresent()) {
                chosen.add(column.get());
            } else {
                error(
                        "column[" + i + ']',
                        COLUMN_NOT_FOUND,
                        table.table() + " has no column " + text + " that is in the stream; it has "
                                + String.join(
                                        ", ",
                                        published.stream().map(PgColumn::name).toList()),
                        "name one of these; expressions cannot be followed");
            }
        }
        return chosen;
    }

    private void error(String path, ErrorCode code, String message, String remedy) {
        wrong = true;
        checks.error(path, code, message, remedy);
    }

    /** Whether a table was not found, or is not known well enough for others to be checked with it. */
    public boolean failed() {
        return wrong;
    }

    /** A problem with the connection ends the check. */
    public static TransvaseException failed(SQLException e) {
        return SqlErrors.translate(e, "checking the tables to follow");
    }
}
