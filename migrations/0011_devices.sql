-- What a device holds, tied together: what was allowed on it, and the keys that were made on it. Its
-- sessions name it already.

-- No foreign key: a grant is made often, and what it names may be long gone.
alter table grants add column device_id uuid;
update grants g set device_id = s.device_id from sessions s
    where s.id = g.session_id and g.revoked_at is null;

alter table webauthn_keys add column device_id uuid references devices on delete set null;
create index webauthn_keys_device on webauthn_keys (device_id) where device_id is not null;
