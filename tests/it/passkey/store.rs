//! The tables: what the statements decide, and what is swept.

use portcullis::identity::passkey::Ceremony;
use portcullis::store::sweep::{self, Sweep};
use portcullis::store::webauthn::ceremonies::{self, Answered, Challenge};
use serde_json::json;
use time::Duration;
use uuid::Uuid;

use crate::support::server::Server;

async fn challenge(server: &Server, user: Uuid) -> Answered {
    let id = Uuid::from_u128(user.as_u128() ^ 1);
    let (ceremony, binding) = (Ceremony::SecondStep, [1; 32]);
    let kept = Challenge { id, ceremony, binding, user_id: Some(user), state: json!({ "a": 1 }) };
    ceremonies::insert(server.app.store.pool(), &kept, server.app.now()).await.unwrap();
    Answered { id, ceremony, binding }
}

async fn bob(server: &Server) -> Uuid {
    let mut conn = server.db.connect().await;
    let id = sqlx::query_scalar("select id from users where username = 'bob'");
    id.fetch_one(&mut conn).await.unwrap()
}

#[tokio::test]
async fn a_challenge_is_spent_by_whom_it_is_for_and_by_nobody_else() {
    let server = Server::start().await;
    let (bob, now) = (bob(&server).await, server.app.now());
    let good = challenge(&server, bob).await;
    let store = server.app.store.pool();
    for bad in [
        Answered { id: Uuid::nil(), ..good },
        Answered { ceremony: Ceremony::SignIn, ..good },
        Answered { ceremony: Ceremony::Passkey, ..good },
        Answered { binding: [2; 32], ..good },
    ] {
        assert_eq!(ceremonies::spend(store, &bad, bob, now).await.unwrap(), None);
    }
    assert_eq!(ceremonies::spend(store, &good, Uuid::nil(), now).await.unwrap(), None);
    let late = now + Duration::minutes(6);
    assert_eq!(ceremonies::spend(store, &good, bob, late).await.unwrap(), None);
    let spent = ceremonies::spend(store, &good, bob, now).await.unwrap();
    assert_eq!(spent, Some(json!({ "a": 1 })));
    assert_eq!(ceremonies::spend(store, &good, bob, now).await.unwrap(), None);
}

#[tokio::test]
async fn of_fifty_who_answer_one_challenge_one_gets_it() {
    let server = Server::start().await;
    let bob = bob(&server).await;
    let answered = challenge(&server, bob).await;
    let now = server.app.now();
    let tries = (0..50).map(|_| {
        let store = server.app.store.clone();
        tokio::spawn(async move { ceremonies::spend(store.pool(), &answered, bob, now).await })
    });
    let tries: Vec<_> = tries.collect();
    let mut spent = 0;
    for tried in tries {
        spent += usize::from(tried.await.unwrap().unwrap().is_some());
    }
    assert_eq!(spent, 1);
}

#[tokio::test]
async fn challenges_that_are_over_are_swept_and_others_stay() {
    let server = Server::start().await;
    let bob = bob(&server).await;
    challenge(&server, bob).await;
    let (store, now) = (server.app.store.pool(), server.app.now());
    assert_eq!(sweep::batch(store, Sweep::Ceremonies, now).await.unwrap(), 0);
    let after = now + Duration::minutes(6);
    assert_eq!(sweep::batch(store, Sweep::Ceremonies, after).await.unwrap(), 1);
}

#[tokio::test]
async fn the_schema_refuses_what_no_key_can_be() {
    let server = Server::start().await;
    let insert = |id: &str, backed_up: &str| {
        format!(
            "insert into webauthn_keys (id, user_id, credential_id, kind, label, public, aaguid,
                counter, backup_eligible, backed_up, created_at)
            select gen_random_uuid(), id, {id}, 'passkey', 'x', '{{}}', gen_random_uuid(), 0, false,
                {backed_up}, now() from users where username = 'bob'"
        )
    };
    let mut conn = server.db.connect().await;
    for (bad, constraint) in [
        (insert("decode(repeat('00', 1024), 'hex')", "false"), "credential_id_check"),
        (insert("''", "false"), "credential_id_check"),
        (insert("'a'", "true"), "check"),
    ] {
        let refused = sqlx::raw_sql(sqlx::AssertSqlSafe(bad)).execute(&mut conn).await;
        let error = refused.unwrap_err();
        let name = error.as_database_error().unwrap().constraint().unwrap();
        assert!(name.contains(constraint), "{name}");
    }
}
