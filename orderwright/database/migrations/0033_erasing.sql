-- Whom invoices of erased people were for, as long as the law wants it told.

create table kept_buyer (
    order_id  uuid primary key,
    name      text not null,
    address   text not null,               -- JSON: where the invoice was made out to
    issued_at timestamptz not null         -- of the order's last invoice or credit note: the keeping time begins
);
create index kept_buyer_issued on kept_buyer (issued_at);
