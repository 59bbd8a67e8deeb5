package dev.transvase.ui.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.datasource.DataSourceSpec;
import dev.transvase.spi.look.DataSourceCatalog.CatalogColumn;
import dev.transvase.ui.http.Endpoint;
import dev.transvase.ui.http.Refusal;
import dev.transvase.ui.http.Request;
import dev.transvase.ui.plan.StepTypes;
import dev.transvase.ui.source.DataSources;
import dev.transvase.ui.source.DataSources.Source;
import dev.transvase.ui.source.Looks;
import dev.transvase.ui.source.Tables;
import java.util.List;
import java.util.Optional;

/** Data sources and their tables. */
public final class SourcesApi {

    private static final int MOST_TABLES = 1_000;

    private final DataSources sources;
    private final Looks looks;
    private final Tables tables;
    private final StepTypes types;

    public SourcesApi(DataSources sources, Looks looks, Tables tables, StepTypes types) {
        this.sources = sources;
        this.looks = looks;
        this.tables = tables;
        this.types = types;
    }

    /**
     * All data sources.
     *
     * @param file where they are written down
     * @param version of the file
     */
    record SourceList(String file, String origin, String version, List<Source> sources) {}

    /** A data source and the version of the file that it is in. */
    record OneSource(String version, Source source) {}

    /** The data source types. */
    record SourceTypes(List<StepTypes.DescribedSource> types) {}

    /** The columns of a table. */
    record Columns(List<CatalogColumn> columns) {}

    /** The endpoints. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/source-types", "The data source types of the installed plugins, with their parameters")
                        .answers(SourceTypes.class, request -> new SourceTypes(types.sources())),
                Endpoint.get("/sources", "All data sources, without their secrets")
                        .answers(
                                SourceList.class,
                                request -> new SourceList(
                                        sources.file().toString(),
                                        sources.origin(),
                                        sources.version(),
                                        sources.list())),
                Endpoint.post("/sources", "Adds a data source; secrets go to files beside the data sources file")
                        .takes(Bodies.NewSource.class)
                        .creates(OneSource.class, this::add),
                Endpoint.post("/source-test", "Connects to a data source that is not written down yet")
                        .takes(Bodies.SourceDraft.class)
                        .answers(Looks.Tested.class, this::testDraft),
                Endpoint.get("/sources/{source}", "One data source, without its secrets")
                        .answers(OneSource.class, request -> one(sources.get(request.path("source")))),
                Endpoint.put(
                                "/sources/{source}",
                                "Changes a data source; secrets that are not given stay, null removes one. `If-Match` has the"
                                        + " version of the file")
                        .takes(Bodies.SourceChange.class)
                        .answers(OneSource.class, this::change),
                Endpoint.delete("/sources/{source}", "Removes a data source and the files of its secrets")
                        .does(request -> {
                            sources.delete(request.path("source"));
                            return null;
                        }),
                Endpoint.put(
                                "/sources/{source}/files/{parameter}",
                                "Keeps the file that a parameter such as ssl.keystore names, for its owner alone")
                        .takesAny("application/octet-stream")
                        .answers(
                                OneSource.class,
                                request -> one(sources.putFile(
                                        request.path("source"), request.path("parameter"), request.bytes()))),
                Endpoint.post("/sources/{source}/copy", "Makes a data source with everything that another one has")
                        .takes(Bodies.NewName.class)
                        .creates(
                                OneSource.class,
                                request -> one(sources.copy(
                                        request.path("source"),
                                        request.body(Bodies.NewName.class).name()))),
                Endpoint.post(
                                "/sources/{source}/test",
                                "Connects, and says what answers and what it lacks for real time")
                        .answers(Looks.Tested.class, request -> looks.test(spec(request))),
                Endpoint.get("/sources/{source}/tables", "Searches the tables of a data source")
                        .query("search", "words that schema and name hold, in any order")
                        .query("from", "how many to skip")
                        .query("limit", "how many at most; 100 without it")
                        .query("fresh", "true: ask the data source again")
                        .answers(Tables.Matches.class, this::search),
                Endpoint.post("/sources/{source}/tables/meant", "What names and patterns of tables mean now")
                        .takes(Bodies.Patterns.class)
                        .answers(Tables.Matches.class, this::meant),
                Endpoint.get("/sources/{source}/columns", "The columns of a table")
                        .query("table", "the table's name as a job file has it")
                        .answers(Columns.class, this::columns));
    }

    private OneSource one(Source source) {
        return new OneSource(sources.version(), source);
    }

    private DataSourceSpec spec(Request request) {
        return sources.spec(request.path("source"));
    }

    private OneSource add(Request request) {
        ObjectNode body = request.object();
        return one(sources.add(text(body, "name"), text(body, "type"), parameters(body)));
    }

    private OneSource change(Request request) {
        ObjectNode body = request.object();
        String version = request.header("If-Match")
                .map(Versions::plain)
                .orElseThrow(() ->
                        Refusal.bad("VERSION_MISSING", "send the version of the file that you changed as If-Match"));
        return one(sources.change(request.path("source"), text(body, "type"), parameters(body), version));
    }

    private Looks.Tested testDraft(Request request) {
        ObjectNode body = request.object();
        String like = body.path("like").asText("");
        return looks.test(sources.draft(text(body, "type"), parameters(body), like));
    }

    private static String text(ObjectNode body, String name) {
        return Optional.ofNullable(body.path(name).textValue())
                .orElseThrow(() -> Refusal.bad("INVALID_BODY", name + ": expected a text"));
    }

    private static ObjectNode parameters(ObjectNode body) {
        JsonNode parameters = body.path("parameters");
        if (parameters instanceof ObjectNode object) {
            return object;
        }
        throw Refusal.bad("INVALID_BODY", "parameters: expected an object");
    }

    private Tables.Matches search(Request request) {
        return tables.search(
                spec(request),
                request.query("search").orElse(""),
                request.query("from", 0, 0, Integer.MAX_VALUE),
                request.query("limit", 100, 1, MOST_TABLES),
                request.flag("fresh"));
    }

    private Tables.Matches meant(Request request) {
        Bodies.Patterns body = request.body(Bodies.Patterns.class);
        return tables.meant(spec(request), body.table(), body.excludeTable(), body.limit());
    }

    private Columns columns(Request request) {
        String table = request.query("table").orElseThrow(() -> Refusal.bad("INVALID_PARAMETER", "table: name one"));
        return new Columns(tables.columns(spec(request), table));
    }
}
