-- A device that goes is looked for among the sessions.
create index sessions_device on sessions (device_id) where device_id is not null;

-- When its browser first brought the name of a pushed request here: until then it is kept no longer than it
-- is good.
alter table pushed_requests add column opened_at timestamptz;
