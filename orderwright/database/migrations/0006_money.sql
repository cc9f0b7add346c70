-- Payments as intents, legal papers without gaps, a double-entry ledger.

create table payment (
    id               uuid primary key,
    order_id         uuid not null,
    gateway          text not null,
    reference        text not null,
    currency         text not null,
    state            text not null,        -- unpaid, authorised, captured, voided, refunded ...: a cache of the amounts
    given_authorised_minor bigint not null default 0,  -- what the channel had authorised and
    given_captured_minor   bigint not null default 0,  -- captured before the order came to us
    authorised_minor bigint not null default 0 check (authorised_minor >= 0),
    captured_minor   bigint not null default 0 check (captured_minor >= 0),
    refunded_minor   bigint not null default 0 check (refunded_minor >= 0),
    voided_minor     bigint not null default 0 check (voided_minor >= 0),
    made_at          timestamptz not null,
    check (captured_minor + voided_minor <= authorised_minor),
    check (refunded_minor <= captured_minor)
) with (fillfactor = 80);
create index payment_order on payment (order_id);
create unique index payment_reference on payment (gateway, reference) where reference <> '';

create table paper_series (                -- the row lock that keeps legal numbers dense: taken last
    series text primary key,
    last_number bigint not null default 0
);

create table paper (                       -- invoices and credit notes
    series      text not null,
    number      bigint not null,
    kind        text not null check (kind in ('invoice', 'credit_note')),
    order_id    uuid not null,
    cause       text not null unique,      -- 'parcel:<id>', 'return:<id>' ...: one paper per cause
    currency    text not null,
    goods_minor bigint not null,
    shipping_minor bigint not null,
    tax_minor   bigint not null,
    total_minor bigint not null,
    lines       text not null,             -- JSON, as printed
    issued_at   timestamptz not null,
    primary key (series, number)
);
create index paper_order on paper (order_id);

create table ledger_entry (
    id           uuid primary key,
    booking      text not null,            -- entries of one booking sum to zero
    account      text not null,            -- receivable, sales, shipping, tax, cash, clearing ...
    order_id     uuid not null,
    amount_minor bigint not null check (amount_minor <> 0),
    currency     text not null,
    booked_at    timestamptz not null,
    unique (booking, account)
);
create index ledger_order on ledger_entry (order_id);
