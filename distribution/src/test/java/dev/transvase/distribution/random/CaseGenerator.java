package dev.transvase.distribution.random;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.distribution.random.RandomCase.Move;
import dev.transvase.distribution.random.RandomColumn.Role;
import dev.transvase.distribution.random.RandomSource.Offered;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Makes up a case from a seed: always the same one from the same seed. Used once. */
final class CaseGenerator {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a job may have in {@code column} besides columns, each with its type. */
    private static final List<List<String>> EXPRESSIONS = List.of(
            List.of("'web'", "text"),
            List.of("null::date", "date"),
            List.of("1 + 1", "int4"),
            List.of("12.50", "numeric"),
            List.of("lower('A -- b')", "text"),
            List.of("array[1, null]", "int4[]"),
            List.of("date '2026-01-01' -- a day\n", "date"));

    private final long seed;
    private final Random random;
    private final RandomTypes types;
    private final int major;
    private final List<String> refusable = new ArrayList<>();
    private final List<String> failable = new ArrayList<>();
    private final List<Move> moves = new ArrayList<>();
    private final List<RandomColumn> columns = new ArrayList<>();
    private final List<String> target = new ArrayList<>();
    private final ObjectNode reader = JSON.createObjectNode().put("datasource", "source");
    private final ObjectNode writer = JSON.createObjectNode().put("datasource", "target");
    private RandomSource source;
    private boolean readAll;
    private boolean writeAll;

    CaseGenerator(long seed, int sourceMajor, int targetMajor) {
        this.seed = seed;
        this.major = Math.min(sourceMajor, targetMajor);
        this.random = new Random(seed);
        this.types = new RandomTypes(major);
    }

    RandomCase make() {
        source = new RandomSource(random, types, major, random.nextBoolean()).make();
        readAll = random.nextBoolean();
        writeAll = random.nextBoolean();
        chooseColumns();
        nameColumns();
        addColumns();
        String to = random.nextInt(4) == 0 ? "Target \"1\"" : "dst";
        String key = constrain();
        target.add(
                0,
                "CREATE TABLE @schema." + RandomColumn.quote(to) + " ("
                        + columns.stream().map(RandomColumn::definition).collect(Collectors.joining(", ")) + ")");
        react(to);
        List<String> unique = key.isEmpty()
                ? List.of()
                : List.of("ALTER TABLE @schema." + RandomColumn.quote(to) + " ADD PRIMARY KEY (" + key + ")");
        if (!moves.stream().allMatch(Move::sameType)) {
            refusable.add("types differ");
        }
        return new RandomCase(
                seed,
                source.sql(),
                RandomColumn.quote(source.name()),
                read(),
                target,
                RandomColumn.quote(to),
                unique,
                key,
                columns,
                moves,
                reader.toString(),
                write(to, !key.isEmpty()),
                setting().toString(),
                String.join(", ", refusable),
                String.join(", ", failable));
    }

    /** What is read, with the target's columns as they would be by position, not named yet. */
    private void chooseColumns() {
        List<Offered> read = new ArrayList<>(source.columns());
        if (!readAll) {
            Collections.shuffle(read, random);
            read = read.subList(0, 1 + random.nextInt(read.size()));
        }
        for (Offered offered : read) {
            RandomColumn column = offered.column();
            moves.add(
                    new Move(column.quoted(), column.type(), RandomColumn.plain(column.name(), offered.targetType())));
        }
        if (!readAll && random.nextInt(3) == 0) {
            List<String> expression = EXPRESSIONS.get(random.nextInt(EXPRESSIONS.size()));
            moves.add(
                    random.nextInt(moves.size() + 1),
                    new Move(
                            expression.get(0),
                            expression.get(1),
                            RandomColumn.plain("from expression", expression.get(1))));
        }
    }

    /** Columns of other names, or in another order, where it is plain what should become of them. */
    private void nameColumns() {
        int names = random.nextInt(4);
        if (names == 1) {
            moves.replaceAll(m -> new Move(
                    m.expression(),
                    m.type(),
                    RandomColumn.plain(
                            "to " + m.target().name().substring(0, 1) + moves.indexOf(m),
                            m.target().type())));
            refusable.add("other names");
        }
        moves.forEach(m -> columns.add(m.target()));
        if (readAll && writeAll && names == 2) {
            Collections.shuffle(columns, random);
        }
        if (!readAll && !writeAll) {
            Collections.shuffle(columns, random);
        }
        if (names == 3 && readAll && writeAll && columns.size() > 1) {
            contradict();
        }
    }

    /** A name that only the target has, and one that stands at another place than the source's. */
    private void contradict() {
        RandomColumn first = columns.get(0);
        columns.set(0, RandomColumn.plain("elsewhere", columns.get(1).type()));
        columns.set(1, first);
        moves.set(1, new Move(moves.get(1).expression(), moves.get(1).type(), columns.get(0)));
        refusable.add("must: neither all names nor all positions");
    }

    /** Columns that only the target has. */
    private void addColumns() {
        if (random.nextInt(3) > 0) {
            return;
        }
        RandomColumn more = switch (random.nextInt(4)) {
            case 0 -> new RandomColumn("filled", "text", "DEFAULT 'by default'", Role.PLAIN);
            case 1 -> new RandomColumn("empty", "int4", "", Role.PLAIN);
            case 2 -> new RandomColumn("numbered", "int8", "GENERATED ALWAYS AS IDENTITY", Role.NUMBERED);
            default ->
                major >= 12
                        ? new RandomColumn("computed", "text", "GENERATED ALWAYS AS ('c' || 1) STORED", Role.GENERATED)
                        : new RandomColumn("filled", "date", "DEFAULT 'epoch'", Role.PLAIN);
        };
        columns.add(random.nextInt(columns.size() + 1), more);
        if (writeAll && more.role() != Role.GENERATED) {
            refusable.add("must: one column more");
        }
    }

    /** Gives the target constraints; the column of its key, or nothing. */
    private String constrain() {
        boolean numbered = columns.stream().anyMatch(c -> c.name().equals(RandomSource.NUMBER));
        if (random.nextInt(4) == 0) {
            int index = random.nextInt(columns.size());
            if (columns.get(index).role() == Role.PLAIN
                    && !columns.get(index).name().equals(RandomSource.NUMBER)) {
                replace(index, columns.get(index).with("NOT NULL"));
            }
        }
        if (numbered && random.nextInt(4) == 0) {
            for (int i = 0; i < columns.size(); i++) {
                if (columns.get(i).name().equals(RandomSource.NUMBER)) {
                    replace(i, columns.get(i).with("CHECK (n % 5 <> 3)"));
                }
            }
        }
        if (!numbered || random.nextInt(4) > 0) {
            return "";
        }
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(RandomSource.NUMBER)) {
                replace(i, columns.get(i).with("NOT NULL"));
            }
        }
        return RandomSource.NUMBER;
    }

    private void replace(int index, RandomColumn column) {
        String name = column.name();
        columns.set(index, column);
        moves.replaceAll(m -> m.target().name().equals(name) ? new Move(m.expression(), m.type(), column) : m);
    }

    /** What the target does when a row comes. */
    private void react(String to) {
        boolean numbered = columns.stream().anyMatch(c -> c.name().equals(RandomSource.NUMBER));
        if (!numbered || random.nextInt(5) > 0) {
            return;
        }
        String body = switch (random.nextInt(4)) {
            case 0 -> "IF NEW.n % 4 = 1 THEN RETURN NULL; END IF; RETURN NEW;";
            case 1 -> "IF NEW.n % 4 = 1 THEN RAISE EXCEPTION 'no' USING ERRCODE = '23514'; END IF; RETURN NEW;";
            case 2 -> "NEW.n := NEW.n + 1; RETURN NEW;";
            default -> "IF NEW.n = 1 THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW;";
        };
        if (body.contains("NULL;")) {
            failable.add("skipped by the target");
        }
        if (body.contains("'no';")) {
            failable.add("raised by a trigger");
        }
        target.add("CREATE FUNCTION @schema.react() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body + " END $$");
        target.add("CREATE TRIGGER react BEFORE INSERT ON @schema." + RandomColumn.quote(to)
                + " FOR EACH ROW EXECUTE PROCEDURE @schema.react()");
    }

    private String read() {
        reader.put("table", "@schema." + RandomColumn.quote(source.name()));
        ArrayNode list = reader.putArray("column");
        if (readAll) {
            list.add("*");
        } else {
            moves.forEach(m -> list.add(m.expression()));
        }
        String where = "";
        if (source.numbered() && random.nextInt(3) == 0) {
            where = List.of("\"n\" % 3 = 1", "n is not null -- all", "n > 5 OR n IS NULL", "false")
                    .get(random.nextInt(4));
            reader.put("where", where);
        }
        if (source.numbered() && random.nextInt(3) == 0) {
            reader.put("splitPk", "n");
        } else if (random.nextInt(4) == 0) {
            reader.put("splitBy", "ctid");
        }
        if (random.nextInt(4) == 0) {
            reader.put("fetchSize", 1 + random.nextInt(20));
        }
        if (random.nextInt(8) == 0) {
            asQuery(where);
        }
        return where;
    }

    /** The same as a query. */
    private void asQuery(String where) {
        String selected = readAll
                ? "*"
                : moves.stream().map(m -> m.expression().strip() + '\n').collect(Collectors.joining(", "));
        reader.remove(List.of("table", "column", "where", "splitPk", "splitBy"));
        reader.put(
                "querySql",
                "SELECT " + selected + " FROM @schema." + RandomColumn.quote(source.name())
                        + (where.isEmpty() ? "" : " WHERE " + where + '\n'));
        if (!readAll && writeAll) {
            refusable.add("a query's names");
        }
    }

    private String write(String to, boolean keyed) {
        writer.put("table", "@schema." + RandomColumn.quote(to));
        ArrayNode list = writer.putArray("column");
        if (writeAll) {
            list.add("*");
        } else {
            moves.forEach(m -> list.add(m.target().quoted()));
        }
        boolean keyMoves = moves.stream().anyMatch(m -> m.target().name().equals(RandomSource.NUMBER));
        String mode = random.nextBoolean() ? "copy" : keyed && keyMoves && random.nextBoolean() ? "upsert" : "insert";
        writer.put("writeMode", mode);
        writer.put("preSql", "CREATE TABLE @schema.before ()");
        if (random.nextBoolean() && !failable.isEmpty()) {
            writer.put("skippedByTarget", "allow");
        }
        if (random.nextBoolean()) {
            writer.put("batchSize", 1 + random.nextInt(30));
        }
        return writer.toString();
    }

    private ObjectNode setting() {
        ObjectNode setting = JSON.createObjectNode();
        setting.putObject("speed").put("concurrent", 1 + random.nextInt(3));
        setting.putObject("errorLimit").put("record", random.nextInt(5) == 0 ? 0 : 1_000_000);
        return setting;
    }
}
