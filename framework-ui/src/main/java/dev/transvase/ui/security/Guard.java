package dev.transvase.ui.security;

import dev.transvase.ui.http.Refusal;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HandlerType;
import io.javalin.http.SameSite;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Stands before every request. Refuses those that call the server by a foreign name, that come from a page of another site, or whose
 * sender has shown neither token nor password. Thread-safe.
 */
public final class Guard {

    /** All that a page may load is what this server has; nothing runs that stands in a page itself. */
    private static final String CONTENT_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
            + " frame-ancestors 'none'";

    private static final String BEARER = "Bearer ";
    private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);

    private final Hosts hosts;
    private final Token token;
    private final Optional<Password> password;
    private final boolean tls;
    private final Sessions sessions;
    private final FailedLogins failures;

    private Guard(Hosts hosts, Optional<Password> password, boolean tls, Clock clock) {
        this.hosts = hosts;
        this.token = Token.random();
        this.password = password;
        this.tls = tls;
        this.sessions = new Sessions(clock);
        this.failures = new FailedLogins(clock);
    }

    /** One that asks for what these options say. */
    public static Guard of(AccessRules rules, Clock clock) {
        return new Guard(Hosts.of(rules.loopback(), rules.hostName()), rules.password(), rules.tls(), clock);
    }

    /** What an address has to end with to be let in; empty where a password is asked for. */
    public String ticket() {
        return password.isPresent() ? "" : "?token=" + token.text();
    }

    /** Whether a password is asked for, not a token. */
    public boolean asksForPassword() {
        return password.isPresent();
    }

    /**
     * Checks a request, and has its answer say what a browser may do with it.
     *
     * @throws Refusal when it is not to be answered
     */
    public void check(Context context) {
        headers(context);
        if (!hosts.allows(context.header("Host"))) {
            throw Refusal.forbidden("FOREIGN_HOST", "requests to this server call it by a name that it does not know");
        }
        checkOrigin(context);
        if (isOpen(context.path()) || isKnown(context)) {
            return;
        }
        if (context.method().equals(HandlerType.GET) && context.queryParam("token") != null) {
            enter(context);
            return;
        }
        throw Refusal.unknownUser(
                password.isPresent()
                        ? "log in first"
                        : "open the address that `transvase ui` has printed, or send its token as `Authorization: Bearer`");
    }

    private void headers(Context context) {
        context.header("Content-Security-Policy", CONTENT_POLICY);
        context.header("X-Content-Type-Options", "nosniff");
        context.header("X-Frame-Options", "DENY");
        context.header("Referrer-Policy", "no-referrer");
        context.header("Cross-Origin-Opener-Policy", "same-origin");
        context.header("Cross-Origin-Resource-Policy", "same-origin");
        if (tls) {
            context.header("Strict-Transport-Security", "max-age=31536000");
        }
    }

    /** Browsers tell where a request comes from; other clients need not. */
    private void checkOrigin(Context context) {
        String origin = context.header("Origin");
        String site = context.header("Sec-Fetch-Site");
        boolean foreignOrigin = origin != null && !origin.equals(context.scheme() + "://" + context.header("Host"));
        boolean foreignSite = site != null && !site.equals("same-origin") && !site.equals("none");
        boolean navigates = READING.contains(context.method()) && "navigate".equals(context.header("Sec-Fetch-Mode"));
        if (foreignOrigin || (foreignSite && !navigates)) {
            throw Refusal.forbidden("FOREIGN_ORIGIN", "the request comes from a page of another site");
        }
    }

    /** What the page that asks for the password is made of. */
    private static boolean isOpen(String path) {
        return path.equals("/login") || path.startsWith("/assets/");
    }

    private boolean isKnown(Context context) {
        String cookie = context.cookie(cookieName(context));
        if (cookie != null && sessions.knows(cookie)) {
            return true;
        }
        String authorization = context.header("Authorization");
        if (authorization == null || !authorization.startsWith(BEARER)) {
            return false;
        }
        String given = authorization.substring(BEARER.length()).strip();
        requireRest(context);
        boolean right = password.map(known -> known.is(given.toCharArray())).orElseGet(() -> token.is(given));
        tell(context, right);
        return right;
    }

    private void enter(Context context) {
        requireRest(context);
        boolean right = password.isEmpty() && token.is(String.valueOf(context.queryParam("token")));
        tell(context, right);
        if (!right) {
            throw Refusal.unknownUser("the token is not the one that `transvase ui` has printed since it was started");
        }
        begin(context);
        context.redirect(context.path());
        context.skipRemainingHandlers();
    }

    /**
     * Lets in who knows the password.
     *
     * @return whether it was right
     * @throws Refusal when there were too many wrong ones
     */
    public boolean login(Context context, char[] typed) {
        requireRest(context);
        boolean right = password.isPresent() && password.get().is(typed);
        tell(context, right);
        if (right) {
            begin(context);
        }
        return right;
    }

    /** Ends the session of whoever asks. */
    public void logout(Context context) {
        String cookie = context.cookie(cookieName(context));
        if (cookie != null) {
            sessions.end(cookie);
        }
        context.removeCookie(cookieName(context));
    }

    private void begin(Context context) {
        Cookie cookie = new Cookie(cookieName(context), sessions.begin());
        cookie.setPath("/");
        cookie.setHttpOnly(true);
        cookie.setSecure(tls);
        cookie.setSameSite(SameSite.STRICT);
        context.cookie(cookie);
    }

    /** Cookies are those of a host, whatever the port; two servers must not take them from each other. */
    private static String cookieName(Context context) {
        return "transvase" + context.req().getLocalPort();
    }

    private void requireRest(Context context) {
        Duration wait = failures.wait(context.ip());
        if (!wait.isZero()) {
            long seconds = Math.max(1, wait.toSeconds());
            context.header("Retry-After", Long.toString(seconds));
            throw Refusal.tooOften(
                    String.format(Locale.ROOT, "too many failed logins; try again in %d seconds", seconds));
        }
    }

    private void tell(Context context, boolean right) {
        if (right) {
            failures.succeeded(context.ip());
        } else {
            failures.failed(context.ip());
        }
    }
}
