package dev.transvase.core.datasource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.Masks;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the passwords that stand in URLs and among properties, whatever a plugin makes of those: {@code ?password=...}, {@code
 * //user:password@host}, and a key such as {@code sslpassword}.
 */
final class UrlSecrets {

    private static final String NAME = "[\\w.-]*(?:password|passwd|pwd|passphrase|secret|token)[\\w.-]*";
    private static final Pattern KEY = Pattern.compile(NAME, Pattern.CASE_INSENSITIVE);
    private static final Pattern PROPERTY = Pattern.compile("[?&;]" + NAME + "=([^&;]*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern LOGIN = Pattern.compile("//[^/?#:@]*:([^/?#]*)@");

    private UrlSecrets() {}

    /** Masks those of a data source. */
    static void mask(JsonNode node, Masks masks) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                if (field.getValue().isValueNode()
                        && KEY.matcher(field.getKey()).matches()) {
                    masks.add(field.getValue().asText());
                }
                mask(field.getValue(), masks);
            }
        } else if (node.isArray()) {
            node.forEach(element -> mask(element, masks));
        } else if (node.isTextual()) {
            mask(PROPERTY.matcher(node.textValue()), masks);
            mask(LOGIN.matcher(node.textValue()), masks);
        }
    }

    private static void mask(Matcher found, Masks masks) {
        while (found.find()) {
            masks.add(found.group(1));
            decoded(found.group(1)).ifPresent(masks::add);
        }
    }

    private static Optional<String> decoded(String written) {
        try {
            return Optional.of(URLDecoder.decode(written, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // nobody else can decode it either
        }
    }
}
