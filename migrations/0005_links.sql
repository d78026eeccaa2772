-- Links in mails, each good once. Those that are spent stay a while, so that a second use is known.
create table mail_links (
    id uuid primary key,
    fingerprint bytea not null unique check (length(fingerprint) = 32),
    purpose text not null check (purpose in
        ('verify_email', 'change_email', 'reset_password', 'unlock', 'disown', 'sign_up', 'invite')),
    user_id uuid references users on delete cascade,
    address text not null check (length(address) between 3 and 254),
    details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    check ((user_id is null) = (purpose in ('sign_up', 'invite')))
);
-- One is live for each purpose and person; of the links in notices every one stays good.
create unique index mail_links_live on mail_links
    (purpose, (coalesce(user_id::text, lower(address))))
    where used_at is null and purpose <> 'disown';
create index mail_links_user on mail_links (user_id);
create index mail_links_expires on mail_links (expires_at);

-- What was asked for in forms that answer everybody alike: looked at afterwards.
create table mail_requests (
    id uuid primary key,
    purpose text not null check (purpose in ('reset_password', 'unlock', 'sign_up')),
    login text not null check (length(login) <= 256),
    address inet,
    user_agent text not null default '',
    language text not null default 'en' check (length(language) = 2),
    created_at timestamptz not null
);
create index mail_requests_created on mail_requests (created_at);

-- Which terms a person accepted, and when.
create table terms_acceptances (
    user_id uuid not null references users on delete cascade,
    version text not null check (length(version) between 1 and 64),
    accepted_at timestamptz not null,
    primary key (user_id, version)
);
