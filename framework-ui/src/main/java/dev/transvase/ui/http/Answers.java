package dev.transvase.ui.http;

import static dev.transvase.core.error.CoreErrors.DEFECT;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.InvalidJobException;
import dev.transvase.spi.error.TransvaseException;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers. */
public final class Answers {

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private Answers() {}

    /** As JSON that nobody keeps. */
    static void json(Context context, int status, Object value) {
        context.status(status)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .result(Json.tree(value).toString());
    }

    /** A file to keep. */
    static void file(Context context, String contentType, String name, Path file) throws IOException {
        context.contentType(contentType)
                .header("Cache-Control", "no-store")
                .header("Content-Disposition", "attachment; filename=\"" + name + '"');
        context.result(Files.exists(file) ? Files.newInputStream(file) : InputStream.nullInputStream());
    }

    /** An error as the API tells it. */
    public static void error(Context context, Refusal refusal) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.putObject("error")
                .put("code", refusal.code())
                .put("message", refusal.getMessage())
                .put("remedy", refusal.remedy());
        json(context, refusal.status(), error);
    }

    /** What a failure is to whoever asked. A defect is logged, and its message is kept from them. */
    public static Refusal refusal(Exception failure, String path) {
        if (failure instanceof Refusal refusal) {
            return refusal;
        } else if (failure instanceof InvalidJobException invalid) {
            return Refusal.bad("INVALID", invalid.getMessage());
        } else if (failure instanceof TransvaseException known) {
            if (Refusal.of(known).status() == 500) {
                LOG.error("{} failed", path, known);
            }
            return Refusal.of(known);
        } else if (failure instanceof HttpResponseException http) {
            return http.getStatus() == 404
                    ? Refusal.missing("there is nothing here")
                    : Refusal.bad("HTTP_" + http.getStatus(), String.valueOf(http.getMessage()));
        }
        LOG.error("{} failed", path, failure);
        return Refusal.of(TransvaseException.of(DEFECT, "this is a defect of Transvase; its log tells more", failure));
    }
}
