-- The key that a session is bound to (device-bound session credentials), as a public JWK.
alter table sessions
    add column bound_key jsonb,
    add column bound_at timestamptz,
    add constraint sessions_bound check ((bound_key is null) = (bound_at is null));
