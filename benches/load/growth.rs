//! Rows beside those that are measured: the costs of a request must not grow with them.

use portcullis::web::app::App;

/// How many are written by one statement.
const BATCH: usize = 250_000;

/// As many clients, people, sessions and grants, each beside the other, as `rows` says.
const STATEMENTS: [&str; 4] = [
    "insert into clients (id, name, auth_method, grant_types, scope, consent, profile, id_token_alg,
        rotation, created_at, updated_at)
    select 'grown-' || n, 'Grown ' || n, 'none', '{authorization_code,refresh_token}',
        '{openid,offline_access}', 'remember', 'oauth21', 'ES256', 'always', now(), now()
    from generate_series($1::bigint, $2::bigint) n",
    "insert into users (id, username, email, created_at, updated_at)
    select md5('u' || n)::uuid, 'grown-' || n, 'grown-' || n || '@example.com', now(), now()
    from generate_series($1::bigint, $2::bigint) n",
    "insert into sessions (id, fingerprint, user_id, auth_at, proofs, stage, created_at, seen_at,
        idle_ends_at, ends_at)
    select md5('s' || n)::uuid, sha256(n::text::bytea), md5('u' || n)::uuid, now(),
        '[{\"kind\": \"password\"}]', 'established', now(), now(), now() + interval '12 hours',
        now() + interval '1 day'
    from generate_series($1::bigint, $2::bigint) n",
    "insert into grants (id, salt, client_id, user_id, session_id, scope, resources, auth_at, proofs,
        lifetime, refreshable, used_at, idle_ends_at, ends_at, created_at)
    select md5('g' || n)::uuid, substr(sha256(n::text::bytea), 1, 16), 'grown-' || n,
        md5('u' || n)::uuid, md5('s' || n)::uuid, '{openid,offline_access}', '{}', now(),
        '[{\"kind\": \"password\"}]', 'offline', true, now(), now() + interval '30 days',
        now() + interval '180 days', now()
    from generate_series($1::bigint, $2::bigint) n",
];

/// Bulk work waits for as long as it takes.
const PATIENT: &str = "set statement_timeout = 0; set lock_timeout = 0";

/// Writes them, and what keeps a database quick that was not filled in an hour.
pub async fn grow(app: &App, rows: usize) {
    if rows == 0 {
        return;
    }
    let mut connection = app.store.pool().acquire().await.unwrap();
    sqlx::raw_sql(PATIENT).execute(&mut *connection).await.unwrap();
    for statement in STATEMENTS {
        for from in (1..=rows).step_by(BATCH) {
            let to = rows.min(from + BATCH - 1);
            let (from, to) = (i64::try_from(from).unwrap(), i64::try_from(to).unwrap());
            sqlx::query(statement).bind(from).bind(to).execute(&mut *connection).await.unwrap();
        }
    }
    drop(connection);
    settle(app).await;
}

/// Vacuums what was written and brings it to the disk, as would have been done by and by had the rows
/// come slowly: the next flow must not pay for it.
pub async fn settle(app: &App) {
    let mut connection = app.store.pool().acquire().await.unwrap();
    for statement in [PATIENT, "vacuum analyze", "checkpoint", "reset all"] {
        sqlx::raw_sql(statement).execute(&mut *connection).await.unwrap();
    }
}
