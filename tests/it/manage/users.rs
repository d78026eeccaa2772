use portcullis::identity::role::Role;
use portcullis::manage::ManageError;
use portcullis::manage::users::{self, UserChanges};
use portcullis::policy::permission::{Actor, AdminPermission, Permissions};
use portcullis::protocol::client::ClientId;
use serde_json::json;
use uuid::Uuid;

use super::{HASH, House, person};
use portcullis::crypto::secret::Secret;

async fn administrator(house: &House, name: &str) -> Uuid {
    let new = person(json!({ "username": name, "roles": ["administrator"] }));
    users::create(&house.cx(&Actor::Cli), &new, None).await.unwrap().value.id
}

fn without_roles() -> UserChanges {
    UserChanges { roles: Some(Vec::new()), ..UserChanges::default() }
}

#[tokio::test]
async fn two_administrators_who_take_each_others_role_at_once_leave_one() {
    for _ in 0..5 {
        let house = House::new().await;
        let (a, b) = (administrator(&house, "a").await, administrator(&house, "b").await);
        let (cx, changes) = (house.cx(&Actor::Cli), without_roles());
        let (first, second) =
            tokio::join!(users::update(&cx, a, &changes, None), users::disable(&cx, b));
        let won = usize::from(first.is_ok()) + usize::from(second.is_ok());
        assert_eq!(won, 1, "{:?} {:?}", first.err(), second.err());
    }
}

#[tokio::test]
async fn the_last_administrator_is_neither_demoted_nor_disabled() {
    let house = House::new().await;
    let last = administrator(&house, "a").await;
    let cx = house.cx(&Actor::Cli);
    let demoted = users::update(&cx, last, &without_roles(), None).await;
    let disabled = users::disable(&cx, last).await;
    assert!(matches!(demoted, Err(ManageError::Conflict(_))));
    assert!(matches!(disabled, Err(ManageError::Conflict(_))));
}

#[tokio::test]
async fn nobody_makes_or_touches_an_administrator_without_every_permission() {
    let house = House::new().await;
    administrator(&house, "a").await;
    let other = administrator(&house, "b").await;
    let actor = Actor::Client {
        id: ClientId::parse("helpdesk").unwrap(),
        permissions: Permissions::from_iter([AdminPermission::UsersWrite]),
    };
    let cx = house.cx(&actor);
    let new = person(json!({ "username": "eve", "roles": ["administrator"] }));
    assert!(matches!(users::create(&cx, &new, None).await, Err(ManageError::Denied(_))));
    assert!(matches!(users::disable(&cx, other).await, Err(ManageError::Denied(_))));
    let plain = person(json!({ "username": "bob", "roles": ["sales"] }));
    let bob = users::create(&cx, &plain, None).await.unwrap().value;
    assert_eq!(bob.roles, [Role::parse("sales").unwrap()]);
    let hash = Secret::new(HASH.to_owned());
    let set = users::set_password(&cx, bob.id, &hash).await;
    assert!(matches!(set, Err(ManageError::NotHere(_))), "AD-06");
}

#[tokio::test]
async fn a_name_or_address_that_is_taken_is_a_conflict_in_words() {
    let house = House::new().await;
    let cx = house.cx(&Actor::Cli);
    let new = person(json!({ "username": "a", "email": "a@example.com" }));
    users::create(&cx, &new, None).await.unwrap();
    let again = users::create(&cx, &new, None).await.unwrap_err();
    assert_eq!(again.to_string(), "the user name is taken");
    let other = person(json!({ "username": "b", "email": "A@example.com" }));
    let again = users::create(&cx, &other, None).await.unwrap_err();
    assert_eq!(again.to_string(), "the e-mail address is another account's");
    assert_eq!(house.told("user.create").await, 1, "what was refused is not told as done");
}

#[tokio::test]
async fn a_new_address_is_not_verified() {
    let house = House::new().await;
    let cx = house.cx(&Actor::Cli);
    let new = person(json!({ "username": "a", "email": "a@example.com", "email_verified": true }));
    let user = users::create(&cx, &new, None).await.unwrap().value;
    let changes = UserChanges { email: Some("b@example.com".to_owned()), ..UserChanges::default() };
    assert!(!users::update(&cx, user.id, &changes, None).await.unwrap().value.email_verified);
}
