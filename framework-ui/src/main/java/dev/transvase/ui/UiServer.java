package dev.transvase.ui;

import static dev.transvase.ui.error.UiErrors.ADDRESS_TAKEN;

import dev.transvase.cli.ui.Ui;
import dev.transvase.cli.ui.UiOptions;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.ui.http.Answers;
import dev.transvase.ui.http.Api;
import dev.transvase.ui.http.Refusal;
import dev.transvase.ui.page.Pages;
import dev.transvase.ui.security.AccessRules;
import dev.transvase.ui.security.Guard;
import dev.transvase.ui.security.ServerTls;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import java.net.InetAddress;
import java.security.KeyStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The web server and all that it serves. */
final class UiServer implements Ui.Served {

    private static final Logger LOG = LoggerFactory.getLogger(UiServer.class);

    private static final int MOST_THREADS = 40;
    private static final int IDLE_THREAD_MILLIS = 30_000;
    private static final long STOP_MILLIS = 1_000;
    /** Marks requests whose answer tells already why there is nothing. */
    private static final String ANSWERED = "transvase.answered";

    private static final long LARGEST_BODY = 16L * 1024 * 1024;

    private final AccessRules rules;
    private final Guard guard;
    private final Javalin javalin;
    private final Workshop workshop;

    private UiServer(AccessRules rules, Guard guard, Javalin javalin, Workshop workshop) {
        this.rules = rules;
        this.guard = guard;
        this.javalin = javalin;
        this.workshop = workshop;
    }

    /**
     * Starts it.
     *
     * @throws TransvaseException USER when an option is wrong, EXTERNAL when the address is taken
     */
    static UiServer start(UiOptions options) {
        AccessRules rules = AccessRules.of(options.access());
        Guard guard = Guard.of(rules, Clock.systemUTC());
        Optional<KeyStore> tls = options.access()
                .certificate()
                .map(certificate ->
                        ServerTls.keyStore(certificate, options.access().key().orElseThrow()));
        Pages pages = new Pages(guard, options.folder());
        Workshop workshop = Workshop.of(options);
        Api api = workshop.api();
        Javalin javalin = Javalin.create(config -> {
            listen(config, rules, tls, options.access().port());
            config.routes.before(guard::check);
            config.http.defaultContentType = "text/plain; charset=utf-8";
            config.routes.error(404, context -> {
                if (!context.res().isCommitted() && context.attribute(ANSWERED) == null) {
                    refuse(Refusal.missing("there is nothing here"), context, pages);
                }
            });
            config.routes.exception(Exception.class, (failure, context) -> refuse(failure, context, pages));
            api.route(config.routes);
            pages.route(config.routes);
        });
        try {
            javalin.start();
        } catch (JavalinBindException e) {
            workshop.close();
            throw TransvaseException.of(
                    ADDRESS_TAKEN,
                    "cannot listen at " + rules.address().getHostAddress() + ", port "
                            + options.access().port() + "; another program may: choose another one with --port",
                    e);
        }
        return new UiServer(rules, guard, javalin, workshop);
    }

    private static void listen(JavalinConfig config, AccessRules rules, Optional<KeyStore> tls, int port) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = LARGEST_BODY;
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 2, IDLE_THREAD_MILLIS);
        threads.setName("ui");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        config.jetty.modifyServer(server -> server.setStopTimeout(STOP_MILLIS));
        config.jetty.addConnector((server, http) -> connector(server, http, tls, rules.address(), port));
    }

    private static ServerConnector connector(
            Server server, HttpConfiguration http, Optional<KeyStore> tls, InetAddress address, int port) {
        http.setSendServerVersion(false);
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        ServerConnector connector = tls.map(store -> new ServerConnector(server, 1, 1, encrypted(http, store), plain))
                .orElseGet(() -> new ServerConnector(server, 1, 1, plain));
        connector.setHost(address.getHostAddress());
        connector.setPort(port);
        connector.setReuseAddress(true);
        return connector;
    }

    /** Which host a client means the guard looks at. */
    private static SslConnectionFactory encrypted(HttpConfiguration http, KeyStore store) {
        http.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setKeyStore(store);
        context.setKeyStorePassword("");
        context.setSniRequired(false);
        return new SslConnectionFactory(context, HttpVersion.HTTP_1_1.asString());
    }

    private static void refuse(Exception failure, Context context, Pages pages) {
        context.attribute(ANSWERED, true);
        Refusal refusal = Answers.refusal(failure, context.path());
        if (context.path().startsWith("/api/")) {
            Answers.error(context, refusal);
        } else {
            pages.refused(context, refusal);
        }
    }

    /** Whether only programs of this machine can connect. */
    boolean isLocal() {
        return rules.loopback();
    }

    @Override
    public List<String> addresses() {
        List<String> addresses = new ArrayList<>();
        String scheme = rules.tls() ? "https://" : "http://";
        String ending = ":" + javalin.port() + "/" + guard.ticket();
        rules.hostName().ifPresent(name -> addresses.add(scheme + name + ending));
        String address = rules.address().isAnyLocalAddress()
                ? "127.0.0.1"
                : rules.address().getHostAddress();
        addresses.add(scheme + (address.contains(":") ? "[" + address + "]" : address) + ending);
        return addresses;
    }

    @Override
    public void close() {
        workshop.close();
        try {
            javalin.stop();
        } catch (JavalinException e) {
            LOG.info("an answer was not sent to its end: {}", e.getMessage());
        }
    }
}
