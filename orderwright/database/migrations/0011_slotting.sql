-- Which products to move where: looked at when somebody asks.

create table slotting (
    id       uuid primary key,
    site     text not null references site,
    state    text not null check (state in ('wanted', 'done', 'failed')),
    exchanges_max integer not null,
    actor    text not null,
    made_at  timestamptz not null,
    ended_at timestamptz,
    document text not null default '{}'    -- what came of it, JSON
);
create index slotting_site on slotting (site, id);
create unique index slotting_wanted on slotting (site) where state = 'wanted';
