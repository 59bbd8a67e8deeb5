package dev.transvase.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * The account a server runs under. PostgreSQL refuses to run as root, so root needs a prefix to its commands.
 *
 * @param prefix what precedes each command of the server
 * @param ownsFiles whether the server's files must belong to {@link #NOBODY} first
 */
record ServerAccount(List<String> prefix, boolean ownsFiles) {
    /** By number: the name of the group differs between distributions. */
    static final int NOBODY = 65534;

    static final ServerAccount SAME_USER = new ServerAccount(List.of(), false);

    /** In a user namespace of its own root is nobody, and yet owns root's files. Containers often forbid it. */
    static final ServerAccount USER_NAMESPACE = new ServerAccount(List.of("unshare", "-U"), false);

    static final ServerAccount OTHER_USER =
            new ServerAccount(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"), true);

    static ServerAccount forThisProcess() {
        if (!isRoot()) {
            return SAME_USER;
        }
        for (ServerAccount account : List.of(USER_NAMESPACE, OTHER_USER)) {
            if (account.works()) {
                return account;
            }
        }
        throw new EmbeddedServerException(
                "PostgreSQL does not run as root, and neither 'unshare -U' nor 'setpriv' works"
                        + " here to give it another account: run as an ordinary user");
    }

    boolean works() {
        try {
            return Command.exitCode(command("true")) == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(arguments));
        return command;
    }

    /** Hands a file, or a folder and all in it, to the account, when it is not this process's own. */
    void own(Path folder) throws IOException {
        if (!ownsFiles) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path entry, BasicFileAttributes attributes) throws IOException {
                return visitFile(entry, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path entry, BasicFileAttributes attributes) throws IOException {
                Files.setAttribute(entry, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
