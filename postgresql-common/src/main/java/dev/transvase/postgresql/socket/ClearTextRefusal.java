package dev.transvase.postgresql.socket;

import java.io.IOException;

/** The server asks for the password in clear text where everybody between could read it. */
public final class ClearTextRefusal extends IOException {

    private static final long serialVersionUID = 1;

    ClearTextRefusal() {
        super("the server asks for the password in clear text");
    }
}
