-- The gate: how long orders wait behind it, and what it lets out to a site's floor when.

create table sale_event (                  -- a flash sale: while it lasts, orders wait longer (or shorter) behind the gate
    code           text primary key,
    name           text not null,
    channels       text[] not null,        -- empty: every channel
    skus           text[] not null,        -- empty: every product
    starts_at      timestamptz not null,
    ends_at        timestamptz not null,
    cancel_minutes integer not null check (cancel_minutes >= 0),
    version        integer not null default 1,
    changed_at     timestamptz not null,
    check (starts_at < ends_at)
);

create table release_policy (              -- by which rule a site's gate lets work out; its row is locked while it does
    site         text primary key references site,
    orders_max   integer check (orders_max >= 0),  -- on the floor and not picked yet; null: no limit
    lead_minutes integer not null check (lead_minutes >= 0),  -- from release to the truck
    version      integer not null default 1,
    changed_at   timestamptz not null
);

create table zone_limit (                  -- units on pick lists and not picked yet, by zone of a site
    site      text not null references release_policy,
    zone      text not null,
    units_max bigint not null check (units_max >= 0),
    primary key (site, zone)
);

create table truck (                       -- when parcels leave a site, on its working days, by the clock on its wall
    site      text not null references release_policy,
    carrier   text not null default '',    -- who drives
    service   text not null default '',    -- '' takes parcels of every service
    weekday   text not null check (weekday in ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')),
    leaves_at text not null,
    primary key (site, weekday, leaves_at, service, carrier)
);
