package dev.transvase.postgresql.tls;

/** How much of TLS is asked for. */
public enum SslMode {
    DISABLE,
    PREFER,
    VERIFY_CA,
    VERIFY_FULL
}
