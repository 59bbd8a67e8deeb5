package dev.transvase.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.cli.process.ExitCode;
import dev.transvase.cli.text.Version;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransvaseTest {

    @TempDir
    private Path folder;

    private TestingHome home;

    @BeforeEach
    void install() throws IOException {
        home = new TestingHome(folder);
    }

    @Test
    void versionIsTheOnlyThingOnStandardOutputAndStartsNoLog() {
        assertThat(home.run("version")).isZero();
        assertThat(home.out()).isEqualTo("transvase " + Version.current() + System.lineSeparator());
        assertThat(home.err()).isEmpty();
        assertThat(folder.resolve("log")).doesNotExist();
    }

    @Test
    void helpNamesEveryCommandAndStartsNoLog() {
        assertThat(home.run("help")).isZero();
        assertThat(home.out())
                .contains("run ", "check ", "datasource ", "plugins ", "describe ", "ui ", "demo ", "version ", "cdc ");
        assertThat(home.run("run", "--help")).isZero();
        assertThat(home.out()).contains("JOB.json", "--report", "--dirty", "-D", "${NAME}", "$TRANSVASE_DATASOURCES");
        assertThat(folder.resolve("log")).doesNotExist();
    }

    @Test
    void misuseIsAnErrorWithTheNearestName() {
        assertThat(home.run("rnu", "x.json")).isEqualTo(ExitCode.USER);
        assertThat(home.err())
                .startsWith("error: unknown command rnu; did you mean run?")
                .contains("usage: transvase");
        assertThat(home.run("run", "x.json", "--reprot", "y")).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("unknown option --reprot; did you mean --report?");
        assertThat(home.run("run")).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("JOB.json");
        assertThat(home.run("run", "x.json", "y.json")).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("unexpected argument: y.json");
        assertThat(home.run("run", "x.json", "--progress", "loud")).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("--progress");
        assertThat(home.run()).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("expected a command");
        assertThat(home.run("datasource")).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("list or test is missing");
        assertThat(home.out()).isEmpty();
    }

    @Test
    void pluginsShowsWhatIsInstalled() {
        assertThat(home.run("plugins")).isZero();
        assertThat(home.out())
                .contains("sample reader, sample writer")
                .contains(folder.resolve("plugin/sample").toString());
        assertThat(home.err()).isEmpty();
    }

    @Test
    void pluginsTellsWhatCannotBeUsedAndWhy() throws IOException {
        home.file("plugin/hollow/readme.txt", "no jar");
        home.plugin("twin", dev.transvase.cli.sample.SamplePlugin.class);
        assertThat(home.run("plugins")).isZero();
        assertThat(home.err())
                .contains("warning: plugin hollow in " + folder.resolve("plugin/hollow"), "holds no jar")
                .contains("warning: the sample reader is offered by sample and twin");
    }

    @Test
    void describeShowsOneSideOrBoth() {
        assertThat(home.run("describe", "sample")).isZero();
        assertThat(home.out())
                .contains("sample reader (also samplereader): Makes numbers.", "sample writer: Counts records.")
                .contains("Records in each split.");
        assertThat(home.run("describe", "sample", "writer")).isZero();
        assertThat(home.out()).contains("durable").doesNotContain("Makes numbers");
        assertThat(home.run("describe", "samplereader")).isZero();
        assertThat(home.out()).contains("Makes numbers.").doesNotContain("Counts records");
    }

    @Test
    void describePrintsAJsonSchema() {
        assertThat(home.run("describe", "sample", "reader", "--json-schema")).isZero();
        assertThat(home.out()).startsWith("{").contains("\"$schema\"", "\"records\"");
        assertThat(home.run("describe", "sample", "--json-schema")).isZero();
        assertThat(home.out()).contains("\"reader\" : {", "\"writer\" : {");
    }

    @Test
    void describeOfAnUnknownTypeNamesTheKnown() {
        assertThat(home.run("describe", "sampel")).isEqualTo(ExitCode.USER);
        assertThat(home.err())
                .contains("no installed plugin has a reader of type \"sampel\"; did you mean \"sample\"? there are:"
                        + " sample");
        assertThat(home.run("describe", "oracle")).isEqualTo(ExitCode.USER);
        assertThat(home.err())
                .contains("no installed plugin has a reader of type \"oracle\"; there are: sample")
                .doesNotContain("did you mean");
    }

    @Test
    void dataSourcesAreListedFromTheDefaultFile() throws IOException {
        home.file("conf/datasources.json", "{\"datasources\": {\"shop\": {\"type\": \"sample\", \"answer\": \"hi\"}}}");
        assertThat(home.run("datasource", "list")).isZero();
        assertThat(home.out()).contains("shop  sample");
        assertThat(home.err()).contains("conf/datasources.json");
    }

    @Test
    void dataSourcesAreListedFromTheFileOfTheVariableOrTheOption() throws IOException {
        Path one = home.file("one.json", "{\"datasources\": {\"one\": {\"type\": \"sample\", \"answer\": \"1\"}}}");
        Path two = home.file("two.json", "{\"datasources\": {\"two\": {\"type\": \"sample\", \"answer\": \"2\"}}}");
        home.variable("TRANSVASE_DATASOURCES", one.toString());
        assertThat(home.run("datasource", "list")).isZero();
        assertThat(home.out()).contains("one").doesNotContain("two");
        assertThat(home.run("datasource", "list", "--datasources", two)).isZero();
        assertThat(home.out()).contains("two").doesNotContain("one");
    }

    @Test
    void aDataSourceIsTested() throws IOException {
        home.file("conf/datasources.json", """
                {"datasources": {"up": {"type": "sample", "answer": "Sample 1.0"},
                                 "down": {"type": "sample", "answer": "refused"},
                                 "odd": {"type": "other"}, "bad": {"type": "sample", "anwser": "x"}}}
                """);
        assertThat(home.run("datasource", "test", "up")).isZero();
        assertThat(home.out()).isEqualTo("up: Sample 1.0" + System.lineSeparator());
        assertThat(home.run("datasource", "test", "down")).isEqualTo(ExitCode.OUTSIDE);
        assertThat(home.err()).contains("error: nobody listens there [CONNECTION_REFUSED]");
        assertThat(home.run("datasource", "test", "dwon")).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("dwon", "down");
        assertThat(home.run("datasource", "test", "odd")).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("[DATA_SOURCE_TYPE_UNKNOWN]");
        assertThat(home.run("datasource", "test", "bad")).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("anwser", "answer");
        assertThat(home.out()).isEmpty();
    }

    @Test
    void withoutItsJarsThereIsNoUi() {
        assertThat(home.run("ui")).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("[NO_UI]", folder.resolve("ui/lib").toString());
    }

    @Test
    void theDemoRunsWithJarsOfItsOwn() throws IOException {
        assertThat(home.run("demo")).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("[NO_DEMO]", folder.resolve("demo/lib").toString());
        home.demo();
        assertThat(home.run("demo", "--keep")).isEqualTo(7);
        assertThat(home.out()).contains("keep true", "transvase " + Version.current());
    }

    @Test
    void theDemoEndsAJobThatItHasBegun() throws IOException {
        home.demo();
        home.job("{\"follow\": \"" + folder.resolve("following") + "\"}", "{}", "{}");

        assertThat(home.run("demo", "--folder", folder)).isEqualTo(20);

        assertThat(home.err())
                .contains("stopping ...")
                .contains("job numbers: STOPPED")
                .containsPattern("written +3 ");
    }
}
