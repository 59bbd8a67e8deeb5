package dev.transvase.postgresql.reader;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.reader.PostgresReaderParameters.Inherited;
import dev.transvase.postgresql.reader.PostgresReaderParameters.RowSecurityChoice;
import dev.transvase.postgresql.reader.PostgresReaderParameters.SplitBy;
import dev.transvase.spi.parameter.Secret;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingJob;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A reader of a test database, with defaults as a job file has them. */
final class ReaderSetup {

    private final PostgresDataSource source;
    private List<String> table = List.of();
    private List<String> excludeTable = List.of();
    private List<String> column = List.of("*");
    private Optional<String> splitPk = Optional.empty();
    private int splitFactor = 5;
    private SplitBy splitBy = SplitBy.KEY;
    private Optional<String> where = Optional.empty();
    private List<String> querySql = List.of();
    private int fetchSize = 512;
    private boolean consistentSnapshot = true;
    private boolean foreignKeyOrder = true;
    private Inherited inherited = Inherited.INCLUDE;
    private RowSecurityChoice rowSecurity = RowSecurityChoice.REFUSE;
    private boolean splitPkStable = false;
    private boolean trialRead = true;
    private boolean toleratesDirty;
    private List<String> session = List.of();

    private ReaderSetup(PostgresDataSource source) {
        this.source = source;
    }

    static ReaderSetup of(TestingDatabase database) {
        return of(database, database.user(), database.password());
    }

    static ReaderSetup of(TestingDatabase database, String user, String password) {
        return new ReaderSetup(source(database.host(), database.port(), database.name(), user, password));
    }

    /** Through another address than the server's own. */
    static ReaderSetup at(String host, int port, TestingDatabase database) {
        return new ReaderSetup(source(host, port, database.name(), database.user(), database.password()));
    }

    /** One that waits a second for a lock while the job is prepared. */
    ReaderSetup impatient() {
        return new ReaderSetup(new PostgresDataSource(
                source.host(),
                source.port(),
                source.database(),
                source.jdbcUrl(),
                source.username(),
                source.password(),
                source.ssl(),
                source.properties(),
                source.connectTimeout(),
                source.silenceTimeout(),
                source.timeZone(),
                source.connectRetrySeconds(),
                source.requireAuth(),
                source.channelBinding(),
                source.scramMaxIterations(),
                source.allowClearTextPassword(),
                1));
    }

    private static PostgresDataSource source(String host, int port, String database, String user, String password) {
        return new PostgresDataSource(
                Optional.of(host),
                port,
                Optional.of(database),
                Optional.empty(),
                user,
                Optional.of(new Secret(password)),
                Optional.empty(),
                Map.of(),
                10,
                60,
                Optional.empty(),
                60,
                Optional.empty(),
                Optional.empty(),
                100_000,
                false,
                30);
    }

    ReaderSetup table(String... names) {
        table = List.of(names);
        return this;
    }

    ReaderSetup excludeTable(String... names) {
        excludeTable = List.of(names);
        return this;
    }

    ReaderSetup column(String... columns) {
        column = List.of(columns);
        return this;
    }

    ReaderSetup splitPk(String name) {
        splitPk = Optional.of(name);
        return this;
    }

    ReaderSetup splitFactor(int factor) {
        splitFactor = factor;
        return this;
    }

    ReaderSetup byCtid() {
        splitBy = SplitBy.CTID;
        return this;
    }

    ReaderSetup where(String condition) {
        where = Optional.of(condition);
        return this;
    }

    ReaderSetup querySql(String... queries) {
        querySql = List.of(queries);
        return this;
    }

    ReaderSetup fetchSize(int records) {
        fetchSize = records;
        return this;
    }

    ReaderSetup inconsistent() {
        consistentSnapshot = false;
        return this;
    }

    ReaderSetup withoutForeignKeyOrder() {
        foreignKeyOrder = false;
        return this;
    }

    ReaderSetup withoutInherited() {
        inherited = Inherited.EXCLUDE;
        return this;
    }

    ReaderSetup applyingRowSecurity() {
        rowSecurity = RowSecurityChoice.APPLY;
        return this;
    }

    ReaderSetup splitPkStable() {
        splitPkStable = true;
        return this;
    }

    ReaderSetup withoutTrialRead() {
        trialRead = false;
        return this;
    }

    ReaderSetup tolerant() {
        toleratesDirty = true;
        return this;
    }

    ReaderSetup session(String... statements) {
        session = List.of(statements);
        return this;
    }

    PostgresReaderParameters parameters() {
        return new PostgresReaderParameters(
                "source",
                table,
                excludeTable,
                column,
                splitPk,
                splitFactor,
                splitBy,
                where,
                querySql,
                fetchSize,
                consistentSnapshot,
                foreignKeyOrder,
                inherited,
                rowSecurity,
                splitPkStable,
                trialRead,
                session);
    }

    PostgresReader reader() {
        return new PostgresReader(
                parameters(), source, TestingJob.in(Path.of("")).withChannels(2).withToleratesDirty(toleratesDirty));
    }
}
