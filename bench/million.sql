-- step: shop
INSERT INTO site (code, name, address, country, latitude, longitude, time_zone, cut_off, working_days,
                  daily_capacity, daily_units, changed_at)
SELECT code, code, '{"lines":["1 Dock Road"],"city":"' || code || '","country":"' || country || '"}', country, latitude, longitude, zone, '16:00', '{mon,tue,wed,thu,fri,sat,sun}',
       1000000, 10000000, %(until)s
FROM (VALUES ('LEEDS', 'GB', 53.8, -1.55, 'Europe/London'), ('LYON', 'FR', 45.76, 4.84, 'Europe/Paris'),
             ('OSAKA', 'JP', 34.69, 135.5, 'Asia/Tokyo')) AS v(code, country, latitude, longitude, zone);

INSERT INTO channel (code, name, kind, currency, changed_at)
VALUES ('web', 'Web shop', 'api', 'GBP', %(until)s), ('market', 'Market', 'api', 'EUR', %(until)s),
       ('tokyo', 'Tokyo', 'api', 'JPY', %(until)s);

INSERT INTO product (sku, title, price_minor, currency, weight_g, length_mm, width_mm, height_mm, changed_at)
SELECT 'SKU-' || lpad(k::text, 5, '0'), 'Product ' || k, 200 + k * 37 %% 4800, 'GBP',
       50 + k * 13 %% 2000, 100, 80, 60, %(until)s
FROM generate_series(0, %(products)s) k;

INSERT INTO place (site, code, kind, zone, aisle, bay)
SELECT code, 'A-' || lpad(bay::text, 3, '0'), 'bin', 'A', 1 + bay / 20, bay %% 20
FROM site, generate_series(0, 199) bay
UNION ALL
SELECT code, upper(kind), kind, '', 0, 0
FROM site, unnest('{packing,quarantine,returns,supplier,customer,lost,found,scrap,transit}'::text[]) kind
ORDER BY 1, 2;

INSERT INTO customer (id, email_key, email, name, phone, first_at)
SELECT made_id(%(since)s - interval '1 day', 12, k), 'buyer' || k || '@example.org',
       'Buyer' || k || '@example.org', 'Buyer ' || k, '+44113496' || lpad((k %% 10000)::text, 4, '0'),
       %(since)s - interval '1 day'
FROM generate_series(0, %(orders)s / 3) k;

-- step: plan
-- One row per order with all that its rows share. The older, the further; a few went another way.
INSERT INTO made
SELECT i, at, stage, 3, i %% 40 = 0 AND age > interval '2 days', site, channel,
       CASE channel WHEN 'web' THEN 'GBP' WHEN 'market' THEN 'EUR' ELSE 'JPY' END,
       channel = 'market', CASE channel WHEN 'tokyo' THEN 1000000 ELSE 10000 END,
       chance %% (%(orders)s / 3 + 1),
       made_id(at, 1, i), made_id(at, 2, i), made_id(at + interval '5 hours', 3, i), made_id(at, 4, i),
       made_id(at + interval '6 hours', 5, i)
FROM (
    SELECT i, at, age, chance,
           (ARRAY['LEEDS', 'LYON', 'OSAKA'])[1 + chance / 11 %% 3] AS site,
           (ARRAY['web', 'web', 'market', 'tokyo'])[1 + chance / 13 %% 4] AS channel,
           CASE WHEN age > interval '21 days' AND i %% 61 = 0 THEN 'returned'
                WHEN age > interval '6 days' THEN CASE WHEN i %% 97 = 0 THEN 'cancelled' ELSE 'delivered' END
                WHEN age > interval '3 days' THEN 'shipped'
                WHEN age > interval '60 hours' THEN 'packed'
                WHEN age > interval '54 hours' THEN 'picked'
                WHEN age > interval '48 hours' THEN 'released'
                WHEN i %% 8 = 0 THEN 'waiting'
                WHEN i %% 9 = 0 THEN 'held'
                ELSE 'planned' END AS stage
    FROM (SELECT i, (i * 2654435761 + 12345) %% 4294967296 / 16 AS chance,
                 (%(orders)s - i) * ((%(until)s - %(since)s) / %(orders)s) AS age,
                 date_trunc('milliseconds', %(until)s - interval '1 minute'
                            - (%(orders)s - i) * ((%(until)s - %(since)s) / %(orders)s)) AS at
          FROM generate_series(1, %(orders)s::bigint) i) AS aged) AS staged;

ANALYZE made, place, product, site;

INSERT INTO made_line
SELECT i, position, order_id, fulfilment_id, parcel_id, made_id(at, 6, i * 4 + position),
       made_id(at + interval '2 hours', 7, i * 4 + position), at, stage, m.site,
       'SKU-' || lpad(sku_no::text, 5, '0'), bin.id, packing.id, quantity, price_micro,
       discount, amount - discount, (amount - discount) / CASE WHEN with_tax THEN 6 ELSE 5 END, step
FROM (
    SELECT m.*, (i %% 10 = 0)::int * 10 AS discount,
           -- Half to even: half up, and one less when a tie came out odd.
           half_up - (gross * 2 %% (2 * step) = step AND half_up %% 2 = 1)::int AS amount
    FROM (
        SELECT m.*, quantity * price_micro AS gross,
               (quantity * price_micro + step / 2) / step AS half_up
        FROM (
            SELECT m.*,
                   ((200 + sku_no * 37 %% 4800) * step + (sku_no %% 10 = 0)::int * step / 4)::bigint AS price_micro
            FROM (
                SELECT m.*, position, 1 + chance %% 3 AS quantity,
                       CASE stage WHEN 'waiting' THEN 0 ELSE 1 + (chance / 4294967296.0 * %(products)s)::bigint %% %(products)s
                       END AS sku_no
                FROM made m CROSS JOIN generate_series(1, m.lines) position
                CROSS JOIN LATERAL (SELECT ((i * 4 + position) * 1103515245 + 12345) %% 4294967296 AS chance) c
            ) AS m
        ) AS m
    ) AS m
) AS m
JOIN place bin ON bin.site = m.site AND bin.code = 'A-' || lpad((sku_no %% 200)::text, 3, '0')
JOIN place packing ON packing.site = m.site AND packing.code = 'PACKING'
ORDER BY i, position;
ANALYZE made_line;

INSERT INTO made_total
SELECT i, sum(quantity), sum(amount), (i %% 20 = 0)::int * 100, 500, (i %% 4 = 0)::int * 99,
       sum(tax) + (i %% 4 = 0)::int * 99,
       string_agg('{"sku":"' || sku || '","quantity":' || quantity || ',"unit_price":"'
                  || round(price_micro / 1000000.0, 6) || '","reference":"' || position || '","tax":"'
                  || round(tax * step / 1000000.0, 6) || '"}', ',' ORDER BY position),
       string_agg('[' || position || ',"' || sku || '",' || quantity || ']', ',' ORDER BY position),
       string_agg('[' || position || ',' || quantity || ']', ',' ORDER BY position),
       string_agg('["' || demand_id || '","' || sku || '",' || quantity || ']', ',' ORDER BY position),
       string_agg('["' || task_id || '","' || sku || '","",' || quantity || ']', ',' ORDER BY position),
       string_agg('[' || position || ',"' || sku || '",' || quantity || ',"unwanted"]', ',' ORDER BY position),
       string_agg('[' || position || ',' || quantity || ',0]', ',' ORDER BY position)
FROM made_line GROUP BY i ORDER BY i;
ANALYZE made_total;

-- step: orders
INSERT INTO order_key (channel, reference, order_id, body_hash)
SELECT channel, 'R-' || i, order_id, sha256(i::text::bytea) FROM made ORDER BY i;

WITH told AS (
    SELECT i, order_id,
           ARRAY['order_placed'] || CASE WHEN was_held THEN ARRAY['hold_released', 'exception_closed'] END
           || CASE WHEN is_gone THEN ARRAY['order_shipped'] END || CASE WHEN is_there THEN ARRAY['order_delivered'] END
           || CASE stage WHEN 'cancelled' THEN ARRAY['order_cancelled'] END AS types,
           ARRAY[at] || CASE WHEN was_held THEN ARRAY[at + interval '1 hour', at + interval '1 hour'] END
           || CASE WHEN is_gone OR stage = 'cancelled' THEN ARRAY[at + interval '6 hours'] END
           || CASE WHEN is_there THEN ARRAY[at + interval '3 days'] END AS times,
           ARRAY['{"channel":"' || channel || '","currency":"' || currency || '",'
                 || CASE WHEN was_held THEN '"holds":["address"],' ELSE '' END || '"lines":[' || line_facts || '],"parts":[["'
                 || fulfilment_id || '","' || site || '",[' || part_facts || ']]],"state":"allocated","total_minor":'
                 || goods || '}']
           || CASE WHEN was_held THEN ARRAY['{"hold":"address"}', '{"kind":"address","resolution":"fixed"}'] END
           || CASE WHEN is_gone THEN ARRAY['{"parcel_id":"' || parcel_id || '","state":"shipped","units":[' || part_facts || ']}'] END
           || CASE WHEN is_there THEN ARRAY['{"parcel_id":"' || parcel_id || '","state":"delivered","units":[' || part_facts || ']}'] END
           || CASE stage WHEN 'cancelled'
              THEN ARRAY['{"is_whole":true,"reason":"customer","units":[' || part_facts || ']}'] END AS bodies
    FROM (SELECT *, stage IN ('shipped', 'delivered', 'returned') AS is_gone, stage IN ('delivered', 'returned') AS is_there
          FROM made) AS made JOIN made_total USING (i)
), chained AS MATERIALIZED (
    SELECT *, chain(types, times, bodies) AS hashes FROM told
), facts AS (
    INSERT INTO fact (subject, seq, kind, type, version, actor, occurred_at, recorded_at, body, hash)
    SELECT order_id, seq, 'order', type, 1, 'key:bench', f.at, f.at, body, hash
    FROM chained CROSS JOIN LATERAL unnest(types, times, bodies, hashes) WITH ORDINALITY AS f(type, at, body, hash, seq)
)
INSERT INTO orders (
    id, number, channel, reference, customer_id, state, is_held, placed_at, taken_at, service, currency,
    prices_include_tax, goods_minor, discount_minor, shipping_minor, tax_minor, total_minor, shortage, split,
    ship_complete, line_count, fingerprint, email_key, postal_code, country, form, fact_seq, fact_hash, fact_at)
SELECT m.order_id, 'OW-' || lpad(i::text, 7, '0'), channel, 'R-' || i,
       made_id(%(since)s - interval '1 day', 12, customer),
       CASE stage WHEN 'released' THEN 'allocated' WHEN 'planned' THEN 'allocated' WHEN 'picked' THEN 'picking' ELSE stage END,
       stage = 'held', m.at, m.at, 'standard', currency, with_tax, goods, discount, shipping, tax,
       goods - discount + shipping + CASE WHEN with_tax THEN 0 ELSE tax END, 'backorder', 'cheapest', false, lines, i * 7919,
       'buyer' || customer || '@example.org', postal_code, 'GB',
       '{"channel":"' || channel || '","reference":"R-' || i || '","currency":"' || currency
       || '","ship_to":{"country":"GB","name":"Buyer ' || customer || '","lines":["' || customer %% 200
       || ' Dock Street"],"city":"Leeds","postal_code":"' || postal_code || '"},"lines":[' || line_forms || '],"total":"'
       || round((goods - discount + shipping + CASE WHEN with_tax THEN 0 ELSE tax END) * step / 1000000.0, 6)
       || '","customer":{"email":"buyer' || customer || '@example.org","name":"Buyer ' || customer
       || '"},"shipping":{"price":"' || round(shipping * step / 1000000.0, 6) || '","tax":"'
       || round(shipping_tax * step / 1000000.0, 6) || '"},"payment":{"state":"authorised"}}',
       cardinality(hashes), hashes[cardinality(hashes)], times[cardinality(hashes)]
FROM made m JOIN made_total USING (i) JOIN chained USING (i)
CROSS JOIN LATERAL (SELECT 'LS' || 1 + customer / 4000 %% 28 || ' ' || customer / 400 %% 10
                           || chr(65 + (customer %% 20)::int) || chr(65 + (customer / 20 %% 20)::int) AS postal_code) AS p;
SELECT setval('order_number', %(orders)s);

-- step: lines
INSERT INTO order_line (order_id, position, reference, sku, sku_given, title, quantity, unit_price_micro,
                        discount_minor, tax_minor, amount_minor)
SELECT order_id, position, position::text AS reference, sku, sku AS sku_given, 'Product', quantity, price_micro, discount, tax, amount
FROM made_line ORDER BY i, position;

INSERT INTO demand (id, order_id, position, sku, per_unit, ordered, waiting, allocated, picked, packed, shipped,
                    cancelled, delivered, returned)
SELECT demand_id, order_id, position, sku, 1, quantity,
       quantity * (stage = 'waiting')::int, quantity * (stage IN ('planned', 'held', 'released'))::int,
       quantity * (stage = 'picked')::int, quantity * (stage = 'packed')::int,
       quantity * (stage IN ('shipped', 'delivered', 'returned'))::int, quantity * (stage = 'cancelled')::int,
       quantity * (stage IN ('delivered', 'returned'))::int, quantity * (stage = 'returned')::int
FROM made_line ORDER BY i, position;

INSERT INTO decision (order_id, seq, kind, made_at, document)
SELECT order_id, 1, 'placed', at, '{"outcome":"planned","candidates":[["' || site || '",120,450,' || lines
       || ',"chosen"]],"policy":{},"findings":[]}'
FROM made ORDER BY i;

INSERT INTO hold (id, order_id, kind, placed_at, placed_by, released_at, released_by)
SELECT made_id(at, 11, i), order_id, 'address', at, 'rules', CASE WHEN was_held THEN at + interval '1 hour' END,
       CASE WHEN was_held THEN 'clerk:1' END
FROM made WHERE was_held OR stage = 'held';
INSERT INTO exception (id, order_id, subject, kind, severity, owner, opened_at, due_at, closed_at, closed_by, resolution)
SELECT made_id(at, 13, i), order_id, order_id, 'address', 'high', 'clerk', at, at + interval '4 hours',
       CASE WHEN was_held THEN at + interval '1 hour' END, CASE WHEN was_held THEN 'clerk:1' END,
       CASE WHEN was_held THEN 'fixed' END
FROM made WHERE was_held OR stage = 'held';

-- step: fulfilments
WITH told AS (
    SELECT m.*, (at + interval '1 day')::date AS ship_day,
           CASE WHEN stage IN ('planned', 'held', 'cancelled') THEN 0 WHEN stage = 'released' THEN 1
                WHEN stage = 'picked' THEN 2 ELSE 3 END AS reached,
           ARRAY['fulfilment_released', 'units_picked', 'fulfilment_packed'] AS types,
           ARRAY[at + interval '2 hours', at + interval '4 hours', at + interval '5 hours'] AS times,
           ARRAY['{"order_id":"' || order_id || '","site":"' || site || '","units":[' || demand_facts || ']}',
                 '{"is_complete":true,"picks":[' || pick_facts || ']}',
                 '{"is_complete":true,"parcels":["' || parcel_id || '"]}'] AS bodies
    FROM made m JOIN made_total USING (i) WHERE stage <> 'waiting'
), chained AS MATERIALIZED (
    SELECT *, chain(types[1:reached], times, bodies) AS hashes FROM told
), facts AS (
    INSERT INTO fact (subject, seq, kind, type, version, actor, occurred_at, recorded_at, body, hash)
    SELECT fulfilment_id, seq, 'fulfilment', type, 1, 'picker:1', f.at, f.at, body, hash FROM chained
    CROSS JOIN LATERAL unnest(types[1:reached], times[1:reached], bodies[1:reached], hashes)
                       WITH ORDINALITY AS f(type, at, body, hash, seq)
), loads AS (
    INSERT INTO site_load (site, day, bucket, orders, units)
    SELECT c.site, ship_day, 0, count(*), sum(units) FROM chained c JOIN made_total USING (i)
    WHERE stage <> 'cancelled' GROUP BY c.site, ship_day
)
INSERT INTO fulfilment (id, order_id, site, state, service, ship_by, ship_day, deliver_by, cost_minor, made_at,
                        released_at, fact_seq, fact_hash, fact_at)
SELECT fulfilment_id, order_id, site,
       CASE stage WHEN 'held' THEN 'planned' WHEN 'delivered' THEN 'shipped' WHEN 'returned' THEN 'shipped' ELSE stage END,
       'standard', at + interval '1 day', ship_day, (at + interval '4 days')::date, 450, at,
       CASE WHEN reached > 0 THEN times[1] END, reached, coalesce(hashes[reached], ''), times[nullif(reached, 0)]
FROM chained ORDER BY i;

INSERT INTO release_day (site, day, orders, units)
SELECT site, (at + interval '2 hours')::date, count(*), sum(units) FROM made JOIN made_total USING (i)
WHERE stage NOT IN ('waiting', 'planned', 'held', 'cancelled') GROUP BY 1, 2;

INSERT INTO allocation (fulfilment_id, demand_id, allocated, picked, packed, shipped)
SELECT fulfilment_id, demand_id, quantity * (stage IN ('planned', 'held', 'released'))::int,
       quantity * (stage = 'picked')::int, quantity * (stage = 'packed')::int,
       quantity * (stage IN ('shipped', 'delivered', 'returned'))::int
FROM made_line WHERE stage <> 'waiting' ORDER BY i, position;

INSERT INTO pick_task (id, fulfilment_id, demand_id, sku, lot, place_id, quantity, picked, walk, state, made_at,
                       ended_at, picker, packed)
SELECT task_id, fulfilment_id, demand_id, sku, '', bin, quantity, quantity * (stage <> 'released')::int, position,
       CASE stage WHEN 'released' THEN 'open' ELSE 'done' END, at + interval '2 hours',
       CASE WHEN stage <> 'released' THEN at + interval '4 hours' END,
       CASE WHEN stage <> 'released' THEN 'picker:1' END,
       quantity * (stage NOT IN ('released', 'picked'))::int
FROM made_line WHERE stage NOT IN ('waiting', 'planned', 'held', 'cancelled') ORDER BY i, position;

-- step: parcels
WITH told AS (
    SELECT m.*, stage <> 'packed' AS is_shipped, stage IN ('delivered', 'returned') AS is_delivered,
           at + interval '6 hours' AS shipped_at, at + interval '3 days' AS delivered_at,
           CASE stage WHEN 'packed' THEN 1 WHEN 'shipped' THEN 4 ELSE 5 END AS reached,
           ARRAY['parcel_packed', 'label_bought', 'parcel_handed_over', 'tracking_recorded', 'parcel_delivered'] AS types,
           ARRAY[at + interval '5 hours', at + interval '5 hours', at + interval '6 hours', at + interval '1 day',
                 at + interval '3 days'] AS times,
           ARRAY['{"expected_weight_g":500,"fulfilment_id":"' || fulfilment_id || '","lines":[' || demand_facts
                 || '],"number":"P-' || lpad(i::text, 7, '0') || '","order_id":"' || order_id || '","weight_g":500}',
                 '{"carrier":"practice","cost_minor":450,"currency":"GBP","tracking_code":"PX' || lpad(i::text, 9, '0') || '"}',
                 '{"carrier":"practice","lines":[' || demand_facts || '],"order_id":"' || order_id || '","tracking_code":"PX'
                 || lpad(i::text, 9, '0') || '"}',
                 '{"event_id":"' || made_id(at + interval '1 day', 22, i) || '","milestone":"in_transit"}',
                 '{"event_id":"' || made_id(at + interval '3 days', 10, i) || '"}'] AS bodies
    FROM made m JOIN made_total USING (i) WHERE stage IN ('packed', 'shipped', 'delivered', 'returned')
), chained AS MATERIALIZED (
    SELECT *, chain(types[1:reached], times, bodies) AS hashes FROM told
), facts AS (
    INSERT INTO fact (subject, seq, kind, type, version, actor, occurred_at, recorded_at, body, hash)
    SELECT parcel_id, seq, 'parcel', type, 1, 'packer:1', f.at, f.at, body, hash FROM chained
    CROSS JOIN LATERAL unnest(types[1:reached], times[1:reached], bodies[1:reached], hashes)
                       WITH ORDINALITY AS f(type, at, body, hash, seq)
)
INSERT INTO parcel (id, number, fulfilment_id, order_id, site, state, service, weight_g, expected_weight_g, carrier,
                    tracking_code, token_hash, packed_at, labelled_at, shipped_at, delivered_at, deliver_by,
                    fact_seq, fact_hash, fact_at)
SELECT parcel_id, 'P-' || lpad(i::text, 7, '0'), fulfilment_id, order_id, site,
       CASE WHEN is_delivered THEN 'delivered' WHEN is_shipped THEN 'shipped' ELSE 'packed' END, 'standard', 500, 500,
       CASE WHEN is_shipped THEN 'practice' END, CASE WHEN is_shipped THEN 'PX' || lpad(i::text, 9, '0') END,
       sha256(parcel_id::text::bytea), at + interval '5 hours', CASE WHEN is_shipped THEN at + interval '5 hours' END,
       CASE WHEN is_shipped THEN shipped_at END, CASE WHEN is_delivered THEN delivered_at END,
       (at + interval '4 days')::date, reached, hashes[reached], times[reached]
FROM chained ORDER BY i;
SELECT setval('parcel_number', %(orders)s);

INSERT INTO parcel_line (parcel_id, demand_id, sku, lot, quantity)
SELECT parcel_id, demand_id, sku, '', quantity FROM made_line
WHERE stage IN ('packed', 'shipped', 'delivered', 'returned') ORDER BY i, position;

INSERT INTO label (id, parcel_id, intent_id, carrier, tracking_code, cost_minor, currency, content, state, made_at)
SELECT made_id(at + interval '5 hours', 8, i), parcel_id, made_id(at + interval '5 hours', 9, i), 'practice',
       'PX' || lpad(i::text, 9, '0'), 450, 'GBP', '^XA^FO50,50^FD' || i || '^FS^XZ', 'live', at + interval '5 hours'
FROM made WHERE stage IN ('shipped', 'delivered', 'returned') ORDER BY i;

INSERT INTO tracking_event (id, carrier, external_id, parcel_id, tracking_code, milestone, detail, raw, occurred_at, received_at)
SELECT made_id(at + after, kind, i), 'practice', letter || '-' || i, parcel_id, 'PX' || lpad(i::text, 9, '0'),
       milestone, '', '{}', at + after, at + after
FROM made
JOIN (VALUES ('T', 22, 'in_transit', interval '1 day', '{shipped,delivered,returned}'::text[]),
             ('E', 10, 'delivered', interval '3 days', '{delivered,returned}'))
     AS scan(letter, kind, milestone, after, stages) ON stage = ANY(stages)
ORDER BY i;

-- step: stock
WITH asked AS (
    SELECT p.sku, s.site, supplier.id AS supplier, bin.id AS bin, (1000 + coalesce(taken, 0)) / 12 + 1 AS units,
           row_number() OVER (ORDER BY s.site, p.sku) AS line
    FROM (SELECT sku, substr(sku, 5)::int AS sku_no FROM product WHERE sku <> 'SKU-00000') p
    CROSS JOIN (SELECT code AS site FROM site) s
    JOIN place bin ON bin.site = s.site AND bin.code = 'A-' || lpad((sku_no %% 200)::text, 3, '0')
    JOIN place supplier ON supplier.site = s.site AND supplier.code = 'SUPPLIER'
    LEFT JOIN (SELECT sku, site, sum(quantity) AS taken FROM made_line GROUP BY sku, site) t
         ON t.sku = p.sku AND t.site = s.site
)
INSERT INTO stock_move (id, sku, lot, from_place, to_place, quantity, kind, cause, cause_line, unit_cost_micro,
                        actor, occurred_at, recorded_at)
SELECT made_id(at, 14, line), sku, '', supplier, bin, units, 'receive', 'receipt:R-' || site || '-' || quarter, line,
       3100000, 'key:bench', at, at
FROM (SELECT quarter, %(since)s - interval '1 day' + quarter * interval '91 days' AS at FROM generate_series(0, 11) quarter) quarters
CROSS JOIN asked ORDER BY quarter, line;

INSERT INTO stock_document (kind, site, reference, body_hash, answer, made_at)
SELECT 'receipt', code, 'R-' || code || '-' || quarter, sha256(quarter::text::bytea), '{}',
       %(since)s - interval '1 day' + quarter * interval '91 days'
FROM site, generate_series(0, 11) quarter;

INSERT INTO stock_move (id, sku, lot, from_place, to_place, quantity, kind, cause, cause_line, actor, occurred_at, recorded_at)
SELECT made_id(at + interval '4 hours', 15, i * 4 + position), sku, '', bin, packing, quantity, 'pick',
       'pick:' || task_id, 0, 'picker:1', at + interval '4 hours', at + interval '4 hours'
FROM made_line WHERE stage IN ('picked', 'packed', 'shipped', 'delivered', 'returned') ORDER BY i, position;

INSERT INTO stock_move (id, sku, lot, from_place, to_place, quantity, kind, cause, cause_line, actor, occurred_at, recorded_at)
SELECT made_id(at + interval '6 hours', 16, i * 4 + position), sku, '', packing, c.id, quantity, 'ship',
       'parcel:' || parcel_id, position, 'packer:1', at + interval '6 hours', at + interval '6 hours'
FROM made_line m JOIN place c ON c.site = m.site AND c.code = 'CUSTOMER'
WHERE stage IN ('shipped', 'delivered', 'returned') ORDER BY i, position;

-- step: returns
WITH told AS (
    SELECT m.*, t.goods, made_id(at + interval '12 days', 17, i) AS return_id,
           ARRAY['return_asked', 'return_received', 'return_inspected', 'return_settled'] AS types,
           ARRAY[at + interval '8 days', at + interval '10 days', at + interval '10 days', at + interval '12 days'] AS times,
           ARRAY['{"lines":[' || asked_facts || '],"order_id":"' || order_id || '"}', '{"lines":[' || part_facts || ']}',
                 '{"lines":[' || bench_facts || ']}', '{"credit_note":"","refund_minor":' || t.goods || '}'] AS bodies
    FROM made m JOIN made_total t USING (i) WHERE stage = 'returned'
), chained AS MATERIALIZED (SELECT *, chain(types, times, bodies) AS hashes FROM told
), facts AS (
    INSERT INTO fact (subject, seq, kind, type, version, actor, occurred_at, recorded_at, body, hash)
    SELECT return_id, seq, 'return', type, 1, 'clerk:1', f.at, f.at, body, hash FROM chained
    CROSS JOIN LATERAL unnest(types, times, bodies, hashes) WITH ORDINALITY AS f(type, at, body, hash, seq)
)
INSERT INTO return_request (id, number, order_id, site, state, made_at, received_at, settled_at, refund_minor,
                            fact_seq, fact_hash, fact_at)
SELECT return_id, 'RT-' || lpad(i::text, 7, '0'), order_id, site, 'settled', at + interval '8 days',
       at + interval '10 days', times[4], goods, 4, hashes[4], times[4]
FROM chained ORDER BY i;
SELECT setval('return_number', %(orders)s);

INSERT INTO return_line (return_id, line, demand_id, position, sku, reason, asked, received, restocked, refund_minor)
SELECT made_id(at + interval '12 days', 17, i), position, demand_id, position, sku, 'unwanted', quantity, quantity,
       quantity, amount
FROM made_line WHERE stage = 'returned' ORDER BY i, position;

INSERT INTO stock_move (id, sku, lot, from_place, to_place, quantity, kind, cause, cause_line, actor, occurred_at, recorded_at)
SELECT made_id(at + interval '10 days', 18, (i * 4 + position) * 2 + leg), sku, '',
       CASE leg WHEN 0 THEN customer.id ELSE returns.id END, CASE leg WHEN 0 THEN returns.id ELSE bin END, quantity,
       CASE leg WHEN 0 THEN 'return' ELSE 'restock' END, 'return:' || made_id(at + interval '12 days', 17, i), position,
       'receiver:1', at + interval '10 days', at + interval '10 days'
FROM made_line m CROSS JOIN generate_series(0, 1) leg
JOIN place customer ON customer.site = m.site AND customer.code = 'CUSTOMER'
JOIN place returns ON returns.site = m.site AND returns.code = 'RETURNS'
WHERE stage = 'returned' ORDER BY i, position;

-- step: money
INSERT INTO made_money
SELECT m.i, m.at, m.stage, m.order_id, m.parcel_id, m.payment_id, m.capture_id, m.currency,
       t.goods - t.discount - CASE WHEN with_tax THEN t.tax ELSE 0 END, t.shipping, t.tax,
       t.goods - t.discount + t.shipping + CASE WHEN with_tax THEN 0 ELSE t.tax END, t.goods,
       CASE WHEN stage IN ('shipped', 'delivered', 'returned')
            THEN count(*) FILTER (WHERE stage IN ('shipped', 'delivered', 'returned')) OVER (ORDER BY i) END,
       CASE WHEN stage = 'returned' THEN count(*) FILTER (WHERE stage = 'returned') OVER (ORDER BY i) END
FROM made m JOIN made_total t USING (i) ORDER BY i;
ANALYZE made_money;

INSERT INTO payment (id, order_id, gateway, reference, currency, state, given_authorised_minor, authorised_minor,
                     captured_minor, refunded_minor, voided_minor, made_at)
SELECT payment_id, order_id, 'practice', 'pi_' || i, currency,
       CASE WHEN invoice_no IS NULL THEN CASE stage WHEN 'cancelled' THEN 'voided' ELSE 'authorised' END
            WHEN credit_no IS NULL THEN 'captured' ELSE 'partly_refunded' END,
       total, total, CASE WHEN invoice_no IS NOT NULL THEN total ELSE 0 END,
       CASE WHEN credit_no IS NOT NULL THEN refund ELSE 0 END, CASE stage WHEN 'cancelled' THEN total ELSE 0 END, at
FROM made_money ORDER BY i;

INSERT INTO intent (id, kind, subject, order_id, provider, key, amount_minor, currency, state, made_at, ended_at)
SELECT id, kind, subject, order_id, 'practice', kind || ':' || i, amount, currency, 'done', at, at
FROM (SELECT i, capture_id AS id, 'capture' AS kind, payment_id AS subject, order_id, total AS amount, currency,
             at + interval '6 hours' AS at FROM made_money WHERE invoice_no IS NOT NULL
      UNION ALL
      SELECT i, made_id(at + interval '5 hours', 9, i), 'buy_label', parcel_id, order_id, NULL, NULL,
             at + interval '5 hours' FROM made_money WHERE invoice_no IS NOT NULL
      UNION ALL
      SELECT i, made_id(at + interval '1 hour', 19, i), 'void', payment_id, order_id, total, currency,
             at + interval '1 hour' FROM made_money WHERE stage = 'cancelled'
      UNION ALL
      SELECT i, made_id(at + interval '12 days', 20, i), 'refund', payment_id, order_id, refund, currency,
             at + interval '12 days' FROM made_money WHERE credit_no IS NOT NULL) AS wanted ORDER BY i;

INSERT INTO paper (series, number, kind, order_id, cause, currency, goods_minor, shipping_minor, tax_minor, total_minor,
                   lines, issued_at)
SELECT 'INV', invoice_no, 'invoice', order_id, 'parcel:' || parcel_id, currency, goods, shipping, tax, total, '[]',
       at + interval '6 hours'
FROM made_money WHERE invoice_no IS NOT NULL ORDER BY i;
INSERT INTO paper (series, number, kind, order_id, cause, currency, goods_minor, shipping_minor, tax_minor, total_minor,
                   lines, issued_at)
SELECT 'CN', credit_no, 'credit_note', order_id, 'return:' || made_id(at + interval '12 days', 17, i), currency,
       refund, 0, 0, refund, '[]', at + interval '12 days'
FROM made_money WHERE credit_no IS NOT NULL ORDER BY i;
INSERT INTO paper_series SELECT series, max(number) FROM paper GROUP BY series;

INSERT INTO ledger_entry (id, booking, account, order_id, amount_minor, currency, booked_at)
SELECT made_id(booked_at, 21, i * 16 + row), booking, account, order_id, amount, currency, booked_at
FROM (SELECT *, at + interval '6 hours' AS shipped_at, at + interval '12 days' AS settled_at,
             made_id(at + interval '12 days', 17, i) AS return_id, made_id(at + interval '12 days', 20, i) AS refund_id
      FROM made_money WHERE invoice_no IS NOT NULL) m
CROSS JOIN LATERAL (
    VALUES (1, 'paper:parcel:' || parcel_id, 'receivable', total, shipped_at),
           (2, 'paper:parcel:' || parcel_id, 'sales', -goods, shipped_at),
           (3, 'paper:parcel:' || parcel_id, 'shipping', -shipping, shipped_at),
           (4, 'paper:parcel:' || parcel_id, 'tax', -tax, shipped_at),
           (5, 'capture:' || capture_id, 'cash', total, shipped_at),
           (6, 'capture:' || capture_id, 'receivable', -total, shipped_at),
           (7, 'paper:return:' || return_id, 'receivable', -refund, settled_at),
           (8, 'paper:return:' || return_id, 'sales', refund, settled_at),
           (9, 'refund:' || refund_id, 'receivable', refund, settled_at),
           (10, 'refund:' || refund_id, 'cash', -refund, settled_at)
) AS entry(row, booking, account, amount, booked_at)
WHERE row <= CASE WHEN credit_no IS NULL THEN 6 ELSE 10 END AND amount <> 0;

-- step: counters
INSERT INTO stock (sku, place_id, lot, quantity, committed)
SELECT sku, place_id, '', sum(units), coalesce(max(open), 0)
FROM (SELECT sku, from_place, to_place, sum(quantity) AS quantity FROM stock_move
      GROUP BY sku, from_place, to_place) AS totals
CROSS JOIN LATERAL (VALUES (to_place, quantity), (from_place, -quantity)) AS leg(place_id, units)
LEFT JOIN (SELECT sku, place_id, sum(quantity) AS open FROM pick_task WHERE state = 'open' GROUP BY sku, place_id) o
     USING (sku, place_id)
JOIN place p ON p.id = place_id AND p.kind IN ('bin', 'packing', 'returns', 'quarantine')
GROUP BY sku, place_id ORDER BY sku, place_id;

INSERT INTO availability (sku, site, on_hand, allocated, waiting, cost_micro)
SELECT p.sku, s.code, coalesce(on_hand, 0), coalesce(allocated, 0), coalesce(w.waiting, 0), 3100000
FROM product p CROSS JOIN site s
LEFT JOIN (SELECT sku, site, sum(quantity) AS on_hand FROM stock JOIN place ON place.id = place_id
           WHERE kind IN ('bin', 'packing') GROUP BY sku, site) o ON o.sku = p.sku AND o.site = s.code
LEFT JOIN (SELECT sku, site, sum(quantity) AS allocated FROM made_line
           WHERE stage IN ('planned', 'held', 'released', 'picked', 'packed') GROUP BY sku, site) a
     ON a.sku = p.sku AND a.site = s.code
LEFT JOIN (SELECT sku, sum(quantity) AS waiting FROM made_line WHERE stage = 'waiting' GROUP BY sku) w ON w.sku = p.sku;

INSERT INTO api_key (id, prefix, name, secret, scopes, created_at, revoked_at)
VALUES (made_id(%(since)s, 23, 0), 'ow_bench_old', 'bench', sha256('bench'), '{admin}', %(since)s, %(until)s);
INSERT INTO idempotency (key_id, method, path, key, body_hash, status, answer, made_at)
SELECT made_id(%(since)s, 23, 0), 'POST', '/v1/orders', 'K-' || i, sha256(i::text::bytea), 201,
       convert_to('{"number":"OW-' || lpad(i::text, 7, '0') || '"}', 'UTF8'), at
FROM made WHERE channel = 'web' AND at > %(until)s - interval '30 days';
INSERT INTO inbox (id, channel, external_id, topic, hash, body, state, outcome, received_at, ended_at, effects, actor)
SELECT made_id(at, 24, i), channel, 'R-' || i, 'order', sha256(i::text::bytea), convert_to(line_forms, 'UTF8'), 'done', 'placed',
       at, at, 1, 'key:bench'
FROM made JOIN made_total USING (i) WHERE channel = 'market' AND at > %(until)s - interval '90 days';

INSERT INTO task (id, name, subject, cause_seq, state, run_at, attempt, made_at, ended_at)
SELECT made_id(f.recorded_at, (1024 + 16 * f.seq + flow.number)::integer, ('x' || right(f.subject::text, 12))::bit(48)::bigint),
       flow.name, f.subject, f.seq, 'done', f.recorded_at, 1, f.recorded_at, f.recorded_at
FROM fact f
JOIN unnest(%(types)s::text[], %(names)s::text[]) WITH ORDINALITY AS flow(type, name, number) ON flow.type = f.type
WHERE f.recorded_at > %(until)s - interval '15 days';
