package dev.transvase.ui.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.ParameterDescription;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Describes the API as OpenAPI 3.1, from what answers requests: the endpoints, and the records that go in and out. */
public final class OpenApi {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern PATH_NAME = Pattern.compile("\\{(\\w+)}");

    /** Answers by the names of their records, each described once. */
    private final Map<String, ObjectNode> schemas = new TreeMap<>();

    private OpenApi() {}

    /** The description of these endpoints. */
    public static ObjectNode of(List<Endpoint> endpoints, String version) {
        return new OpenApi().describe(endpoints, version);
    }

    private ObjectNode describe(List<Endpoint> endpoints, String version) {
        ObjectNode document = NODES.objectNode();
        document.put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Transvase")
                .put("version", version)
                .put("description", "Data sources, jobs and runs of one folder: what the pages of `transvase ui` use.");
        document.putArray("servers").addObject().put("url", Api.ROOT);
        document.putArray("security").addObject().putArray("token");
        ObjectNode paths = document.putObject("paths");
        for (Endpoint endpoint : endpoints) {
            paths.withObject("/" + endpoint.path().replace("~", "~0").replace("/", "~1"))
                    .set(endpoint.method().toLowerCase(Locale.ROOT), operation(endpoint));
        }
        ObjectNode components = document.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("token")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "The token in the address that `transvase ui` prints, or the password.");
        ObjectNode described = components.putObject("schemas");
        schemas.put("Error", error());
        schemas.forEach(described::set);
        return document;
    }

    private ObjectNode operation(Endpoint endpoint) {
        ObjectNode operation = NODES.objectNode();
        operation.put("summary", endpoint.summary());
        operation.put("operationId", id(endpoint));
        ArrayNode parameters = NODES.arrayNode();
        Matcher names = PATH_NAME.matcher(endpoint.path());
        while (names.find()) {
            parameters
                    .addObject()
                    .put("name", names.group(1))
                    .put("in", "path")
                    .put("required", true)
                    .set("schema", typed("string"));
        }
        for (Endpoint.Query query : endpoint.queries()) {
            parameters
                    .addObject()
                    .put("name", query.name())
                    .put("in", "query")
                    .put("description", query.meaning())
                    .set("schema", typed("string"));
        }
        if (!parameters.isEmpty()) {
            operation.set("parameters", parameters);
        }
        body(endpoint.body(), operation);
        ObjectNode responses = operation.putObject("responses");
        ObjectNode good = responses.putObject(Integer.toString(endpoint.status()));
        good.put("description", endpoint.status() == 204 ? "Done." : "The answer.");
        if (endpoint.status() != 204) {
            JsonNode schema = endpoint.answer() == Void.class ? typed("string") : schema(endpoint.answer());
            good.putObject("content").putObject(endpoint.answerType()).set("schema", schema);
        }
        ObjectNode bad = responses.putObject("default");
        bad.put("description", "Why it was not done.");
        bad.putObject("content").putObject("application/json").set("schema", reference("Error"));
        return operation;
    }

    private static void body(Endpoint.Body body, ObjectNode operation) {
        if (body.contentType().isEmpty()) {
            return;
        }
        JsonNode schema = body.type()
                .<JsonNode>map(type -> {
                    ObjectNode described = ParameterDescription.jsonSchema(type, type.getSimpleName());
                    described.remove("$schema");
                    return described;
                })
                .orElseGet(NODES::objectNode);
        ObjectNode request = operation.putObject("requestBody").put("required", true);
        request.putObject("content").putObject(body.contentType()).set("schema", schema);
    }

    /** For example {@code getJobsScript}. */
    private static String id(Endpoint endpoint) {
        StringBuilder id = new StringBuilder(endpoint.method().toLowerCase(Locale.ROOT));
        for (String part : endpoint.path().split("[/.-]", -1)) {
            if (!part.isEmpty()) {
                String name = part.startsWith("{") ? "One" : part;
                id.append(Character.toUpperCase(name.charAt(0))).append(name.substring(1));
            }
        }
        return id.toString();
    }

    private JsonNode schema(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            Type raw = generic.getRawType();
            if (raw == List.class || raw == Set.class) {
                ObjectNode array = typed("array");
                array.set("items", schema(arguments[0]));
                return array;
            } else if (raw == Map.class) {
                ObjectNode object = typed("object");
                object.set("additionalProperties", schema(arguments[1]));
                return object;
            }
            return schema(arguments[0]);
        }
        return ofClass((Class<?>) type);
    }

    private JsonNode ofClass(Class<?> type) {
        if (type.isRecord()) {
            return record(type);
        } else if (type.isEnum()) {
            ObjectNode words = typed("string");
            ArrayNode values = words.putArray("enum");
            for (Object constant : type.getEnumConstants()) {
                values.add(Json.word((Enum<?>) constant));
            }
            return words;
        } else if (type == boolean.class) {
            return typed("boolean");
        } else if (type == int.class || type == long.class || type == Long.class || type == OptionalLong.class) {
            return typed("integer");
        } else if (JsonNode.class.isAssignableFrom(type)) {
            return type == ObjectNode.class ? typed("object") : NODES.objectNode();
        }
        return typed("string");
    }

    private ObjectNode record(Class<?> type) {
        String name = type.getSimpleName();
        if (!schemas.containsKey(name)) {
            ObjectNode schema = typed("object");
            schemas.put(name, schema); // before its parts, which may hold it
            ObjectNode properties = schema.putObject("properties");
            ArrayNode required = NODES.arrayNode();
            for (RecordComponent component : type.getRecordComponents()) {
                properties.set(component.getName(), schema(component.getGenericType()));
                boolean absent = component.getType() == Optional.class || component.getType() == OptionalLong.class;
                if (!absent) {
                    required.add(component.getName());
                }
            }
            schema.set("required", required);
        }
        return reference(name);
    }

    private static ObjectNode error() {
        ObjectNode error = typed("object");
        ObjectNode inner = error.putObject("properties").putObject("error").put("type", "object");
        ObjectNode properties = inner.putObject("properties");
        properties.set("code", typed("string"));
        properties.set("message", typed("string"));
        properties.set("remedy", typed("string"));
        return error;
    }

    private static ObjectNode reference(String name) {
        return NODES.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    private static ObjectNode typed(String type) {
        return NODES.objectNode().put("type", type);
    }
}
