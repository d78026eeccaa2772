use super::*;
use crate::protocol::facts::{NOW, authorization, client_id, resources, scope};

const IDLE: Duration = Duration::days(14);
const ABSOLUTE: Duration = Duration::days(90);

fn grant() -> Grant {
    Grant {
        authorization: authorization("shop"),
        salt: [5; 16],
        generation: 7,
        rotated_at: Some(NOW),
        lifetime: Lifetime::Offline,
        idle_ends_at: NOW + IDLE,
        ends_at: NOW + ABSOLUTE,
        revoked: None,
        created_at: NOW - Duration::DAY,
        binding: None,
    }
}

fn judge(grant: &Grant, generation: i32, after: Duration) -> RefreshVerdict {
    let holder = Holder { client_id: &client_id("shop"), shown: None, pinned: true };
    grant.judge(&grant.refresh_token(generation), &holder, NOW + after)
}

#[test]
fn the_current_token_rotates() {
    assert_eq!(judge(&grant(), 7, Duration::DAY), RefreshVerdict::Rotate);
}

#[test]
fn the_token_just_replaced_gets_the_same_successor_for_ten_seconds() {
    for seconds in [-3, 0, 10] {
        let verdict = judge(&grant(), 6, Duration::seconds(seconds));
        assert_eq!(verdict, RefreshVerdict::GraceSuccessor(7));
    }
    assert_eq!(judge(&grant(), 6, Duration::milliseconds(10_001)), RefreshVerdict::Reuse);
}

#[test]
fn any_older_token_is_reuse_even_within_the_grace() {
    for generation in [0, 1, 5] {
        assert_eq!(judge(&grant(), generation, Duration::ZERO), RefreshVerdict::Reuse);
    }
}

#[test]
fn a_token_from_the_future_another_salt_grant_or_client_changes_nothing() {
    let grant = grant();
    let own = grant.refresh_token(7);
    let shop = client_id("shop");
    let others = [
        (grant.refresh_token(8), shop.clone()),
        (RefreshToken { salt: [6; 16], ..own }, shop.clone()),
        (RefreshToken { grant_id: Uuid::nil(), ..own }, shop),
        (own, client_id("thief")),
        (grant.refresh_token(0), client_id("thief")),
    ];
    for (token, client) in others {
        assert_eq!(
            grant.judge(&token, &Holder { client_id: &client, shown: None, pinned: true }, NOW),
            RefreshVerdict::Refuse
        );
    }
}

#[test]
fn a_dead_grant_says_why_and_is_never_reuse() {
    let revoked = Grant { revoked: Some((NOW, "user".to_owned())), ..grant() };
    for generation in [0, 6, 7] {
        let dead = |grant: &Grant, after| judge(grant, generation, after);
        assert_eq!(dead(&revoked, Duration::ZERO), RefreshVerdict::Dead(Death::Revoked));
        assert_eq!(dead(&grant(), IDLE), RefreshVerdict::Dead(Death::Idle));
        assert_eq!(dead(&grant(), ABSOLUTE), RefreshVerdict::Dead(Death::Ended));
    }
}

#[test]
fn a_grant_that_never_rotated_has_no_previous_token() {
    let fresh = Grant { generation: 0, rotated_at: None, ..grant() };
    assert_eq!(judge(&fresh, 0, Duration::ZERO), RefreshVerdict::Rotate);
    assert_eq!(judge(&fresh, -1, Duration::ZERO), RefreshVerdict::Reuse);
}

#[test]
fn scope_is_narrowed_never_widened() {
    let granted = scope("openid a b");
    assert_eq!(narrow_scope(None, &granted), Ok(granted.clone()));
    assert_eq!(narrow_scope(Some(&scope("a")), &granted), Ok(scope("a")));
    let error = narrow_scope(Some(&scope("a c")), &granted).expect_err("wider");
    assert_eq!(error.code, ErrorCode::InvalidScope);
}

#[test]
fn resources_are_narrowed_never_widened() {
    let granted = resources(&["urn:a", "urn:b"]);
    assert_eq!(narrow_resources(&[], &granted), Ok(granted.clone()));
    assert_eq!(narrow_resources(&resources(&["urn:b"]), &granted), Ok(resources(&["urn:b"])));
    let error = narrow_resources(&resources(&["urn:c"]), &granted).expect_err("wider");
    assert_eq!(error.code, ErrorCode::InvalidTarget);
}

#[test]
fn a_bound_token_is_for_whoever_holds_the_key_and_that_is_asked_before_all_that_revokes() {
    use crate::crypto::secret::Fingerprint;
    let (own, other) = (Fingerprint::of(b"own"), Fingerprint::of(b"other"));
    let bound = Grant { binding: Some(Binding::Key(own)), ..grant() };
    let judged = |generation, shown: Option<Fingerprint>, pinned| {
        let shown = shown.map(Binding::Key);
        let holder = Holder { client_id: &client_id("shop"), shown, pinned };
        bound.judge(&bound.refresh_token(generation), &holder, NOW + Duration::DAY)
    };
    for generation in [7, 3] {
        assert_eq!(judged(generation, None, true), RefreshVerdict::NotHeld);
        assert_eq!(judged(generation, None, false), RefreshVerdict::NotHeld);
        assert_eq!(judged(generation, Some(other), true), RefreshVerdict::NotHeld);
    }
    assert_eq!(judged(7, Some(own), true), RefreshVerdict::Rotate);
    assert_eq!(judged(7, Some(other), false), RefreshVerdict::Rotate);
    assert_eq!(judged(3, Some(own), true), RefreshVerdict::Reuse);
}
