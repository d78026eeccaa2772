//! A person changes their own password (SECURITY.md PW-10).

use portcullis::crypto::secret::Secret;
use portcullis::manage::passwords::{self, Chosen, Others};
use portcullis::store::{mails, users as rows};

use super::HASH;
use crate::support::server::Server;

const LIVE: &str = "select count(*) from sessions where ended_at is null";

/// Changes bob's password from the session that was begun first.
async fn change(server: &Server, others: Others) {
    let bob = rows::find_by_login(server.app.store.pool(), "bob").await.unwrap().unwrap();
    let mut connection = server.db.connect().await;
    let here =
        sqlx::query_scalar("select id from sessions where ended_at is null order by id limit 1");
    let here = here.fetch_one(&mut connection).await.unwrap();
    let post = server.post();
    let hash = Secret::new(HASH.to_owned());
    let done = server
        .manage(async |cx| {
            passwords::change(&cx, &post, (&bob, here), &hash, others).await.unwrap()
        })
        .await;
    for change in done.changes {
        server.app.live.changed(change.kind, &change.subject).await.unwrap();
    }
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session_and_grant_and_is_told() {
    let server = Server::start().await;
    server.signed_in("bob").await;
    let tokens = server.tokens("shop", "openid offline_access", "bob").await;
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(server.number(LIVE).await, 2);
    change(&server, Others::End).await;
    assert_eq!(server.number(LIVE).await, 1, "the one in which it was changed");
    assert!(!server.is_active(access).await);
    let told = "select count(*) from audit_events where action = 'password.change' \
        and actor_kind = 'user'";
    assert_eq!(server.number(told).await, 1);
    let letters = mails::latest(server.app.store.pool(), 10).await.unwrap();
    assert!(letters[0].subject.starts_with("Your password was changed"), "{letters:?}");
}

#[tokio::test]
async fn whoever_wants_to_stay_signed_in_elsewhere_stays() {
    let server = Server::start().await;
    server.signed_in("bob").await;
    server.signed_in("bob").await;
    change(&server, Others::Keep).await;
    assert_eq!(server.number(LIVE).await, 2);
}

#[tokio::test]
async fn how_long_a_password_must_be_depends_on_what_else_protects_the_account() {
    let server = Server::start().await;
    let eight = Secret::new("vio-jump".to_owned());
    for (username, good) in [("bob", false), ("carol", true)] {
        let user = rows::find_by_login(server.app.store.pool(), username).await.unwrap().unwrap();
        let chosen = server.manage(async |cx| passwords::choose(&cx, &user, &eight).await).await;
        assert_eq!(matches!(chosen, Ok(Chosen::Good(_))), good, "{username}: {chosen:?}");
    }
}
