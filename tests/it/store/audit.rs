//! The audit log.

use portcullis::store::audit::{self, Actor, AuditQuery, Outcome, Target};
use uuid::Uuid;

use super::{Scene, connect, event, now};
use crate::support::db::Db;

#[tokio::test]
async fn an_event_is_read_as_written() {
    let db = Db::fresh().await;
    let store = connect(&db).await;
    let mut told = event("login.failed");
    told.outcome = Outcome::Refused;
    told.actor = Actor::User(Uuid::nil());
    told.target = Some(Target { kind: "user".into(), id: "u".to_owned() });
    told.address = Some("2001:db8::1".parse().unwrap());
    told.user_agent = Some("browser \"quoted\"".to_owned());
    told.refusal_id = Some("R1".to_owned());
    told.details = serde_json::json!({ "rule": "AZ-01" });
    audit::insert(store.pool(), &told).await.unwrap();
    let found = audit::find_by_refusal(store.pool(), "R1").await.unwrap().unwrap();
    assert_eq!(found, told);
}

#[tokio::test]
async fn events_are_filtered_and_paged_newest_first() {
    let db = Db::fresh().await;
    let store = connect(&db).await;
    let events = ["key.made", "login.done", "login.failed"].map(event);
    audit::insert_many(store.pool(), &events).await.unwrap();
    let query = AuditQuery {
        action: Some("login.".to_owned()),
        actor: Some("shop".to_owned()),
        until: Some(now()),
        limit: 1,
        ..AuditQuery::default()
    };
    let first = audit::list(store.pool(), &query).await.unwrap();
    let query = AuditQuery { after: first.next, ..query };
    let second = audit::list(store.pool(), &query).await.unwrap();
    assert_eq!(first.items.len() + second.items.len(), 2);
    assert_eq!(second.next, None);
    assert!(first.items[0].id > second.items[0].id);
}

#[tokio::test]
async fn a_redemption_is_told_with_person_session_and_grant() {
    let scene = Scene::set().await;
    let grant = scene.grant("openid").await;
    let query =
        AuditQuery { subject: Some(scene.user.id.to_string()), limit: 9, ..AuditQuery::default() };
    let page = audit::list(scene.store.pool(), &query).await.unwrap();
    assert_eq!(page.items[0].session_id, Some(scene.session.id));
    let id = grant.authorization.grant_id.to_string();
    assert_eq!(page.items[0].target, Some(Target { kind: "grant".into(), id }));
}
