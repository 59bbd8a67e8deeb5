package dev.transvase.postgresql.cdc.prerequisite;

import static dev.transvase.postgresql.cdc.error.CdcErrors.PUBLICATION_FILTERS;
import static dev.transvase.postgresql.cdc.error.CdcErrors.PUBLICATION_LACKS_CHANGES;
import static dev.transvase.postgresql.cdc.error.CdcErrors.PUBLICATION_LACKS_COLUMNS;
import static dev.transvase.postgresql.cdc.error.CdcErrors.PUBLICATION_LACKS_ROOT;
import static dev.transvase.postgresql.cdc.error.CdcErrors.PUBLICATION_LACKS_TABLE;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.source.Publication;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.Fix;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Whether a publication has all changes of all tables that are followed. Tells all that it lacks, and what mends it. */
public final class PublicationCheck {

    private final PostgresSession session;
    private final Checks checks;

    /** @param checks takes what is amiss */
    public PublicationCheck(PostgresSession session, Checks checks) {
        this.session = session;
        this.checks = checks;
    }

    /**
     * Checks a publication that is there.
     *
     * @param begun whether the stream has begun, so that what it lacks is missing for good
     */
    public void require(Publication publication, List<TableName> wanted, boolean begun) throws SQLException {
        var missing = publication.missing(wanted);
        if (!missing.isEmpty()) {
            Finding lacking = Finding.of(
                    PUBLICATION_LACKS_TABLE,
                    "the publication " + publication.name() + " has been there and lacks "
                            + String.join(
                                    ", ",
                                    missing.stream().map(TableName::toString).toList()),
                    begun
                            ? "where a table has come to the job since the stream began, set newTables to follow, which copies"
                                    + " it first, or leave it out; where one was taken out of the publication, what was changed"
                                    + " since is not in the stream, so remove that with `transvase cdc drop` and begin anew"
                            : "run " + Publication.addStatement(publication.name(), missing));
            checks.error(
                    "datasource",
                    begun
                            ? lacking
                            : lacking.mendedBy(
                                    Fix.mend(place(), Publication.addStatement(publication.name(), missing))));
        }
        whole(publication, begun);
        Set<TableName> identified =
                publication.generated() ? Set.of() : Publication.identifiedByGenerated(session, wanted);
        if (!identified.isEmpty()) {
            mended(
                    PUBLICATION_LACKS_COLUMNS,
                    "the publication " + publication.name() + " leaves out generated columns, while "
                            + identified.iterator().next()
                            + " is identified by all its columns: the server refuses every update and delete of it",
                    "run ",
                    Publication.addGenerated(publication.name()),
                    "");
        }
        if (!publication.kinds().isEmpty()) {
            mended(
                    PUBLICATION_LACKS_CHANGES,
                    "the publication " + publication.name() + " does not publish "
                            + String.join(", ", publication.kinds()),
                    "run ",
                    "ALTER PUBLICATION " + SqlNames.quote(publication.name())
                            + " SET (publish = 'insert, update, delete"
                            + (session.majorVersion() >= 11 ? ", truncate" : "") + "')",
                    begun
                            ? "; what it has not published is missing, so remove the stream with `transvase cdc drop`"
                                    + " and begin anew"
                            : "");
        }
    }

    /** Rows that a filter keeps back, and those of partitions under their own names, would be missed without a word. */
    private void whole(Publication publication, boolean begun) throws SQLException {
        String then = begun
                ? "; what was kept back before is not in the stream, so remove it with `transvase cdc drop` and begin anew"
                : "";
        String alter = "ALTER PUBLICATION " + SqlNames.quote(publication.name());
        for (TableName table : publication.filtered()) {
            String drop = alter + " DROP TABLE " + SqlNames.quote(table);
            String add = Publication.addStatement(publication.name(), List.of(table));
            checks.error(
                    "datasource",
                    Finding.of(
                                    PUBLICATION_FILTERS,
                                    "the publication " + publication.name() + " has some rows or columns only of "
                                            + table,
                                    "run " + drop + ", then " + add + then)
                            .of(table, "tables have some of their rows or columns only in the publication")
                            .mendedBy(Fix.mend(place(), drop, add)));
        }
        for (TableName table : publication.apart()) {
            mended(
                    PUBLICATION_LACKS_ROOT,
                    "the publication " + publication.name() + " tells of the partitions of " + table
                            + " as tables of their own",
                    "run ",
                    alter + " SET (publish_via_partition_root = true)",
                    then);
        }
    }

    /** A fault that one statement mends, with what is said before and behind it. */
    private void mended(ErrorCode code, String message, String before, String statement, String behind)
            throws SQLException {
        checks.error(
                "datasource",
                Finding.of(code, message, before + statement + behind).mendedBy(Fix.mend(place(), statement)));
    }

    private Fix.Place place() throws SQLException {
        return session.place("source");
    }
}
