-- Links to pay: an amount a customer is asked for, and what became of it.

create table pay_link (
    id           uuid primary key,
    order_id     uuid,                     -- what is paid for: an order,
    quote_id     uuid,                     -- or a quote, of which being paid makes an order; order_id follows then
    currency     text not null,
    amount_minor bigint not null check (amount_minor > 0),
    expires_at   timestamptz not null,
    made_by      text not null,
    made_at      timestamptz not null,
    withdrawn_by text,
    withdrawn_at timestamptz,
    gateway      text,                     -- whose page the customer was led to, last at handed_at
    handed_at    timestamptz,
    reference    text,                     -- the gateway's name of what was paid
    paid_at      timestamptz,
    returned_at  timestamptz,              -- its quote could become no order: what was paid went back
    check (order_id is not null or quote_id is not null),
    check ((withdrawn_at is null) = (withdrawn_by is null)),
    check ((paid_at is null) = (reference is null)),
    check (paid_at is null or gateway is not null),
    check (returned_at is null or (paid_at is not null and order_id is null))
) with (fillfactor = 80);
create index pay_link_order on pay_link (order_id) where order_id is not null;
create index pay_link_quote on pay_link (quote_id) where quote_id is not null;
create unique index pay_link_open_order on pay_link (order_id) where quote_id is null and paid_at is null and withdrawn_at is null;
create unique index pay_link_open_quote on pay_link (quote_id) where paid_at is null and withdrawn_at is null;

-- Who brings parcels, and by which services.

create table carrier (
    code      text primary key,            -- of a link there is: labels are bought through it
    name      text not null,
    account   text not null default '',    -- ours at the carrier, told with each label
    is_active boolean not null default true,
    version   integer not null default 1
);

create table carrier_service (
    code         text primary key,         -- as orders name it: standard, express ...
    carrier      text not null,
    name         text not null,
    is_active    boolean not null default true,
    weight_max_g bigint check (weight_max_g > 0),    -- of one parcel; null: whatever it weighs
    countries    text[] not null default '{}',       -- it goes to; empty: all
    zones        text not null,            -- JSON: name, is_domestic, km_max, prices in minor units by weight, days
    version      integer not null default 1
);
insert into carrier (code, name) values ('practice', 'Practice carrier');
insert into carrier_service (code, carrier, name, zones) values
('standard', 'practice', 'Standard', '[
    ["near", true, 100, 320, 1000, 1000, 25, 1], ["home", true, 400, 365, 1000, 1000, 35, 2],
    ["far", true, 25000, 440, 1000, 1000, 50, 3], ["neighbour", false, 1500, 890, 1000, 1000, 140, 4],
    ["world", false, 25000, 1480, 1000, 1000, 420, 8]]'),
('express', 'practice', 'Express', '[
    ["near", true, 100, 690, 1000, 1000, 60, 1], ["home", true, 400, 780, 1000, 1000, 80, 1],
    ["far", true, 25000, 950, 1000, 1000, 110, 1], ["neighbour", false, 1500, 1900, 1000, 1000, 310, 2],
    ["world", false, 25000, 3400, 1000, 1000, 900, 4]]');
