package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.postgresql.writer.parameter.SkippedByTarget;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.JobContext;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.parameter.Secret;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Schema;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingJob;
import dev.transvase.testing.contract.CollectedChecks;
import dev.transvase.testing.contract.CollectedJournal;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Writers as tests want them: all parameters have the defaults of a job file but for what is named. */
public record TestingWriter(PostgresDataSource source, PostgresWriterParameters parameters, Set<String> notices) {

    public TestingWriter(PostgresDataSource source, PostgresWriterParameters parameters) {
        this(source, parameters, ConcurrentHashMap.newKeySet());
    }

    public static final Split SPLIT = Split.of("split", 0, new byte[0], "");

    public static TestingWriter to(TestingDatabase database, String table) {
        return new TestingWriter(dataSource(database, database.host(), database.port()), parameters(table));
    }

    /** One that waits a second for a lock while the job is prepared. */
    public TestingWriter impatient() {
        return at(new PostgresDataSource(
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

    public static PostgresDataSource dataSource(TestingDatabase database, String host, int port) {
        return dataSource(database, host, port, database.user(), database.password());
    }

    public static PostgresDataSource dataSource(
            TestingDatabase database, String host, int port, String user, String password) {
        return new PostgresDataSource(
                Optional.of(host),
                port,
                Optional.of(database.name()),
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

    public static PostgresWriterParameters parameters(String table) {
        return new PostgresWriterParameters(
                "test",
                table.isEmpty() ? List.of() : List.of(table),
                Map.of(),
                List.of("*"),
                WriteMode.INSERT,
                List.of(),
                List.of(),
                List.of(),
                1024,
                Map.of(),
                List.of(),
                60,
                List.of(),
                "transvase_position",
                SkippedByTarget.FAIL,
                false,
                false,
                false);
    }

    public TestingWriter at(PostgresDataSource other) {
        return new TestingWriter(other, parameters);
    }

    public TestingWriter mode(WriteMode mode) {
        return with("writeMode", mode);
    }

    /** In mode UPSERT by this key; by the primary key when no column is named. */
    public TestingWriter upsert(String... conflictKey) {
        return mode(WriteMode.UPSERT).with("conflictKey", List.of(conflictKey));
    }

    /** With sequences set at the end, and refused when a table has rows. */
    public TestingWriter movingADatabase() {
        return with("sequences", true).with("targetMustBeEmpty", true);
    }

    public TestingWriter emptyAsNull() {
        return with("emptyAsNull", true);
    }

    public TestingWriter tables(String... tables) {
        return with("table", List.of(tables));
    }

    public TestingWriter columns(String... columns) {
        return with("column", List.of(columns));
    }

    public TestingWriter preSql(String... sql) {
        return with("preSql", List.of(sql));
    }

    public TestingWriter postSql(String... sql) {
        return with("postSql", List.of(sql));
    }

    public TestingWriter batchSize(int size) {
        return with("batchSize", size);
    }

    public TestingWriter pgType(Map<String, String> types) {
        return with("pgType", types);
    }

    public TestingWriter session(String... sql) {
        return with("session", List.of(sql));
    }

    public TestingWriter key(String... columns) {
        return with("key", List.of(columns));
    }

    public TestingWriter positionTable(String table) {
        return with("positionTable", table);
    }

    public TestingWriter retrySeconds(int seconds) {
        return with("retrySeconds", seconds);
    }

    /** With records that the target leaves out without an error. */
    public TestingWriter allowingSkipped() {
        return with("skippedByTarget", SkippedByTarget.ALLOW);
    }

    /** With another value of the parameter of this name. */
    private TestingWriter with(String parameter, Object value) {
        RecordComponent[] components = PostgresWriterParameters.class.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        boolean known = false;
        try {
            for (int i = 0; i < components.length; i++) {
                boolean changed = components[i].getName().equals(parameter);
                known |= changed;
                types[i] = components[i].getType();
                values[i] = changed ? value : components[i].getAccessor().invoke(parameters);
            }
            assertThat(known).as("the writer has a parameter " + parameter).isTrue();
            return new TestingWriter(
                    source, PostgresWriterParameters.class.getConstructor(types).newInstance(values));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("setting the parameter " + parameter, e);
        }
    }

    /** In place of a table. */
    public TestingWriter mapping(Map<String, String> mapping) {
        return tables().with("tableMapping", mapping);
    }

    public PostgresWriter open() {
        JobContext job = TestingJob.in(Path.of(".")).withNotices(notices::add);
        return new PostgresWriter(parameters, source, job);
    }

    /** What a check of this writer says. */
    public CollectedChecks check(Schema... offered) {
        CollectedChecks checks = new CollectedChecks();
        try (PostgresWriter writer = open()) {
            writer.plan(List.of(offered), checks);
        }
        return checks;
    }

    /** The only target's plan, which must be without error. */
    public WriteTarget plan(Schema offered) {
        try (PostgresWriter writer = open()) {
            return planned(writer, offered);
        }
    }

    public static WriteTarget planned(PostgresWriter writer, Schema offered) {
        CollectedChecks checks = new CollectedChecks();
        List<WriteTarget> targets = writer.plan(List.of(offered), checks);
        assertThat(checks.errors()).isEmpty();
        return targets.get(0);
    }

    /** Runs the writer over these batches, from plan to completion. */
    public void write(CollectedJournal journal, Schema offered, List<RecordBatch> batches) {
        try (PostgresWriter writer = open()) {
            planned(writer, offered);
            writer.begin();
            try (ChannelWriter channel = writer.open(journal)) {
                for (RecordBatch batch : batches) {
                    channel.write(batch, SPLIT, BatchEnd.commitPoint());
                }
                channel.flush();
            }
            writer.complete();
        }
    }
}
