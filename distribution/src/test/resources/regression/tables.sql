-- A schema like that of PostgreSQL's own regression tests, only smaller: every kind of table, column and name there is.
-- Lines with two dashes and an at sign say where what follows is run: "since N" from that major on, "source" or "target"
-- on one side only, "both" again on all.

CREATE EXTENSION hstore;
CREATE EXTENSION citext;
CREATE EXTENSION ltree;
CREATE EXTENSION file_fdw;

CREATE SCHEMA inh;
CREATE SCHEMA part;
CREATE SCHEMA odd;
CREATE SCHEMA types;
CREATE SCHEMA keys;
CREATE SCHEMA circle;
CREATE SCHEMA kinds;
CREATE SCHEMA "My.Schema ""1""";

-- Inheritance: rows at each level, several parents, another order of columns, and a child in another schema

CREATE TABLE inh.person (name text PRIMARY KEY, age int, place point);
CREATE TABLE inh.emp (salary int, manager name) INHERITS (inh.person);
CREATE TABLE inh.student (gpa float8) INHERITS (inh.person);
CREATE TABLE inh.stud_emp (percent int4) INHERITS (inh.emp, inh.student);
CREATE TABLE "My.Schema ""1"""."far child" (more text) INHERITS (inh.person);
CREATE TABLE inh.a (aa text);
CREATE TABLE inh.b (bb text) INHERITS (inh.a);
CREATE TABLE inh.c (cc text) INHERITS (inh.a);
CREATE TABLE inh.d (dd text) INHERITS (inh.b, inh.c, inh.a);
CREATE TABLE inh.late (zz int, more text, aa text);
ALTER TABLE inh.late INHERIT inh.a;
CREATE TABLE inh.empty_parent (id int);
CREATE TABLE inh.only_child (id int) INHERITS (inh.empty_parent);
CREATE TABLE inh.no_columns ();
CREATE TABLE inh.from_nothing (id int, what text) INHERITS (inh.no_columns);

-- Partitions: by list and range, in several levels, with columns in another order, dropped ones, and keys

CREATE TABLE part.by_list (id int, region text, note text) PARTITION BY LIST (region);
CREATE TABLE part.list_eu PARTITION OF part.by_list FOR VALUES IN ('de', 'fr', 'ü');
CREATE TABLE part.list_us PARTITION OF part.by_list FOR VALUES IN ('us', NULL) PARTITION BY RANGE (id);
CREATE TABLE part.list_us_low PARTITION OF part.list_us FOR VALUES FROM (MINVALUE) TO (100);
CREATE TABLE part.list_us_high (note text, gone int, region text, id int);
ALTER TABLE part.list_us_high DROP COLUMN gone;
ALTER TABLE part.list_us ATTACH PARTITION part.list_us_high FOR VALUES FROM (100) TO (MAXVALUE);
CREATE TABLE part.by_range (gone text, at timestamptz NOT NULL, value numeric) PARTITION BY RANGE (at);
ALTER TABLE part.by_range DROP COLUMN gone;
CREATE TABLE part.range_old PARTITION OF part.by_range FOR VALUES FROM (MINVALUE) TO ('2026-01-01 00:00+00');
CREATE TABLE part.range_new PARTITION OF part.by_range FOR VALUES FROM ('2026-01-01 00:00+00') TO (MAXVALUE);
CREATE TABLE part.no_partition_yet (id int) PARTITION BY RANGE (id);
--@ since 11
CREATE TABLE part.by_hash (id int PRIMARY KEY, note text) PARTITION BY HASH (id);
CREATE TABLE part.hash_0 PARTITION OF part.by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE part.hash_1 PARTITION OF part.by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE part.with_default (id int, kind text) PARTITION BY LIST (kind);
CREATE TABLE part.default_a PARTITION OF part.with_default FOR VALUES IN ('a');
CREATE TABLE part.default_rest PARTITION OF part.with_default DEFAULT;
--@ since 12
CREATE TABLE part.refers_to_partitions (id int PRIMARY KEY, h int REFERENCES part.by_hash);
--@ both

-- Names

CREATE TABLE odd."user" ("order" int, "text" text, "excluded" text, "select" int);
CREATE TABLE odd."order" ("user" text, "current_date" date, "table" int);
CREATE TABLE odd."text" ("text" text, "int4" int4, t text);
CREATE TABLE odd."excluded" (excluded int, "excluded.excluded" text);
CREATE TABLE odd."Capital" ("Id" int, "id" int, "ID" int, "iD" text);
CREATE TABLE odd.capital (id int);
CREATE TABLE odd."with space" ("a b" int, " lead" text, "trail " text);
CREATE TABLE odd."with.dot" ("a.b" int, "odd.with.dot" text);
CREATE TABLE odd."with""quote" ("q""t" int, """" text, "'" text);
CREATE TABLE odd."größe 世😀" ("größe" int, "世" text, "😀" text);
CREATE TABLE odd."star*" ("*" int, "?" text, "%s" text, "$1" text, "\" text, "@table" text, ":x" text, "{}" text);
CREATE TABLE odd."123-hyphen" ("123" int, "a-b" text, "-- c" text, "/* c */" text, "a,b" text, "a;b" text);
CREATE TABLE odd.ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (
    ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc int,
    "ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccd" text);
CREATE TABLE odd."line
feed" ("col
umn" int, "tab	" text);
CREATE TABLE "My.Schema ""1"""."My.Table" ("My.Column" int, "x""y" text);
CREATE TABLE "My.Schema ""1"""."user" ("user" text, "oid2" int);
CREATE TABLE public.text (id int, text text);
CREATE TABLE public.r (r int, s text, t int);

-- Types of users

CREATE TYPE types.mood AS ENUM ('sad', 'so so', 'it''s "fine"', '心', '');
CREATE DOMAIN types.positive AS int CHECK (VALUE > 0);
CREATE DOMAIN types.small AS types.positive CHECK (VALUE < 100);
CREATE DOMAIN types.needed AS text NOT NULL DEFAULT 'x' CHECK (VALUE <> '');
CREATE DOMAIN types.moods AS types.mood[] CHECK (array_length(VALUE, 1) < 5);
CREATE TYPE types.pair AS (a int, b text);
CREATE TYPE types."Nested Type" AS (p types.pair, "M" types.mood[], x numeric(12, 2), gone int, x2 xml, d types.small);
ALTER TYPE types."Nested Type" DROP ATTRIBUTE gone;
CREATE TYPE types.span AS RANGE (subtype = float8);
CREATE TABLE types.users (
    id int PRIMARY KEY, m types.mood, ma types.mood[], p types.positive, s types.small, n types.needed, ms types.moods,
    pr types.pair, pra types.pair[], ne types."Nested Type", nea types."Nested Type"[], sp types.span, row_of odd.capital);
--@ since 11
CREATE DOMAIN types.checked AS types.pair CHECK ((VALUE).a > 0);
CREATE TABLE types.domains (id int, c types.checked, ca types.checked[], sa types.small[]);
--@ both

-- Types of PostgreSQL

CREATE TABLE types.numbers (
    id int, i2 int2, i4 int4, i8 int8, n numeric, n2 numeric(10, 2), n3 numeric(1000, 500), f4 float4, f8 float8,
    m money, b bool, o oid, x xid);
CREATE TABLE types.times (
    id int, d date, t time, t3 time(3), tz timetz, ts timestamp, ts0 timestamp(0), tstz timestamptz, iv interval,
    iv2 interval(2), ym interval year to month);
CREATE TABLE types.texts (
    id int, t text, v varchar, v5 varchar(5), c char(5), c1 "char", n name, b bytea, u uuid, j json, jb jsonb, x xml,
    bt bit(9), vb varbit, tv tsvector, tq tsquery, ci citext, hs hstore, lt ltree);
CREATE TABLE types.networks (id int, i inet, c cidr, m macaddr, m8 macaddr8);
CREATE TABLE types.shapes (id int, p point, l line, s lseg, b box, pa path, po polygon, c circle);
CREATE TABLE types.arrays (
    id int, i int[], t text[], n numeric[], ts timestamptz[], j jsonb[], x xml[], b bytea[], bx box[], m money[],
    ci citext[], hs hstore[]);
CREATE TABLE types.ranges (id int, i int4range, l int8range, n numrange, ts tsrange, tz tstzrange, d daterange,
    a int4range[]);
CREATE TABLE types.names (
    id int, c regclass, t regtype, p regproc, pp regprocedure, o regoper, oo regoperator, cfg regconfig,
    d regdictionary, r regrole, ns regnamespace, ca regclass[]);
CREATE TABLE types.large (id int, t text, b bytea, a text[]);
CREATE TABLE types.wide (id int PRIMARY KEY);
DO $$ BEGIN
    FOR i IN 1..299 LOOP
        EXECUTE format('ALTER TABLE types.wide ADD COLUMN c%s %s', i, (ARRAY['int', 'text', 'numeric', 'date'])[1 + i % 4]);
    END LOOP;
END $$;
--@ since 12
CREATE TABLE types.paths (id int, p jsonpath);
--@ since 14
CREATE TABLE types.multiranges (id int, i int4multirange, n nummultirange, s types.span_multirange);
--@ both

-- Columns that the server fills

CREATE TABLE kinds.always (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);
CREATE TABLE kinds.by_default (note text, id bigint GENERATED BY DEFAULT AS IDENTITY (START 1000 INCREMENT 7));
CREATE TABLE kinds.counted (id serial, big bigserial, note text DEFAULT 'by default');
--@ since 12
CREATE TABLE kinds.stored (a int, sum int GENERATED ALWAYS AS (a + b) STORED, b int);
CREATE TABLE kinds.only_stored (one int GENERATED ALWAYS AS (1) STORED);
--@ since 18
CREATE TABLE kinds.virtual (a int, twice int GENERATED ALWAYS AS (a * 2) VIRTUAL, b text);
CREATE TABLE kinds.only_virtual (two int GENERATED ALWAYS AS (2) VIRTUAL);
--@ both

-- Other kinds of tables

CREATE TABLE kinds.empty (id int, note text);
CREATE TABLE kinds.no_columns ();
CREATE TABLE kinds.all_dropped (gone int);
ALTER TABLE kinds.all_dropped DROP COLUMN gone;
CREATE TABLE kinds.dropped (gone_1 int, a int, gone_2 text, b text, gone_3 date);
--@ source
ALTER TABLE kinds.dropped DROP COLUMN gone_1, DROP COLUMN gone_2, DROP COLUMN gone_3;
--@ target
DROP TABLE kinds.dropped;
CREATE TABLE kinds.dropped (b text, gone int, a int);
ALTER TABLE kinds.dropped DROP COLUMN gone;
--@ both
CREATE UNLOGGED TABLE kinds.unlogged (id int, note text);
CREATE TABLE kinds.plain (id int, note text);
CREATE VIEW kinds.a_view AS SELECT id, note FROM kinds.plain;
CREATE MATERIALIZED VIEW kinds.a_materialized_view AS SELECT id FROM kinds.plain;
CREATE SEQUENCE kinds.a_sequence;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE kinds.a_file (line text) SERVER files OPTIONS (filename '/dev/null');
CREATE TABLE kinds.large_objects (id int, content oid);
CREATE TABLE kinds.policed (id int, owner text);
CREATE TABLE kinds.policed_by_force (id int, owner text);
CREATE TABLE kinds.watched (id int, note text);
CREATE TABLE kinds.ruled (id int, note text);
CREATE TABLE kinds.log (what text);
CREATE TABLE kinds.twice (id int, note text);
CREATE TABLE kinds.of_type OF types.pair;
--@ source
CREATE TABLE kinds.other_order (id int, first text, last text, "both" text);
--@ target
CREATE TABLE kinds.other_order ("both" text, id int, last text, first text);
--@ both

-- Keys

CREATE TABLE keys.z_customer (id int PRIMARY KEY, name text UNIQUE);
CREATE TABLE keys.m_order (id int PRIMARY KEY, customer int NOT NULL REFERENCES keys.z_customer, note text);
CREATE TABLE keys.a_item (ord int REFERENCES keys.m_order, no int, primary key (ord, no));
CREATE TABLE keys.employee (id int PRIMARY KEY, manager int REFERENCES keys.employee);
CREATE TABLE keys.only_key (a int, b text, PRIMARY KEY (b, a));
CREATE TABLE keys.excluded_ranges (id int PRIMARY KEY, during int4range, EXCLUDE USING gist (during WITH &&));
CREATE TABLE keys.unique_parts (id int PRIMARY KEY, a int, b text);
CREATE UNIQUE INDEX ON keys.unique_parts (lower(b)) WHERE a > 0;
CREATE TABLE keys.cased (c citext PRIMARY KEY, u uuid);
CREATE TABLE circle.hen (id int PRIMARY KEY, egg int);
CREATE TABLE circle.egg (id int PRIMARY KEY, hen int REFERENCES circle.hen);
ALTER TABLE circle.hen ADD FOREIGN KEY (egg) REFERENCES circle.egg;
