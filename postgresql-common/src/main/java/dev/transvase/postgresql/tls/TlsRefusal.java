package dev.transvase.postgresql.tls;

import dev.transvase.spi.error.ErrorCode;

/** Why this side does not talk to a server over TLS. Unchecked, because it passes through the driver and the JDK. */
final class TlsRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /** @param message goes on after a colon: what is wrong with the server's certificate and what to do */
    TlsRefusal(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    ErrorCode code() {
        return code;
    }
}
