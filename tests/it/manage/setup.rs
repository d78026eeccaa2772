use portcullis::crypto::secret::Secret;
use portcullis::manage::ManageError;
use portcullis::manage::setup;
use portcullis::policy::permission::Actor;
use portcullis::store::users;
use serde_json::json;
use time::Duration;

use super::{HASH, House, person};

#[tokio::test]
async fn of_fifty_who_use_the_link_at_once_one_comes_in() {
    let house = House::new().await;
    let cx = house.cx(&Actor::System);
    let link = setup::issue(&cx).await.unwrap();
    let hash = Secret::new(HASH.to_owned());
    let tries = (0..50).map(|n| {
        let (link, hash) = (&link, &hash);
        async move {
            let first = person(json!({
                "username": format!("admin{n}"),
                "totp_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
            }));
            setup::complete(&cx, &link.token, &first, (hash, 1)).await
        }
    });
    let done = futures_join(tries).await;
    let won: Vec<_> = done.iter().filter_map(|done| done.as_ref().ok()).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(won[0].recovery_codes.len(), 10);
    let refused = done.iter().filter_map(|done| done.as_ref().err());
    assert!(refused.clone().all(ManageError::is_refusal), "{:?}", refused.collect::<Vec<_>>());
    let mut tx = house.store.begin().await.unwrap();
    assert_eq!(users::count_administrators(&mut tx).await.unwrap(), 1);
    assert_eq!(house.told("setup.complete").await, 1);
}

#[tokio::test]
async fn no_link_is_made_while_there_is_an_administrator() {
    let house = House::new().await;
    let cx = house.cx(&Actor::Cli);
    let admin = person(json!({ "username": "a", "roles": ["administrator"] }));
    portcullis::manage::users::create(&cx, &admin, None).await.unwrap();
    assert!(matches!(setup::issue(&cx).await, Err(ManageError::Conflict(_))));
}

#[tokio::test]
async fn a_link_is_good_for_a_quarter_of_an_hour_and_dies_with_the_next() {
    let house = House::new().await;
    let cx = house.cx(&Actor::Cli);
    let old = setup::issue(&cx).await.unwrap();
    let new = setup::issue(&cx).await.unwrap();
    assert!(!setup::is_live(&cx, &old.token).await.unwrap());
    assert!(setup::is_live(&cx, &new.token).await.unwrap());
    let later = portcullis::manage::Cx { now: cx.now + Duration::minutes(15), ..cx };
    assert!(!setup::is_live(&later, &new.token).await.unwrap());
}

/// Polls all at once and returns what came of each.
async fn futures_join<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut pending: Vec<_> = futures.map(Box::pin).map(Some).collect();
    let mut done: Vec<Option<F::Output>> = pending.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (slot, result) in pending.iter_mut().zip(&mut done) {
            if let Some(future) = slot
                && let std::task::Poll::Ready(output) = future.as_mut().poll(context)
            {
                *result = Some(output);
                *slot = None;
            }
        }
        if pending.iter().all(Option::is_none) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    done.into_iter().flatten().collect()
}
