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

/** Whether a publication has all changes of all tables that are followed. Tells all that it lacks, and what fixes it. */
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
     * @param begun whether the stream has begun, so that what it lacks is permanently missing
     */
    public void require(Publication publication, List<TableName> wanted, boolean begun) throws SQLException {
        var missing = publication.missing(wanted);
        if (!missing.isEmpty()) {
            Finding lacking = Finding.of(
                    PUBLICATION_LACKS_TABLE,
                    "the publication " + publication.name() + " already exists and lacks "
                            + String.join(
                                    ", ",
                                    missing.stream().map(TableName::toString).toList()),
                    begun
                            ? "if a table was added to the job after the stream started, set newTables to follow,"
                                    + " which copies it first, or exclude it; if a table was removed from the"
                                    + " publication, its changes since then are missing, so remove the stream with"
                                    + " `transvase cdc drop` and start over"
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
            fixed(
                    PUBLICATION_LACKS_COLUMNS,
                    "the publication " + publication.name() + " excludes generated columns, while "
                            + identified.iterator().next()
                            + " uses all its columns as identity: the server rejects every update and delete of it",
                    "run ",
                    Publication.addGenerated(publication.name()),
                    "");
        }
        if (!publication.kinds().isEmpty()) {
            fixed(
                    PUBLICATION_LACKS_CHANGES,
                    "the publication " + publication.name() + " does not publish "
                            + String.join(", ", publication.kinds()),
                    "run ",
                    "ALTER PUBLICATION " + SqlNames.quote(publication.name())
                            + " SET (publish = 'insert, update, delete"
                            + (session.majorVersion() >= 11 ? ", truncate" : "") + "')",
                    begun
                            ? "; unpublished changes are missing, so remove the stream with `transvase cdc drop`"
                                    + " and start over"
                            : "");
        }
    }

    /** Rows that a filter keeps back, and those of partitions under their own names, would be missed without a word. */
    private void whole(Publication publication, boolean begun) throws SQLException {
        String then = begun
                ? "; rows filtered out so far are missing, so remove the stream with `transvase cdc drop` and start over"
                : "";
        String alter = "ALTER PUBLICATION " + SqlNames.quote(publication.name());
        for (TableName table : publication.filtered()) {
            String drop = alter + " DROP TABLE " + SqlNames.quote(table);
            String add = Publication.addStatement(publication.name(), List.of(table));
            checks.error(
                    "datasource",
                    Finding.of(
                                    PUBLICATION_FILTERS,
                                    "the publication " + publication.name() + " publishes only some rows or columns of "
                                            + table,
                                    "run " + drop + ", then " + add + then)
                            .of(table, "tables are only partly published")
                            .mendedBy(Fix.mend(place(), drop, add)));
        }
        for (TableName table : publication.apart()) {
            fixed(
                    PUBLICATION_LACKS_ROOT,
                    "the publication " + publication.name() + " publishes the partitions of " + table
                            + " as separate tables",
                    "run ",
                    alter + " SET (publish_via_partition_root = true)",
                    then);
        }
    }

    /** A fault that one statement fixes, with what is said before and behind it. */
    private void fixed(ErrorCode code, String message, String before, String statement, String behind)
            throws SQLException {
        checks.error(
                "datasource",
                Finding.of(code, message, before + statement + behind).mendedBy(Fix.mend(place(), statement)));
    }

    private Fix.Place place() throws SQLException {
        return session.place("source");
    }
}
