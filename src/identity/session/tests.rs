use time::macros::datetime;

use super::*;
use crate::ambient::{SystemEntropy, id};
use crate::crypto::secret::Fingerprint;

const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

fn given(kinds: &[FactorKind]) -> Authentication {
    let none = Authentication { auth_at: NOW, factors: Vec::new() };
    kinds.iter().fold(none, |authentication, kind| authentication.with(*kind, NOW))
}

fn session(lifetimes: Lifetimes) -> Session {
    let (idle_ends_at, ends_at) = lifetimes.ends(NOW, NOW);
    Session {
        id: id(NOW, &SystemEntropy),
        fingerprint: Fingerprint::of(b"cookie"),
        user_id: id(NOW, &SystemEntropy),
        authentication: given(&[FactorKind::Password]),
        stage: Stage::Established,
        device_id: None,
        is_bound: false,
        created_at: NOW,
        seen_at: NOW,
        idle_ends_at,
        ends_at,
    }
}

#[test]
fn two_factors_are_two_classes() {
    use FactorKind::{EmailCode, Password, RecoveryCode, SecurityKey, Totp};
    for one in [
        &[][..],
        &[Password],
        &[Totp],
        &[Totp, RecoveryCode],
        &[SecurityKey],
        &[EmailCode, SecurityKey],
    ] {
        assert!(!given(one).is_mfa(), "{one:?}");
    }
    for two in [Totp, RecoveryCode, EmailCode, SecurityKey] {
        assert!(given(&[Password, two]).is_mfa(), "{two:?}");
    }
}

#[test]
fn a_key_that_verified_its_user_is_two_factors_alone() {
    assert!(given(&[FactorKind::Passkey]).is_mfa());
    assert!(given(&[FactorKind::HardwareKey]).is_mfa());
    assert_eq!(given(&[FactorKind::Passkey]).stepped_up_at(), Some(NOW));
}

#[test]
fn a_weaker_proof_is_none_of_a_stronger_level_but_a_recovery_code_is() {
    use FactorKind::{HardwareKey, Passkey, Password, RecoveryCode, Totp};
    let both = given(&[Password, Totp]);
    assert_eq!(both.given_at(Totp.strength()), Some(NOW));
    assert_eq!(both.given_at(Passkey.strength()), None);
    assert_eq!(given(&[Passkey]).given_at(HardwareKey.strength()), None);
    assert_eq!(given(&[HardwareKey]).given_at(Totp.strength()), Some(NOW));
    assert_eq!(given(&[RecoveryCode]).given_at(HardwareKey.strength()), Some(NOW));
}

#[test]
fn a_factor_given_again_replaces_itself_and_moves_the_auth_time() {
    let later = NOW + Duration::minutes(7);
    let twice = given(&[FactorKind::Password, FactorKind::Totp]).with(FactorKind::Totp, later);
    assert_eq!(twice.factors.len(), 2);
    assert_eq!(twice.auth_at, later);
    assert_eq!(twice.freshest(FactorKind::Totp), Some(later));
    assert_eq!(twice.freshest(FactorKind::Password), Some(NOW));
    assert!(!twice.proved(FactorKind::RecoveryCode));
}

#[test]
fn a_step_up_is_a_second_factor_on_top_of_a_first() {
    assert_eq!(given(&[FactorKind::Password]).stepped_up_at(), None);
    assert_eq!(given(&[FactorKind::Totp]).stepped_up_at(), None);
    let both = given(&[FactorKind::Password, FactorKind::Totp]);
    assert_eq!(both.stepped_up_at(), Some(NOW));
    // A password typed again renews nothing.
    let password = both.with(FactorKind::Password, NOW + Duration::minutes(9));
    assert_eq!(password.stepped_up_at(), Some(NOW));
}

#[test]
fn a_step_up_lasts_five_minutes() {
    assert!(is_stepped_up(Some(NOW), NOW + Duration::minutes(5)));
    assert!(!is_stepped_up(Some(NOW), NOW + Duration::seconds(301)));
    assert!(!is_stepped_up(None, NOW));
}

#[test]
fn an_administrators_session_is_shorter() {
    assert_eq!(Lifetimes::of(&[]), Lifetimes::USER);
    assert_eq!(Lifetimes::of(&[Role::Administrator]), Lifetimes::ADMINISTRATOR);
}

#[test]
fn a_session_ends_when_idle() {
    for lifetimes in [Lifetimes::USER, Lifetimes::ADMINISTRATOR] {
        let session = session(lifetimes);
        assert!(session.is_live(NOW + lifetimes.idle - Duration::SECOND));
        assert!(!session.is_live(NOW + lifetimes.idle));
    }
}

#[test]
fn use_does_not_keep_a_session_beyond_its_absolute_end() {
    let late = NOW + Duration::hours(23) + Duration::minutes(30);
    let (idle, absolute) = Lifetimes::USER.ends(NOW, late);
    assert_eq!((idle, absolute), (NOW + Duration::hours(24), NOW + Duration::hours(24)));
    let session = Session {
        idle_ends_at: late + Duration::hours(9),
        ends_at: absolute,
        ..session(Lifetimes::USER)
    };
    assert!(!session.is_live(absolute));
}

#[test]
fn a_pending_session_opens_no_door() {
    let pending = Session { stage: Stage::Pending, ..session(Lifetimes::USER) };
    assert!(pending.is_live(NOW) && !pending.is_open(NOW));
    assert!(session(Lifetimes::USER).is_open(NOW));
}

#[test]
fn being_seen_is_written_once_a_minute() {
    let session = session(Lifetimes::USER);
    assert!(!session.is_seen_anew(NOW + Duration::seconds(59)));
    assert!(session.is_seen_anew(NOW + Duration::seconds(60)));
}
