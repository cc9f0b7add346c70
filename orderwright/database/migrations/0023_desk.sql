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
