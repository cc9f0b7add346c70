-- Who works on the floor, and their hours.

create table worker (                      -- a person who works at sites; made when they first clock in
    person    text primary key,
    skills    text[] not null default '{}',  -- tasks they may do; none: all
    is_active boolean not null default true
);

create table work_clock (                  -- hours worked, by site and task
    id         uuid primary key,
    person     text not null references worker,
    site       text not null references site,
    task       text not null check (task in ('pick', 'pack', 'receive', 'put_away', 'count', 'returns', 'desk', 'other')),
    started_at timestamptz not null,
    ended_at   timestamptz,
    corrected  text not null default '',   -- why it was put right, by whom
    check (ended_at > started_at)
);
create unique index work_clock_open on work_clock (person) where ended_at is null;
create index work_clock_person on work_clock (person, started_at);
create index work_clock_site on work_clock (site, started_at);

create table shift (                       -- who is expected when
    person    text not null references worker,
    site      text not null references site,
    task      text not null,
    starts_at timestamptz not null,
    ends_at   timestamptz not null,
    primary key (person, starts_at),
    check (ends_at > starts_at)
);
create index shift_site on shift (site, starts_at);
