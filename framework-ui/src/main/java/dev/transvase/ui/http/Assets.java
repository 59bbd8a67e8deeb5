package dev.transvase.ui.http;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/**
 * The files that pages load. An address holds a hash of the content, so a browser asks once and never again for the same. Only what
 * is named here is served. Thread-safe.
 */
public final class Assets {

    private static final String ROOT = "/assets/";
    private static final String OWN = "/dev/transvase/ui/static/";
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final int HASH_DIGITS = 16;

    /** Files of others: the jar that has each, and the place in it. */
    private static final Map<String, Place> OTHERS = Map.ofEntries(
            Map.entry("htmx.js", new Place("htmx.org", "dist/htmx.min.js")),
            Map.entry("htmx-sse.js", new Place("htmx-ext-sse", "sse.js")),
            Map.entry("pico.css", new Place("picocss__pico", "css/pico.min.css")),
            Map.entry("uplot.js", new Place("uplot", "dist/uPlot.iife.min.js")),
            Map.entry("uplot.css", new Place("uplot", "dist/uPlot.min.css")),
            Map.entry("codemirror.js", new Place("codemirror", "lib/codemirror.js")),
            Map.entry("codemirror.css", new Place("codemirror", "lib/codemirror.css")),
            Map.entry("codemirror-javascript.js", new Place("codemirror", "mode/javascript/javascript.js")),
            Map.entry("codemirror-lint.js", new Place("codemirror", "addon/lint/lint.js")),
            Map.entry("codemirror-lint.css", new Place("codemirror", "addon/lint/lint.css")),
            Map.entry("codemirror-hint.js", new Place("codemirror", "addon/hint/show-hint.js")),
            Map.entry("codemirror-hint.css", new Place("codemirror", "addon/hint/show-hint.css")),
            Map.entry("codemirror-brackets.js", new Place("codemirror", "addon/edit/matchbrackets.js")));

    private static final Map<String, String> TYPES = Map.of(
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "woff2", "font/woff2");

    private final Map<String, Optional<Asset>> loaded = new ConcurrentHashMap<>();

    private record Place(String jar, String file) {

        /** The jar of a WebJar tells its version. */
        String resource() {
            Properties properties = new Properties();
            try (InputStream pom =
                    Assets.class.getResourceAsStream("/META-INF/maven/org.webjars.npm/" + jar + "/pom.properties")) {
                properties.load(pom);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return "/META-INF/resources/webjars/" + jar + '/' + properties.getProperty("version") + '/' + file;
        }
    }

    private static final class Asset {

        private final byte[] content;
        private final byte[] packed;
        private final String hash;
        private final String type;

        Asset(byte[] content, String type) throws IOException {
            this.content = content;
            this.packed = packed(content);
            this.hash = hash(content);
            this.type = type;
        }
    }

    /** The address of a file, for pages. */
    public String address(String name) {
        Asset asset = find(name).orElseThrow(() -> new IllegalArgumentException("there is no file " + name));
        return ROOT + asset.hash + '/' + name;
    }

    /** Answers a request for {@code /assets/HASH/NAME}. */
    public void answer(Context context) {
        String hash = context.pathParam("hash");
        String name = context.pathParam("name");
        Asset asset = find(name)
                .filter(found -> found.hash.equals(hash))
                .orElseThrow(() -> Refusal.missing("there is no such file"));
        boolean packs = Optional.ofNullable(context.header("Accept-Encoding"))
                .orElse("")
                .contains("gzip");
        context.disableCompression();
        context.header("Cache-Control", FOR_EVER)
                .header("Vary", "Accept-Encoding")
                .contentType(asset.type);
        if (packs) {
            context.header("Content-Encoding", "gzip");
        }
        context.result(packs ? asset.packed : asset.content);
    }

    private Optional<Asset> find(String name) {
        return name.matches("[a-z][a-z0-9.-]{0,60}") ? loaded.computeIfAbsent(name, Assets::load) : Optional.empty();
    }

    private static Optional<Asset> load(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            return Optional.empty();
        }
        Place place = OTHERS.get(name);
        try (InputStream in = Assets.class.getResourceAsStream(place == null ? OWN + name : place.resource())) {
            if (in == null) {
                return Optional.empty();
            }
            return Optional.of(new Asset(in.readAllBytes(), type));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] packed(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        }
        return packed.toByteArray();
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
