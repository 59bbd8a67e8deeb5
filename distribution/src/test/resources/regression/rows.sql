INSERT INTO inh.person VALUES ('mike', 40, '(3.1,6.2)'), ('ü', NULL, '(NaN,-0)'), ('', -1, NULL);
INSERT INTO inh.emp VALUES ('sharon', 25, '(15.0,12.0)', 1000, 'sam'), ('mike', 23, NULL, NULL, repeat('n', 63)::name);
INSERT INTO inh.student VALUES ('fred', 28, '(3.1,-1.5)', 3.7), ('larry', 60, NULL, 'NaN');
INSERT INTO inh.stud_emp VALUES ('cim', 30, '(10.5,4.7)', 400, NULL, 3.4, 50), ('linda', 19, NULL, 100, NULL, 2.9, NULL);
INSERT INTO "My.Schema ""1"""."far child" VALUES ('far', 1, NULL, 'more'), ('far', 1, NULL, 'more');
INSERT INTO inh.a VALUES ('aaa'), ('aaa'), (NULL), ('');
INSERT INTO inh.b VALUES ('bbb', 'b'), ('aaa', NULL);
INSERT INTO inh.c VALUES ('ccc', 'c');
INSERT INTO inh.d VALUES ('ddd', 'd1', 'd2', 'd3'), ('aaa', 'b', 'c', NULL);
INSERT INTO inh.late VALUES (1, 'more', 'late'), (2, NULL, 'aaa');
INSERT INTO inh.only_child SELECT generate_series(1, 50);
INSERT INTO inh.from_nothing VALUES (1, 'x'), (1, 'x'), (NULL, NULL);
INSERT INTO inh.no_columns DEFAULT VALUES;

INSERT INTO part.list_eu VALUES (1, 'de', 'a'), (1, 'de', 'a'), (2, 'ü', NULL);
INSERT INTO part.list_us_low VALUES (1, 'us', 'low'), (-2147483648, NULL, '');
INSERT INTO part.list_us_high VALUES ('high', 'us', 100), ('', NULL, 2147483647);
INSERT INTO part.by_range SELECT timestamptz '2025-12-31 00:00+00' + i * interval '1 hour', i / 7.0 FROM generate_series(1, 48) i;
INSERT INTO part.range_old VALUES ('-infinity', 'NaN'), ('0044-03-15 12:00:00+00 BC', NULL);
INSERT INTO part.range_new VALUES ('infinity', 0.00);
--@ since 11
INSERT INTO part.by_hash SELECT i, 'n' || i FROM generate_series(-20, 20) i;
INSERT INTO part.with_default VALUES (1, 'a'), (2, 'b'), (3, NULL), (3, '');
--@ since 12
INSERT INTO part.refers_to_partitions VALUES (1, -20), (2, 20), (3, NULL);
--@ both

INSERT INTO odd."user" VALUES (1, 'one', 'two', 3), (NULL, '', NULL, NULL);
INSERT INTO odd."order" VALUES ('postgres', '1999-12-31', 1), ('user', '-infinity', NULL);
INSERT INTO odd."text" VALUES ('text', 4, 't'), (NULL, NULL, '');
INSERT INTO odd."excluded" VALUES (1, 'x'), (NULL, 'y');
INSERT INTO odd."Capital" VALUES (1, 2, 3, 'four'), (4, 3, 2, 'one');
INSERT INTO odd.capital VALUES (7), (7), (NULL);
INSERT INTO odd."with space" VALUES (1, ' l', 't ');
INSERT INTO odd."with.dot" VALUES (1, 'dot');
INSERT INTO odd."with""quote" VALUES (1, '"', '''');
INSERT INTO odd."größe 世😀" VALUES (1, '世', '😀');
INSERT INTO odd."star*" VALUES (1, '?', '%s', '$1', '\', '@table', ':x', '{}');
INSERT INTO odd."123-hyphen" VALUES (123, '-', '--', '/* */', ',', ';');
INSERT INTO odd.ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt VALUES (63, 'd');
INSERT INTO odd."line
feed" VALUES (1, 'tab');
INSERT INTO "My.Schema ""1"""."My.Table" VALUES (1, 'y'), (1, 'y'), (1, 'z');
INSERT INTO "My.Schema ""1"""."user" VALUES ('mine', 1);
INSERT INTO public.text VALUES (1, 'text'), (2, NULL);
INSERT INTO public.r VALUES (1, 's', 2), (3, 't', 4);

INSERT INTO types.users VALUES
    (1, 'sad', '{sad,"so so",NULL}', 1, 99, 'y', '{心}', '(1,x)', '{"(1,x)",NULL,"(,)"}',
        ROW(ROW(1, 'a "b" (c), \ d'), '{sad}', 1.50, '<a/>', 7)::types."Nested Type",
        ARRAY[ROW(ROW(1, NULL), NULL, 'NaN', NULL, NULL)::types."Nested Type", NULL], '[1.5,2.5)', '(5)'),
    (2, '', '{}', 2147483647, 1, ' ', '{}', '(,"")', '[0:1]={"(2,)","(3,\"\")"}', '(,,,,)', '{}', 'empty', '()'),
    (3, NULL, NULL, NULL, NULL, 'x', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (4, 'it''s "fine"', '{{心,sad},{"",NULL}}', 5, 5, E'line\nfeed', '{sad,sad}', '(-1,NULL)', '{}',
        ROW(NULL, '[2:3]={sad,心}', -0.01, '<!-- c --><a>世</a>', 1)::types."Nested Type", NULL, '(-Infinity,NaN]', NULL);
--@ since 11
INSERT INTO types.domains VALUES (1, '(1,x)', '{"(1,x)",NULL}', '{1,NULL,99}'), (2, NULL, '{}', '[0:0]={5}');
--@ both
INSERT INTO types.numbers VALUES
    (1, 32767, 2147483647, 9223372036854775807, 'NaN', 'NaN', repeat('9', 500)::numeric, 'NaN', 'NaN',
        '92233720368547758.07', true, 4294967295, '4294967295'),
    (2, -32768, -2147483648, -9223372036854775808, ('1' || repeat('0', 131071))::numeric, 99999999.99,
        ('0.' || repeat('3', 500))::numeric, 'Infinity', '-Infinity', '-92233720368547758.08', false, 0, '0'),
    (3, 0, 0, 0, '0.000', -0.01, 0, '-0', '-0', '-0.01', NULL, 1, '3'),
    (4, NULL, NULL, NULL, -1.50000, 1.5, -1, '1.4e-45', '4.9406564584124654e-324', '1234.50', true, NULL, NULL),
    (5, 1, 1, 1, ('0.' || repeat('0', 16382) || '1')::numeric, 0, 0, '3.4028235e38', '1.7976931348623157e308', '0', false,
        1, NULL),
    (6, 1, 1, 1, 12345678901234567890.123456789, 0, 0, '0.1', '0.1', '12.34', false, 1, NULL);
INSERT INTO types.times VALUES
    (1, 'infinity', '24:00:00', '23:59:59.999', '24:00:00-15:59:59', 'infinity', 'infinity', '-infinity', '0', '0', '0'),
    (2, '4713-01-01 BC', '00:00:00', '00:00', '00:00:00+15:59:59', '4713-01-01 00:00:00 BC', '0001-12-31 23:59:59 BC',
        '4713-01-01 00:00:00+00 BC', '-1 year +2 mons -3 days +04:05:06.000001', '-00:00:01.25', '-3 years 4 mons'),
    (3, '5874897-12-31', '23:59:59.999999', '12:00:00.123', '12:00:00.000001+05:30', '294276-12-31 23:59:59.999999',
        '2026-03-29 02:30:00', '294276-12-31 23:59:59.999999+00', '178000000 years', '1 mon -1 day', '178000000 years'),
    (4, '2000-02-29', NULL, NULL, '23:59:59.999999+00', '1582-10-10 12:00:00', NULL, '2026-10-25 00:30:00.1+00',
        '2147483647 days -2147483647:00:00', NULL, NULL),
    (5, NULL, '12:30', NULL, NULL, NULL, NULL, '1900-01-01 00:00:00+00', '-00:00:00.000001', NULL, NULL);
--@ since 14
INSERT INTO types.numbers (id, n) VALUES (7, 'Infinity'), (8, '-Infinity');
--@ since 17
INSERT INTO types.times (id, iv) VALUES (6, 'infinity'), (7, '-infinity');
--@ both
INSERT INTO types.texts VALUES
    (1, '', '', '', '', '', '', '\x', '00000000-0000-0000-0000-000000000000', 'null', 'null', '', '101010101', '', '', '',
        '', '', ''),
    (2, E'tab\t nl\n cr\r bs\\ \\. \\N', ' ', 'a    ', '  x  ', 'a', 'Mixed "Case"', '\x00ff5c275c0a0d09',
        'ffffffff-ffff-ffff-ffff-ffffffffffff', ' {"a" :  1, "a": 2.50 } ', '{"b": [1, null, {"c": "\\\""}]}',
        '<?xml version="1.0"?><a>b &amp; 世</a>', '000000000', '1', 'a:1 fat:2A,3B ''it''''s''', 'fat & (rat | !cat)',
        'MiXed', 'a=>1, b=>NULL, "\"q\""=>""', 'Top.Science'),
    (3, 'NULL', 'null', '世界世界世', '世界', '\', repeat('n', 63), decode(repeat('ab', 5000), 'hex'),
        'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '"\u0000"', '1e400', '<!-- c --><a x=''1''/>', '111111111', repeat('1', 1001)::varbit,
        '''b c'':16383', 'super:*AB <2> x', '世', '""=>""', 'a.b.c'),
    (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (5, E'\u0001 e\u0301 \ufeff \u2028 😀', '{a,b}', '(a,b)', '"', '''', '', '\x00', NULL, '[]', '[]', 'text only', NULL, '0', NULL, NULL,
        ' ', NULL, NULL);
INSERT INTO types.networks VALUES
    (1, '10.0.0.1', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05'), (2, '::ffff:1.2.3.4/128', '::/0', NULL, NULL),
    (3, '0.0.0.0/0', '192.168.1.1/32', '00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff:ff:ff'), (4, 'fe80::1/64', NULL, NULL, NULL);
INSERT INTO types.shapes VALUES
    (1, '(1.5,-0)', '{1,-1,0}', '[(0,0),(1,1.1)]', '(2,2),(0.1,0.2)', '[(0,0),(1,1)]', '((0,0),(1,1),(2,0.1))', '<(1,2.2),3.3>'),
    (2, '(NaN,Infinity)', '{0.1,0.2,0.3}', NULL, NULL, '((0,0),(1e300,1e-300))', NULL, '<(0,0),0>');
INSERT INTO types.arrays VALUES
    (1, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}'),
    (2, '{{1,NULL},{3,4}}', '{NULL,"NULL","",a\\b,"{x}"," "}', '{1.50,NaN,NULL}', '{infinity,"2026-01-01 00:00:00+00"}', '{null,"{}",NULL}',
        '{<a/>,NULL,"<?xml version=\"1.0\"?><b/>"}', '{"\\x","\\x00ff",NULL}', '{(2,2),(0,0);(1,1),(0,0)}', '{12.34,NULL}',
        '{A,a,NULL}', '{"a=>1",NULL}'),
    (3, '[-1:0][2:3]={{1,2},{3,4}}', '[5:5]={x}', '{{{1.0}}}', NULL, NULL, NULL, NULL, NULL, '[0:0]={-0.01}', NULL, NULL),
    (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO types.ranges VALUES
    (1, '[1,5)', '[-9223372036854775808,9223372036854775807)', '(1.10,2.200]', '["2026-01-01 00:00:00.000001",infinity]',
        '["2026-01-01 00:00:00+00","2026-06-01 00:00:00+00")', '[4713-01-01 BC,)', '{"[1,2)",empty,NULL}'),
    (2, 'empty', 'empty', '[NaN,]', '(-infinity,)', '(,)', '(,infinity)', '{}'),
    (3, '(,)', NULL, '[,0)', 'empty', NULL, NULL, NULL);
INSERT INTO types.names VALUES
    (1, 'pg_class', 'timestamp with time zone', 'array_out', 'lower(text)', '||/', '+(integer,integer)', 'english',
        'simple', 'pg_monitor', 'public', '{"odd.\"user\"",pg_class,NULL}'),
    (2, 'odd."with.dot"', 'types."Nested Type"', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '"My.Schema ""1"""', '{}'),
    (3, '-', 'types.mood[]', '-', NULL, '0', '0', NULL, NULL, NULL, NULL, NULL),
    (4, 'public.r', 'int', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'odd', NULL);
INSERT INTO types.large VALUES
    (1, repeat('x', 1048576), decode(repeat('00', 1048576), 'hex'), array_fill(repeat('y', 1000), ARRAY[1000])),
    (2, (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 32768) i), NULL, '{}'), (3, '', '\x', NULL);
INSERT INTO types.wide (id) SELECT generate_series(1, 3);
UPDATE types.wide SET c299 = '1999-01-01', c1 = 'one', c2 = 2.20, c4 = id WHERE id > 1;
--@ since 12
INSERT INTO types.paths VALUES (1, '$.a[*] ? (@ > 1)'), (2, 'strict $."世"'), (3, NULL);
--@ since 14
INSERT INTO types.multiranges VALUES (1, '{[1,5),[7,9)}', '{(1.10,2.200]}', '{[1.5,2.5]}'), (2, '{}', '{(,)}', NULL);
--@ both

INSERT INTO kinds.always (note) SELECT 'n' || i FROM generate_series(1, 5) i;
INSERT INTO kinds.always OVERRIDING SYSTEM VALUE VALUES (-7, 'set');
INSERT INTO kinds.by_default (note) VALUES ('a'), ('b');
INSERT INTO kinds.by_default (note, id) VALUES ('set', -9223372036854775808);
INSERT INTO kinds.counted (note) VALUES ('a'), (NULL), (DEFAULT);
--@ since 12
INSERT INTO kinds.stored (a, b) VALUES (1, 2), (NULL, 3), (2147483646, 1);
INSERT INTO kinds.only_stored DEFAULT VALUES;
--@ since 18
INSERT INTO kinds.virtual (a, b) VALUES (1, 'x'), (NULL, NULL);
INSERT INTO kinds.only_virtual DEFAULT VALUES;
--@ both
INSERT INTO kinds.no_columns DEFAULT VALUES;
INSERT INTO kinds.dropped VALUES (1, 'b'), (NULL, ''), (1, 'b');
INSERT INTO kinds.unlogged VALUES (1, 'gone after a crash');
INSERT INTO kinds.plain SELECT i, 'plain' FROM generate_series(1, 2500) i;
REFRESH MATERIALIZED VIEW kinds.a_materialized_view;
INSERT INTO kinds.large_objects VALUES (1, lo_from_bytea(0, 'content')), (2, NULL);
INSERT INTO kinds.policed SELECT i, 'o' || i % 3 FROM generate_series(1, 30) i;
INSERT INTO kinds.policed_by_force SELECT i, 'o' || i % 3 FROM generate_series(1, 30) i;
INSERT INTO kinds.watched VALUES (1, 'watched'), (2, NULL);
INSERT INTO kinds.ruled VALUES (1, 'ruled'), (2, NULL);
INSERT INTO kinds.twice SELECT 1, 'the same' FROM generate_series(1, 1000);
INSERT INTO kinds.of_type VALUES (1, 'x');
INSERT INTO kinds.other_order VALUES (1, 'Ada', 'Lovelace', 'x'), (2, 'last', 'first', NULL);

INSERT INTO keys.z_customer SELECT i, 'c' || i FROM generate_series(1, 100) i;
INSERT INTO keys.m_order SELECT i, 1 + i % 100, 'o' FROM generate_series(1, 200) i;
INSERT INTO keys.a_item SELECT i, n FROM generate_series(1, 200) i, generate_series(1, 3) n;
INSERT INTO keys.employee SELECT i, nullif((i * 7) % 50, i) FROM generate_series(0, 49) i;
INSERT INTO keys.only_key VALUES (1, ''), (1, ' '), (2, 'x');
INSERT INTO keys.excluded_ranges VALUES (1, '[1,5)'), (2, '[5,9)'), (3, 'empty'), (4, NULL);
INSERT INTO keys.unique_parts VALUES (1, 1, 'A'), (2, 0, 'a'), (3, -1, 'a'), (4, 1, 'b');
INSERT INTO keys.cased VALUES ('Aa', '00000000-0000-0000-0000-000000000001'), ('b', NULL);
INSERT INTO circle.hen VALUES (1, NULL), (2, NULL);
INSERT INTO circle.egg VALUES (1, 2), (2, 1);
UPDATE circle.hen SET egg = id;
