-- Orders being written down, and what they would cost until a day: drafts and quotes. And who and what is looked for.

create sequence quote_number;

create table order_draft (                 -- an order somebody has begun to write down; gone once it is placed or quoted
    id         uuid primary key,
    owner      text not null,              -- whose it is: nobody else sees it
    name       text not null,              -- of who buys, for the list
    line_count integer not null,
    form       text not null,              -- as far as it was written, JSON: erasable
    version    integer not null default 1,
    made_at    timestamptz not null,
    changed_at timestamptz not null
) with (fillfactor = 80);
create index order_draft_owner on order_draft (owner, changed_at desc, id desc);

create table quote (                       -- an order as it would be taken, at these prices, until a day
    id           uuid primary key,         -- of the draft it was made of, which so becomes one quote at most
    number       text not null unique,
    channel      text not null,
    name         text not null,            -- of who asked
    email_key    text not null,
    currency     text not null,
    total_minor  bigint not null,
    valid_until  date not null,            -- the last day, by the clock of the first site
    expires_at   timestamptz not null,     -- the end of that day
    form         text not null,            -- the order, JSON: erasable
    form_hash    bytea not null,
    version      integer not null default 1,
    made_by      text not null,
    made_at      timestamptz not null,
    withdrawn_by text,
    withdrawn_at timestamptz,
    ordered_by   text,
    ordered_at   timestamptz,
    order_id     uuid,                     -- the order it became; its reference there is the quote's number
    check ((withdrawn_at is null) = (withdrawn_by is null)),
    check ((ordered_at is null) = (order_id is null) and (ordered_at is null) = (ordered_by is null)),
    check (ordered_at is null or withdrawn_at is null)
) with (fillfactor = 80);
create index quote_made on quote (made_at desc, id desc);
create index quote_open on quote (expires_at, id) where ordered_at is null and withdrawn_at is null;
create index quote_order on quote (order_id) where order_id is not null;

-- Buyers as a clerk hears of them: by e-mail address as typed, by phone as it begins or as it ends.
create index customer_email on customer (email_key text_pattern_ops) where email_key is not null;
create index customer_phone on customer (regexp_replace(phone, '[^0-9]', '', 'g') text_pattern_ops) where phone <> '';
create index customer_phone_end on customer (reverse(regexp_replace(phone, '[^0-9]', '', 'g')) text_pattern_ops)
    where phone <> '';

-- Products as a clerk hears of them: by SKU and code as typed, and by words of the title.
create index product_sku_begins on product (upper(sku) text_pattern_ops);
create index product_code_begins on product_code (code text_pattern_ops);
create index product_words on product using gin (to_tsvector('simple', title));
