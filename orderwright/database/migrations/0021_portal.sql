-- The customers' pages.

create table customer_link (               -- only of orders whose link was made anew: links from before it open nothing
    order_id   uuid primary key,
    turn       integer not null check (turn > 0),
    renewed_at timestamptz not null
);

create table return_photo (                -- what a customer shows of what comes back
    id         uuid primary key,
    return_id  uuid not null,
    media      text not null check (media in ('image/jpeg', 'image/png', 'image/webp')),
    width_px   integer not null,
    height_px  integer not null,
    sha256     bytea not null,
    content    bytea not null,             -- without what the camera wrote besides: place, time, owner
    actor      text not null,
    taken_at   timestamptz not null,
    unique (return_id, sha256)
);
