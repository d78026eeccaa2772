use time::macros::datetime;

use super::*;
use crate::ambient::SystemEntropy;
use crate::crypto::seal::MasterKey;

const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);
const LIMITS: [Limit; 4] =
    [Limit::Password, Limit::PasswordTotal, Limit::SecondFactor, Limit::MailCode];

fn seconds(limit: Limit, failures: impl IntoIterator<Item = i32>) -> Vec<i64> {
    failures.into_iter().map(|n| delay_after(limit, n).whole_seconds()).collect()
}

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

#[test]
fn five_passwords_are_free_then_the_wait_doubles_up_to_five_minutes() {
    assert_eq!(
        seconds(Limit::Password, 0..16),
        [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    );
    assert_eq!(seconds(Limit::Password, [i32::MAX]), [300]);
}

#[test]
fn a_password_from_one_place_is_never_paused() {
    assert!(!Limit::Password.delays().contains(&PAUSED));
}

#[test]
fn the_hundredth_wrong_password_closes_the_account_to_unknown_browsers() {
    assert_eq!(verdict(Limit::PasswordTotal, 99, NOW, NOW), Verdict::Allowed);
    assert_eq!(verdict(Limit::PasswordTotal, 100, NOW, NOW + Duration::days(99)), Verdict::Paused);
}

#[test]
fn five_codes_are_free_then_one_a_minute_then_the_factor_is_paused() {
    assert_eq!(seconds(Limit::SecondFactor, [0, 4, 5, 6, 49]), [0, 0, 60, 60, 60]);
    assert_eq!(verdict(Limit::SecondFactor, 50, NOW, NOW + Duration::days(99)), Verdict::Paused);
    assert_eq!(verdict(Limit::SecondFactor, i32::MAX, NOW, NOW), Verdict::Paused);
}

#[test]
fn who_waited_may_try_again() {
    let after = |s| verdict(Limit::SecondFactor, 5, NOW, NOW + Duration::seconds(s));
    assert_eq!(after(59), Verdict::Wait(Duration::SECOND));
    assert_eq!(after(60), Verdict::Allowed);
}

#[test]
fn the_second_code_by_mail_waits_a_minute_and_the_wait_grows_to_an_hour_never_for_ever() {
    assert_eq!(seconds(Limit::MailCode, [0, 1, 2, 3, 8, 9]), [0, 60, 60, 120, 3600, 3600]);
    assert!(!Limit::MailCode.delays().contains(&PAUSED));
}

#[test]
fn the_owner_is_told_once() {
    for (limit, last) in [(Limit::SecondFactor, 50), (Limit::PasswordTotal, 100)] {
        let told: Vec<_> = (0..300).filter(|n| is_closed_by(limit, *n)).collect();
        assert_eq!(told, [last]);
    }
    assert!(!(0..300).any(|n| is_closed_by(Limit::Password, n)));
}

#[test]
fn no_schedule_ever_gets_shorter_and_nonsense_counts_as_none() {
    for limit in LIMITS {
        assert!(limit.delays().is_sorted());
        assert_eq!(delay_after(limit, -1), Duration::ZERO);
    }
}

#[test]
fn all_codes_share_one_count_and_keys_have_none() {
    for code in [FactorKind::Totp, FactorKind::RecoveryCode, FactorKind::EmailCode] {
        assert_eq!(Limit::of(code), [Limit::SecondFactor]);
    }
    for key in [FactorKind::SecurityKey, FactorKind::Passkey, FactorKind::HardwareKey] {
        assert!(Limit::of(key).is_empty());
    }
    assert_eq!(Limit::of(FactorKind::Password), [Limit::Password, Limit::PasswordTotal]);
}

#[test]
fn neighbours_share_a_network() {
    let table = [
        ("192.0.2.17", "192.0.2.0"),
        ("::ffff:192.0.2.17", "192.0.2.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
    ];
    for (one, all) in table {
        assert_eq!(network(address(one)), address(all));
    }
}

#[test]
fn only_the_password_of_one_place_depends_on_the_place() {
    let mac = MacKey::derive(&MasterKey::mint(&SystemEntropy), "attempts");
    let alice = Username::parse("alice").expect("a name");
    let here = Place::of(None, address("192.0.2.1"));
    let there = Place::of(None, address("198.51.100.1"));
    let known = Place::of(Some(Uuid::nil()), address("192.0.2.1"));
    let key = |limit, place| key(&mac, limit, &alice, place);
    assert_ne!(key(Limit::Password, here), key(Limit::Password, there));
    assert_ne!(key(Limit::Password, here), key(Limit::Password, known));
    assert_eq!(key(Limit::PasswordTotal, here), key(Limit::PasswordTotal, there));
    assert_eq!(key(Limit::SecondFactor, here), key(Limit::SecondFactor, known));
    assert_ne!(key(Limit::PasswordTotal, here), key(Limit::SecondFactor, here));
}
