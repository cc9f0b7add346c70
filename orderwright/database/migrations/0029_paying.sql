-- Links to pay: an amount a customer is asked for, and what became of it.

create table pay_link (
    id           uuid primary key,
    order_id     uuid,                     -- what is paid for: an order,
    quote_id     uuid,                     -- or a quote, of which being paid makes an order; order_id follows then
    currency     text not null,
    amount_minor bigint not null check (amount_minor > 0),
    expires_at   timestamptz not null,
    made_by      text not null,
    made_at      timestamptz not null,
    withdrawn_by text,
    withdrawn_at timestamptz,
    gateway      text,                     -- whose page the customer was led to, last at handed_at
    handed_at    timestamptz,
    reference    text,                     -- the gateway's name of what was paid
    paid_at      timestamptz,
    returned_at  timestamptz,              -- its quote could become no order: what was paid went back
    check (order_id is not null or quote_id is not null),
    check ((withdrawn_at is null) = (withdrawn_by is null)),
    check ((paid_at is null) = (reference is null)),
    check (paid_at is null or gateway is not null),
    check (returned_at is null or (paid_at is not null and order_id is null))
) with (fillfactor = 80);
create index pay_link_order on pay_link (order_id) where order_id is not null;
create index pay_link_quote on pay_link (quote_id) where quote_id is not null;
create unique index pay_link_open_order on pay_link (order_id) where quote_id is null and paid_at is null and withdrawn_at is null;
create unique index pay_link_open_quote on pay_link (quote_id) where paid_at is null and withdrawn_at is null;
