package dev.transvase.ui.http;

import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One thing that the API does: how it is asked for, what it answers, and what does it. Requests are answered from this, and the API is
 * described from this, so that the two are the same.
 */
public final class Endpoint {

    private final String method;
    private final String path;
    private final String summary;
    private final List<Query> queries = new ArrayList<>();
    private Body body = new Body("", Optional.empty());
    private Type answer = Void.class;
    private String answerType = "application/json";
    private int status = 200;
    private Answering answering = (request, self) -> {};

    /** A value of the query. */
    record Query(String name, String meaning) {}

    /**
     * What the request brings.
     *
     * @param contentType empty when it brings nothing
     * @param type the record that describes it, if it is JSON of a known shape
     */
    record Body(String contentType, Optional<Class<? extends Record>> type) {}

    /** Answers a request. */
    @FunctionalInterface
    interface Answering {

        void answer(Request request, Endpoint self) throws Exception;
    }

    /** What does what is asked for. */
    @FunctionalInterface
    public interface Work<T> {

        T answer(Request request) throws Exception;
    }

    private Endpoint(String method, String path, String summary) {
        this.method = method;
        this.path = path;
        this.summary = summary;
    }

    /** Asks for something. */
    public static Endpoint get(String path, String summary) {
        return new Endpoint("GET", path, summary);
    }

    /** Does something. */
    public static Endpoint post(String path, String summary) {
        return new Endpoint("POST", path, summary);
    }

    /** Puts something in its place. */
    public static Endpoint put(String path, String summary) {
        return new Endpoint("PUT", path, summary);
    }

    /** Takes something away. */
    public static Endpoint delete(String path, String summary) {
        return new Endpoint("DELETE", path, summary);
    }

    /** A value that the query may have. */
    public Endpoint query(String name, String meaning) {
        queries.add(new Query(name, meaning));
        return this;
    }

    /** The request brings JSON that makes this record. */
    public Endpoint takes(Class<? extends Record> type) {
        body = new Body("application/json", Optional.of(type));
        return this;
    }

    /** The request brings a text, or JSON of any shape. */
    public Endpoint takesAny(String contentType) {
        body = new Body(contentType, Optional.empty());
        return this;
    }

    /** Answers with what the work gives, as JSON. */
    public <T> Endpoint answers(Class<T> type, Work<T> work) {
        answer = type;
        answering = (request, self) -> Answers.json(request.context(), self.status, work.answer(request));
        return this;
    }

    /** As {@link #answers}, for something that was not there before. */
    public <T> Endpoint creates(Class<T> type, Work<T> work) {
        status = 201;
        return answers(type, work);
    }

    /** Answers with nothing. */
    public Endpoint does(Work<?> work) {
        status = 204;
        answering = (request, self) -> {
            work.answer(request);
            request.context().status(self.status);
        };
        return this;
    }

    /** Answers with a text, byte for byte. */
    public Endpoint answersText(String contentType, Work<byte[]> work) {
        answerType = contentType;
        answering = (request, self) -> request.context()
                .contentType(contentType)
                .header("Cache-Control", "no-store")
                .result(work.answer(request));
        return this;
    }

    /** Answers with a file, for the browser to keep; with nothing when there is none. */
    public Endpoint answersFile(String contentType, String name, Work<Path> work) {
        answerType = contentType;
        answering = (request, self) -> Answers.file(request.context(), contentType, name, work.answer(request));
        return this;
    }

    /** Answers with events for as long as the client listens. */
    public Endpoint streams(Function<Request, EventSource> source) {
        answerType = "text/event-stream";
        answering = (request, self) -> EventStream.open(request.context(), source.apply(request));
        return this;
    }

    void answer(Request request) throws Exception {
        answering.answer(request, this);
    }

    /** The HTTP method. */
    public String method() {
        return method;
    }

    /** The path below {@code /api/v1}, with names in braces. */
    public String path() {
        return path;
    }

    String summary() {
        return summary;
    }

    List<Query> queries() {
        return List.copyOf(queries);
    }

    Body body() {
        return body;
    }

    Type answer() {
        return answer;
    }

    String answerType() {
        return answerType;
    }

    int status() {
        return status;
    }
}
