package dev.transvase.ui.api;

import dev.transvase.ui.error.ErrorCodePage;
import dev.transvase.ui.http.Endpoint;
import dev.transvase.ui.http.Refusal;
import java.nio.file.Path;
import java.util.List;

/** What the codes of errors mean. */
public final class ErrorsApi {

    private final ErrorCodePage page;

    /** @param home the distribution's folder */
    public ErrorsApi(Path home) {
        this.page = new ErrorCodePage(home);
    }

    /** What the documentation says of a code, as Markdown. */
    record Explained(String code, String text) {}

    /** The endpoints. */
    public List<Endpoint> endpoints() {
        return List.of(Endpoint.get(
                        "/error-codes/{code}", "What the code of an error means and what to do, as Markdown")
                .answers(Explained.class, request -> {
                    String code = request.path("code");
                    return new Explained(
                            code,
                            page.textOf(code)
                                    .orElseThrow(() -> Refusal.missing("the documentation does not have this code")));
                }));
    }
}
