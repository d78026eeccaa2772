//! Sign-in, second factor and authentication context.

use super::*;
use crate::identity::factor::FactorKind::{
    EmailCode, HardwareKey, Passkey, Password, RecoveryCode, SecurityKey, Totp,
};
use crate::identity::role::Role;
use crate::identity::session::{Session, Stage};
use crate::identity::user::User;
use crate::protocol::client::{ClientMfa, ConsentPolicy};
use crate::protocol::sample;

/// A browser in front of one request; each test changes what it is about.
pub(super) struct World {
    pub(super) request: AuthorizeRequest,
    pub(super) client: Client,
    pub(super) session: Option<Session>,
    pub(super) user: User,
    pub(super) enrolled: Enrolled,
    pub(super) mfa: MfaPolicy,
    pub(super) terms: MfaTerms,
    pub(super) targets: Vec<Resource>,
    pub(super) strongest: Acr,
    pub(super) remembered: Option<Consent>,
    pub(super) decision: Option<Decision>,
    pub(super) hint: Option<Uuid>,
}

impl World {
    /// Alice signed in with her password an hour ago; the client is trusted.
    pub(super) fn new(more: &str) -> Self {
        let mut client = sample::client();
        client.consent = ConsentPolicy::Trusted;
        Self {
            request: sample::request(more),
            client,
            session: Some(sample::session(&[Password], sample::now() - Duration::hours(1))),
            user: sample::user(),
            enrolled: Enrolled::default(),
            mfa: MfaPolicy::Administrators,
            terms: MfaTerms::default(),
            targets: Vec::new(),
            strongest: Acr::Phr,
            remembered: None,
            decision: None,
            hint: None,
        }
    }

    /// The password was given a moment ago.
    pub(super) fn just_now(mut self) -> Self {
        self.session = Some(sample::session(&[Password], sample::now()));
        self
    }

    pub(super) fn next(&self) -> Result<Step, OAuthError> {
        let visitor = self.session.as_ref().map(|session| Visitor {
            session,
            user: &self.user,
            enrolled: &self.enrolled,
        });
        next_step(&Facts {
            request: &self.request,
            client: &self.client,
            visitor,
            mfa: self.mfa,
            terms: &self.terms,
            targets: &self.targets,
            strongest: self.strongest,
            remembered: self.remembered.as_ref(),
            decision: self.decision,
            hint_subject: self.hint,
            started_at: sample::now() - Duration::minutes(1),
            now: sample::now(),
        })
    }

    /// The same after a sign-in with `kinds` a second ago.
    pub(super) fn signed_in(mut self, kinds: &[FactorKind]) -> Self {
        self.session = Some(sample::session(kinds, sample::now() - Duration::seconds(1)));
        self
    }

    fn with_totp(mut self) -> Self {
        self.enrolled = Enrolled::of([Totp], 3);
        self
    }

    #[track_caller]
    pub(super) fn issues(&self) -> Permit {
        match self.next() {
            Ok(Step::Issue(permit)) => permit,
            other => panic!("does not issue: {other:?}"),
        }
    }

    #[track_caller]
    pub(super) fn asks(&self, step: &Step) {
        assert_eq!(self.next().as_ref(), Ok(step));
    }

    #[track_caller]
    pub(super) fn refuses(&self, code: ErrorCode) {
        assert_eq!(self.next().expect_err("a refusal").code, code);
    }
}

const NOT_SIGNED_IN: Step = Step::Login(LoginReason::NotSignedIn);
const AGAIN: Step = Step::Login(LoginReason::Reauthenticate);

fn second_factor() -> Step {
    Step::SecondFactor(vec![Totp, RecoveryCode])
}

#[test]
fn a_signed_in_person_gets_an_answer() {
    let permit = World::new("").issues();
    assert_eq!((permit.user_id, permit.remember), (sample::user().id, None));
    World::new("&prompt=none").issues();
}

#[test]
fn nobody_signed_in_must_sign_in() {
    let mut world = World::new("");
    world.session = None;
    world.asks(&NOT_SIGNED_IN);
    world.request = sample::request("&prompt=none");
    world.refuses(ErrorCode::LoginRequired);
}

#[test]
fn an_ended_session_or_a_disabled_or_other_user_is_nobody() {
    type Change = fn(&mut World);
    let changes: [Change; 4] = [
        |w| w.session.as_mut().expect("one").idle_ends_at = sample::now(),
        |w| w.session.as_mut().expect("one").ends_at = sample::now(),
        |w| w.session.as_mut().expect("one").user_id = Uuid::from_u128(7),
        |w| w.user.disabled_at = Some(sample::now()),
    ];
    for change in changes {
        let mut world = World::new("");
        change(&mut world);
        world.asks(&NOT_SIGNED_IN);
    }
}

#[test]
fn a_pending_session_never_issues() {
    let mut world = World::new("");
    world.session.as_mut().expect("one").stage = Stage::Pending;
    world.asks(&NOT_SIGNED_IN);
    world.with_totp().asks(&second_factor());
}

#[test]
fn prompt_login_and_max_age_ask_again_until_signed_in_for_this_request() {
    for more in ["&prompt=login", "&max_age=0", "&max_age=1", "&max_age=3599"] {
        World::new(more).asks(&AGAIN);
        World::new(more).signed_in(&[Password]).issues();
    }
}

#[test]
fn an_age_within_max_age_is_fine() {
    World::new("&max_age=3600").issues();
    World::new("&max_age=4294967295").issues();
}

#[test]
fn max_age_in_silence_is_login_required() {
    World::new("&max_age=1&prompt=none").refuses(ErrorCode::LoginRequired);
}

#[test]
fn select_account_lets_choose_once() {
    World::new("&prompt=select_account").asks(&Step::Login(LoginReason::SelectAccount));
    World::new("&prompt=select_account").signed_in(&[Password]).issues();
}

#[test]
fn a_hint_of_another_person_asks_for_that_person_once() {
    let mut world = World::new("");
    world.hint = Some(Uuid::from_u128(7));
    world.asks(&Step::Login(LoginReason::OtherAccount));
    world.signed_in(&[Password]).refuses(ErrorCode::LoginRequired);
    let mut silent = World::new("&prompt=none");
    silent.hint = Some(Uuid::from_u128(7));
    silent.refuses(ErrorCode::LoginRequired);
    silent.hint = Some(sample::user().id);
    silent.issues();
}

#[test]
fn a_subject_asked_for_by_claims_counts_like_a_hint() {
    let of = |sub: &str| {
        format!("&claims=%7B%22id_token%22:%7B%22sub%22:%7B%22value%22:%22{sub}%22%7D%7D%7D")
    };
    World::new(&of("nobody")).asks(&Step::Login(LoginReason::OtherAccount));
    World::new(&of(&sample::user().id.to_string())).issues();
}

#[test]
fn who_owes_a_second_factor() {
    let admin = || vec![Role::Administrator];
    for (policy, client, roles, owes) in [
        (MfaPolicy::Nobody, ClientMfa::Policy, vec![], false),
        (MfaPolicy::Administrators, ClientMfa::Policy, vec![], false),
        (MfaPolicy::Everyone, ClientMfa::Policy, vec![], true),
        (MfaPolicy::Nobody, ClientMfa::Policy, admin(), true),
        (MfaPolicy::Administrators, ClientMfa::Policy, admin(), true),
        (MfaPolicy::Nobody, ClientMfa::Required, vec![], true),
    ] {
        let mut world = World::new("").just_now();
        (world.mfa, world.client.mfa, world.user.roles) = (policy, client, roles);
        assert_eq!(world.next() == Ok(Step::Enrol(Acr::Mfa)), owes, "{policy:?} {client:?}");
    }
}

#[test]
fn an_old_session_signs_in_again_before_it_enrols_a_factor() {
    let mut world = World::new("");
    world.mfa = MfaPolicy::Everyone;
    world.asks(&Step::Login(LoginReason::Reauthenticate));
}

#[test]
fn whoever_enrolled_a_factor_owes_it() {
    let mut world = World::new("").with_totp();
    world.mfa = MfaPolicy::Nobody;
    world.asks(&second_factor());
    world.session = Some(sample::session(&[Password, RecoveryCode], sample::now()));
    world.issues();
    world.session = Some(sample::session(&[Totp, RecoveryCode], sample::now()));
    world.asks(&second_factor());
}

#[test]
fn an_owed_factor_in_silence_needs_interaction() {
    World::new("&prompt=none").with_totp().refuses(ErrorCode::InteractionRequired);
    let mut world = World::new("&prompt=none").just_now();
    world.mfa = MfaPolicy::Everyone;
    world.refuses(ErrorCode::InteractionRequired);
}

#[test]
fn recovery_codes_alone_are_no_factor() {
    let codes = Enrolled::of([], 5);
    assert!(codes.offered().is_empty());
    assert_eq!(codes.demand(Acr::Mfa), Step::Enrol(Acr::Mfa));
    let used_up = Enrolled::of([Totp], 0);
    assert_eq!(used_up.offered(), [Totp]);
}

#[test]
fn a_voluntary_context_never_stands_in_the_way() {
    for more in ["&acr_values=urn:portcullis:acr:mfa", "&acr_values=1+2"] {
        World::new(more).issues();
        World::new(&format!("{more}&prompt=none")).issues();
    }
}

fn essential(values: &str) -> String {
    format!(
        "&claims=%7B%22id_token%22:%7B%22acr%22:%7B%22essential%22:true,%22values%22:%5B{values}%5D%7D%7D%7D"
    )
}

#[test]
fn an_essential_context_is_reached_or_refused() {
    let mfa = essential("%22urn:portcullis:acr:mfa%22");
    World::new(&mfa).just_now().asks(&Step::Enrol(Acr::Mfa));
    World::new(&mfa).signed_in(&[Password, Totp]).issues();
    let silent = World::new(&format!("{mfa}&prompt=none")).just_now();
    silent.refuses(ErrorCode::InteractionRequired);
    World::new(&essential("%22urn:portcullis:acr:password%22")).issues();
    World::new(&essential("%22urn:other%22")).refuses(ErrorCode::UnmetAuthenticationRequirements);
}

#[test]
fn our_own_pages_ask_the_same_rules() {
    let terms = MfaTerms::default();
    let rules =
        MfaRules { policy: MfaPolicy::Administrators, terms: &terms, door: Door::default() };
    let (session, enrolled) = (sample::session(&[Password], sample::now()), Enrolled::default());
    let mut user = sample::user();
    let visitor = Visitor { session: &session, user: &user, enrolled: &enrolled };
    assert_eq!(owed(Some(&visitor), rules, sample::now()), None);
    assert_eq!(owed(None, rules, sample::now()), Some(NOT_SIGNED_IN));
    user.roles = vec![Role::Administrator];
    let visitor = Visitor { session: &session, user: &user, enrolled: &enrolled };
    assert_eq!(owed(Some(&visitor), rules, sample::now()), Some(Step::Enrol(Acr::Mfa)));
}

#[test]
fn a_sensitive_change_needs_a_fresh_proof_of_the_strongest_kind() {
    let (now, within) = (sample::now(), Duration::minutes(5));
    let (user, none) = (sample::user(), Enrolled::default());
    let totp = Enrolled::of([Totp], 1);
    for (kinds, age, enrolled, step) in [
        (&[Password][..], 5, &none, None),
        (&[Password], 6, &none, Some(AGAIN)),
        (&[Password], 0, &totp, Some(second_factor())),
        (&[Password, Totp], 5, &totp, None),
        (&[Password, Totp], 6, &totp, Some(second_factor())),
    ] {
        let session = sample::session(kinds, now - Duration::minutes(age));
        let visitor = Visitor { session: &session, user: &user, enrolled };
        assert_eq!(step_up(&visitor, within, now), step, "{kinds:?} {age}");
    }
}

fn with_passkey() -> Enrolled {
    Enrolled::of([EmailCode, Totp, Passkey, Totp], 3)
}

#[test]
fn what_is_enrolled_is_offered_best_first_and_recovery_codes_last() {
    assert_eq!(with_passkey().kinds, [Passkey, Totp, EmailCode]);
    assert_eq!(with_passkey().offered(), [Passkey, Totp, EmailCode, RecoveryCode]);
}

#[test]
fn a_passkey_alone_owes_nothing_more() {
    let mut world = World::new("").signed_in(&[Passkey]);
    (world.enrolled, world.mfa) = (with_passkey(), MfaPolicy::Everyone);
    world.user.roles = vec![Role::Administrator];
    world.issues();
    // A key that verified nobody is one factor, whatever else is held.
    let mut world = World::new("").signed_in(&[SecurityKey, Totp]);
    world.enrolled = with_passkey();
    world.asks(&Step::SecondFactor(with_passkey().offered()));
}

#[test]
fn a_change_asks_for_the_strongest_factor_or_the_break_glass() {
    let (now, within, user) = (sample::now(), Duration::minutes(5), sample::user());
    let owed = Some(Step::SecondFactor(vec![Passkey, RecoveryCode]));
    for (kinds, age, step) in [
        (&[Password, Totp][..], 0, owed.clone()),
        (&[Password, SecurityKey], 0, owed.clone()),
        (&[Passkey], 5, None),
        (&[HardwareKey], 5, None),
        (&[Passkey], 6, owed.clone()),
        (&[Password, RecoveryCode], 5, None),
        (&[Password, RecoveryCode], 6, owed.clone()),
    ] {
        let session = sample::session(kinds, now - Duration::minutes(age));
        let visitor = Visitor { session: &session, user: &user, enrolled: &with_passkey() };
        assert_eq!(step_up(&visitor, within, now), step, "{kinds:?} {age}");
    }
}

#[test]
fn phishing_resistance_is_asked_of_what_has_it_and_never_of_a_recovery_code() {
    let phr = essential("%22phr%22");
    let mut world = World::new(&phr).signed_in(&[Password, Totp]);
    world.enrolled = with_passkey();
    world.asks(&Step::SecondFactor(vec![Passkey]));
    world.signed_in(&[Password, SecurityKey]).issues();
    World::new(&phr).signed_in(&[Passkey]).issues();
    World::new(&essential("%22urn:portcullis:acr:mfa%22")).signed_in(&[Passkey]).issues();
}

#[test]
fn a_stronger_factor_is_enrolled_with_a_fresh_proof_of_the_strongest_there_is() {
    let mut world = World::new(&essential("%22phr%22")).signed_in(&[Password, Totp]).with_totp();
    world.asks(&Step::Enrol(Acr::Phr));
    let old = sample::session(&[Password, Totp], sample::now() - Duration::minutes(6));
    world.session = Some(old);
    world.asks(&second_factor());
}

#[test]
fn a_context_that_no_factor_here_reaches_is_refused() {
    let unmet = ErrorCode::UnmetAuthenticationRequirements;
    let world = World::new(&essential("%22phrh%22")).signed_in(&[Passkey]);
    world.refuses(unmet);
    let mut world = World::new(&essential("%22phrh%22")).signed_in(&[HardwareKey]);
    world.strongest = Acr::Phrh;
    world.issues();
    let mut world = World::new(&essential("%22phr%22")).signed_in(&[Password, Totp]);
    world.strongest = Acr::Mfa;
    world.refuses(unmet);
}
