package dev.transvase.distribution.random;

import dev.transvase.distribution.random.RandomColumn.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** A table with rows, as the source has it: plain, in partitions, with children, or behind a view. */
final class RandomSource {

    /** Some columns are called so: what SQL could take for something else, what needs quotes, what is long. */
    private static final List<String> NAMES = List.of(
            "id",
            "name",
            "Name",
            "a b",
            "user",
            "order",
            "text",
            "excluded",
            "x.y",
            "q\"t",
            "größe",
            "select",
            "t",
            "column",
            "current_date",
            "123Test",
            "value",
            "r",
            "s",
            "date",
            "c".repeat(63));

    /** Numbers the rows, if the table has it. */
    static final String NUMBER = "n";

    /** Says in which part of the table a row lies, if it has parts. */
    private static final String PART = "part";

    private static final List<String> TABLES = List.of("src", "Src 1", "order", "text", "excluded", "a.b");

    private final Random random;
    private final RandomTypes types;
    private final int major;
    private final boolean converting;
    private final List<String> sql = new ArrayList<>();
    private final List<Offered> columns = new ArrayList<>();
    private String name;

    /**
     * A column, and the type of the one that its values go to.
     *
     * @param column as the source has it
     * @param targetType the target's type
     */
    record Offered(RandomColumn column, String targetType) {}

    /** @param converting whether some columns go into ones of another type */
    RandomSource(Random random, RandomTypes types, int major, boolean converting) {
        this.random = random;
        this.types = types;
        this.major = major;
        this.converting = converting;
    }

    /** Makes it up. Called once. */
    RandomSource make() {
        name = TABLES.get(random.nextInt(TABLES.size()));
        int kind = random.nextInt(10);
        makeColumns(kind == 1 || kind == 2);
        String quoted = RandomColumn.quote(name);
        switch (kind) {
            case 1 -> partitions(quoted);
            case 2 -> children(quoted);
            default -> sql.add("CREATE TABLE @schema." + quoted + " (" + definitions(columns) + ")");
        }
        boolean dropped = random.nextInt(5) == 0;
        sql.set(0, sql.get(0).replace("@gone", dropped ? "gone int, " : ""));
        if (dropped) {
            sql.add(1, "ALTER TABLE @schema." + quoted + " DROP COLUMN gone");
        }
        rows(kind == 2 ? List.of(quoted, "child", "grandchild") : List.of(quoted));
        if (kind == 3) {
            sql.add("CREATE VIEW @schema.\"A view\" AS SELECT * FROM @schema." + quoted);
            name = "A view";
        }
        return this;
    }

    List<String> sql() {
        return sql;
    }

    /** Of the table or view that is read, without quotes. */
    String name() {
        return name;
    }

    List<Offered> columns() {
        return columns;
    }

    boolean numbered() {
        return columns.stream().anyMatch(c -> c.column().name().equals(NUMBER));
    }

    private void makeColumns(boolean parts) {
        List<String> names = new ArrayList<>(NAMES);
        Collections.shuffle(names, random);
        int width = 1 + random.nextInt(5);
        for (int i = 0; i < width; i++) {
            String type = converting && random.nextInt(3) > 0 ? types.convertible(random) : types.any(random);
            String target = converting ? types.target(type, random) : type;
            columns.add(new Offered(RandomColumn.plain(names.get(i), type), target));
        }
        if (random.nextInt(8) > 0) {
            String type = List.of("int4", "int8", "int2").get(random.nextInt(3));
            columns.add(random.nextInt(columns.size() + 1), new Offered(RandomColumn.plain(NUMBER, type), type));
        }
        if (parts) {
            columns.add(new Offered(RandomColumn.plain(PART, "int4"), "int4"));
        }
        if (major >= 12 && numbered() && random.nextInt(8) == 0 && !parts) {
            RandomColumn generated = new RandomColumn(
                    "made", "int8", "GENERATED ALWAYS AS (coalesce(n::int8, 0) + 1) STORED", Role.GENERATED);
            columns.add(random.nextInt(columns.size()), new Offered(generated, "int8"));
        }
    }

    private static String definitions(List<Offered> columns) {
        return "@gone" + columns.stream().map(c -> c.column().definition()).collect(Collectors.joining(", "));
    }

    /** One of them has its columns in another order. */
    private void partitions(String quoted) {
        List<Offered> shuffled = new ArrayList<>(columns);
        Collections.shuffle(shuffled, random);
        sql.add("CREATE TABLE @schema." + quoted + " (" + definitions(columns) + ") PARTITION BY RANGE (part)");
        sql.add("CREATE TABLE @schema.low PARTITION OF @schema." + quoted + " FOR VALUES FROM (0) TO (1)");
        sql.add("CREATE TABLE @schema.high PARTITION OF @schema." + quoted
                + " FOR VALUES FROM (2) TO (9) PARTITION BY LIST (part)");
        sql.add("CREATE TABLE @schema.high2 PARTITION OF @schema.high FOR VALUES IN (2)");
        sql.add("CREATE TABLE @schema.middle (other text, "
                + shuffled.stream().map(c -> c.column().definition()).collect(Collectors.joining(", ")) + ")");
        sql.add("ALTER TABLE @schema.middle DROP COLUMN other");
        sql.add("ALTER TABLE @schema." + quoted + " ATTACH PARTITION @schema.middle FOR VALUES FROM (1) TO (2)");
    }

    private void children(String quoted) {
        sql.add("CREATE TABLE @schema." + quoted + " (" + definitions(columns) + ")");
        sql.add("CREATE TABLE @schema.child (more text) INHERITS (@schema." + quoted + ")");
        sql.add("CREATE TABLE @schema.grandchild (most text) INHERITS (@schema.child)");
    }

    private void rows(List<String> tables) {
        List<Offered> written =
                columns.stream().filter(c -> c.column().role() == Role.PLAIN).toList();
        String names = written.stream().map(c -> c.column().quoted()).collect(Collectors.joining(", "));
        int count = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(24);
        int oddNumbers = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            List<String> values = new ArrayList<>();
            for (Offered column : written) {
                values.add(
                        switch (column.column().name()) {
                            case NUMBER -> number(i, oddNumbers);
                            case PART -> Integer.toString(i % 3);
                            default -> literal(types.value(column.column().type(), column.targetType(), random));
                        });
            }
            sql.add("INSERT INTO @schema." + tables.get(i % tables.size()) + " (" + names + ") VALUES ("
                    + String.join(", ", values) + ")");
        }
    }

    /** Distinct ones, or with some that are NULL or twice. */
    private String number(int row, int odd) {
        if (odd == 0 && random.nextInt(5) == 0) {
            return random.nextBoolean() ? "NULL" : Integer.toString(random.nextInt(5));
        }
        return odd == 1 && random.nextInt(9) == 0 ? "-32768" : Integer.toString(row);
    }

    private static String literal(String value) {
        return value == null ? "NULL" : "'" + value.replace("'", "''") + "'";
    }
}
