package dev.transvase.ui.page;

import dev.transvase.ui.http.Assets;
import dev.transvase.ui.http.Refusal;
import dev.transvase.ui.security.Guard;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The pages, and which address has which. Thread-safe. */
public final class Pages {

    private static final String TEMPLATES = "dev.transvase.ui.template";
    private static final int SEE_OTHER = 303;

    private final Guard guard;
    private final Assets assets = new Assets();
    private final Map<String, Texts> texts = Texts.all();
    private final String folder;
    private final TemplateEngine templates =
            TemplateEngine.createPrecompiled(null, ContentType.Html, Pages.class.getClassLoader(), TEMPLATES);

    /** @param folder of the jobs */
    public Pages(Guard guard, Path folder) {
        this.guard = guard;
        this.folder = folder.toString();
    }

    /** Has requests for pages, and for what they load, answered. */
    public void route(RoutesConfig routes) {
        routes.get("/assets/{hash}/{name}", assets::answer);
        routes.get("/login", context -> show(context, "login.jte", page("login.title", ""), Map.of("failed", false)));
        routes.post("/login", this::login);
        routes.post("/logout", context -> {
            guard.logout(context);
            seeOther(context, "/login");
        });
        routes.get("/", context -> show(context, "home.jte", page("home.title", "home"), Map.of()));
    }

    private void login(Context context) {
        String password = context.formParam("password");
        if (guard.login(context, (password == null ? "" : password).toCharArray())) {
            seeOther(context, "/");
        } else {
            context.status(401);
            show(context, "login.jte", page("login.title", ""), Map.of("failed", true));
        }
    }

    /** Shows why a page is not to be had. */
    public void refused(Context context, Refusal refusal) {
        context.status(refusal.status());
        if (refusal.status() == 401 && guard.asksForPassword()) {
            seeOther(context, "/login");
            return;
        }
        show(context, "refused.jte", page("refused.title", ""), Map.of("message", refusal.getMessage()));
    }

    private static void seeOther(Context context, String to) {
        context.status(SEE_OTHER).header("Location", to);
    }

    private Page page(String title, String section) {
        Texts language = texts.get("en");
        return new Page(language.of(title), section, folder, language, assets);
    }

    private void show(Context context, String template, Page page, Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(values);
        all.put("page", page);
        StringOutput html = new StringOutput();
        templates.render(template, all, html);
        context.header("Cache-Control", "no-store")
                .contentType("text/html; charset=utf-8")
                .result(html.toString());
    }
}
