-- Products, sites, channels, customers.

create table product (
    sku           text primary key,
    title         text not null,
    price_minor   bigint not null check (price_minor >= 0),
    currency      text not null,
    weight_g      integer not null default 0 check (weight_g >= 0),
    length_mm     integer not null default 0 check (length_mm >= 0),
    width_mm      integer not null default 0 check (width_mm >= 0),
    height_mm     integer not null default 0 check (height_mm >= 0),
    hs_code       text not null default '',
    origin        text not null default '',
    storage_class text not null default '',
    hazard        text not null default '',
    tracking      text not null default 'none' check (tracking in ('none', 'lot', 'serial')),
    is_retired    boolean not null default false,
    is_kit        boolean not null default false,
    version       integer not null default 1,
    changed_at    timestamptz not null
);

create table product_code (
    code       text not null,
    sku        text not null references product,
    kind       text not null check (kind in ('gtin', 'alias', 'channel')),
    channel    text not null default '',   -- '' holds on every channel
    valid_from timestamptz not null default '-infinity',
    valid_to   timestamptz not null default 'infinity',
    primary key (code, channel, valid_from),
    check (valid_from < valid_to)
);
create index product_code_sku on product_code (sku);

create table kit_component (
    kit_sku  text not null references product,
    sku      text not null references product,
    quantity integer not null check (quantity > 0),
    primary key (kit_sku, sku)
);
create index kit_component_sku on kit_component (sku);

create table usual_quantity (              -- median and MAD per line, refreshed by schedule
    sku      text not null,
    customer_id uuid,                      -- null: over all customers
    orders   integer not null,
    median   bigint not null,
    mad_milli bigint not null,    -- of log2(quantity / median), in thousandths
    unique nulls not distinct (sku, customer_id)
);

create table site (
    code            text primary key,
    name            text not null,
    address         text not null,         -- JSON
    country         text not null,
    latitude        double precision not null,
    longitude       double precision not null,
    time_zone       text not null,
    cut_off         text not null,
    working_days    text[] not null,
    holidays        text not null default '',  -- country, or country-region
    closed_dates    date[] not null default '{}',
    daily_capacity  integer not null,      -- orders a day
    daily_units     bigint not null,
    handling_minor  bigint not null default 0,  -- what picking and packing one parcel costs
    is_active       boolean not null default true,
    version         integer not null default 1,
    changed_at      timestamptz not null
);

create table channel (
    code        text primary key,
    name        text not null,
    kind        text not null,
    currency    text not null,
    policy      text not null default '{}',    -- JSON: shortage, split, ship_complete, price tolerance ...
    is_active   boolean not null default true,
    version     integer not null default 1,
    changed_at  timestamptz not null
);

create table channel_buffer (              -- what is withheld from a channel
    channel  text not null references channel,
    sku      text not null default '',     -- '' every product
    site     text not null default '',     -- '' every site
    withheld bigint not null check (withheld >= 0),
    primary key (channel, sku, site)
);

create table customer (
    id         uuid primary key,
    email_key  text unique,                -- lower-cased e-mail; null for guests without one
    email      text not null default '',
    name       text not null default '',
    phone      text not null default '',
    reference  text not null default '',
    first_at   timestamptz not null,
    erased_at  timestamptz
);
create index customer_name on customer (lower(name) text_pattern_ops) where name <> '';
create index customer_surname on customer (lower(substring(name from '[^ ]+$')) text_pattern_ops) where name <> '';
