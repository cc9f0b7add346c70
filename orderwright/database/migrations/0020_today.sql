-- Today: how the work went hour by hour, kept so that nobody adds it up while somebody waits.

create table today_hour (                  -- of the whole store
    hour    timestamptz not null,          -- when it began, in UTC
    stage   text not null check (stage in ('desk', 'release', 'pick', 'pack', 'label', 'hand_over')),
    done    bigint not null,               -- what the stage finished in that hour
    queue   bigint not null,               -- what waited before it when somebody last looked in that hour
    primary key (hour, stage)
);
