package dev.transvase.ui.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.InvalidJobException;
import dev.transvase.core.parameter.JsonFile;
import dev.transvase.core.parameter.ParameterBinder;
import dev.transvase.core.parameter.Problems;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** A request to an {@link Endpoint}. Belongs to the thread that answers it. */
public final class Request {

    private static final String BODY = "body:";

    private final Context context;

    Request(Context context) {
        this.context = context;
    }

    /** The part of the path of this name, decoded. */
    public String path(String name) {
        return context.pathParam(name);
    }

    /** A value of the query; empty when it is not given, or blank. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(context.queryParam(name)).filter(value -> !value.isBlank());
    }

    /** A number of the query, or what it is when it is not given. */
    public int query(String name, int otherwise, int min, int max) {
        Optional<String> given = query(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(given.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw Refusal.bad("INVALID_PARAMETER", name + ": expected a number from " + min + " to " + max);
    }

    /** Whether the query has {@code name=true}. */
    public boolean flag(String name) {
        return query(name).map(Boolean::parseBoolean).orElse(false);
    }

    /** A header; empty when it is not given. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(context.header(name));
    }

    /** The body's text. */
    public String text() {
        Problems problems = new Problems();
        Optional<String> text = JsonFile.decode(context.bodyAsBytes(), BODY, problems);
        refuseIfFailed(problems);
        return text.orElseThrow();
    }

    /** The bytes of the body. */
    public byte[] bytes() {
        return context.bodyAsBytes();
    }

    /** The body as an object; an empty one when there is no body. */
    public ObjectNode object() {
        byte[] bytes = context.bodyAsBytes();
        Problems problems = new Problems();
        String text = bytes.length == 0 ? "{}" : new String(bytes, StandardCharsets.UTF_8);
        Optional<ObjectNode> object = JsonFile.parse(text, BODY, problems);
        refuseIfFailed(problems);
        return object.orElseThrow();
    }

    /** The body as a record whose components carry {@link dev.transvase.spi.parameter.Parameter}. */
    public <R extends Record> R body(Class<R> type) {
        Problems problems = new Problems();
        Optional<R> body = ParameterBinder.bind(type, object(), BODY, Path.of(""), problems);
        refuseIfFailed(problems);
        return body.orElseThrow();
    }

    private static void refuseIfFailed(Problems problems) {
        if (problems.failed()) {
            throw Refusal.bad("INVALID_BODY", new InvalidJobException(problems.errors()).getMessage());
        }
    }

    /** Sets a header of the answer. */
    public void answerHeader(String name, String value) {
        context.header(name, value);
    }

    /** What is below: for answers that are not JSON. */
    Context context() {
        return context;
    }
}
