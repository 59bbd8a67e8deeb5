package dev.transvase.ui.security;

import static dev.transvase.spi.error.CommonErrors.INVALID_OPTION;
import static dev.transvase.ui.error.UiErrors.PASSWORD_NEEDED;

import dev.transvase.cli.ui.UiOptions.Access;
import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who may connect, as the options say and after they have been checked.
 *
 * @param address to listen at
 * @param loopback whether only programs of this machine can connect
 * @param hostName a further name that requests may call the server by
 * @param password asked for; empty where a token is
 * @param tls whether connections are encrypted
 */
public record AccessRules(
        InetAddress address, boolean loopback, Optional<String> hostName, Optional<Password> password, boolean tls) {

    /**
     * Checks the options. Blocks on the disk, and on name servers when the address is a name.
     *
     * @throws TransvaseException USER when one is wrong
     */
    public static AccessRules of(Access access) {
        InetAddress address = address(access.listen());
        boolean loopback = address.isLoopbackAddress();
        if (access.certificate().isPresent() != access.key().isPresent()) {
            throw TransvaseException.of(INVALID_OPTION, "--certificate and --key are given together, or not at all");
        }
        if (!loopback && access.passwordFile().isEmpty()) {
            throw TransvaseException.of(
                    PASSWORD_NEEDED,
                    "--listen " + access.listen().orElse("")
                            + " lets others connect, so a password is needed: make its line"
                            + " with `transvase ui --make-password > FILE`, and name that with --password-file");
        }
        return new AccessRules(
                address,
                loopback,
                access.hostName(),
                access.passwordFile().map(AccessRules::password),
                access.certificate().isPresent());
    }

    private static InetAddress address(Optional<String> listen) {
        try {
            return listen.isPresent() ? InetAddress.getAllByName(listen.get())[0] : InetAddress.getLoopbackAddress();
        } catch (UnknownHostException e) {
            throw TransvaseException.of(
                    INVALID_OPTION, "--listen: there is no address \"" + listen.orElse("") + "\"", e);
        }
    }

    private static Password password(Path file) {
        try {
            String text = Files.size(file) > 4096 ? "" : Files.readString(file);
            return Password.of(text)
                    .orElseThrow(() -> TransvaseException.of(
                            INVALID_OPTION,
                            "--password-file: " + file + " does not hold the line that --make-password prints"));
        } catch (IOException e) {
            throw TransvaseException.of(
                    INVALID_OPTION, "--password-file: " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
