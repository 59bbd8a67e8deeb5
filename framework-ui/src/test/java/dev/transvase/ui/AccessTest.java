package dev.transvase.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.ui.TestingUi.Answer;
import dev.transvase.ui.security.Password;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in. */
class AccessTest {

    private static final String JOBS = "/api/v1/jobs";

    @TempDir
    Path root;

    private TestingUi ui;

    @BeforeEach
    void start() throws IOException {
        ui = new TestingUi(root);
    }

    @AfterEach
    void stop() {
        ui.close();
    }

    @Test
    void withoutTheTokenNothingIsShown() throws IOException {
        assertThat(ui.raw("GET", JOBS, "").status()).isEqualTo(401);
        assertThat(ui.raw("GET", JOBS, "").error()).isEqualTo("NOT_LOGGED_IN");
        assertThat(ui.raw("GET", "/", "").status()).isEqualTo(401);
        assertThat(ui.raw("GET", "/api/v1/openapi.json", "").status()).isEqualTo(401);
        assertThat(ui.raw("POST", "/api/v1/runs", "{\"job\": \"a\"}").status()).isEqualTo(401);
        assertThat(ui.raw("GET", JOBS, "", "Authorization: Bearer wrong").status())
                .isEqualTo(401);
        assertThat(ui.raw("GET", JOBS, "", "Cookie: transvase" + ui.port() + "=" + ui.token())
                        .status())
                .isEqualTo(401);
        assertThat(ui.raw("GET", JOBS + "?token=" + ui.token() + "x", "").status())
                .isEqualTo(401);
    }

    @Test
    void theTokenOfTheAddressBecomesACookieThatScriptsAndOtherSitesDoNotGet() throws IOException {
        Answer entered = ui.raw("GET", "/?token=" + ui.token(), "");
        assertThat(entered.status()).isEqualTo(302);
        assertThat(entered.header("location")).isEqualTo("/");
        String cookie = entered.header("set-cookie");
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/").doesNotContain(ui.token());
        Answer page = ui.raw("GET", "/", "", "Cookie: " + cookie.substring(0, cookie.indexOf(';')));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("id=\"app\"").doesNotContain(ui.token());
    }

    @Test
    void aForeignNameOfTheServerIsRefused() throws IOException {
        String token = "Authorization: Bearer " + ui.token();
        for (String host : new String[] {
            "evil.example", "evil.example:" + ui.port(), "127.0.0.1.evil.example", "127.0.0.2", "[::2]"
        }) {
            Answer answer = ui.raw("GET", JOBS, "", "Host: " + host, token);
            assertThat(answer.status()).as(host).isEqualTo(403);
            assertThat(answer.error()).as(host).isEqualTo("FOREIGN_HOST");
        }
        assertThat(ui.raw("GET", JOBS, "", "Host: localhost:" + ui.port(), token)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aPageOfAnotherSiteIsRefused() throws IOException {
        String host = "127.0.0.1:" + ui.port();
        for (String header : new String[] {
            "Origin: http://evil.example",
            "Origin: null",
            "Origin: https://" + host,
            "Origin: http://127.0.0.1:1",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Site: same-site"
        }) {
            Answer answer = ui.ask("POST", "/api/v1/runs", "{\"job\": \"a\"}", header);
            assertThat(answer.status()).as(header).isEqualTo(403);
            assertThat(answer.error()).as(header).isEqualTo("FOREIGN_ORIGIN");
            assertThat(ui.ask("GET", JOBS, "", header).status()).as(header).isEqualTo(403);
        }
        assertThat(ui.ask("GET", JOBS, "", "Origin: http://" + host).status()).isEqualTo(200);
        assertThat(ui.ask("GET", "/", "", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void everyAnswerSaysWhatABrowserMayDoWithIt() throws IOException {
        for (Answer answer : new Answer[] {
            ui.get("/"), ui.get(JOBS), ui.get("/nowhere"), ui.get("/api/v1/nowhere"), ui.raw("GET", JOBS, "")
        }) {
            assertThat(answer.header("content-security-policy"))
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(answer.header("referrer-policy")).isEqualTo("no-referrer");
            assertThat(answer.header("server")).isEmpty();
        }
        assertThat(ui.get(JOBS).header("cache-control")).isEqualTo("no-store");
        assertThat(ui.get("/api/v1/nowhere").error()).isEqualTo("NOT_FOUND");
        assertThat(ui.get("/nowhere").status()).isEqualTo(404);
    }

    @Test
    void whoeverGuessesHasToWait() throws IOException {
        int status = 401;
        for (int i = 0; i < 20 && status == 401; i++) {
            status = ui.raw("GET", JOBS, "", "Authorization: Bearer guess" + i).status();
        }
        assertThat(status).isEqualTo(429);
        Answer right = ui.get(JOBS);
        assertThat(right.status()).isEqualTo(429);
        assertThat(right.header("retry-after")).matches("\\d+");
    }

    @Test
    void theFilesOfPagesAreKeptForEver() throws IOException {
        String page = ui.get("/").body();
        String address = page.replaceFirst("(?s).*(/assets/[0-9a-f]+/preact\\.js).*", "$1");
        Answer script = ui.raw("GET", address, "");
        assertThat(script.status()).isEqualTo(200);
        assertThat(script.header("cache-control")).contains("immutable");
        assertThat(script.header("content-type")).startsWith("text/javascript");
        assertThat(ui.raw("GET", address.replaceFirst("[0-9a-f]{16}", "0000000000000000"), "")
                        .status())
                .isEqualTo(404);
        for (String name : new String[] {"..%2fx.js", "x.js", "package-info.class", "%2e%2e"}) {
            assertThat(ui.raw("GET", "/assets/0000000000000000/" + name, "").status())
                    .as(name)
                    .isGreaterThanOrEqualTo(400);
        }
    }

    @Test
    void aPasswordTakesThePlaceOfTheToken() throws IOException {
        String password = "correct horse battery";
        Path file = Files.writeString(root.resolve("password"), Password.line(password.toCharArray()) + "\n");
        ui.start(Optional.of(file));
        assertThat(ui.address().getQuery()).isNull();
        assertThat(ui.raw("GET", "/", "").header("location")).isEqualTo("/login");
        assertThat(ui.raw("GET", "/login", "").body()).contains("type=\"password\"");
        String form = "Content-Type: application/x-www-form-urlencoded";
        assertThat(ui.raw("POST", "/login", "password=wrong", form).status()).isEqualTo(401);
        Answer entered = ui.raw("POST", "/login", "password=correct+horse+battery", form);
        assertThat(entered.status()).isEqualTo(303);
        String cookie = entered.header("set-cookie");
        String session = "Cookie: " + cookie.substring(0, cookie.indexOf(';'));
        assertThat(ui.raw("GET", JOBS, "", session).status()).isEqualTo(200);
        assertThat(ui.raw("POST", "/logout", "", session).status()).isEqualTo(303);
        assertThat(ui.raw("GET", JOBS, "", session).status()).isEqualTo(401);
        assertThat(ui.raw("GET", JOBS, "", "Authorization: Bearer " + password).status())
                .isEqualTo(200);
    }
}
