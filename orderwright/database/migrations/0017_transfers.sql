-- Goods on their way from one of our sites to another.

create sequence site_transfer_number;

create table site_transfer (               -- units from one site to another: asked for, loaded, received
    id       uuid primary key,
    number   text not null unique,
    site     text not null references site,
    to_site  text not null references site,
    state    text not null check (state in ('planned', 'loading', 'sent', 'done', 'cancelled')),
    made_by  text not null,
    made_at  timestamptz not null,
    sent_at  timestamptz,
    ended_at timestamptz,
    check (site <> to_site),
    check ((state in ('done', 'cancelled')) = (ended_at is not null)),
    check ((state in ('sent', 'done')) = (sent_at is not null))
) with (fillfactor = 80);
create index site_transfer_open on site_transfer (to_site, id) where ended_at is null;
create index site_transfer_made on site_transfer (made_at desc, id desc);

create table site_transfer_line (          -- what is asked for; a transfer without lines takes what is loaded
    transfer_id uuid not null references site_transfer,
    sku         text not null references product,
    units       bigint not null check (units > 0),
    primary key (transfer_id, sku)
);

create table site_transfer_load (          -- dispatches it is made of; their moves say what is under way
    transfer_id uuid not null references site_transfer,
    number      integer not null check (number > 0),
    document_id uuid not null unique,
    primary key (transfer_id, number)
);
