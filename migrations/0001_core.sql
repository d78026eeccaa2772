-- The data of Portcullis. Times end in _at, ids are UUIDv7, one-time things are spent by one statement.

create table settings (
    key text primary key,
    value jsonb not null,
    updated_at timestamptz not null default now()
);

create table users (
    id uuid primary key,
    username text not null unique check (username = lower(username) and length(username) between 1 and 128),
    email text check (length(email) between 3 and 254),
    email_verified boolean not null default false,
    roles text[] not null default '{}',
    claims jsonb not null default '{}' check (jsonb_typeof(claims) = 'object'),
    password_hash text check (password_hash like '$%'),
    password_changed_at timestamptz,
    disabled_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (email is not null or not email_verified)
);
create unique index users_email on users (lower(email)) where email is not null;
create index users_administrators on users (id) where 'administrator' = any(roles) and disabled_at is null;

-- Second factors of every kind; a kind's own state is in its sealed bytes and in last_step.
create table factors (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    kind text not null check (kind in ('totp')),
    label text not null check (length(label) between 1 and 64),
    sealed bytea not null,
    last_step bigint not null default 0,
    confirmed_at timestamptz,
    created_at timestamptz not null,
    used_at timestamptz
);
create index factors_user on factors (user_id);

create table recovery_codes (
    user_id uuid not null references users on delete cascade,
    code_hash bytea not null check (length(code_hash) = 32),
    created_at timestamptz not null,
    used_at timestamptz,
    primary key (user_id, code_hash)
);

-- Failures per account and factor; the key is a MAC, so that the names tried are not kept.
create table attempts (
    key bytea primary key check (length(key) = 32),
    failures integer not null check (failures >= 0),
    last_at timestamptz not null
) with (fillfactor = 70);
create index attempts_last on attempts (last_at);

create table devices (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    fingerprint bytea not null check (length(fingerprint) = 32),
    label text not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    unique (user_id, fingerprint)
);
create index devices_seen on devices (seen_at);

create table sessions (
    id uuid primary key,
    fingerprint bytea not null unique check (length(fingerprint) = 32),
    user_id uuid not null references users on delete cascade,
    auth_at timestamptz not null,
    proofs jsonb not null check (jsonb_typeof(proofs) = 'array'),
    stage text not null check (stage in ('pending', 'established')),
    device_id uuid references devices on delete set null,
    address inet,
    user_agent text not null default '',
    created_at timestamptz not null,
    seen_at timestamptz not null,
    idle_ends_at timestamptz not null,
    ends_at timestamptz not null,
    ended_at timestamptz,
    end_reason text,
    check ((ended_at is null) = (end_reason is null))
) with (fillfactor = 80);
create index sessions_user on sessions (user_id);
create index sessions_ends on sessions (ends_at);
create index sessions_ended on sessions (ended_at) where ended_at is not null;

create table apis (
    resource text primary key,
    name text not null,
    access_token_lifetime_s integer not null check (access_token_lifetime_s between 30 and 86400),
    signing_alg text not null check (signing_alg in ('ES256', 'RS256', 'PS256', 'EdDSA')),
    built_in boolean not null default false,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- A scope belongs to one API, so that a request without `resource` still has one audience.
create table api_scopes (
    name text primary key,
    resource text not null references apis on delete cascade,
    description text not null default '',
    administrators_only boolean not null default false
);
create index api_scopes_resource on api_scopes (resource);

create table clients (
    id text primary key check (length(id) between 1 and 255),
    name text not null,
    auth_method text not null
        check (auth_method in ('none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt')),
    jwks jsonb,
    jwks_uri text,
    redirect_uris text[] not null default '{}',
    post_logout_redirect_uris text[] not null default '{}',
    grant_types text[] not null,
    scope text[] not null default '{}',
    consent text not null check (consent in ('remember', 'always', 'trusted')),
    profile text not null check (profile in ('oauth21', 'fapi2')),
    introspect text[] not null default '{}',
    id_token_alg text not null check (id_token_alg in ('ES256', 'RS256', 'PS256', 'EdDSA')),
    rotation text not null check (rotation in ('always', 'never')),
    mfa text not null default 'policy' check (mfa in ('policy', 'required')),
    client_uri text,
    logo_uri text,
    policy_uri text,
    tos_uri text,
    disabled_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (auth_method = 'private_key_jwt' or (jwks is null and jwks_uri is null)),
    check (auth_method <> 'private_key_jwt' or (jwks is null) <> (jwks_uri is null))
);
create index clients_created on clients (created_at, id);

create table client_secrets (
    id uuid primary key,
    client_id text not null references clients on delete cascade,
    fingerprint bytea not null check (length(fingerprint) = 32),
    expires_at timestamptz,
    created_at timestamptz not null,
    unique (client_id, fingerprint)
);

create table consents (
    user_id uuid not null references users on delete cascade,
    client_id text not null references clients on delete cascade,
    scope text[] not null,
    resources text[] not null default '{}',
    granted_at timestamptz not null,
    primary key (user_id, client_id)
);

create table authorization_codes (
    sha256 bytea primary key check (length(sha256) = 32),
    grant_id uuid not null unique,
    client_id text not null references clients on delete cascade,
    user_id uuid not null references users on delete cascade,
    session_id uuid not null,
    redirect_uri text not null,
    challenge bytea not null check (length(challenge) = 32),
    scope text[] not null,
    resources text[] not null,
    claims jsonb,
    auth_at timestamptz not null,
    proofs jsonb not null,
    nonce text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    redeemed_at timestamptz
) with (fillfactor = 80);
create index authorization_codes_user on authorization_codes (user_id);
create index authorization_codes_expires on authorization_codes (expires_at);

-- One row for as long as the grant lives: a rotation touches no indexed column (heap-only update).
create table grants (
    id uuid primary key,
    salt bytea not null check (length(salt) = 16),
    client_id text not null references clients on delete cascade,
    user_id uuid not null references users on delete cascade,
    session_id uuid not null,
    scope text[] not null,
    resources text[] not null,
    claims jsonb,
    auth_at timestamptz not null,
    proofs jsonb not null,
    nonce text,
    lifetime text not null check (lifetime in ('session', 'offline')),
    refreshable boolean not null,
    generation integer not null default 0 check (generation >= 0),
    rotated_at timestamptz,
    used_at timestamptz not null,
    idle_ends_at timestamptz not null,
    ends_at timestamptz not null,
    revoked_at timestamptz,
    revoke_reason text,
    created_at timestamptz not null,
    check ((revoked_at is null) = (revoke_reason is null))
) with (fillfactor = 60);
create index grants_user on grants (user_id);
create index grants_client on grants (client_id);
create index grants_session on grants (session_id);
create index grants_ends on grants (ends_at);
create index grants_revoked on grants (revoked_at) where revoked_at is not null;

-- Assertions and other JWTs that may be used once (OIDC Core §9, `jti`).
create table used_jtis (
    client_id text not null,
    jti_hash bytea not null check (length(jti_hash) = 32),
    expires_at timestamptz not null,
    primary key (client_id, jti_hash)
);
create index used_jtis_expires on used_jtis (expires_at);

-- What is dead before its time; a row lives as long as the longest access token it can touch.
create table revocations (
    id uuid primary key, -- of a revoked grant: the grant's own
    kind text not null check (kind in ('token', 'grant', 'client')),
    subject text not null,
    revoked_at timestamptz not null,
    expires_at timestamptz not null,
    reason text not null,
    unique (kind, subject)
);
create index revocations_expires on revocations (expires_at);

create table signing_keys (
    kid text primary key,
    alg text not null check (alg in ('ES256', 'RS256', 'PS256', 'EdDSA')),
    public_jwk jsonb not null,
    sealed bytea not null,
    created_at timestamptz not null,
    activates_at timestamptz not null,
    retires_at timestamptz,
    removed_at timestamptz,
    check (retires_at is null or retires_at >= activates_at)
);

-- What changed, for every node's memory. Read by transaction snapshot: a serial is not commit order.
create table feed (
    id bigint generated always as identity primary key,
    xid xid8 not null default pg_current_xact_id(),
    kind text not null check (kind in ('client', 'api', 'key', 'revocation', 'settings')),
    subject text not null,
    at timestamptz not null default now()
);
create index feed_xid on feed (xid);

create function feed_notify() returns trigger language plpgsql as $$
begin
    perform pg_notify('portcullis_feed', '');
    return null;
end
$$;
create trigger feed_notify after insert on feed for each statement execute function feed_notify();

create table audit_events (
    id uuid primary key,
    at timestamptz not null,
    action text not null,
    outcome text not null check (outcome in ('success', 'failure', 'refused')),
    count integer not null default 1 check (count > 0),
    actor_kind text not null check (actor_kind in ('user', 'client', 'cli', 'system', 'anonymous')),
    actor_id text,
    target_kind text,
    target_id text,
    client_id text,
    user_id uuid,
    session_id uuid,
    address inet,
    user_agent text,
    refusal_id text,
    details jsonb not null default '{}'
);
create index audit_events_refusal on audit_events (refusal_id) where refusal_id is not null;
create index audit_events_at on audit_events using brin (at);

create table mails (
    id uuid primary key,
    recipient text not null,
    subject text not null,
    text_body text not null,
    html_body text not null,
    created_at timestamptz not null,
    next_try_at timestamptz not null,
    tries integer not null default 0,
    sent_at timestamptz,
    last_error text
);
create index mails_due on mails (next_try_at) where sent_at is null;
create index mails_created on mails (created_at);

-- The one-time door to the first administrator.
create table setup_links (
    fingerprint bytea primary key check (length(fingerprint) = 32),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
