-- The guided floor: walks, totes, sessions of scans, single units, counts.

create sequence pick_batch_number;

create table pick_batch (                  -- one walk of one picker: open pick tasks, in the order of the way
    id           uuid primary key,
    number       text not null unique,
    site         text not null,
    strategy     text not null check (strategy in ('single', 'batch', 'zone', 'wave')),
    zone         text not null default '', -- of a zone walk
    wave         text not null default '', -- walks planned together, to be sorted together
    cart         text not null default '',
    totes        integer not null,         -- it needs at least
    due_at       timestamptz not null,     -- when the first of its orders is to leave
    state        text not null check (state in ('planned', 'walking', 'done', 'dropped')),
    picker       text,
    predicted_mm bigint not null,
    predicted_s  integer not null,
    first_come_mm bigint not null,         -- the same orders one by one as they came, aisle by aisle: the way without us
    made_at      timestamptz not null,
    claimed_at   timestamptz,
    ended_at     timestamptz,
    end_reason   text not null default '', -- why it ended with something left
    fact_seq     integer not null default 0,
    fact_hash    bytea not null default '',
    fact_at      timestamptz,
    check ((state = 'planned') = (picker is null) or state = 'dropped')
) with (fillfactor = 80);
create index pick_batch_open on pick_batch (site, state, due_at, id) where state in ('planned', 'walking');
create index pick_batch_ended on pick_batch (site, ended_at) where ended_at is not null;
create unique index pick_batch_walker on pick_batch (site, picker) where state = 'walking';

create table tote (                        -- totes in use; an empty one has no row
    site          text not null,
    code          text not null,
    batch_id      uuid not null,           -- the walk that took it
    fulfilment_id uuid,                    -- whose units it holds; null: of several, to be sorted
    slot          integer not null default 0,  -- on the cart, from 1; 0: wherever there is room
    stands_at     text not null default '',  -- where it was handed over; '' on its cart
    taken_at      timestamptz not null,
    primary key (site, code)
);
create index tote_batch on tote (batch_id);
create index tote_fulfilment on tote (fulfilment_id) where fulfilment_id is not null;

create table floor_plan (                  -- how a site's floor is walked; a site without a row has what its places tell
    site       text primary key references site,
    document   text not null,              -- JSON: layout, carts, how walks are planned
    version    integer not null,
    changed_at timestamptz not null
);

create table walk_plan (                   -- one planning of a site's walks: what was asked, what came of it
    id         uuid primary key,
    site       text not null,
    state      text not null check (state in ('wanted', 'done', 'failed')),
    actor      text not null,
    asked      text not null,              -- JSON
    answer     text not null default '',   -- JSON: the figures of every way to walk that was weighed, and the walks
    made_at    timestamptz not null,
    ended_at   timestamptz
);
create unique index walk_plan_once on walk_plan (site) where state = 'wanted';

create table floor_session (               -- somebody at work with a scanner: what is done next, and what was scanned
    id        uuid primary key,
    site      text not null,
    kind      text not null,               -- pick, sort, pack, receive, put_away, count, put_back, load, unload, damage
    person    text not null,
    device    text not null default '',
    subject   uuid,                        -- the walk, fulfilment, receipt or count it is about
    state     text not null default '{}',  -- JSON: what was scanned of the step at hand
    next_n    integer not null default 1,  -- the scan that comes next; later ones wait for it
    opened_at timestamptz not null,
    last_at   timestamptz not null,
    closed_at timestamptz
) with (fillfactor = 70);
create unique index floor_session_once on floor_session (site, person, kind, subject) nulls not distinct
    where closed_at is null;
create index floor_session_subject on floor_session (subject) where closed_at is null;

create table scan (                        -- what a scanner said, once each
    session_id  uuid not null,
    n           integer not null check (n > 0),  -- as the device counted them
    code        text not null,
    command     text not null default '',  -- asked for instead: short, full, skip, back, done, pause
    reason      text not null default '',  -- of short
    quantity    bigint,                    -- keyed in with it
    occurred_at timestamptz not null,      -- by the device
    recorded_at timestamptz not null,
    outcome     text not null check (outcome in ('waiting', 'taken', 'refused')),
    refusal     text not null default '',  -- its code
    sku         text not null default '',  -- what was asked for
    zone        text not null default '',
    units       bigint not null default 0, -- that it moved
    answer      text not null default '',  -- JSON, told again when it comes again
    primary key (session_id, n)
);
create index scan_recorded on scan using brin (recorded_at);

create table serial_unit (                 -- single units of products tracked by serial: each in one place
    sku       text not null references product,
    serial    text not null,
    place_id  bigint references place,     -- in stock, or in transit
    dispatch_id uuid,                      -- in transit: the dispatch it left with
    task_id   uuid,                        -- picked
    parcel_id uuid,                        -- packed, and gone with it
    seen_at   timestamptz not null,
    primary key (sku, serial),
    check (num_nonnulls(place_id, task_id, parcel_id) = 1),
    check (dispatch_id is null or place_id is not null)
);
create index serial_unit_dispatch on serial_unit (dispatch_id) where dispatch_id is not null;
create index serial_unit_task on serial_unit (task_id) where task_id is not null;
create index serial_unit_parcel on serial_unit (parcel_id) where parcel_id is not null;

create table count_task (                  -- a bin, or one product in it, to be counted without being told how many
    id        uuid primary key,
    site      text not null,
    place_id  bigint not null references place,
    sku       text not null default '',    -- '' all that lies there
    reason    text not null,               -- pick_short, zero, rolling, large_order, ghost, recount, tags, asked
    state     text not null check (state in ('open', 'counting', 'done', 'cancelled')),
    priority  smallint not null default 0,
    round     smallint not null default 1,
    counter   text,                        -- of this round
    counted_by text[] not null default '{}',  -- of the rounds before, first to last
    made_at   timestamptz not null,
    due_at    timestamptz not null,
    started_at timestamptz,                -- of this round: its snapshot's time
    ended_at  timestamptz,
    fact_seq  integer not null default 0,
    fact_hash bytea not null default '',
    fact_at   timestamptz,
    check (state <> 'counting' or (counter is not null and started_at is not null)),
    check ((state in ('done', 'cancelled')) = (ended_at is not null))
);
create index count_task_open on count_task (site, priority desc, due_at, id) where state in ('open', 'counting');
create unique index count_task_once on count_task (place_id, sku) where state in ('open', 'counting');
create index count_task_ended on count_task (place_id, ended_at) where state = 'done';

create table count_line (                  -- the snapshot a round began with, and what was found
    count_id uuid not null,
    round    smallint not null,
    sku      text not null,
    lot      text not null,
    booked   bigint not null,              -- when the round began
    moved    bigint,                       -- what the books changed by, between the beginning and the counting of it
    counted  bigint,
    counted_at timestamptz,
    posted   bigint,                       -- what the count changed the books by; null: it changed nothing
    primary key (count_id, round, sku, lot)
);
create index count_line_sku on count_line (sku, counted_at) where counted is not null;
