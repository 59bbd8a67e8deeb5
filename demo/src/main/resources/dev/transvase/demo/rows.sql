-- Everything comes from a hash of the row's number: every run makes the same rows, on every version.
CREATE FUNCTION pg_temp.pick(hash text, place int, below int) RETURNS int LANGUAGE sql IMMUTABLE AS
    $$ SELECT ('x' || substr(hash, place, 7))::bit(28)::int % below $$;

-- One key is far away from all others, as an import may leave it.
INSERT INTO shop.orders
SELECT CASE WHEN n = @orders@ THEN 9000000000000 ELSE n END,
       hash::uuid,
       (ARRAY['Ada Lovelace', 'Zoë Müller', '李小龍', 'Наталия Петрова', 'سلمى حداد', '山田 太郎', 'Seán O''Brien',
              '🦊 Fuchs & Söhne'])[1 + pg_temp.pick(hash, 1, 8)],
       (pg_temp.pick(hash, 2, 100000000) - 1000000) / 100.0,
       (ARRAY['EUR', 'USD', 'JPY'])[1 + pg_temp.pick(hash, 3, 3)],
       CASE WHEN pg_temp.pick(hash, 4, 9) > 0 THEN pg_temp.pick(hash, 5, 1000000) / 7.0::float8 END,
       timestamptz '2024-01-01 00:00:00+00' + n * interval '157.123457 seconds',
       CASE pg_temp.pick(hash, 6, 100)
           WHEN 0 THEN date 'infinity'
           WHEN 1 THEN NULL
           ELSE date '2024-01-02' + pg_temp.pick(hash, 7, 730)
       END,
       CASE pg_temp.pick(hash, 8, 3) WHEN 0 THEN true WHEN 1 THEN false END,
       (enum_range(NULL::shop.order_state))[1 + pg_temp.pick(hash, 9, 4)],
       jsonb_build_object(
           'lines', jsonb_build_array(
               jsonb_build_object('sku', 'SKU-' || pg_temp.pick(hash, 10, 5000), 'quantity', 1 + pg_temp.pick(hash, 11, 9)),
               jsonb_build_object('sku', 'größe "L"', 'price', 19.90)),
           'coupon', NULL),
       CASE pg_temp.pick(hash, 12, 4)
           WHEN 0 THEN '{}'
           WHEN 1 THEN ARRAY['express', NULL]
           WHEN 2 THEN ARRAY['a "quoted", word', 'back\slash', '']
           ELSE ARRAY['new']
       END,
       CASE WHEN pg_temp.pick(hash, 13, 5) > 0 THEN decode(hash, 'hex') END,
       CASE pg_temp.pick(hash, 14, 5)
           WHEN 0 THEN NULL
           WHEN 1 THEN ''
           WHEN 2 THEN E'Ring twice.\n\tThen leave it at the door: C:\\porch'
           ELSE 'Bitte klingeln – ' || n || ' mal'
       END
FROM (SELECT n, md5('order ' || n) AS hash FROM generate_series(1, @orders@) AS n OFFSET 0) AS numbers;

INSERT INTO shop."Customer-Notes"
SELECT n,
       nullif(pg_temp.pick(hash, 1, 2001) - 1000, 0),
       (ARRAY['Ada Lovelace', 'Zoë Müller', '山田 太郎'])[1 + pg_temp.pick(hash, 2, 3)],
       CASE pg_temp.pick(hash, 3, 4)
           WHEN 0 THEN NULL
           WHEN 1 THEN ''
           WHEN 2 THEN E'"Asked again",\n\tand \\N is not NULL 😀'
           ELSE repeat(hash || ' ', 1 + pg_temp.pick(hash, 4, 20))
       END,
       timestamp '2023-06-30 23:59:59.999999' + n * interval '12 minutes 0.000001 seconds',
       CASE WHEN n > 1 AND pg_temp.pick(hash, 5, 3) = 0 THEN n - 1 END
FROM (SELECT n, md5('note ' || n) AS hash FROM generate_series(1, @notes@) AS n OFFSET 0) AS numbers;

INSERT INTO shop.depots VALUES
    ('HAM1', '10.1.0.0/16', '1 day 02:30:00', 'north', '05:30', '[0,500)'),
    ('MUC', '192.168.7.1', '-00:15:00.000001', 'south', '24:00', '[10,20)'),
    ('NRT', '2001:db8::7/64', '1 year 2 mons', 'überall', '00:00:00.5', '(,1000)'),
    ('NULL', '::1', '0', NULL, NULL, NULL),
    ('', '0.0.0.0/0', '1 mon -1 days', 'north', '12:00', 'empty');

ANALYZE shop.orders, shop."Customer-Notes", shop.depots;
