-- The desk: what was done to many orders at once, lists as people keep them, notes, what is put off, how the shop
-- settles its exceptions, and what it lets the system settle.

create table bulk_run (                    -- one deed done to many orders, told order by order
    id       uuid primary key,
    deed     text not null check (deed in ('hold', 'release', 'cancel')),
    kind     text not null,                -- of hold; of a cancellation its reason
    actor    text not null,
    done_at  timestamptz not null,
    undoes   uuid unique references bulk_run,
    document text not null                 -- [[number, code of the refusal or '', its facts], ...]
);

create table saved_view (                  -- a list as somebody wants to see it again
    id       uuid primary key,
    list     text not null check (list in ('orders', 'exceptions')),
    owner    text not null,                -- whose it is, as facts name them; '': everybody's
    name     text not null,
    name_key text not null,                -- lower case
    query    text not null,                -- its filters, as they stand in an address
    place    integer not null check (place > 0),
    made_by  text not null,
    made_at  timestamptz not null,
    unique (list, owner, name_key) deferrable initially deferred
);
create table first_view (                  -- the view a list opens with, for one person
    owner   text not null,
    list    text not null,
    view_id uuid not null references saved_view on delete cascade,
    primary key (owner, list)
);
create index first_view_view on first_view (view_id);

create table order_note (                  -- what people of the shop tell each other about an order; never changed
    id         uuid primary key,
    order_id   uuid not null,
    author     text not null,
    text       text not null check (text <> ''),
    written_at timestamptz not null
);
create index order_note_order on order_note (order_id, id desc);
create table note_mention (                -- whom a note is for
    account_id uuid not null references staff_account,
    note_id    uuid not null references order_note,
    seen_at    timestamptz,
    primary key (account_id, note_id)
);
create index note_mention_unseen on note_mention (account_id) where seen_at is null;
create index note_mention_note on note_mention (note_id);

alter table exception
    add column snoozed_until timestamptz,  -- until then it stands in nobody's queue; later: it was put off until then
    add column snoozed_by    text not null default '';

create table desk_procedure (              -- how the shop settles a cause, step by step; versions are kept
    kind       text not null,              -- of exception
    stage      text not null check (stage in ('any', 'planned', 'floor', 'away')),
    version    integer not null check (version > 0),
    text       text not null,              -- '': none any more
    written_by text not null,
    written_at timestamptz not null,
    primary key (kind, stage, version)
);
create table procedure_read (              -- which version whoever settled an exception had before them
    exception_id uuid primary key references exception,
    kind         text not null,
    stage        text not null,
    version      integer not null,
    foreign key (kind, stage, version) references desk_procedure
);
create index procedure_read_procedure on procedure_read (kind, stage, version);

create table dial (                        -- how far the system goes with a kind of decision; without a row: suggest
    kind    text primary key,              -- of exception
    setting text not null check (setting in ('suggest', 'tell', 'silent')),
    set_by  text not null,
    set_at  timestamptz not null
);
create table suggestion (                  -- what was suggested for an exception, and what came of it
    exception_id uuid primary key references exception,
    order_id     uuid not null,
    kind         text not null,
    made_at      timestamptz not null,
    digest       text not null,            -- of what is suggested: '' where nothing is
    dial         text not null default '', -- by which setting it was done, '' where the system did nothing
    done_at      timestamptz,              -- when the system did it
    refused      text not null default '', -- why it could not: the code
    came         text not null default '' check (came in ('', 'taken', 'overridden', 'gone')),
    decided_by   text not null default '',
    decided_at   timestamptz,
    reason       text not null default '', -- why it was overridden
    told_at      timestamptz,              -- when somebody had looked at what was done and told
    check ((done_at is null) = (dial = ''))
);
create index suggestion_open on suggestion (exception_id) where came = '';
create index suggestion_done on suggestion (done_at desc, exception_id desc) where done_at is not null;
create index suggestion_untold on suggestion (done_at desc, exception_id desc)
    where dial = 'tell' and told_at is null and came = 'taken';
create index suggestion_made on suggestion (made_at desc);

alter table house_change drop constraint house_change_kind_check;
alter table house_change add constraint house_change_kind_check
    check (kind in ('setting', 'key', 'account', 'device', 'dial'));
