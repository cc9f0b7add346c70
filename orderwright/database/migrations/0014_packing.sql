-- Packing: cartons and how many there are, what goes in besides, what packers chose, how orders are checked, weighed.

alter table product add column packing text not null default '{}';  -- JSON: what packing it asks for

create table carton_kind (
    code            text primary key,
    length_mm       integer not null check (length_mm > 0),   -- inside
    width_mm        integer not null check (width_mm > 0),
    height_mm       integer not null check (height_mm > 0),
    outer_length_mm integer not null default 0,   -- what a carrier measures; 0: as inside
    outer_width_mm  integer not null default 0,
    outer_height_mm integer not null default 0,
    tare_g          integer not null default 0 check (tare_g >= 0),
    weight_max_g    integer not null default 0 check (weight_max_g >= 0),  -- gross; 0 without limit
    cost_minor      bigint not null default 0 check (cost_minor >= 0),     -- in the rate card's currency
    is_insulated    boolean not null default false,
    is_hazard_rated boolean not null default false,
    is_active       boolean not null default true,
    changed_at      timestamptz not null
);

create table carton_stock (                -- below zero: more were used than the books knew of; count them
    carton   text not null references carton_kind,
    site     text not null references site,
    quantity bigint not null default 0,
    low_at   bigint not null default 0,    -- at this many or fewer, more are needed
    is_counted boolean not null default false,  -- somebody told once how many there are
    primary key (carton, site)
);

create table carton_move (                 -- why a stock of cartons is what it is
    id          uuid primary key,
    carton      text not null,
    site        text not null,
    quantity    bigint not null check (quantity <> 0),
    kind        text not null check (kind in ('receive', 'count', 'waste', 'pack')),
    reference   text not null default '',
    parcel_id   uuid,                      -- of pack: a parcel takes its carton once
    actor       text not null,
    recorded_at timestamptz not null,
    check ((kind = 'pack') = (parcel_id is not null))
);
create unique index carton_move_parcel on carton_move (parcel_id) where parcel_id is not null;
create unique index carton_move_reference on carton_move (site, carton, kind, reference) where reference <> '';
create index carton_move_stock on carton_move (carton, site, recorded_at);

create table insert_rule (                 -- what goes into parcels besides what was ordered
    code       text primary key,
    document   text not null,              -- JSON: what goes in, and when
    is_active  boolean not null,
    changed_at timestamptz not null
);

create table packing_claim (               -- who packs a fulfilment just now
    fulfilment_id uuid primary key,
    person        text not null,
    began_at      timestamptz not null,
    lapses_at     timestamptz not null
);

create table packing_check (               -- how much an order is looked at before it leaves, and why
    fulfilment_id uuid primary key,
    order_id      uuid not null,
    score         integer not null check (score >= 0),
    ask           text not null check (ask in ('none', 'weight', 'scan_all', 'photo', 'second_person')),
    reasons       text not null,           -- JSON: code -> points
    version       text not null,           -- of the weights it was made with
    made_at       timestamptz not null
);
create index packing_check_order on packing_check (order_id);

create table carton_choice (               -- what packers put a basket into
    id        uuid primary key,            -- of the first of its parcels
    basket    bytea not null,              -- fingerprint: products and units
    cartons   text not null,               -- codes with commas, sorted
    advised   text not null default '',    -- what was advised then
    person    text not null,
    chosen_at timestamptz not null
);
create index carton_choice_basket on carton_choice (basket, chosen_at desc, id desc);

alter table parcel add column carton text;                         -- its kind; null: its own or unknown packing
alter table parcel add column packer text not null default '';
alter table parcel add column checked_by text not null default ''; -- the second person
alter table parcel add column checked text not null default 'none'
    check (checked in ('none', 'weight', 'scan_all', 'photo', 'second_person'));  -- what was asked for and met

create table parcel_scan (                 -- units that were scanned into a parcel, one by one
    parcel_id uuid not null,
    sku       text not null,
    units     bigint not null check (units > 0),
    primary key (parcel_id, sku)
);

create table weighing (                    -- real weights of parcels, to learn what things weigh
    parcel_id uuid primary key,
    site      text not null,
    carton    text,                        -- in which kind
    sku       text,                        -- of parcels of one product; null: mixed
    units     bigint not null check (units > 0),
    gross_g   integer not null check (gross_g > 0),
    goods_mg  bigint not null,             -- what the goods were believed to weigh; 0: not known
    unit_mg   bigint,                      -- of parcels of one product: what one unit weighed, the carton's tare off
    weighed_at timestamptz not null
);
create index weighing_sku on weighing (sku, weighed_at desc) where unit_mg is not null;
create index weighing_carton on weighing (carton, weighed_at desc) where carton is not null and goods_mg > 0;

create table photo (                       -- of a parcel: what lay in it, how it was closed
    id            uuid primary key,
    parcel_id     uuid,                    -- null until what its fulfilment's picture shows is in a parcel
    fulfilment_id uuid not null,
    order_id      uuid not null,
    media         text not null check (media in ('image/jpeg', 'image/png', 'image/webp')),
    width_px      integer not null,
    height_px     integer not null,
    sha256        bytea not null,
    content       bytea not null,
    actor         text not null,
    taken_at      timestamptz not null,
    unique (fulfilment_id, sha256)
);
create index photo_order on photo (order_id);
create index photo_parcel on photo (parcel_id) where parcel_id is not null;

create table error_found (                 -- a mistake somebody found, by cause
    id          uuid primary key,
    found_at    text not null check (found_at in ('receive', 'pick', 'pack', 'ship', 'customer', 'return', 'count')),
    cause       text not null,
    sku         text,
    order_id    uuid,
    parcel_id   uuid,
    person      text not null default '',  -- whose work it was
    note        text not null default '',
    units       bigint not null default 1 check (units > 0),
    actor       text not null,
    recorded_at timestamptz not null
);
create index error_found_recorded on error_found (recorded_at);

create table product_quality (             -- refreshed by schedule: what went wrong with products lately
    sku          text primary key,
    shipped      bigint not null,
    returned     bigint not null,
    picked       bigint not null,
    picked_wrong bigint not null
);

create table picker_quality (              -- refreshed by schedule
    person text primary key,
    picked bigint not null                 -- units, ever
);
