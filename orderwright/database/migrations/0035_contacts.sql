-- Customers who wrote or called about an order, as people at the desk write it down.

create table contact (                     -- never changed; one written by mistake is withdrawn
    id           uuid primary key,
    order_id     uuid not null,
    channel      text not null check (channel in ('phone', 'email', 'chat', 'social', 'counter', 'letter')),
    reason       text not null check (reason in (
        'where_is_it', 'change_or_cancel', 'wrong_or_damaged', 'return_or_refund', 'question', 'invoice_or_payment',
        'complaint', 'other')),
    asked_at     timestamptz not null,     -- when the customer did
    words        text not null default '', -- what they said, in short
    is_settled   boolean not null,         -- whether that contact was enough
    actor        text not null,
    recorded_at  timestamptz not null,
    withdrawn_by text not null default '',
    withdrawn_at timestamptz,
    check ((withdrawn_at is null) = (withdrawn_by = '')),
    check (asked_at <= recorded_at)
);
create index contact_order on contact (order_id, id desc);
create index contact_asked on contact (asked_at);
create index contact_recorded on contact (recorded_at);
