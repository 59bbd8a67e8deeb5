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
import java.util.List;
import java.util.Map;

/** The pages, and which address has which. A page is a frame; its module of the same name fills it from the API. Thread-safe. */
public final class Pages {

    private static final String TEMPLATES = "dev.transvase.ui.template";
    private static final int SEE_OTHER = 303;

    private final Guard guard;
    private final Map<String, Texts> texts = Texts.all();
    private final Assets assets = new Assets(Texts.modules(texts));
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
        routes.get("/login", context -> show(context, "login.jte", "login.title", Map.of("failed", false)));
        routes.post("/login", this::login);
        routes.post("/logout", context -> {
            guard.logout(context);
            seeOther(context, "/login");
        });
        page(routes, "/", "home", List.of());
        page(routes, "/jobs", "jobs", List.of());
        page(routes, "/jobs/{name}", "job", EDITOR);
        page(routes, "/sources", "sources", List.of());
        page(routes, "/sources/{name}", "source", List.of());
        page(routes, "/runs", "runs", CHARTS);
        page(routes, "/runs/{name}", "run", CHARTS);
    }

    private static final List<String> CHARTS = List.of("uplot");
    private static final List<String> EDITOR = List.of("codemirror", "codemirror-lint", "codemirror-hint");

    /** @param libraries those that it needs beside what every page has; each has a script and a style sheet */
    private void page(RoutesConfig routes, String path, String name, List<String> libraries) {
        routes.get(
                path,
                context -> show(
                        context,
                        "page.jte",
                        name + ".title",
                        Map.of(
                                "name",
                                name,
                                "folder",
                                folder,
                                "libraries",
                                libraries,
                                "canLogOut",
                                guard.asksForPassword())));
    }

    private void login(Context context) {
        String password = context.formParam("password");
        if (guard.login(context, (password == null ? "" : password).toCharArray())) {
            seeOther(context, "/");
        } else {
            context.status(401);
            show(context, "login.jte", "login.title", Map.of("failed", true));
        }
    }

    /** Shows why a page is not to be had. */
    public void refused(Context context, Refusal refusal) {
        context.status(refusal.status());
        if (refusal.status() == 401 && guard.asksForPassword()) {
            seeOther(context, "/login");
            return;
        }
        show(context, "refused.jte", "refused.title", Map.of("message", refusal.getMessage()));
    }

    private static void seeOther(Context context, String to) {
        context.status(SEE_OTHER).header("Location", to);
    }

    private void show(Context context, String template, String title, Map<String, Object> values) {
        Texts language = language(context);
        String theme = context.cookie("theme");
        Map<String, Object> all = new HashMap<>(values);
        all.put(
                "page",
                new Page(
                        language.of(title),
                        language,
                        "light".equals(theme) || "dark".equals(theme) ? theme : "",
                        assets));
        StringOutput html = new StringOutput();
        templates.render(template, all, html);
        context.header("Cache-Control", "no-store")
                .contentType("text/html; charset=utf-8")
                .result(html.toString());
    }

    /** The one that was chosen, else the first that the browser asks for, else English. */
    private Texts language(Context context) {
        String chosen = context.cookie("language");
        if (chosen != null && texts.containsKey(chosen)) {
            return texts.get(chosen);
        }
        String accepted = context.header("Accept-Language");
        for (String range : (accepted == null ? "" : accepted).split(",", 0)) {
            Texts found = texts.get(range.strip().split("[-;]", 2)[0]);
            if (found != null) {
                return found;
            }
        }
        return texts.get("en");
    }
}
