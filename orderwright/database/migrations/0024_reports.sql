-- Reports: what each day came to, told again when something of it changes; what it was like before us; mails.

create table report_day (                  -- sums of one day, of the store and of each site and channel
    scope   text not null,                 -- '' the store, 'site:LEEDS', 'channel:web'
    day     date not null,                 -- in the shop's zone
    figure  text not null,
    part    text not null,                 -- what of it: a reason, a carrier, minutes; '' where there is no such thing
    counted bigint not null,               -- what counts
    judged  bigint not null,               -- of how many; 0 where it is no share
    pending bigint not null,               -- too young to be judged
    primary key (scope, day, figure, part)
);

create table report_told (                 -- days that were told
    day      date primary key,
    told_at  timestamptz not null,
    is_stale boolean not null              -- something of it changed since: it is told again soon
);
create index report_told_stale on report_told (day) where is_stale;

create table report_watch (                -- up to when changes were looked for, and in which zone days were told
    only_row boolean primary key default true check (only_row),
    seen_until timestamptz not null,
    zone     text not null
);

create table report_baseline (             -- what a figure was before, each time somebody told; the last word counts
    id      uuid primary key,
    figure  text not null,
    thousandths bigint,                    -- of the figure's unit; null: taken back
    source  text not null check (source in ('entered', 'timed')),
    note    text not null,
    actor   text not null,
    told_at timestamptz not null
);
create index report_baseline_figure on report_baseline (figure, told_at desc, id desc);

create table report_mail (                 -- reports that are, or were, mailed: each once to each address
    id      uuid primary key,
    rhythm  text not null check (rhythm in ('daily', 'weekly', 'monthly')),
    first   date not null,                 -- day of the period
    address text not null,
    state   text not null check (state in ('wanted', 'sent', 'refused', 'unknown')),
    said    text not null default '',      -- why not
    made_at timestamptz not null,
    ended_at timestamptz,
    unique (rhythm, first, address)
);

create index parcel_packed on parcel using brin (packed_at);    -- what was packed on a day, of years
create index parcel_shipped on parcel using brin (shipped_at);
