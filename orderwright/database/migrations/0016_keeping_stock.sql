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
