use portcullis::manage::clients::{self, ClientForm};
use portcullis::manage::{ManageError, apis};
use portcullis::policy::permission::{Actor, AdminPermission, Permissions};
use portcullis::protocol::client::{ClientAuth, ClientId};
use portcullis::store::clients::ClientQuery;
use serde_json::json;
use time::Duration;

use super::House;

const ISSUER: &str = "https://id.example";

fn form(value: serde_json::Value) -> ClientForm {
    serde_json::from_value(value).unwrap()
}

fn machine(id: &str, scope: &str) -> ClientForm {
    form(json!({ "client_id": id, "grant_types": ["client_credentials"], "scope": scope }))
}

#[tokio::test]
async fn a_minted_secret_is_shown_once_and_the_old_one_outlives_its_rotation_by_the_overlap() {
    let house = House::new().await;
    let cx = house.cx(&Actor::Cli);
    let made = clients::create(&cx, &machine("m", "")).await.unwrap().value;
    let first = made.minted.unwrap();
    let id = ClientId::parse("m").unwrap();
    let second = clients::rotate_secret(&cx, &id, Duration::hours(1)).await.unwrap().value;
    let client = clients::show(&cx, &id).await.unwrap();
    let ClientAuth::SecretBasic(secrets) = client.auth else { panic!("the method changed") };
    let end = |secret: &portcullis::crypto::secret::Secret| {
        let print = secret.fingerprint();
        secrets.iter().find(|held| held.fingerprint == print).unwrap().expires_at
    };
    assert_eq!(end(&first), Some(cx.now + Duration::hours(1)));
    assert_eq!(end(&second), None);
}

#[tokio::test]
async fn a_scope_that_no_api_has_is_refused_by_name() {
    let house = House::new().await;
    let refused = clients::create(&house.cx(&Actor::Cli), &machine("m", "orders.reed")).await;
    assert!(refused.unwrap_err().to_string().contains("orders.reed"));
}

#[tokio::test]
async fn nobody_registers_or_takes_over_a_client_with_more_rights_than_their_own() {
    let house = House::new().await;
    let cli = house.cx(&Actor::Cli);
    apis::ensure_built_in(&cli, ISSUER).await.unwrap();
    clients::create(&cli, &machine("strong", "admin.users.write")).await.unwrap();
    let actor = Actor::Client {
        id: ClientId::parse("weak").unwrap(),
        permissions: Permissions::from_iter([AdminPermission::ClientsWrite]),
    };
    let cx = house.cx(&actor);
    let strong = ClientId::parse("strong").unwrap();
    let denied = [
        clients::create(&cx, &machine("x", "admin.users.write")).await.err(),
        clients::rotate_secret(&cx, &strong, Duration::ZERO).await.err(),
        clients::update(
            &cx,
            &strong,
            &form(json!({ "token_endpoint_auth_method": "client_secret_post" })),
        )
        .await
        .err(),
        clients::enable(&cx, &strong).await.err(),
    ];
    for error in denied {
        assert!(matches!(error, Some(ManageError::Denied(_))), "{error:?}");
    }
}

#[tokio::test]
async fn a_change_of_method_mints_what_the_new_one_needs() {
    let house = House::new().await;
    let cx = house.cx(&Actor::Cli);
    let public = form(json!({
        "client_id": "spa",
        "redirect_uris": ["https://spa.example/cb"],
        "token_endpoint_auth_method": "none",
    }));
    assert!(clients::create(&cx, &public).await.unwrap().value.minted.is_none());
    let id = ClientId::parse("spa").unwrap();
    let change = form(json!({ "token_endpoint_auth_method": "client_secret_basic" }));
    let changed = clients::update(&cx, &id, &change).await.unwrap().value;
    let print = changed.minted.unwrap().fingerprint();
    let ClientAuth::SecretBasic(held) = clients::show(&cx, &id).await.unwrap().auth else {
        panic!()
    };
    assert_eq!(held.iter().map(|one| one.fingerprint).collect::<Vec<_>>(), [print]);
}

#[tokio::test]
async fn a_list_goes_on_where_the_page_before_ended() {
    let house = House::new().await;
    let cx = house.cx(&Actor::Cli);
    for id in ["a", "b", "c"] {
        clients::create(&cx, &machine(id, "")).await.unwrap();
    }
    let query = ClientQuery { limit: 2, ..ClientQuery::default() };
    let first = clients::list(&cx, &query).await.unwrap();
    let second = clients::list(&cx, &ClientQuery { after: first.next, ..query }).await.unwrap();
    let ids: Vec<_> = second.items.iter().map(|client| client.id.as_str()).collect();
    assert_eq!((first.items.len(), ids, second.next), (2, vec!["c"], None));
}

#[tokio::test]
async fn a_disabled_client_is_revoked_and_comes_back_on_request() {
    let house = House::new().await;
    let cx = house.cx(&Actor::Cli);
    clients::create(&cx, &machine("m", "")).await.unwrap();
    let id = ClientId::parse("m").unwrap();
    clients::disable(&cx, &id).await.unwrap();
    assert!(clients::show(&cx, &id).await.unwrap().disabled_at.is_some());
    let live = portcullis::store::revocations::live(house.store.pool()).await.unwrap();
    assert_eq!(live.iter().map(|one| one.subject.as_str()).collect::<Vec<_>>(), ["m"]);
    clients::enable(&cx, &id).await.unwrap();
    assert!(clients::show(&cx, &id).await.unwrap().disabled_at.is_none());
}
