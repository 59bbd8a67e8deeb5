package dev.transvase.ui.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.ui.http.Api;
import dev.transvase.ui.http.Endpoint;
import dev.transvase.ui.http.OpenApi;
import java.util.List;

/** All endpoints, and their description among them. */
public final class FullApi {

    private FullApi() {}

    /** Puts the parts together. */
    public static Api of(
            SourcesApi sources, JobsApi jobs, RunsApi runs, StreamsApi streams, ErrorsApi errors, String version) {
        Api api = new Api();
        Endpoint description = Endpoint.get("/openapi.json", "This description")
                .answers(ObjectNode.class, request -> OpenApi.of(api.endpoints(), version));
        return api.add(sources.endpoints())
                .add(jobs.endpoints())
                .add(runs.endpoints())
                .add(streams.endpoints())
                .add(errors.endpoints())
                .add(List.of(description));
    }
}
