-- Who signs in: people of the shop, their links, devices and sessions.

create table staff_account (               -- a person who may sign in; never deleted, since facts name them
    id          uuid primary key,
    email       text not null,
    email_key   text not null unique,      -- as it is matched
    name        text not null check (name <> ''),
    name_key    text not null unique,      -- lower case; facts and the floor know a person by their name
    password    text not null default '',  -- argon2id; '' until they chose one
    password_at timestamptz,
    roles       text[] not null check (cardinality(roles) > 0),
    sites       text[],                    -- null: all
    channels    text[],
    language    text not null default '',  -- '': as the browser asks
    totp        text not null default '',  -- secret in base32; '' without a second step
    totp_new    text not null default '',  -- shown, and not confirmed with a code yet
    totp_used   bigint not null default 0, -- the last 30 s a code was taken of: each code counts once
    pin         text not null default '',  -- argon2id; '' without
    made_at     timestamptz not null,
    disabled_at timestamptz
) with (fillfactor = 80);
create index staff_owner on staff_account (id) where 'owner' = any(roles);

create table staff_link (                  -- one-time links, and the ticket between a password and its code
    token_hash bytea primary key,          -- sha256 of 256 random bits
    kind       text not null check (kind in ('first', 'join', 'reset', 'code')),
    account_id uuid references staff_account,
    made_by    text not null,
    made_at    timestamptz not null,
    ends_at    timestamptz not null,
    used_at    timestamptz,
    check ((kind = 'first') = (account_id is null))
);
create index staff_link_account on staff_link (account_id) where used_at is null;
create index staff_link_ends on staff_link (ends_at);

create table staff_device (                -- a scanner several people share, by their PINs
    id         uuid primary key,
    name       text not null,
    site       text not null references site,
    token_hash bytea not null unique,
    made_by    text not null,
    made_at    timestamptz not null,
    revoked_at timestamptz
);

create table staff_session (               -- who is signed in; the cookie is nothing but a key to a row
    id         uuid primary key,
    token_hash bytea not null unique,
    account_id uuid not null references staff_account,
    device_id  uuid references staff_device,
    address    text not null,
    agent      text not null,              -- what the browser calls itself
    started_at timestamptz not null,
    seen_at    timestamptz not null,       -- at most a minute old while in use
    proved_at  timestamptz not null,       -- when the person last gave password or PIN
    ends_at    timestamptz not null,       -- however busy
    ended_at   timestamptz,
    ended_why  text not null default '' check (ended_why in (
        '', 'signed_out', 'ended', 'password', 'roles', 'disabled', 'device', 'next_person')),
    check ((ended_at is null) = (ended_why = ''))
) with (fillfactor = 80);
create index staff_session_open on staff_session (account_id) where ended_at is null;
create index staff_session_device on staff_session (device_id) where ended_at is null;
create index staff_session_ends on staff_session (ends_at);

create table sign_in_gate (                -- tries to sign in, counted before they are looked at
    subject bytea primary key,             -- sha256 of who and from where: no address or e-mail is kept
    tries   integer not null check (tries >= 0),
    last_at timestamptz not null
);
create index sign_in_gate_last on sign_in_gate (last_at);
