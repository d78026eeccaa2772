//! The life of keys, watched by a sampler (JW-07, JW-08).

use proptest::prelude::*;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::*;

fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000 + seconds).unwrap()
}

fn schedule() -> Schedule {
    Schedule::new(Duration::days(30), Duration::minutes(5), Duration::minutes(10))
}

fn times(kid: &str, activates_at: OffsetDateTime) -> KeyTimes {
    KeyTimes {
        kid: kid.to_owned(),
        alg: Alg::Es256,
        activates_at,
        retires_at: None,
        removed_at: None,
    }
}

/// Does what was decided, as the task does, naming the new key `kid`.
fn carry_out(keys: &mut Vec<KeyTimes>, actions: Vec<KeyAction>, kid: &str) {
    for action in actions {
        match action {
            KeyAction::MakeNext { activates_at } => keys.push(times(kid, activates_at)),
            KeyAction::Retire { kid, at } => {
                keys.iter_mut().find(|key| key.kid == kid).unwrap().retires_at = Some(at);
            }
            KeyAction::Remove { kid, at } => {
                keys.iter_mut().find(|key| key.kid == kid).unwrap().removed_at = Some(at);
            }
        }
    }
}

fn entry(
    alg: Alg,
    activates_at: i64,
    retires_at: Option<i64>,
    removed_at: Option<i64>,
) -> KeyEntry {
    KeyEntry {
        key: SigningKey::generate(alg).unwrap().0,
        activates_at: at(activates_at),
        retires_at: retires_at.map(at),
        removed_at: removed_at.map(at),
    }
}

#[test]
fn the_schedule_follows_from_cache_and_token_life() {
    let schedule = schedule();
    assert_eq!(schedule.publish_before, Duration::seconds(660));
    assert_eq!(schedule.keep_after, Duration::seconds(960));
    let hasty = Schedule::new(Duration::seconds(1), Duration::minutes(5), Duration::minutes(10));
    assert_eq!(hasty.rotate_every, Duration::seconds(1320));
}

#[test]
fn the_first_start_makes_a_key_that_signs_at_once() {
    assert_eq!(
        plan(&[], Alg::Es256, at(0), &schedule()),
        [KeyAction::MakeNext { activates_at: at(0) }]
    );
    let foreign = [times("a", at(0))];
    assert_eq!(
        plan(&foreign, Alg::EdDsa, at(0), &schedule()),
        [KeyAction::MakeNext { activates_at: at(0) }]
    );
    assert_eq!(plan(&foreign, Alg::Es256, at(0), &schedule()), []);
}

#[test]
fn a_key_rotated_at_once_leaves_the_old_one_published_and_drops_the_waiting_one() {
    let mut keys = vec![times("old", at(0)), times("waiting", at(900))];
    let actions = rotate_at_once(&keys, Alg::Es256, at(100));
    carry_out(&mut keys, actions, "new");
    assert_eq!((keys[0].retires_at, keys[0].removed_at), (Some(at(100)), None));
    assert_eq!(keys[1].removed_at, Some(at(100)));
    assert_eq!((keys[2].activates_at, keys[2].retires_at), (at(100), None));
    assert_eq!(plan(&keys, Alg::Es256, at(101), &schedule()), []);
    let later = plan(&keys, Alg::Es256, at(100 + 960), &schedule());
    assert_eq!(later, [KeyAction::Remove { kid: "old".to_owned(), at: at(1060) }]);
}

#[test]
fn a_set_signs_with_the_key_activated_last_and_publishes_all_but_the_gone() {
    let set = KeySet::new(vec![
        entry(Alg::Es256, 1000, None, None),
        entry(Alg::Es256, -1000, Some(0), None),
        entry(Alg::Es256, 0, None, None),
        entry(Alg::Es256, -5000, Some(-1000), Some(-10)),
        entry(Alg::EdDsa, -7, None, None),
    ]);
    let kids: Vec<&str> = set.entries.iter().map(|entry| entry.key.kid()).collect();
    assert_eq!(set.active(Alg::Es256, at(5)).unwrap().kid(), kids[3]);
    assert_eq!(set.active(Alg::Es256, at(1000)).unwrap().kid(), kids[4]);
    assert!(set.active(Alg::Rs256, at(5)).is_none());
    let jwks: Value = serde_json::from_slice(&set.jwks(at(5))).unwrap();
    let published: Vec<&str> =
        jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert_eq!(published, &kids[1..]);
    assert_eq!(set.public_keys().len(), 4);
}

#[test]
fn of_those_that_may_sign_the_one_activated_last_is_active() {
    let key =
        |kid: &str, activates_at, retires_at: Option<i64>, removed_at: Option<i64>| KeyTimes {
            retires_at: retires_at.map(at),
            removed_at: removed_at.map(at),
            ..times(kid, at(activates_at))
        };
    let other = KeyTimes { alg: Alg::EdDsa, ..times("other", at(-7)) };
    let keys = [
        (key("waiting", 1000, None, None), KeyState::Next),
        (key("before", -1000, Some(0), None), KeyState::Retiring),
        (key("replaced", -500, None, None), KeyState::Retiring),
        (key("last", 0, None, None), KeyState::Active),
        (key("gone", -5000, Some(-1000), Some(-10)), KeyState::Gone),
        (other, KeyState::Active),
    ];
    let all: Vec<KeyTimes> = keys.iter().map(|(key, _)| key.clone()).collect();
    for (key, expected) in &keys {
        assert_eq!(state(key, &all, at(5)), *expected, "{}", key.kid);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn however_late_the_task_runs_keys_are_seen_before_use_and_kept_after(
        pauses in proptest::collection::vec(1_i64..400_000, 200),
    ) {
        let schedule = schedule();
        let (mut keys, mut now) = (Vec::new(), 0);
        let mut published: Vec<(String, i64)> = Vec::new();
        for (turn, pause) in pauses.into_iter().enumerate() {
            let actions = plan(&keys, Alg::Es256, at(now), &schedule);
            carry_out(&mut keys, actions, &turn.to_string());
            published.extend(keys.iter().skip(published.len()).map(|key| (key.kid.clone(), now)));
            prop_assert_eq!(plan(&keys, Alg::Es256, at(now), &schedule), [], "a second run has nothing to do");
            let signing = keys.iter().filter(|key| {
                key.removed_at.is_none() && key.activates_at <= at(now) && key.retires_at.is_none_or(|end| end > at(now))
            });
            prop_assert_eq!(signing.count(), 1, "exactly one key signs");
            for (key, (_, seen)) in keys.iter().zip(&published).skip(1) {
                prop_assert!(key.activates_at - at(*seen) >= schedule.publish_before, "published before use");
            }
            for key in &keys {
                if let (Some(end), Some(gone)) = (key.retires_at, key.removed_at) {
                    prop_assert!(gone - end >= schedule.keep_after, "kept after use");
                }
            }
            now += pause;
        }
        prop_assert!(keys.len() > 5, "rotation happened");
    }
}
