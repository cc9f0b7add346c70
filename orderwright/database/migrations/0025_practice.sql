-- Where nothing is real: the demo's shop, and the stores people practise in.

create table invented (                    -- one row in a store that is nobody's shop; none in all others
    only_one   boolean primary key default true check (only_one),
    kind       text not null check (kind in ('demo', 'practice')),
    of_store   text not null default '',   -- practice: the store whose staff practises here,
    of_account uuid,                       -- and which of them
    made_at    timestamptz not null,
    pace       integer check (pace > 0),   -- the demo goes on by itself, so many times as fast; null: it stands still
    paused_at  timestamptz,                -- since when it waits
    lived_ms   bigint not null default 0,  -- gone by since its latest order, in the demo's own time
    check ((kind = 'practice') = (of_account is not null))
);

create table practice_store (              -- where the staff of this store practises
    account_id uuid primary key references staff_account,
    store      text not null unique,
    made_at    timestamptz not null
);

create table practice_hint (               -- hints of the course that were looked at, in a store to practise in
    task     text primary key,
    shown_at timestamptz not null
);
