-- Products that are the same thing in another size or colour belong to one family.

alter table product add column family text not null default '';
alter table product add column options text not null default '{}';  -- JSON, sorted: size, colour, whatever tells them apart
create index product_family on product (family, options) where family <> '';

-- What comes back is exchanged: the other one is an order of its own, kept aside until the return is settled.

create table exchange (
    return_id   uuid primary key,
    order_id    uuid not null unique,      -- the replacement
    state       text not null check (state in ('waiting', 'kept', 'over')),
    made_at     timestamptz not null,
    lapses_at   timestamptz not null,      -- nothing came by then: what is kept aside is free again
    ended_at    timestamptz,
    carried_minor bigint not null default 0,   -- of what was credited, what paid for the replacement
    check ((ended_at is null) = (state = 'waiting'))
);
create index exchange_waiting on exchange (lapses_at) where state = 'waiting';

create table exchange_line (               -- line n is line n of the replacement
    return_id uuid not null references exchange,
    line      integer not null,
    position  integer not null,            -- of the order's line that comes back
    sku       text not null,
    units     bigint not null check (units > 0),
    primary key (return_id, line)
);

alter table payment add column carried_from uuid;  -- the payment whose money this is: it goes back the way it came
create index payment_carried on payment (carried_from) where carried_from is not null;

create table return_label (                -- the carrier's label of a return, one for each
    return_id     uuid primary key,
    intent_id     uuid not null unique,
    state         text not null check (state in ('wanted', 'bought', 'refused')),
    carrier       text not null,
    tracking_code text not null default '',
    cost_minor    bigint not null default 0,
    currency      text not null default '',
    content       text not null default '',    -- what a label printer gets
    made_at       timestamptz not null,
    check ((tracking_code <> '') = (state = 'bought'))
);
create index return_label_code on return_label (tracking_code) where tracking_code <> '';
create index tracking_event_code on tracking_event (tracking_code, occurred_at) where parcel_id is null;
