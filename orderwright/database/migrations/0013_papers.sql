-- Papers and labels: the numbers of cartons, and what waits at which printer.

-- Of its carton's label. Never given twice, also not when the parcel is unpacked.
alter table parcel add column sscc text check (sscc ~ '^[0-9]{18}$');
create unique index parcel_sscc on parcel (sscc) where sscc is not null;

create table sscc_series (
    company_prefix text primary key check (company_prefix ~ '^[0-9]{4,12}$'),
    next           bigint not null check (next >= 0)  -- how many of the prefix's numbers are given
);

create table print_job (                   -- one paper at one printer's queue
    id           uuid primary key,
    printer      text not null,            -- what people call the queue
    kind         text not null check (kind in ('carrier_label', 'carton_label', 'packing_slip', 'pick_list')),
    subject      uuid not null,            -- the parcel; the fulfilment of a pick list
    label_id     uuid,                     -- of a carrier's label: the very one; another label is another job
    site         text not null,
    order_id     uuid not null,
    ship_by      timestamptz not null,     -- what leaves first is printed first, of that the higher priority
    priority     integer not null,
    state        text not null check (state in ('waiting', 'printed', 'failed', 'void')),
    attempts     integer not null default 0 check (attempts >= 0),
    reason       text not null default '', -- why it failed last, or why it is printed again
    language     text not null,
    asked_by     text not null,
    asked_at     timestamptz not null,
    ended_by     text,
    ended_at     timestamptz,
    check ((state = 'waiting') = (ended_at is null)),
    check ((kind = 'carrier_label') = (label_id is not null))
) with (fillfactor = 80);
create index print_job_queue on print_job (printer, ship_by, priority desc, id) where state = 'waiting';
create index print_job_subject on print_job (subject, kind);
create index print_job_order on print_job (order_id);
create unique index print_job_once on print_job (printer, kind, subject, coalesce(label_id, subject))
    where state = 'waiting';
create index print_job_ended on print_job (ended_at) where ended_at is not null;
