-- Speed at a million orders: what happened on a day is found without reading what happened on all others.

drop index fact_recorded;
create index fact_recorded on fact using brin (recorded_at) with (pages_per_range = 32);
drop index stock_move_recorded;
create index stock_move_recorded on stock_move using brin (recorded_at) with (pages_per_range = 32);
drop index parcel_packed;
drop index parcel_shipped;
create index parcel_days on parcel using brin (packed_at, shipped_at, delivered_at, deliver_by)
    with (pages_per_range = 32);
create index label_made on label using brin (made_at) with (pages_per_range = 32);
create index return_days on return_request using brin (received_at, settled_at) with (pages_per_range = 32);
create index pick_batch_wave on pick_batch (site, wave) where wave <> '';
