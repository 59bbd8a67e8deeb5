package dev.transvase.ui.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.JsonFile;
import dev.transvase.core.parameter.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Changes by chance to trees by chance, compared with the same changes of a tree in memory. */
class RandomEditsTest {

    private static final int TREES = Integer.getInteger("transvase.test.edits", 3_000);
    private static final int EDITS = 8;
    private static final Pattern COMMENT = Pattern.compile("/\\* c\\d+ \\*/|// c\\d+");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Random random;
    private int comments;

    @Test
    void allOthersStayAsTheyAre() throws JsonTextException {
        for (int seed = 0; seed < TREES; seed++) {
            random = new Random(seed);
            comments = 0;
            ObjectNode model = object(3);
            JsonText text = JsonText.of(blanks() + written(model) + blanks());
            for (int i = 0; i < EDITS; i++) {
                text = edited(text, model, "seed " + seed + ", edit " + i);
            }
        }
    }

    private JsonText edited(JsonText before, ObjectNode model, String which) throws JsonTextException {
        List<List<Object>> paths = new ArrayList<>();
        collect(model, List.of(), paths);
        boolean removes = paths.size() > 1 && random.nextInt(3) == 0;
        boolean replaces = paths.size() > 1 && random.nextBoolean();
        List<Object> path;
        if (removes || replaces) {
            path = paths.get(1 + random.nextInt(paths.size() - 1));
        } else {
            path = fresh(model, paths.get(random.nextInt(paths.size())));
        }
        Map<List<Object>, String> others = new LinkedHashMap<>();
        for (List<Object> other : paths) {
            if (!startsWith(path, other) && !startsWith(other, path) && !isShifted(path, other, removes)) {
                others.put(
                        other, before.find(new ValuePath(other)).orElseThrow().in(before.text()));
            }
        }
        String told = which + (removes ? ", remove " : ", set ") + path + " of\n" + before.text();
        JsonText after;
        int lost = 0;
        if (removes) {
            lost = (int) commentsOf(withName(before, new ValuePath(path)));
            after = before.remove(new ValuePath(path));
            remove(model, path);
        } else {
            JsonNode value = random.nextInt(4) == 0 ? object(1) : scalar();
            lost = (int) before.find(new ValuePath(path))
                    .map(span -> commentsOf(span.in(before.text())))
                    .orElse(0L)
                    .longValue();
            after = before.set(new ValuePath(path), value);
            set(model, path, value);
        }
        Problems problems = new Problems();
        JsonNode read = JsonFile.parse(after.text(), "", problems).orElse(null);
        assertThat(problems.errors()).as(told + "\nis\n" + after.text()).isEmpty();
        assertThat(read).as(told + "\nis\n" + after.text()).isEqualTo(model);
        others.forEach((other, was) -> assertThat(
                        after.find(new ValuePath(other)).orElseThrow().in(after.text()))
                .as(told + "\nis\n" + after.text())
                .isEqualTo(was));
        int gone = lost;
        assertThat(commentsOf(after.text()))
                .as(told + "\nis\n" + after.text())
                .isEqualTo(commentsOf(before.text()) - gone);
        return after;
    }

    /** A value, and of a member its name and what stands between. */
    private static String withName(JsonText text, ValuePath path) {
        JsonSpan value = text.find(path).orElseThrow();
        int start = value.start();
        if (text.find(path.parent()).orElseThrow() instanceof JsonSpan.Members members) {
            start = members.member((String) path.last()).orElseThrow().start();
        }
        return text.text().substring(start, value.end());
    }

    private static boolean isShifted(List<Object> path, List<Object> other, boolean removes) {
        int last = path.size() - 1;
        return removes
                && path.get(last) instanceof Integer place
                && other.size() > last
                && other.subList(0, last).equals(path.subList(0, last))
                && other.get(last) instanceof Integer further
                && further >= place;
    }

    private static long commentsOf(String text) {
        Matcher matcher = COMMENT.matcher(text);
        return matcher.results().count();
    }

    private static boolean startsWith(List<Object> path, List<Object> beginning) {
        return path.size() >= beginning.size()
                && path.subList(0, beginning.size()).equals(beginning);
    }

    private List<Object> fresh(JsonNode model, List<Object> holder) {
        JsonNode node = at(model, holder);
        List<Object> path = new ArrayList<>(holder);
        if (node.isArray()) {
            path.add(node.size());
        } else if (node.isObject()) {
            path.add("new" + random.nextInt(1000));
        } else {
            return fresh(model, List.of());
        }
        return path;
    }

    private static void collect(JsonNode node, List<Object> path, List<List<Object>> paths) {
        paths.add(path);
        if (node.isObject()) {
            node.properties().forEach(member -> collect(member.getValue(), with(path, member.getKey()), paths));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(node.get(i), with(path, i), paths);
        }
    }

    private static List<Object> with(List<Object> path, Object step) {
        return Stream.concat(path.stream(), Stream.of(step)).toList();
    }

    private static JsonNode at(JsonNode model, List<Object> path) {
        JsonNode node = model;
        for (Object step : path) {
            node = step instanceof Integer place ? node.get(place) : node.get((String) step);
        }
        return node;
    }

    private static void set(JsonNode model, List<Object> path, JsonNode value) {
        JsonNode holder = at(model, path.subList(0, path.size() - 1));
        Object last = path.get(path.size() - 1);
        if (holder instanceof ObjectNode object) {
            object.set((String) last, value);
        } else if (holder instanceof ArrayNode array) {
            int place = (Integer) last;
            if (place == array.size()) {
                array.add(value);
            } else {
                array.set(place, value);
            }
        }
    }

    private static void remove(JsonNode model, List<Object> path) {
        JsonNode holder = at(model, path.subList(0, path.size() - 1));
        Object last = path.get(path.size() - 1);
        if (holder instanceof ObjectNode object) {
            object.remove((String) last);
        } else {
            ((ArrayNode) holder).remove((int) (Integer) last);
        }
    }

    private ObjectNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.set(name(), value(depth - 1));
        }
        return object;
    }

    private String name() {
        return random.nextInt(5) == 0 ? "k \"\\." + random.nextInt(9) : "k" + random.nextInt(9);
    }

    private JsonNode value(int depth) {
        int kind = depth <= 0 ? 3 : random.nextInt(5);
        if (kind == 0) {
            return object(depth);
        } else if (kind == 1) {
            ArrayNode array = NODES.arrayNode();
            for (int i = random.nextInt(4); i > 0; i--) {
                array.add(value(depth - 1));
            }
            return array;
        }
        return scalar();
    }

    private JsonNode scalar() {
        return switch (random.nextInt(5)) {
            case 0 -> NODES.numberNode(random.nextInt(1000));
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.nullNode();
            case 3 -> NODES.textNode("a, // no } comment /* \"" + random.nextInt(9));
            default -> NODES.textNode("x".repeat(random.nextInt(40)));
        };
    }

    private String written(JsonNode node) {
        if (!node.isContainerNode()) {
            return node.toString();
        }
        StringBuilder out = new StringBuilder();
        out.append(node.isArray() ? '[' : '{').append(blanks());
        List<String> parts = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(element -> parts.add(written(element)));
        } else {
            node.properties()
                    .forEach(member -> parts.add(
                            NODES.textNode(member.getKey()) + blanks() + ":" + blanks() + written(member.getValue())));
        }
        for (int i = 0; i < parts.size(); i++) {
            boolean last = i == parts.size() - 1;
            out.append(parts.get(i)).append(blanks());
            if (!last || random.nextInt(4) == 0) {
                out.append(',').append(blanks());
            }
        }
        return out.append(node.isArray() ? ']' : '}').toString();
    }

    private String blanks() {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            out.append(
                    switch (random.nextInt(5)) {
                        case 0 -> " ";
                        case 1 -> "\n" + "  ".repeat(random.nextInt(3));
                        case 2 -> "/* c" + comments++ + " */";
                        case 3 -> "// c" + comments++ + "\n";
                        default -> "";
                    });
        }
        return out.toString();
    }
}
