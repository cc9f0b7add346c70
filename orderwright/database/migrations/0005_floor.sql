-- The plain floor: pick lists, parcels, labels, tracking.

create table pick_task (
    id            uuid primary key,
    fulfilment_id uuid not null,
    demand_id     uuid not null,
    sku           text not null,
    lot           text not null,
    place_id      bigint not null,
    quantity      bigint not null check (quantity > 0),
    picked        bigint not null default 0 check (picked >= 0),
    packed        bigint not null default 0 check (packed >= 0),      -- of the picked: in parcels now
    taken_back    bigint not null default 0 check (taken_back >= 0),  -- of the picked: cancelled before they were packed
    batch_id      uuid,                    -- the walk it is on; null: on nobody's
    walk          integer not null,        -- place in the walking order
    tote          text not null default '',  -- what holds the picked units; '' on the bench, or not picked by scans
    state         text not null check (state in ('open', 'done', 'short', 'cancelled')),
    made_at       timestamptz not null,
    ended_at      timestamptz,
    picker        text,
    check (picked <= quantity),
    check (packed + taken_back <= picked)
) with (fillfactor = 80);
create index pick_task_fulfilment on pick_task (fulfilment_id, walk);
create index pick_task_ended on pick_task using brin (ended_at);  -- what was picked lately, of years
create index pick_task_short on pick_task (ended_at) where state = 'short';
create index pick_task_open on pick_task (place_id) where state = 'open';
create index pick_task_batch on pick_task (batch_id, walk) where batch_id is not null;

create table put_back (                    -- picked units that lost their order: on the returns bench until put in a bin
    id        uuid primary key,
    order_id  uuid not null,
    demand_id uuid not null,
    site      text not null,
    sku       text not null,
    lot       text not null,
    tote      text not null default '',    -- what it lay in when its order was lost
    quantity  bigint not null check (quantity > 0),
    placed    bigint not null default 0 check (placed between 0 and quantity),  -- back in a bin
    state     text not null default 'open' check (state in ('open', 'done')),
    made_at   timestamptz not null,
    ended_at  timestamptz,
    check ((state = 'done') = (placed = quantity))
);
create index put_back_open on put_back (site, sku, lot, id) where state = 'open';
create index put_back_order on put_back (order_id);

create table release_day (                 -- what a site let out to its floor on a day of its own; never falls
    site   text not null,
    day    date not null,
    orders bigint not null,
    units  bigint not null,
    primary key (site, day)
);

create table reoptimisation (              -- looks at all orders not yet released together, and what came of each
    id          uuid primary key,
    state       text not null check (state in ('wanted', 'done', 'failed')),
    actor       text not null,
    looked_at   integer not null default 0, -- orders
    moved       integer not null default 0,
    skipped     integer not null default 0, -- could have moved, but had changed meanwhile
    saved_minor bigint not null default 0,
    currency    text not null default '',
    made_at     timestamptz not null,
    ended_at    timestamptz
);

create table parcel (
    id            uuid primary key,
    number        text not null unique,
    fulfilment_id uuid not null,
    order_id      uuid not null,
    site          text not null,
    state         text not null,           -- packed, labelled, shipped, delivered, lost, unpacked
    service       text not null,
    weight_g      integer not null,
    expected_weight_g integer not null,
    carrier       text,
    tracking_code text,
    token_hash    bytea not null unique,   -- of the customer's tracking token
    packed_at     timestamptz not null,
    labelled_at   timestamptz,
    shipped_at    timestamptz,
    delivered_at  timestamptz,
    deliver_by    date not null,
    version       integer not null default 1,
    fact_seq      integer not null default 0,
    fact_hash     bytea not null default '',
    fact_at       timestamptz
) with (fillfactor = 80);
create index parcel_fulfilment on parcel (fulfilment_id);
create index parcel_order on parcel (order_id);
create index parcel_state on parcel (site, state, packed_at, id);
create index parcel_tracking on parcel (tracking_code) where tracking_code is not null;

create table parcel_line (
    parcel_id uuid not null,
    demand_id uuid not null,
    sku       text not null,
    lot       text not null,
    quantity  bigint not null check (quantity > 0),
    primary key (parcel_id, demand_id, lot)
);
create index parcel_line_demand on parcel_line (demand_id);

create table label (
    id            uuid primary key,
    parcel_id     uuid not null,
    intent_id     uuid not null unique,
    carrier       text not null,
    tracking_code text not null,
    cost_minor    bigint not null,
    currency      text not null,
    content       text not null,           -- what the printer gets (ZPL)
    state         text not null check (state in ('live', 'void')),
    is_stale      boolean not null default false,  -- its order's address changed since: good for nothing
    made_at       timestamptz not null
);
create unique index label_live on label (parcel_id) where state = 'live';
create unique index label_tracking on label (carrier, tracking_code) where state = 'live';

create table tracking_event (
    id          uuid primary key,
    carrier     text not null,
    external_id text not null,
    parcel_id   uuid,                      -- null: no parcel of ours; kept all the same
    tracking_code text not null,
    milestone   text not null,             -- accepted, in_transit, out_for_delivery, delivered, failed, returned, lost
    detail      text not null,
    raw         text not null,
    occurred_at timestamptz not null,
    received_at timestamptz not null,
    unique (carrier, external_id)
);
create index tracking_event_parcel on tracking_event (parcel_id, occurred_at);

create sequence parcel_number;
