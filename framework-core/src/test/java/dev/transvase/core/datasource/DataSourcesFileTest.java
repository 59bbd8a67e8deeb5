package dev.transvase.core.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.parameter.Problem;
import dev.transvase.core.parameter.Problems;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSourcesFileTest {

    record Server(
            @Parameter(description = "Host.", required = true)
            String host,

            @Parameter(description = "Port.", defaultValue = "5432", min = 1, max = 65535)
            int port,

            @Parameter(description = "Password.") Optional<Secret> password,
            @Parameter(description = "Certificate.") Optional<Path> truststore,
            @Parameter(description = "More.") Map<String, String> properties) {}

    @TempDir
    private Path folder;

    private final Problems problems = new Problems();

    @Test
    void aSourceIsFoundByItsExactName() throws IOException {
        DataSourcesFile file = read("""
                        {"datasources": {
                          "shop": {"type": "postgresql", "host": "db1"}, // the first
                          "stock": {"type": "mysql", "host": "db2"},
                        }}""").orElseThrow();

        assertThat(file.names()).containsExactly("shop", "stock");
        DataSourceSpec stock = file.find("stock").orElseThrow();
        assertThat(stock.type()).isEqualTo("mysql");
        assertThat(stock.path()).isEqualTo("datasources.json: datasources.stock");
        assertThat(stock.parameters().toString()).isEqualTo("{\"host\":\"db2\"}");
        assertThat(file.find("Shop")).isEmpty();
    }

    @Test
    void anUnknownNameIsToldWithTheNearestAndWhereItLooked() throws IOException {
        DataSourcesFile file = read("{\"datasources\": {\"shop\": {\"type\": \"postgresql\"}}}")
                .orElseThrow();

        assertThat(file.find("shpo", "job.json: steps[0].parameter.datasource", problems))
                .isEmpty();
        assertThat(file.find("warehouse", "job.json: x", problems)).isEmpty();

        Problem first = problems.errors().get(0);
        assertThat(first.code()).isEqualTo("UNKNOWN_DATASOURCE");
        assertThat(first.path()).isEqualTo("job.json: steps[0].parameter.datasource");
        assertThat(first.message())
                .isEqualTo("there is no data source \"shpo\" in " + folder.resolve("datasources.json"));
        assertThat(first.remedy()).isEqualTo("did you mean `shop`?");
        assertThat(problems.errors().get(1).remedy()).endsWith("use one of: shop");
    }

    @Test
    void everyMistakeOfTheFrameIsTold() throws IOException {
        assertThat(read("{\"datasources\": {\"a\": 1, \"b\": {}, \"c\": {\"type\": 5}}, \"more\": {}}"))
                .isEmpty();

        assertThat(problems.errors())
                .extracting(Problem::path)
                .containsExactly(
                        "datasources.json: more",
                        "datasources.json: datasources.a",
                        "datasources.json: datasources.b.type",
                        "datasources.json: datasources.c.type");
    }

    @Test
    void aFileWithoutDatasourcesIsTold() throws IOException {
        assertThat(read("{}")).isEmpty();
        assertThat(read("{\"datasources\": []}")).isEmpty();

        assertThat(problems.errors())
                .extracting(Problem::path)
                .containsOnly("datasources.json: datasources")
                .hasSize(2);
    }

    @Test
    void referencesAreResolvedForTheSourceThatIsUsed() throws IOException {
        Files.writeString(folder.resolve("key.pass"), "from file\r\n");
        DataSourcesFile file = read("""
                        {"datasources": {
                          "shop": {"type": "t", "host": "db-${env:ZONE}.${env:ZONE}", "port": "${env:PORT}",
                                   "password": "${file:key.pass}", "truststore": "ca.pem",
                                   "properties": {"user": "${env:USER_$}"}},
                          "other": {"type": "t", "host": "${env:NOT_SET}"}}}""").orElseThrow();

        Optional<Server> server = file.find("shop")
                .orElseThrow()
                .bind(Server.class, Map.of("ZONE", "eu", "PORT", "15432", "USER_$", "$1")::get, problems);

        assertThat(problems.errors()).isEmpty();
        assertThat(problems.masks().apply("the password is \"from file\"")).isEqualTo("the password is \"***\"");
        assertThat(server)
                .contains(new Server(
                        "db-eu.eu",
                        15432,
                        Optional.of(new Secret("from file")),
                        Optional.of(folder.resolve("ca.pem")),
                        Map.of("user", "$1")));
    }

    @Test
    void aReferenceThatLeadsNowhereIsTold() throws IOException {
        DataSourceSpec spec = read("""
                        {"datasources": {"shop": {"type": "t", "host": "${env:ZONE}", "password": "${file:none.pass}",
                          "truststore": "${file:.}", "properties": {"a": "pa${ss}"}}}}""").flatMap(file -> file.find("shop")).orElseThrow();

        assertThat(spec.bind(Server.class, name -> null, problems)).isEmpty();

        assertThat(problems.errors())
                .extracting(Problem::code)
                .containsExactlyInAnyOrder(
                        "ENVIRONMENT_VARIABLE_NOT_SET",
                        "SECRET_FILE_UNREADABLE",
                        "SECRET_FILE_UNREADABLE",
                        "UNKNOWN_REFERENCE");
        assertThat(problems.errors().toString())
                .contains("datasources.json: datasources.shop.host: the environment variable ZONE is not set")
                .contains("export ZONE=...")
                .contains("the file " + folder.resolve("none.pass") + " does not exist")
                .contains("datasources.shop.properties.a")
                .doesNotContain("ss}");
    }

    @Test
    void theRealEnvironmentIsLookedAt() throws IOException {
        DataSourceSpec spec = read("{\"datasources\": {\"shop\": {\"type\": \"t\", \"host\": \"${env:PATH}\"}}}")
                .flatMap(file -> file.find("shop"))
                .orElseThrow();

        assertThat(spec.bind(Server.class, problems).orElseThrow().host()).isEqualTo(System.getenv("PATH"));
    }

    @Test
    void noSecretIsInAMessageOrInItsText() throws IOException {
        DataSourceSpec spec = read("""
                        {"datasources": {"shop": {"type": "t", "host": "db", "port": "${env:PORT}",
                          "password": ["hunter2"], "pasword": "hunter2"}}}""").flatMap(file -> file.find("shop")).orElseThrow();

        assertThat(spec.bind(Server.class, name -> "hunter2", problems)).isEmpty();

        assertThat(problems.errors())
                .extracting(Problem::path)
                .containsExactly(
                        "datasources.json: datasources.shop.pasword",
                        "datasources.json: datasources.shop.port",
                        "datasources.json: datasources.shop.password");
        assertThat(problems.errors() + " " + spec).doesNotContain("hunter2");
    }

    @Test
    void theOptionGoesBeforeTheEnvironmentAndThatBeforeTheDefault() {
        Path home = folder.resolve("home");
        Map<String, String> environment = Map.of("TRANSVASE_DATASOURCES", "/etc/env.json");

        assertThat(DataSourcesLookup.of(Optional.of(Path.of("opt.json")), environment, home))
                .isEqualTo(new DataSourcesLookup(Path.of("opt.json"), "--datasources"));
        assertThat(DataSourcesLookup.of(Optional.empty(), environment, home))
                .isEqualTo(new DataSourcesLookup(Path.of("/etc/env.json"), "$TRANSVASE_DATASOURCES"));
        assertThat(DataSourcesLookup.of(Optional.empty(), Map.of("TRANSVASE_DATASOURCES", ""), home)
                        .file())
                .isEqualTo(home.resolve("conf/datasources.json"));
    }

    @Test
    void aFileThatIsNotThereIsToldWithWhatNamedIt() throws IOException {
        DataSourcesLookup lookup = DataSourcesLookup.of(Optional.empty(), Map.of(), folder);
        assertThat(lookup.read(problems)).isEmpty();
        assertThat(problems.errors().get(0).message())
                .isEqualTo("there is no such data sources file: " + folder.resolve("conf/datasources.json")
                        + " (the default)");

        Path file = Files.writeString(folder.resolve("sources.json"), "{\"datasources\": {}}");
        assertThat(new DataSourcesLookup(file, "--datasources").read(problems)).isPresent();
    }

    private Optional<DataSourcesFile> read(String text) throws IOException {
        return DataSourcesFile.read(Files.writeString(folder.resolve("datasources.json"), text), problems);
    }

    @Test
    void passwordsInUrlsAndPropertiesAreMasked() throws IOException {
        DataSourceSpec spec = read("""
                        {"datasources": {"shop": {"type": "t", "host": "jdbc:x://u:in-login@h/d?user=u&password=in%2Durl&b=1",
                          "properties": {"sslpassword": "in-property", "other": "not-secret"}}}}""").flatMap(file -> file.find("shop")).orElseThrow();

        assertThat(spec.bind(Server.class, name -> null, problems)).isPresent();

        assertThat(problems.masks().apply("in-login in%2Durl in-url in-property not-secret b=1"))
                .isEqualTo("*** *** *** *** not-secret b=1");
    }
}
