-- A return is asked for, received, inspected, settled.

create sequence return_number;

create table return_request (
    id          uuid primary key,
    number      text not null unique,
    order_id    uuid not null,
    site        text not null,
    state       text not null,             -- asked, received, inspected, settled, refused
    made_at     timestamptz not null,
    received_at timestamptz,
    settled_at  timestamptz,
    refund_minor bigint not null default 0,
    version     integer not null default 1,
    fact_seq    integer not null default 0,
    fact_hash   bytea not null default '',
    fact_at     timestamptz
);
create index return_order on return_request (order_id);
create index return_state on return_request (state, made_at desc, id desc);

create table return_line (
    return_id  uuid not null,
    line       integer not null,
    demand_id  uuid not null,
    position   integer not null,
    sku        text not null,
    reason     text not null,
    asked      bigint not null check (asked >= 0),
    received   bigint not null default 0 check (received >= 0),
    restocked  bigint not null default 0 check (restocked >= 0),
    scrapped   bigint not null default 0 check (scrapped >= 0),
    refund_minor bigint not null default 0,
    primary key (return_id, line),
    check (restocked + scrapped <= received)
);
create index return_line_demand on return_line (demand_id);
