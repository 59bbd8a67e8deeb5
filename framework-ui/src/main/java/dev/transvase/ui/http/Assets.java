package dev.transvase.ui.http;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * The files that pages load. Their addresses share one hash of all contents, so a browser asks for each file once, and modules find each
 * other by relative addresses. Only what is named here is served. Thread-safe.
 */
public final class Assets {

    private static final String ROOT = "/assets/";
    private static final String OWN = "/dev/transvase/ui/static/";
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final int HASH_DIGITS = 16;

    /** Our own: {@code page-X.js} is the page X, the others are what several pages share. */
    private static final List<String> OWN_FILES = List.of(
            "app.css",
            "icon.svg",
            "bad-rows.js",
            "base.js",
            "chart.js",
            "check.js",
            "columns.js",
            "edits.js",
            "form.js",
            "form-inputs.js",
            "form-lists.js",
            "form-values.js",
            "frame.js",
            "job-form.js",
            "jobs-parts.js",
            "json-place.js",
            "picker.js",
            "preview.js",
            "run-charts.js",
            "run-files.js",
            "run-live.js",
            "run-log.js",
            "run-now.js",
            "run-result.js",
            "script.js",
            "source-files.js",
            "source-test.js",
            "start.js",
            "stream.js",
            "page-home.js",
            "page-job.js",
            "page-jobs.js",
            "page-run.js",
            "page-runs.js",
            "page-source.js",
            "page-sources.js");

    /** Files of others: the jar that has each, and the place in it. */
    private static final Map<String, Place> OTHERS = Map.ofEntries(
            Map.entry("preact.js", Place.webJar("preact", "dist/preact.min.umd.js")),
            Map.entry("preact-hooks.js", Place.webJar("preact", "hooks/dist/hooks.umd.js")),
            Map.entry("htm.js", new Place("org.mvnpm", "htm", "_static", "dist/htm.umd.js")),
            Map.entry("pico.css", Place.webJar("picocss__pico", "css/pico.min.css")),
            Map.entry("uplot.js", Place.webJar("uplot", "dist/uPlot.iife.min.js")),
            Map.entry("uplot.css", Place.webJar("uplot", "dist/uPlot.min.css")),
            Map.entry("codemirror.js", Place.webJar("codemirror", "lib/codemirror.js")),
            Map.entry("codemirror.css", Place.webJar("codemirror", "lib/codemirror.css")),
            Map.entry("codemirror-javascript.js", Place.webJar("codemirror", "mode/javascript/javascript.js")),
            Map.entry("codemirror-lint.js", Place.webJar("codemirror", "addon/lint/lint.js")),
            Map.entry("codemirror-lint.css", Place.webJar("codemirror", "addon/lint/lint.css")),
            Map.entry("codemirror-hint.js", Place.webJar("codemirror", "addon/hint/show-hint.js")),
            Map.entry("codemirror-hint.css", Place.webJar("codemirror", "addon/hint/show-hint.css")),
            Map.entry("codemirror-brackets.js", Place.webJar("codemirror", "addon/edit/matchbrackets.js")));

    private static final Map<String, String> TYPES = Map.of(
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, Asset> files = new TreeMap<>();
    private final String hash;

    private record Place(String group, String jar, String folder, String file) {

        static Place webJar(String jar, String file) {
            return new Place("org.webjars.npm", jar, "webjars", file);
        }

        /** The version in the path is the jar's own. */
        String resource() {
            Properties properties = new Properties();
            String pom = "/META-INF/maven/" + group + '/' + jar + "/pom.properties";
            try (InputStream in = Assets.class.getResourceAsStream(pom)) {
                properties.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return "/META-INF/resources/" + folder + '/' + jar + '/' + properties.getProperty("version") + '/' + file;
        }
    }

    private static final class Asset {

        private final byte[] content;
        private final String type;
        private byte[] packed;

        Asset(String name, byte[] content) {
            this.content = content;
            this.type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        }

        synchronized byte[] packed() {
            if (packed == null) {
                packed = Assets.packed(content);
            }
            return packed;
        }
    }

    /**
     * Reads all of them.
     *
     * @param made files that are made while the server starts, by name
     */
    public Assets(Map<String, String> made) {
        OWN_FILES.forEach(name -> add(name, read(OWN + name)));
        OTHERS.forEach((name, place) -> add(name, read(place.resource())));
        made.forEach((name, text) -> add(name, text.getBytes(StandardCharsets.UTF_8)));
        this.hash = hash();
    }

    private void add(String name, byte[] content) {
        files.put(name, new Asset(name, content));
    }

    /** The address of a file, for pages. */
    public String address(String name) {
        if (!files.containsKey(name)) {
            throw new IllegalArgumentException("there is no file " + name);
        }
        return ROOT + hash + '/' + name;
    }

    /** Answers a request for {@code /assets/HASH/NAME}. */
    public void answer(Context context) {
        Asset asset = Optional.ofNullable(files.get(context.pathParam("name")))
                .filter(found -> context.pathParam("hash").equals(hash))
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
        context.result(packs ? asset.packed() : asset.content);
    }

    private static byte[] read(String resource) {
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the UI's jars lack " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] packed(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            files.forEach((name, asset) -> {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update(asset.content);
            });
            return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
