-- What is ordered from suppliers, what comes in, where it goes, and what runs low.

create table supplier (
    code           text primary key,
    name           text not null,
    email          text not null default '',     -- '' orders are sent by hand
    currency       text not null,
    lead_time_days integer not null check (lead_time_days >= 0),
    is_active      boolean not null,
    changed_at     timestamptz not null
);

create table supplier_product (
    supplier   text not null references supplier,
    sku        text not null references product,
    code       text not null default '',         -- what they call it
    cost_micro bigint not null check (cost_micro >= 0),
    pack_size  bigint not null check (pack_size > 0),
    primary key (supplier, sku)
);
create index supplier_product_sku on supplier_product (sku);

create sequence purchase_order_number;

create table purchase_order (
    id        uuid primary key,
    number    text not null unique,
    supplier  text not null references supplier,
    site      text not null references site,
    currency  text not null,
    state     text not null check (state in ('draft', 'sent', 'confirmed', 'part_received', 'received', 'cancelled')),
    version   integer not null default 1,
    made_at   timestamptz not null,
    sent_at   timestamptz,
    confirmed_at timestamptz,
    ended_at  timestamptz,                        -- nothing more is to come
    fact_seq  integer not null default 0,
    fact_hash bytea not null default '',
    fact_at   timestamptz,
    check ((ended_at is not null) = (state in ('received', 'cancelled'))),
    check ((sent_at is null) <= (state in ('draft', 'cancelled')))
) with (fillfactor = 80);
create index purchase_order_made on purchase_order (made_at desc, id desc);

create table purchase_line (                      -- each unit is open, accepted or cancelled; what was rejected is open
    purchase_id uuid not null,
    position   integer not null,                  -- from 1
    sku        text not null references product,
    quantity   bigint not null check (quantity > 0),
    cost_micro bigint not null check (cost_micro >= 0),
    due_on     date not null,                     -- as we asked, then as the supplier answered
    is_open    boolean not null default false,    -- sent, and something is still to come
    accepted   bigint not null default 0 check (accepted >= 0),  -- may be more than was ordered
    rejected   bigint not null default 0 check (rejected >= 0),
    cancelled  bigint not null default 0 check (cancelled between 0 and quantity),
    primary key (purchase_id, position),
    unique (purchase_id, sku)
);
create index purchase_line_open on purchase_line (sku, due_on) where is_open;

create table delivery (                           -- goods that came at one time, ordered or not
    id          uuid primary key,
    site        text not null references site,
    purchase_id uuid,                             -- null: blind
    reference   text not null default '',
    actor       text not null,
    received_at timestamptz not null
);
create index delivery_purchase on delivery (purchase_id) where purchase_id is not null;
create index delivery_received on delivery (received_at desc, id desc);

create table delivery_line (
    delivery_id uuid not null,
    number      integer not null,                 -- from 1
    position    integer,                          -- of the purchase order's line; null: not ordered
    sku         text not null,
    lot         text not null default '',
    accepted    bigint not null check (accepted >= 0),
    rejected    bigint not null check (rejected >= 0),  -- by whoever looked at them
    held        bigint not null check (held >= 0),      -- by rule: more than was ordered, expired, short-dated
    reason      text not null default '',         -- of the rejected
    held_for    text not null default '',
    photo       text not null default '',         -- where its picture is kept
    cost_micro  bigint,
    primary key (delivery_id, number),
    check (accepted + rejected + held > 0)
);

create table put_away (                           -- units on the receiving bench, until they lie in a bin
    id          uuid primary key,
    delivery_id uuid not null,
    site        text not null,
    sku         text not null,
    lot         text not null default '',
    quantity    bigint not null check (quantity > 0),
    placed      bigint not null default 0 check (placed between 0 and quantity),
    cost_micro  bigint,
    state       text not null default 'open' check (state in ('open', 'done')),
    made_at     timestamptz not null,
    ended_at    timestamptz,
    check ((state = 'done') = (placed = quantity))
);
create index put_away_open on put_away (site, sku, lot, id) where state = 'open';

create table put_away_override (                  -- bins people chose against the rule, and why
    id       uuid primary key,
    site     text not null,
    place    text not null,
    sku      text not null,
    units    bigint not null check (units > 0),
    unfit    text not null,                       -- storage_class, room or load
    reason   text not null,
    actor    text not null,
    made_at  timestamptz not null
);

create table turnover (                           -- picks of the last weeks by product and site, refreshed by schedule
    sku    text not null,
    site   text not null,
    picks  bigint not null,
    units  bigint not null,
    rank_permille integer not null,               -- 0: picked most often at the site
    primary key (site, sku)
);

create table reorder_level (                      -- when and how much to order, by product and site
    sku           text not null references product,
    site          text not null references site,
    reorder_point bigint not null check (reorder_point >= 0),
    target        bigint not null check (target >= reorder_point),
    is_computed   boolean not null default false,
    changed_at    timestamptz not null,
    primary key (sku, site)
);

create table replenishment (                      -- a product runs low at a site
    id          uuid primary key,
    sku         text not null,
    site        text not null,
    reason      text not null check (reason in ('stockout', 'low')),
    units       bigint not null check (units > 0),
    state       text not null check (state in ('open', 'ordered', 'over')),
    purchase_id uuid,
    made_at     timestamptz not null,
    ended_at    timestamptz,
    check ((state = 'ordered') = (purchase_id is not null)),
    check ((state = 'open') = (ended_at is null))
);
create unique index replenishment_once on replenishment (sku, site) where state = 'open';
create index replenishment_made on replenishment (made_at desc, id desc);

create table expectation (                        -- what was last told of units that wait, so that a change is a fact
    demand_id   uuid primary key,
    order_id    uuid not null,
    expected_on date,                             -- null: nothing that is on its way is enough
    told_at     timestamptz not null
);
