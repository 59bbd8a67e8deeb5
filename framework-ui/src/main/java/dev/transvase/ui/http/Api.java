package dev.transvase.ui.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.List;

/** The endpoints of the API, and their description. */
public final class Api {

    /** Where they all are. */
    public static final String ROOT = "/api/v1";

    private final List<Endpoint> endpoints = new ArrayList<>();

    /** Adds endpoints. */
    public Api add(List<Endpoint> more) {
        endpoints.addAll(more);
        return this;
    }

    /** All of them, in the order in which they were added. */
    public List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    /** Has requests answered by them. */
    public void route(RoutesConfig routes) {
        for (Endpoint endpoint : endpoints) {
            routes.addHttpHandler(
                    HandlerType.findOrCreate(endpoint.method()),
                    ROOT + endpoint.path(),
                    context -> endpoint.answer(new Request(context)));
        }
    }
}
