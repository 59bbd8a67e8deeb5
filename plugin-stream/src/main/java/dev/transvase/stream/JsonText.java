package dev.transvase.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Tells whether a text is JSON, as RFC 8259 has it. Keeps nothing of it: the text itself is the value. */
final class JsonText {

    private static final int MAX_DEPTH = 512;

    /** Numbers, texts and names may be as long as the whole. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private JsonText() {}

    /** The text as it is. @throws IllegalArgumentException when it is not JSON */
    static String checked(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                throw wrong(text.length());
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw wrong(parser.currentTokenLocation().getCharOffset());
            }
            return text;
        } catch (StreamConstraintsException e) {
            throw new IllegalArgumentException("the JSON is nested deeper than " + MAX_DEPTH + " levels", e);
        } catch (JsonProcessingException e) {
            // Its message speaks of Jackson's features.
            throw wrong(e.getLocation().getCharOffset());
        } catch (IOException e) {
            throw new UncheckedIOException("reading a text in memory", e);
        }
    }

    private static IllegalArgumentException wrong(long offset) {
        return new IllegalArgumentException("the text is not JSON from about character " + (offset + 1)
                + " on (a JSON text needs its own quotes, as in \"value\": \"\\\"text\\\"\")");
    }
}
