package dev.transvase.postgresql.cdc.prerequisite;

import static dev.transvase.postgresql.cdc.error.CdcErrors.NO_LOGIN;
import static dev.transvase.postgresql.cdc.error.CdcErrors.NO_REPLICATION;
import static dev.transvase.postgresql.cdc.error.CdcErrors.NO_REPLICATION_SLOT;
import static dev.transvase.postgresql.cdc.error.CdcErrors.NO_WAL_SENDER;
import static dev.transvase.postgresql.cdc.error.CdcErrors.STANDBY;
import static dev.transvase.postgresql.cdc.error.CdcErrors.WAL_LEVEL;
import static dev.transvase.spi.error.CommonErrors.PERMISSION_DENIED;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.PostgresDataSourceTest;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.look.CollectedFindings;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.DataSourceTest;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.look.DataSourceReport;
import dev.transvase.spi.look.DataSourceReport.Prerequisite;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells of a data source also what it lacks for changes to be followed. */
public final class CdcDataSourceTest implements DataSourceTest {

    private static final String USE = "real time";

    private final PostgresDataSource source;

    @Inject
    public CdcDataSourceTest(PostgresDataSource source) {
        this.source = source;
    }

    @Override
    public String connect() {
        return new PostgresDataSourceTest(source).connect();
    }

    @Override
    public DataSourceReport examine() {
        try (PostgresSession session = PostgresSession.open(source, "transvase datasource test");
                Statement statement = session.jdbc().createStatement()) {
            Map<String, String> facts = PostgresDataSourceTest.facts(session, statement);
            CollectedFindings found = new CollectedFindings();
            // A slot and a publication that have yet to be made.
            new Prerequisites(session, found).server("", "");
            return new DataSourceReport(facts, prerequisites(found.findings()));
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "examining the data source");
        }
    }

    /** Each with the finding that says why it is not met. Of a standby nothing else is looked at. */
    private static List<Prerequisite> prerequisites(List<Finding> findings) {
        Map<ErrorCode, String> asked = new LinkedHashMap<>();
        asked.put(NO_LOGIN, "the user may log in");
        asked.put(NO_REPLICATION, "the user may replicate");
        asked.put(STANDBY, "the server is no standby");
        if (findings.stream().noneMatch(finding -> finding.code().equals(STANDBY))) {
            asked.put(WAL_LEVEL, "the log has what changes are read from");
            asked.put(NO_WAL_SENDER, "a WAL sender is free");
            asked.put(NO_REPLICATION_SLOT, "a replication slot is free");
            asked.put(PERMISSION_DENIED, "the user may make a publication");
        }
        List<Prerequisite> prerequisites = new ArrayList<>();
        asked.forEach((code, what) -> {
            Optional<Finding> lacking = findings.stream()
                    .filter(finding -> finding.code().equals(code))
                    .findFirst();
            prerequisites.add(new Prerequisite(USE, what, lacking));
        });
        return prerequisites;
    }
}
