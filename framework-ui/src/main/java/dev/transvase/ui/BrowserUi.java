package dev.transvase.ui;

import static dev.transvase.ui.error.UiErrors.FOLDER_UNUSABLE;

import dev.transvase.cli.ui.Ui;
import dev.transvase.cli.ui.UiOptions;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.ui.security.Password;
import java.io.IOException;
import java.nio.file.Files;

/** The UI as {@code transvase ui} finds it. */
public final class BrowserUi implements Ui {

    @Override
    public Served serve(UiOptions options) {
        try {
            Files.createDirectories(options.folder());
        } catch (IOException e) {
            throw TransvaseException.of(
                    FOLDER_UNUSABLE, "--folder: " + options.folder() + " cannot be made: " + e.getMessage(), e);
        }
        UiServer server = UiServer.start(options);
        String address = server.addresses().get(0);
        options.out().println(address);
        options.err().println("serving the jobs in " + options.folder() + "; Ctrl-C ends it, runs go on");
        if (options.access().listen().isPresent()
                && options.access().certificate().isEmpty()
                && !server.isLocal()) {
            options.err()
                    .println(
                            "warning: others can read along, the password too: serve by TLS with --certificate and --key,"
                                    + " or put a proxy with TLS in front");
        }
        if (options.opens()) {
            Browser.open(address, options.variables());
        }
        return server;
    }

    @Override
    public String passwordLine(char[] password) {
        return Password.line(password);
    }
}
