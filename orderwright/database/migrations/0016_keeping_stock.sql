-- Keeping stock true: plans of counts, goods taken out of sale, the air goods lie in.

create table count_plan (                  -- when a site's counts were planned by the clock
    site       text not null references site,
    day        date not null,              -- of the site
    wanted     integer not null,
    planned_at timestamptz not null,
    primary key (site, day)
);

create table damage (                      -- goods taken out of sale by people, until somebody judges them
    id          uuid primary key,
    site        text not null references site,
    reference   text not null default '',
    place_id    bigint not null references place,  -- where they lay
    sku         text not null references product,
    lot         text not null,
    units       bigint not null check (units > 0),
    reason      text not null check (reason in ('damaged', 'defective', 'expired', 'contaminated')),
    sent_to     text not null check (sent_to in ('quarantine', 'scrap')),
    photo       text not null default '',  -- where a picture is kept
    note        text not null default '',
    reported_by text not null,
    reported_at timestamptz not null,
    verdict     text check (verdict in ('scrap', 'restock')),
    judged_by   text,
    judged_at   timestamptz,
    check ((verdict is null) = (judged_at is null))
);
create unique index damage_once on damage (site, reference) where reference <> '';
create index damage_open on damage (site, reported_at, id) where verdict is null;
create index damage_judged on damage (site, judged_at, id) where verdict is not null;

create table climate_limit (               -- the air goods may lie in
    site          text not null references site,
    zone          text not null,
    storage_class text not null default '',  -- only for places of that class; '' for all of the zone
    kind          text not null check (kind in ('temperature', 'humidity')),
    min_milli     integer not null,        -- thousandths of a degree Celsius, or of a per cent of relative humidity
    max_milli     integer not null,
    minutes       integer not null check (minutes >= 0),  -- that it may be outside of that
    changed_at    timestamptz not null,
    primary key (site, zone, storage_class, kind),
    check (min_milli < max_milli)
);

create table climate_reading (             -- what devices and people read, once each
    site        text not null,
    zone        text not null,
    device      text not null,
    kind        text not null check (kind in ('temperature', 'humidity')),
    occurred_at timestamptz not null,
    milli       integer not null,
    read_by     text not null,
    recorded_at timestamptz not null,
    primary key (site, zone, kind, device, occurred_at)
);

create table climate_breach (              -- outside of a limit for longer than allowed
    id            uuid primary key,
    site          text not null,
    zone          text not null,
    storage_class text not null,
    kind          text not null,
    device        text not null,
    began_at      timestamptz not null,
    ended_at      timestamptz,             -- null: it goes on
    worst_milli   integer not null,
    units         bigint not null,         -- quarantined
    found_at      timestamptz not null,
    is_doubtful   boolean not null default false,  -- later readings say it was shorter than allowed
    unique (site, zone, storage_class, kind, device, began_at)
);
