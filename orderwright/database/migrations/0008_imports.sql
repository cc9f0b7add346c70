-- Files taken in: one row per input row that did not simply become an order, and what became of each order.

create table import_job (
    id         uuid primary key,
    kind       text not null,
    file_name  text not null,
    file_hash  bytea not null,
    profile    text not null,
    state      text not null check (state in ('reading', 'done', 'failed')),
    rows_read  bigint not null default 0,
    report     text not null default '{}',
    made_at    timestamptz not null,
    alive_at   timestamptz not null,       -- when something was last heard of it
    ended_at   timestamptz
);

create table import_error (
    import_id  uuid not null,
    row_number bigint not null,
    cells      text not null,
    findings   text not null,
    primary key (import_id, row_number)
);

create table credit_key (                  -- credit notes of files that were applied, so that none counts twice
    channel    text not null,
    reference  text not null,
    applied_at timestamptz not null,
    primary key (channel, reference)
);
