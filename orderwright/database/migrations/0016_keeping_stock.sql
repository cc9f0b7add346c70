-- Keeping stock true: plans of counts, goods taken out of sale, the air goods lie in.

create table count_plan (                  -- when a site's counts were planned by the clock
    site       text not null references site,
    day        date not null,              -- of the site
    wanted     integer not null,
    planned_at timestamptz not null,
    primary key (site, day)
);
