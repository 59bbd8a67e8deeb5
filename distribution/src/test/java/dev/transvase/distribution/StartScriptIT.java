package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/transvase} does before Java runs. */
class StartScriptIT {

    @TempDir
    private static Path folder;

    private static TestingDistribution transvase;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        transvase = TestingDistribution.unpack(folder.resolve("a folder with spaces"));
    }

    @Test
    void worksFromAnotherFolderThroughLinksAndFromThePath() throws IOException, InterruptedException {
        Path links = Files.createDirectory(folder.resolve("links"));
        Path direct = Files.createSymbolicLink(links.resolve("direct"), transvase.script());
        Path relative = Files.createSymbolicLink(links.resolve("relative"), Path.of("direct"));
        Path job = folder.resolve("job.json");
        Files.copy(transvase.home().resolve("examples/stream-to-stream.json"), job);
        for (Path script : List.of(transvase.script(), direct, relative)) {
            Ended ended = TestingDistribution.run(
                    new ProcessBuilder(script.toString(), "run", "job.json").directory(folder.toFile()));
            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.out()).hasLineCount(10);
        }
        ProcessBuilder found = new ProcessBuilder("/bin/sh", "-c", "relative version");
        found.environment().merge("PATH", links.toString(), (path, link) -> path + ':' + link);
        assertThat(TestingDistribution.run(found).out()).startsWith("transvase ");
    }

    @Test
    void argumentsAreUtf8WhateverTheLocaleSays() throws IOException, InterruptedException {
        Path job = Files.writeString(folder.resolve("städte.json"), """
                {"type": "job", "version": "2.0", "steps": [
                  {"stepType": "stream", "name": "Reader", "category": "reader", "parameter": {
                    "sliceRecordCount": 1, "column": [{"type": "string", "value": "${city}"}]}},
                  {"stepType": "stream", "name": "Writer", "category": "writer", "parameter": {"print": true}}],
                 "setting": {}, "order": {"hops": [{"from": "Reader", "to": "Writer"}]}}
                """);
        for (String locale : List.of("C", "POSIX", "", "de_DE.ISO-8859-1", "C.UTF-8")) {
            Ended ended = inLocale(locale, "K\\303\\266ln \\346\\227\\245", job);
            assertThat(ended.code()).as(locale + ": " + ended.err()).isZero();
            assertThat(ended.out()).isEqualTo("Köln 日\n");
        }
        Ended latin = inLocale("C", "K\\366ln", job);
        assertThat(latin.code()).isEqualTo(2);
        assertThat(latin.err())
                .startsWith("error: argument 4 of the command line is not UTF-8")
                .hasLineCount(1);
    }

    /** @param city in the bytes that printf makes of it */
    private static Ended inLocale(String locale, String city, Path job) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                "/bin/sh",
                "-c",
                "cd \"$1\" && exec \"$0\" run st*.json -D \"city=$(printf '" + city + "')\" --progress none",
                transvase.script().toString(),
                job.getParent().toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().put("LC_ALL", locale);
        return TestingDistribution.run(builder);
    }

    @Test
    void limitsThatJavaCannotStartWithAreToldAndAreNoFaultOfTheData() throws IOException, InterruptedException {
        Ended heap = transvase.run(Map.of("TRANSVASE_JAVA_OPTS", "-Xmx1m"), "run", "examples/stream-to-stream.json");
        assertThat(heap.code()).isEqualTo(2);
        assertThat(heap.out()).isEmpty();
        assertThat(heap.err()).contains("error: Java does not start with the options in TRANSVASE_JAVA_OPTS");

        Ended files = TestingDistribution.run(new ProcessBuilder(
                "/bin/sh",
                "-c",
                "ulimit -n 40 && exec \"$0\" version",
                transvase.script().toString()));
        assertThat(files.code()).isEqualTo(2);
        assertThat(files.err()).startsWith("error: only 40 files may be open").hasLineCount(1);
    }

    @Test
    void aWrongJavaHomeIsTold() throws IOException, InterruptedException {
        Path nowhere = folder.resolve("nowhere");
        Ended ended = transvase.run(Map.of("JAVA_HOME", nowhere.toString()), "version");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .startsWith("error: JAVA_HOME is " + nowhere + ", but")
                .hasLineCount(1);
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void anOldJavaIsToldWithItsVersion() throws IOException, InterruptedException {
        Path eleven = java("eleven", "exit 9");
        Files.writeString(eleven.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"11.0.2\"");
        Ended ended = transvase.run(Map.of("JAVA_HOME", eleven.toString()), "version");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .contains("is version 11.0.2, but 17 or later is needed")
                .hasLineCount(1);

        Path eight = java("eight", "echo 'java version \"1.8.0_292\"' >&2");
        ended = transvase.run(Map.of("JAVA_HOME", eight.toString()), "version");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("is version 1.8.0_292, but 17 or later is needed");
    }

    @Test
    void aJavaThatDoesNotWorkIsTold() throws IOException, InterruptedException {
        Path broken = java("broken", "echo 'no runtime present' >&2; exit 1");
        Ended ended = transvase.run(Map.of("JAVA_HOME", broken.toString()), "version");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("is no working Java");
    }

    @Test
    void aMissingJavaIsTold() throws IOException, InterruptedException {
        Path path = Files.createDirectory(folder.resolve("path"));
        for (String tool : List.of("dirname", "readlink")) {
            Path found = Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin", tool) : Path.of("/bin", tool);
            Files.createSymbolicLink(path.resolve(tool), found);
        }
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", transvase.script().toString(), "version");
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", path.toString());
        Ended ended = TestingDistribution.run(builder);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).startsWith("error: there is no Java.").hasLineCount(1);
    }

    @Test
    void optionsForJavaAreHandedOn() throws IOException, InterruptedException {
        Ended ended = transvase.run(Map.of("TRANSVASE_JAVA_OPTS", "-Xmx100m -XshowSettings:vm"), "version");
        assertThat(ended.code()).isZero();
        assertThat(ended.err()).contains("Max. Heap Size: 100.00M");
    }

    @Test
    void aCollectorOfTheUsersTakesThePlaceOfOurs() throws IOException, InterruptedException {
        assertThat(flags("-XX:+UseDynamicNumberOfGCThreads"))
                .containsPattern("UseSerialGC += true .*command line")
                .containsPattern("UseParallelGC += false");
        assertThat(flags("-Xmx100m\t-XX:+UseParallelGC")).containsPattern("UseParallelGC += true .*command line");
    }

    @Test
    void aCollectorForEveryJvmTakesThePlaceOfOurs() throws IOException, InterruptedException {
        for (String variable : List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS")) {
            Ended ended = transvase.run(Map.of(variable, "-XX:+UseG1GC"), "version");
            assertThat(ended.code()).as(variable + ": " + ended.err()).isZero();
        }
    }

    private static String flags(String options) throws IOException, InterruptedException {
        Ended ended = transvase.run(Map.of("TRANSVASE_JAVA_OPTS", options + " -XX:+PrintFlagsFinal"), "version");
        assertThat(ended.code()).as(ended.err()).isZero();
        return ended.out();
    }

    /** A JAVA_HOME whose java is this script. */
    private static Path java(String name, String script) throws IOException {
        Path home = Files.createDirectories(folder.resolve(name));
        Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }
}
