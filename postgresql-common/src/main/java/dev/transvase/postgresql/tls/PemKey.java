package dev.transvase.postgresql.tls;

import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The private key of a PEM file, which may hold other things besides: EC parameters, certificates, text.
 *
 * @param base64 what is between the lines
 * @param dekInfo how the traditional form says it is encrypted, in a header of its own; empty for all other forms
 */
record PemKey(String base64, Optional<String> dekInfo) {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final Pattern HEADER = Pattern.compile("(?m)^([A-Za-z-]+):[ \\t]*(.*?)[ \\t\\r]*$");

    /** The first private key; empty when there is none. */
    static Optional<PemKey> find(String text) throws Der.Malformed {
        Matcher key = KEY.matcher(text);
        if (!key.find()) {
            if (text.contains("PRIVATE KEY-----")) {
                throw new Der.Malformed("the key has no end line");
            }
            return Optional.empty();
        }
        Map<String, String> headers = new HashMap<>();
        Matcher header = HEADER.matcher(key.group(2));
        int contentFrom = 0;
        while (header.find()) {
            headers.put(header.group(1).toUpperCase(Locale.ROOT), header.group(2));
            contentFrom = header.end();
        }
        return Optional.of(new PemKey(key.group(2).substring(contentFrom), dekInfo(headers)));
    }

    private static Optional<String> dekInfo(Map<String, String> headers) {
        return headers.getOrDefault("PROC-TYPE", "").endsWith("ENCRYPTED")
                ? Optional.of(headers.getOrDefault("DEK-INFO", ""))
                : Optional.empty();
    }

    byte[] content() throws Der.Malformed {
        try {
            return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new Der.Malformed("characters that are not Base64");
        }
    }
}
