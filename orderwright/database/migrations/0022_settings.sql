-- Files people bring by the console: looked at before anything is taken, kept until they are.

alter table import_job drop constraint import_job_state_check;
alter table import_job add constraint import_job_state_check
    check (state in ('looking', 'looked', 'reading', 'done', 'failed'));
alter table import_job add column asked text not null default '{}';     -- how it is to be read, as people chose
alter table import_job add column made_by text not null default '';
create index import_job_made on import_job (made_at desc, id desc);

create table import_file (
    import_id uuid not null,
    piece     integer not null,
    content   bytea not null,
    made_at   timestamptz not null,
    primary key (import_id, piece)
);
create index import_file_made on import_file (made_at);
