package dev.transvase.postgresql.cdc.plan;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.prerequisite.TableSelection;
import dev.transvase.postgresql.cdc.prerequisite.TableSelection.Selected;
import dev.transvase.postgresql.look.CollectedFindings;
import dev.transvase.postgresql.look.FirstRows;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.look.Preview;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Shows the first rows of a table that a job would follow. */
public final class FirstRowsOfTable {

    private FirstRowsOfTable() {}

    /**
     * Reads them; empty when the job follows no such table. Blocks on the source for as long as the request allows.
     *
     * @throws dev.transvase.spi.error.TransvaseException when the job's tables cannot be chosen or read
     */
    public static Optional<Preview> of(CdcJob job, Preview.Request request) {
        try (PostgresSession session =
                PostgresSession.openOnce(job.dataSource(), job.applicationName(), job.notices())) {
            CollectedFindings found = new CollectedFindings();
            List<Selected> tables = new TableSelection(session, job.parameters(), found).select();
            found.requireNone();
            return tables.stream()
                    .filter(one -> request.table()
                            .map(name -> name.equals(one.table().table().toString()))
                            .orElse(true))
                    .findFirst()
                    .map(one -> of(session, one, request));
        } catch (SQLException e) {
            throw TableSelection.failed(e);
        }
    }

    private static Preview of(PostgresSession session, Selected one, Preview.Request request) {
        String columns = one.columns().stream()
                .map(column -> SqlNames.quote(column.name()))
                .collect(Collectors.joining(", "));
        return FirstRows.of(
                session,
                one.table().table().toString(),
                "SELECT " + columns + " FROM " + SqlNames.quote(one.table().table()),
                one.columns().stream()
                        .map(column -> new Preview.Column(column.name(), column.declaredType()))
                        .toList(),
                request);
    }
}
