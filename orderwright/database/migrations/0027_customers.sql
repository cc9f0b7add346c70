-- Customers as the shop keeps them: what it knows of them, at which prices they buy, and when they pay.

create table price_list (
    code        text primary key,
    name        text not null,
    currency    text not null,
    valid_from  date,                      -- by the clock of the first site; null: since ever
    valid_until date,                      -- the last day; null: until further notice
    version     integer not null default 1,
    changed_at  timestamptz not null,
    check (valid_from <= valid_until)
);

create table list_price (                  -- what a unit costs those who buy at the list; other products cost what they cost all
    price_list  text not null references price_list,
    sku         text not null references product,
    price_micro bigint not null check (price_micro >= 0),
    primary key (price_list, sku)
);

alter table customer add column language text not null default '';
alter table customer add column note text not null default '';
alter table customer add column addresses text not null default '[]';  -- JSON, the usual one first: erasable
alter table customer add column postal_code text not null default '';  -- of the usual address, normal form, for search
alter table customer add column price_list text references price_list;
alter table customer add column pays_within_days integer;              -- after the invoice; null: in advance
alter table customer add column merged_into uuid references customer;  -- the same person; null: stands for itself
alter table customer add column version integer not null default 1;
alter table customer add column changed_at timestamptz;                -- by people; null: as the first order told
alter table customer add check (pays_within_days between 0 and 365);
alter table quote add column customer_id uuid;                          -- who asked, where the shop knows them
create index customer_postal_code on customer (postal_code text_pattern_ops) where postal_code <> '';
create index customer_reference on customer (reference) where reference <> '';
create index customer_price_list on customer (price_list) where price_list is not null;
create index customer_merged on customer (merged_into) where merged_into is not null;
