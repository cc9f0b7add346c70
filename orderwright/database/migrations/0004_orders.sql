-- Orders and the units they demand.

create sequence order_number;

create table order_key (                   -- goes in first, so twins meet here
    channel   text not null,
    reference text not null,
    order_id  uuid not null,
    body_hash bytea not null,
    primary key (channel, reference)
);

create table orders (
    id               uuid primary key,
    number           text not null,
    channel          text not null,
    reference        text not null,
    customer_id      uuid,
    version          integer not null default 1,
    state            text not null,
    is_held          boolean not null default false,
    priority         smallint not null default 0,
    placed_at        timestamptz not null,
    taken_at         timestamptz not null,
    ship_before      timestamptz,
    cancel_until     timestamptz,          -- until then a cancel is free and the gate keeps it; null: no such time
    service          text not null,
    currency         text not null,
    prices_include_tax boolean not null,
    goods_minor      bigint not null,      -- sum of line amounts
    discount_minor   bigint not null,      -- order discounts
    shipping_minor   bigint not null,
    tax_minor        bigint not null,      -- line taxes and shipping tax
    total_minor      bigint not null,
    shortage         text not null,
    split            text not null,
    ship_complete    boolean not null,
    line_count       integer not null,
    fingerprint      bigint not null,      -- who + what, for probable duplicates
    email_key        text not null,
    postal_code      text not null,        -- normal form, for search
    country          text not null,
    form             text not null,        -- as handed in (people, addresses, notes), JSON: erasable
    fact_seq         integer not null,
    fact_hash        bytea not null,
    fact_at          timestamptz not null
) with (fillfactor = 80);
create unique index orders_number on orders (number);
create index orders_placed on orders (placed_at desc, id desc);
create index orders_state on orders (state, placed_at desc, id desc);
create index orders_channel on orders (channel, placed_at desc, id desc);
create index orders_reference on orders (reference text_pattern_ops);
create index orders_email on orders (email_key text_pattern_ops) where email_key <> '';
create index orders_postal_code on orders (postal_code text_pattern_ops) where postal_code <> '';
create index orders_fingerprint on orders (fingerprint, placed_at);
create index orders_customer on orders (customer_id, id desc) where customer_id is not null;

create table order_line (
    order_id       uuid not null,
    position       integer not null,       -- from 1
    reference      text not null,
    sku            text,                   -- null: no such product yet, the order is held
    sku_given      text not null,
    title          text not null,
    quantity       bigint not null check (quantity > 0),
    unit_price_micro bigint not null,
    discount_minor bigint not null,
    tax_minor      bigint not null,
    cancelled      bigint not null default 0 check (cancelled <= quantity),  -- while it had no product
    amount_minor   bigint not null,        -- quantity x unit price, rounded once half to even, less discount
    is_removed     boolean not null default false,  -- left out by an edit: all its units cancelled, worth nothing
    primary key (order_id, position)
);

create index order_line_sku on order_line (sku, order_id desc) where sku is not null;
create index order_line_unresolved on order_line (sku_given) where sku is null;

create table demand (                      -- each unit is in exactly one position
    id        uuid primary key,
    order_id  uuid not null,
    position  integer not null,
    sku       text not null,
    per_unit  integer not null,            -- of this sku in one ordered unit; 1 unless a kit
    ordered   bigint not null check (ordered > 0),
    waiting   bigint not null check (waiting >= 0),
    allocated bigint not null check (allocated >= 0),
    picked    bigint not null default 0 check (picked >= 0),
    packed    bigint not null default 0 check (packed >= 0),
    shipped   bigint not null default 0 check (shipped >= 0),
    cancelled bigint not null default 0 check (cancelled >= 0),
    delivered bigint not null default 0 check (delivered >= 0 and delivered <= shipped),
    returned  bigint not null default 0 check (returned >= 0 and returned <= shipped),
    claims    boolean not null default true,  -- whether its waiting units keep new orders out
    check (ordered = waiting + allocated + picked + packed + shipped + cancelled)
) with (fillfactor = 80);
create index demand_order on demand (order_id, position);
create index demand_waiting on demand (sku) where waiting > 0;
create index demand_allocated on demand (sku) where allocated > 0;

create table fulfilment (                  -- planned work at one site
    id          uuid primary key,
    order_id    uuid not null,
    site        text not null,
    state       text not null,             -- planned, released, picked, packed, shipped, cancelled
    service     text not null,
    ship_by     timestamptz not null,
    ship_day    date not null,             -- of ship_by, in the site's zone
    deliver_by  date not null,
    cost_minor  bigint not null,           -- expected parcel cost
    made_at     timestamptz not null,
    released_at timestamptz,
    version     integer not null default 1,
    fact_seq    integer not null default 0,
    fact_hash   bytea not null default '',
    fact_at     timestamptz
) with (fillfactor = 80);
create index fulfilment_order on fulfilment (order_id);
create index fulfilment_planned on fulfilment (site, ship_by, id) where state = 'planned';
create index fulfilment_working on fulfilment (site, state, ship_by, id)
    where state in ('released', 'picked', 'packed');
create index fulfilment_gone on fulfilment (site, state, ship_by, id) where state in ('shipped', 'cancelled');

create table allocation (                  -- which units a fulfilment was promised, and how far they got
    fulfilment_id uuid not null,
    demand_id     uuid not null,
    allocated     bigint not null check (allocated >= 0),
    picked        bigint not null default 0 check (picked >= 0),
    packed        bigint not null default 0 check (packed >= 0),
    shipped       bigint not null default 0 check (shipped >= 0),
    primary key (fulfilment_id, demand_id)
) with (fillfactor = 80);
create index allocation_demand on allocation (demand_id);

create table site_load (                   -- how full a site's day is; one bucket per connection, so nobody queues
    site   text not null,
    day    date not null,                  -- of ship_by, in the site's zone
    bucket integer not null,
    orders bigint not null,
    units  bigint not null,
    primary key (site, day, bucket)
);

create table decision (                    -- why: one compact document per decision
    order_id uuid not null,
    seq      integer not null,
    kind     text not null,                -- placed, filled, rerouted, reoptimised ...
    made_at  timestamptz not null,
    document text not null,
    primary key (order_id, seq)
);

create table hold (
    id          uuid primary key,
    order_id    uuid not null,
    kind        text not null,
    fulfilment_id uuid,                    -- null: the whole order; else only the units of this fulfilment wait
    placed_at   timestamptz not null,
    placed_by   text not null,
    document    text not null default '{}',
    released_at timestamptz,
    released_by text
);
create unique index hold_open on hold (order_id, kind, fulfilment_id) nulls not distinct where released_at is null;
create index hold_fulfilment on hold (fulfilment_id) where fulfilment_id is not null and released_at is null;
create index hold_order on hold (order_id);

create table exception (
    id           uuid primary key,
    order_id     uuid,                     -- null: it is about a site, not an order
    site         text not null default '',
    subject      uuid not null,            -- the order, fulfilment, parcel, payment, return, count, damage or breach
    kind         text not null,
    severity     text not null check (severity in ('low', 'normal', 'high', 'urgent')),
    owner        text not null,            -- role or person
    document     text not null default '{}',
    opened_at    timestamptz not null,
    due_at       timestamptz not null,
    escalated_at timestamptz,
    closed_at    timestamptz,
    closed_by    text,
    resolution   text,                     -- in one word
    note         text not null default '', -- what whoever closed it had to say
    check ((order_id is null) = (site <> ''))
);
create unique index exception_open on exception (subject, kind) where closed_at is null;
create index exception_queue on exception (due_at, id) where closed_at is null;
create index exception_owner on exception (owner, due_at, id) where closed_at is null;
create index exception_order on exception (order_id);
create index exception_closed on exception (closed_at desc, id desc) where closed_at is not null;
