-- A small shop on 20 November 2026 at noon, with an order in every stage. `#name` is an id, `@SITE/CODE` a place.
UPDATE clock SET simulated_at = '2026-11-20 12:00+00';

INSERT INTO site (code, name, address, country, latitude, longitude, time_zone, cut_off, working_days, daily_capacity,
                  daily_units, changed_at)
SELECT code, code, '{}', 'GB', 53, -1, 'Europe/London', '16:00', '{mon}', 100, 1000, '2026-01-01'
FROM unnest('{LEEDS,BRISTOL}'::text[]) code;
INSERT INTO channel (code, name, kind, currency, changed_at) VALUES ('web', 'Web', 'api', 'GBP', '2026-01-01');
INSERT INTO product (sku, title, price_minor, currency, is_kit, changed_at)
SELECT sku, sku, 750, 'GBP', sku = 'GIFT', '2026-01-01' FROM unnest('{MUG,HAT,TEE,GIFT}'::text[]) sku;
INSERT INTO kit_component VALUES ('GIFT', 'MUG', 1), ('GIFT', 'HAT', 2);
INSERT INTO place (site, code, kind)
SELECT site.code, p.code, p.kind FROM site CROSS JOIN (VALUES
    ('STOCK', 'bin'), ('PACKING', 'packing'), ('QUARANTINE', 'quarantine'), ('RETURNS', 'returns'), ('RECEIVING', 'receiving'),
    ('SUPPLIER', 'supplier'), ('CUSTOMER', 'customer'), ('LOST', 'lost'), ('FOUND', 'found'), ('SCRAP', 'scrap'),
    ('TRANSIT', 'transit')) AS p(code, kind);
INSERT INTO lot VALUES ('TEE', 'L1', '2027-06-30');
INSERT INTO customer (id, email_key, email, name, first_at, erased_at) VALUES
    (#ann, 'ann@example.org', 'Ann@example.org', 'Ann', '2026-01-01', NULL),
    (#erased, NULL, '', '', '2026-01-01', '2026-11-19');

-- OW-1 was delivered and one mug came back; OW-2 waits for two of three; OW-3 is being picked; OW-4 is held, one
-- of its lines has no product; OW-5 was cancelled after the pick, by somebody erased since; OW-6 is labelled.
INSERT INTO order_key SELECT 'web', 'R-' || n, id, '' FROM unnest(
    ARRAY[#order1, #order2, #order3, #order4, #order5, #order6]::uuid[]) WITH ORDINALITY AS o(id, n);
INSERT INTO orders (
    id, number, channel, reference, customer_id, state, is_held, placed_at, taken_at, service, currency,
    prices_include_tax, goods_minor, discount_minor, shipping_minor, tax_minor, total_minor, shortage, split,
    ship_complete, line_count, fingerprint, email_key, postal_code, country, form, fact_seq, fact_hash, fact_at)
SELECT v.id, 'OW-' || n, 'web', 'R-' || n, v.customer, v.state, v.held, v.at, v.at, 'standard', 'GBP', false, v.goods,
       v.discount, v.shipping, v.tax, v.total, 'backorder', 'cheapest', false, v.lines, CASE n WHEN 5 THEN 0 ELSE n END, v.email, v.postal_code, 'GB',
       v.form, 0, '', v.at
FROM (VALUES
    (1, #order1::uuid, #ann::uuid, 'partially_returned', false, timestamptz '2026-11-10 09:00+00', 2634, 134, 500, 627,
     3627, 2, 'ann@example.org', 'LS1 1AA', '{"customer":{"email":"Ann@example.org"},"shipping":{"tax":"1.00"}}'),
    (2, #order2, #ann, 'partially_allocated', false, '2026-11-18 09:00+00', 1500, 0, 0, 0, 1500, 1, 'ann@example.org',
     'LS1 1AA', '{}'),
    (3, #order3, #ann, 'picking', false, '2026-11-19 09:00+00', 2250, 0, 0, 0, 2250, 1, 'ann@example.org', 'LS1 1AA', '{}'),
    (4, #order4, #ann, 'held', true, '2026-11-19 10:00+00', 950, 0, 0, 0, 950, 2, 'ann@example.org', 'LS1 1AA', '{}'),
    (5, #order5, #erased, 'cancelled', false, '2026-11-19 11:00+00', 750, 0, 0, 0, 750, 1, '', '',
     '{"ship_to": {"country": "GB"}}'),
    (6, #order6, #ann, 'packed', false, '2026-11-19 12:00+00', 750, 0, 0, 0, 750, 1, 'ann@example.org', 'LS1 1AA', '{}')
) AS v(n, id, customer, state, held, at, goods, discount, shipping, tax, total, lines, email, postal_code, form);

INSERT INTO order_line (order_id, position, reference, sku, sku_given, title, quantity, unit_price_micro,
                        discount_minor, tax_minor, amount_minor) VALUES
    (#order1, 1, '1', 'MUG', 'MUG', 'Mug', 2, 7500000, 100, 280, 1400),
    (#order1, 2, '2', 'GIFT', 'GIFT', 'Gift', 1, 12345000, 0, 247, 1234),
    (#order2, 1, '1', 'TEE', 'TEE', 'Tee', 3, 5000000, 0, 0, 1500),
    (#order3, 1, '1', 'HAT', 'HAT', 'Hat', 3, 7500000, 0, 0, 2250),
    (#order4, 1, '1', 'MUG', 'MUG', 'Mug', 1, 7500000, 0, 0, 750),
    (#order4, 2, '2', NULL, 'XYZ', 'What?', 2, 1000000, 0, 0, 200),
    (#order5, 1, '1', 'MUG', 'MUG', 'Mug', 1, 7500000, 0, 0, 750),
    (#order6, 1, '1', 'MUG', 'MUG', 'Mug', 1, 7500000, 0, 0, 750);
INSERT INTO demand (id, order_id, position, sku, per_unit, ordered, waiting, allocated, picked, packed, shipped,
                    cancelled, delivered, returned) VALUES
    (#mugs1, #order1, 1, 'MUG', 1, 2, 0, 0, 0, 0, 2, 0, 2, 1),
    (#kitmug1, #order1, 2, 'MUG', 1, 1, 0, 0, 0, 0, 1, 0, 1, 0),
    (#kithats1, #order1, 2, 'HAT', 2, 2, 0, 0, 0, 0, 2, 0, 2, 0),
    (#tees2, #order2, 1, 'TEE', 1, 3, 2, 1, 0, 0, 0, 0, 0, 0),
    (#hats3, #order3, 1, 'HAT', 1, 3, 0, 2, 1, 0, 0, 0, 0, 0),
    (#mug4, #order4, 1, 'MUG', 1, 1, 0, 1, 0, 0, 0, 0, 0, 0),
    (#mug5, #order5, 1, 'MUG', 1, 1, 0, 0, 0, 0, 0, 1, 0, 0),
    (#mug6, #order6, 1, 'MUG', 1, 1, 0, 0, 0, 1, 0, 0, 0, 0);
INSERT INTO fulfilment (id, order_id, site, state, service, ship_by, ship_day, deliver_by, cost_minor, made_at, released_at)
SELECT id, order_id, site, state, 'standard', day + interval '16 hours', day, day + 3, 450, day, released_at
FROM (VALUES (#work1::uuid, #order1::uuid, 'LEEDS', 'shipped', date '2026-11-10', timestamptz '2026-11-10 10:00+00'),
             (#work2, #order2, 'BRISTOL', 'planned', '2026-11-20', NULL),
             (#work3, #order3, 'LEEDS', 'released', '2026-11-20', '2026-11-20 08:00+00'),
             (#work4, #order4, 'LEEDS', 'planned', '2026-11-20', NULL),
             (#work5, #order5, 'LEEDS', 'cancelled', '2026-11-20', '2026-11-20 08:00+00'),
             (#work6, #order6, 'LEEDS', 'packed', '2026-11-20', '2026-11-20 08:00+00')
) AS v(id, order_id, site, state, day, released_at);
INSERT INTO allocation VALUES
    (#work1, #mugs1, 0, 0, 0, 2), (#work1, #kitmug1, 0, 0, 0, 1), (#work1, #kithats1, 0, 0, 0, 2),
    (#work2, #tees2, 1, 0, 0, 0), (#work3, #hats3, 2, 1, 0, 0), (#work4, #mug4, 1, 0, 0, 0),
    (#work5, #mug5, 0, 0, 0, 0), (#work6, #mug6, 0, 0, 1, 0);
INSERT INTO site_load VALUES ('LEEDS', '2026-11-20', 1, 4, 6), ('LEEDS', '2026-11-20', 2, -1, -1),
    ('BRISTOL', '2026-11-20', 1, 1, 1);
INSERT INTO decision SELECT id, 1, 'placed', placed_at, '{}' FROM orders;
INSERT INTO hold (id, order_id, kind, placed_at, placed_by, released_at) VALUES
    (#hold1, #order4, 'address', '2026-11-19 10:00+00', 'rules', NULL),
    (#hold2, #order4, 'product', '2026-11-19 10:00+00', 'rules', NULL),
    (#hold3, #order4, 'price', '2026-11-19 10:00+00', 'rules', '2026-11-19 11:00+00');
INSERT INTO exception (id, order_id, subject, kind, severity, owner, opened_at, due_at, closed_at) VALUES
    (#doubt1, #order4, #order4, 'address', 'high', 'clerk', '2026-11-19 10:00+00', '2026-11-19 14:00+00', NULL),
    (#doubt2, #order4, #order4, 'product', 'high', 'clerk', '2026-11-19 10:00+00', '2026-11-19 14:00+00', NULL),
    (#doubt3, #order4, #order4, 'price', 'normal', 'clerk', '2026-11-19 10:00+00', '2026-11-19 14:00+00', '2026-11-19'),
    (#doubt4, #order3, #work3, 'pick_short', 'normal', 'clerk', '2026-11-20 10:00+00', '2026-11-20 14:00+00', NULL);

INSERT INTO pick_task (id, fulfilment_id, demand_id, sku, lot, place_id, quantity, picked, packed, taken_back, walk, state,
                       made_at)
SELECT id, work, demand, sku, '', @LEEDS/STOCK, quantity, picked, packed, back, 1, state, '2026-11-20 08:00+00'
FROM (VALUES (#pick1::uuid, #work1::uuid, #mugs1::uuid, 'MUG', 2, 2, 2, 0, 'done'),
             (#pick2, #work1, #kitmug1, 'MUG', 1, 1, 1, 0, 'done'), (#pick3, #work1, #kithats1, 'HAT', 2, 2, 2, 0, 'done'),
             (#pick4, #work3, #hats3, 'HAT', 3, 1, 0, 0, 'open'), (#pick5, #work5, #mug5, 'MUG', 1, 1, 0, 1, 'done'),
             (#pick6, #work6, #mug6, 'MUG', 1, 1, 1, 0, 'done')
) AS v(id, work, demand, sku, quantity, picked, packed, back, state);
INSERT INTO put_back (id, order_id, demand_id, site, sku, lot, quantity, made_at)
VALUES (#back5, #order5, #mug5, 'LEEDS', 'MUG', '', 1, '2026-11-20 09:00+00');
INSERT INTO parcel (id, number, fulfilment_id, order_id, site, state, service, weight_g, expected_weight_g, carrier,
                    tracking_code, token_hash, packed_at, labelled_at, shipped_at, delivered_at, deliver_by) VALUES
    (#parcel1, 'P-1', #work1, #order1, 'LEEDS', 'delivered', 'standard', 900, 900, 'practice', 'PX1', 'a',
     '2026-11-10 11:00+00', '2026-11-10 11:00+00', '2026-11-10 15:00+00', '2026-11-12 10:00+00', '2026-11-13'),
    (#parcel6, 'P-6', #work6, #order6, 'LEEDS', 'labelled', 'standard', 300, 300, 'practice', 'PX6', 'b',
     '2026-11-20 10:00+00', '2026-11-20 10:00+00', NULL, NULL, '2026-11-23');
INSERT INTO parcel_line VALUES (#parcel1, #mugs1, 'MUG', '', 2), (#parcel1, #kitmug1, 'MUG', '', 1),
    (#parcel1, #kithats1, 'HAT', '', 2), (#parcel6, #mug6, 'MUG', '', 1);
INSERT INTO label (id, parcel_id, intent_id, carrier, tracking_code, cost_minor, currency, content, state, made_at) VALUES
    (#label1, #parcel1, #buy1, 'practice', 'PX1', 450, 'GBP', '^XA^XZ', 'live', '2026-11-10 11:00+00'),
    (#label6, #parcel6, #buy6, 'practice', 'PX6', 450, 'GBP', '^XA^XZ', 'live', '2026-11-20 10:00+00');
INSERT INTO tracking_event (id, carrier, external_id, parcel_id, tracking_code, milestone, detail, raw, occurred_at,
                            received_at) VALUES
    (#scan1, 'practice', 'E-1', #parcel1, 'PX1', 'delivered', '', '{}', '2026-11-12 10:00+00', '2026-11-12 10:00+00'),
    (#scan2, 'practice', 'E-2', NULL, 'PX9', 'delivered', '', '{}', '2026-11-12 10:00+00', '2026-11-12 10:00+00');

INSERT INTO return_request (id, number, order_id, site, state, made_at, received_at, settled_at, refund_minor)
VALUES (#return1, 'RT-1', #order1, 'LEEDS', 'settled', '2026-11-14 09:00+00', '2026-11-16 09:00+00', '2026-11-17 09:00+00', 840);
INSERT INTO return_line (return_id, line, demand_id, position, sku, reason, asked, received, restocked, refund_minor)
VALUES (#return1, 1, #mugs1, 1, 'MUG', 'unwanted', 1, 1, 1, 840);

INSERT INTO payment (id, order_id, gateway, reference, currency, state, given_authorised_minor, given_captured_minor,
                     authorised_minor, captured_minor, refunded_minor, voided_minor, made_at) VALUES
    (#pay1, #order1, 'practice', 'pi_1', 'GBP', 'partly_refunded', 3627, 0, 3627, 3627, 840, 0, '2026-11-10 09:00+00'),
    (#pay3, #order3, 'practice', 'pi_3', 'GBP', 'captured', 2250, 2250, 2250, 2250, 0, 0, '2026-11-19 09:00+00'),
    (#pay5, #order5, 'practice', 'pi_5', 'GBP', 'voided', 750, 0, 750, 0, 0, 750, '2026-11-19 11:00+00'),
    (#pay6, #order6, 'practice', 'pi_6', 'GBP', 'authorised', 750, 0, 750, 0, 0, 0, '2026-11-19 12:00+00');
INSERT INTO intent (id, kind, subject, order_id, provider, key, amount_minor, currency, state, made_at, ended_at) VALUES
    (#capture1, 'capture', #pay1, #order1, 'practice', 'k1', 3627, 'GBP', 'done', '2026-11-10 15:00+00', '2026-11-10 15:00+00'),
    (#refund1, 'refund', #pay1, #order1, 'practice', 'k2', 840, 'GBP', 'done', '2026-11-17 09:00+00', '2026-11-17 09:00+00'),
    (#void5, 'void', #pay5, #order5, 'practice', 'k3', 750, 'GBP', 'done', '2026-11-20 09:00+00', '2026-11-20 09:00+00'),
    (#buy1, 'buy_label', #parcel1, #order1, 'practice', 'k4', NULL, NULL, 'done', '2026-11-10 11:00+00', '2026-11-10 11:00+00'),
    (#buy6, 'buy_label', #parcel6, #order6, 'practice', 'k5', NULL, NULL, 'done', '2026-11-20 10:00+00', '2026-11-20 10:00+00'),
    (#capture6, 'capture', #pay6, #order6, 'practice', 'k6', 750, 'GBP', 'wanted', '2026-11-20 10:00+00', NULL);
INSERT INTO paper_series VALUES ('INV', 1), ('CN', 1);
INSERT INTO paper VALUES
    ('INV', 1, 'invoice', #order1, 'parcel:' || #parcel1, 'GBP', 2500, 500, 627, 3627, '[]', '2026-11-10 15:00+00'),
    ('CN', 1, 'credit_note', #order1, 'return:' || #return1, 'GBP', 700, 0, 140, 840, '[]', '2026-11-17 09:00+00');
INSERT INTO ledger_entry SELECT gen_random_uuid(), booking, account, order_id, amount, 'GBP', '2026-11-20 09:00+00'
FROM (VALUES ('paper:1', 'receivable', #order1::uuid, 3627), ('paper:1', 'sales', #order1, -2500),
             ('paper:1', 'shipping', #order1, -500), ('paper:1', 'tax', #order1, -627),
             ('capture:1', 'cash', #order1, 3627), ('capture:1', 'receivable', #order1, -3627),
             ('paper:2', 'receivable', #order1, -840), ('paper:2', 'sales', #order1, 700), ('paper:2', 'tax', #order1, 140),
             ('refund:1', 'cash', #order1, -840), ('refund:1', 'receivable', #order1, 840),
             ('given:3', 'cash', #order3, 2250), ('given:3', 'receivable', #order3, -2250)
) AS v(booking, account, order_id, amount);

INSERT INTO stock_move (id, sku, lot, from_place, to_place, quantity, kind, cause, cause_line, actor, occurred_at, recorded_at)
SELECT gen_random_uuid(), sku, lot, source, target, quantity, kind, cause, line, 'test', '2026-11-20', '2026-11-20'
FROM (VALUES ('MUG', '', @LEEDS/SUPPLIER, @LEEDS/STOCK, 10, 'receive', 'receipt:1', 1),
             ('HAT', '', @LEEDS/SUPPLIER, @LEEDS/STOCK, 10, 'receive', 'receipt:1', 2),
             ('TEE', 'L1', @BRISTOL/SUPPLIER, @BRISTOL/STOCK, 1, 'receive', 'receipt:2', 1),
             ('MUG', '', @LEEDS/STOCK, @LEEDS/PACKING, 2, 'pick', 'pick:1', 2),
             ('MUG', '', @LEEDS/STOCK, @LEEDS/PACKING, 1, 'pick', 'pick:2', 1),
             ('HAT', '', @LEEDS/STOCK, @LEEDS/PACKING, 2, 'pick', 'pick:3', 2),
             ('HAT', '', @LEEDS/STOCK, @LEEDS/PACKING, 1, 'pick', 'pick:4', 1),
             ('MUG', '', @LEEDS/STOCK, @LEEDS/PACKING, 1, 'pick', 'pick:5', 1),
             ('MUG', '', @LEEDS/STOCK, @LEEDS/PACKING, 1, 'pick', 'pick:6', 1),
             ('MUG', '', @LEEDS/PACKING, @LEEDS/CUSTOMER, 2, 'ship', 'parcel:1', 1),
             ('MUG', '', @LEEDS/PACKING, @LEEDS/CUSTOMER, 1, 'ship', 'parcel:1', 2),
             ('HAT', '', @LEEDS/PACKING, @LEEDS/CUSTOMER, 2, 'ship', 'parcel:1', 3),
             ('MUG', '', @LEEDS/PACKING, @LEEDS/RETURNS, 1, 'put_back', 'pick:5', 1),
             ('MUG', '', @LEEDS/CUSTOMER, @LEEDS/RETURNS, 1, 'return', 'return:1', 1),
             ('MUG', '', @LEEDS/RETURNS, @LEEDS/STOCK, 1, 'restock', 'return:1', 1)
) AS v(sku, lot, source, target, quantity, kind, cause, line);
INSERT INTO stock VALUES ('MUG', @LEEDS/STOCK, '', 6, 0), ('MUG', @LEEDS/PACKING, '', 1, 0), ('MUG', @LEEDS/RETURNS, '', 1, 0),
    ('HAT', @LEEDS/STOCK, '', 7, 2), ('HAT', @LEEDS/PACKING, '', 1, 0), ('TEE', @BRISTOL/STOCK, 'L1', 1, 0);
INSERT INTO availability (sku, site, on_hand, allocated, waiting) VALUES
    ('MUG', 'LEEDS', 7, 2, 0), ('HAT', 'LEEDS', 8, 3, 0), ('TEE', 'LEEDS', 0, 0, 2),
    ('MUG', 'BRISTOL', 0, 0, 0), ('HAT', 'BRISTOL', 0, 0, 0), ('TEE', 'BRISTOL', 1, 1, 2);

INSERT INTO api_key (id, prefix, name, secret, scopes, created_at) VALUES (#key, 'ow_1', 'shop', '', '{admin}', '2026-01-01');
INSERT INTO idempotency VALUES (#key, 'POST', '/v1/orders', 'once', 'h', 201, '{}', '2026-11-20 09:00+00');
INSERT INTO inbox VALUES (#message1, 'web', 'R-1', 'order', 'h', '{}', 'done', NULL, '2026-11-10', '2026-11-10', 1),
    (#message2, 'web', 'R-9', 'order', 'i', '{}', 'stored', NULL, '2026-11-20', NULL, 0);
