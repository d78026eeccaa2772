//! The policy on second factors: of whom, where, which count, what is left to people.

use super::policy::{MfaRule, MfaTerms};
use super::tests::World;
use super::*;
use crate::identity::factor::FactorKind::{
    EmailCode, HardwareKey, Passkey, Password, RecoveryCode, SecurityKey, Totp,
};
use crate::identity::role::Role;
use crate::identity::session::{Leave, Stage};
use crate::identity::user::PasswordState;
use crate::protocol::client::ClientMfa;
use crate::protocol::sample;

const KEYS: [FactorKind; 2] = [Passkey, SecurityKey];

fn rule() -> MfaRule {
    MfaRule::default()
}

fn text(text: &str) -> String {
    text.to_owned()
}

/// Alice in sales, with her password given a moment ago, asking for `orders.read` at an API.
fn world(rules: Vec<MfaRule>) -> World {
    let mut world = World::new("").just_now();
    world.user.roles = vec![Role::parse("sales").expect("a role")];
    world.targets = vec![Resource::parse("https://api.example/").expect("a URI")];
    world.terms.rules = rules;
    world
}

/// The world after Alice gave `kinds`, of those that she `has`.
fn gave(mut world: World, kinds: &[FactorKind], has: &[FactorKind]) -> World {
    world.enrolled = Enrolled::of(has.iter().copied(), 3);
    world.signed_in(kinds)
}

/// The world after the rest was left to Alice because of `leave`.
fn left(mut world: World, leave: Leave) -> World {
    let session = world.session.as_mut().expect("a session");
    session.authentication = session.authentication.clone().let_alone(leave);
    world
}

#[test]
fn a_rule_demands_of_those_and_there_where_all_that_it_names_holds() {
    let api = "https://api.example/";
    for (rule, owes) in [
        (MfaRule { role: Some(text("sales")), ..rule() }, true),
        (MfaRule { role: Some(text("finance")), ..rule() }, false),
        (MfaRule { client: Some(text("shop")), ..rule() }, true),
        (MfaRule { client: Some(text("bank")), ..rule() }, false),
        (MfaRule { api: Some(text(api)), ..rule() }, true),
        (MfaRule { api: Some(text("https://api.example")), ..rule() }, false),
        (MfaRule { scope: Some(text("email")), ..rule() }, true),
        (MfaRule { scope: Some(text("orders.read")), ..rule() }, false),
        (MfaRule { role: Some(text("sales")), client: Some(text("shop")), ..rule() }, true),
        (MfaRule { role: Some(text("sales")), client: Some(text("bank")), ..rule() }, false),
        (MfaRule { api: Some(text(api)), scope: Some(text("phone")), ..rule() }, false),
    ] {
        let name = format!("{rule:?}");
        let world = world(vec![rule]);
        assert_eq!(world.next() == Ok(Step::Enrol(Acr::Mfa)), owes, "{name}");
    }
}

#[test]
fn nobody_means_that_no_rule_is_in_force_but_a_client_and_administrators_still_owe() {
    let mut world = world(vec![MfaRule { role: Some(text("sales")), ..rule() }]);
    world.mfa = MfaPolicy::Nobody;
    world.issues();
    world.client.mfa = ClientMfa::Required;
    world.asks(&Step::Enrol(Acr::Mfa));
    world.client.mfa = ClientMfa::Policy;
    world.user.roles = vec![Role::Administrator];
    world.asks(&Step::Enrol(Acr::Mfa));
}

#[test]
fn our_own_pages_heed_rules_about_people_only() {
    let door = |rules: Vec<MfaRule>| {
        let terms = MfaTerms { rules, ..MfaTerms::default() };
        let (world, policy) = (world(Vec::new()), MfaPolicy::Administrators);
        let rules = MfaRules { policy, terms: &terms, door: Door::OWN };
        rules.demand(&world.user).is_some()
    };
    assert!(door(vec![MfaRule { role: Some(text("sales")), ..rule() }]));
    assert!(!door(vec![MfaRule { client: Some(text("shop")), ..rule() }]));
    assert!(!door(vec![MfaRule {
        role: Some(text("sales")),
        scope: Some(text("email")),
        ..rule()
    }]));
}

#[test]
fn a_factor_counts_where_it_is_named_or_stronger_than_one_that_is() {
    let seconds = [EmailCode, Totp, RecoveryCode, SecurityKey, Passkey, HardwareKey];
    for (named, counting) in [
        (&[][..], &seconds[..]),
        (&[EmailCode], &seconds[..]),
        (&[Totp], &[Totp, SecurityKey, Passkey, HardwareKey]),
        (&[Totp, RecoveryCode], &[Totp, RecoveryCode, SecurityKey, Passkey, HardwareKey]),
        (&KEYS, &[SecurityKey, Passkey, HardwareKey]),
        (&[Passkey], &[Passkey, HardwareKey]),
        (&[HardwareKey], &[HardwareKey]),
    ] {
        let rule = MfaRule { client: Some(text("shop")), factors: named.to_vec(), ..rule() };
        for kind in seconds {
            let world = gave(world(vec![rule.clone()]), &[Password, kind], &[Totp, Passkey]);
            let issues = matches!(world.next(), Ok(Step::Issue(_)));
            assert_eq!(issues, counting.contains(&kind), "{named:?} {kind:?}");
        }
    }
}

#[test]
fn a_password_is_never_the_second_factor_and_a_weak_key_alone_is_none() {
    let rule = MfaRule { client: Some(text("shop")), factors: KEYS.to_vec(), ..rule() };
    let keys = Step::SecondFactor(vec![SecurityKey, RecoveryCode]);
    gave(world(vec![rule.clone()]), &[Password], &[SecurityKey]).asks(&keys);
    let alone = gave(world(vec![rule.clone()]), &[SecurityKey], &[SecurityKey]);
    assert!(!matches!(alone.next(), Ok(Step::Issue(_))));
    gave(world(vec![rule]), &[Passkey], &[Passkey]).issues();
}

#[test]
fn what_the_account_has_is_proved_before_what_counts_is_enrolled() {
    let rule = MfaRule { role: Some(text("sales")), factors: KEYS.to_vec(), ..rule() };
    let has = Step::SecondFactor(vec![Totp, RecoveryCode]);
    gave(world(vec![rule.clone()]), &[Password], &[Totp]).asks(&has);
    gave(world(vec![rule.clone()]), &[Password, Totp], &[Totp]).asks(&Step::Enrol(Acr::Phr));
    // The proof is too old to make another factor with.
    let mut old = gave(world(vec![rule]), &[Password, Totp], &[Totp]);
    old.session = Some(sample::session(&[Password, Totp], sample::now() - Duration::minutes(6)));
    old.asks(&has);
}

#[test]
fn whoever_lost_the_key_that_counts_gets_to_another_by_a_recovery_code() {
    let rule = MfaRule { role: Some(text("sales")), factors: KEYS.to_vec(), ..rule() };
    let asked = Step::SecondFactor(vec![Passkey, RecoveryCode]);
    gave(world(vec![rule.clone()]), &[Password], &[Passkey, Totp]).asks(&asked);
    let lost = gave(world(vec![rule]), &[Password, RecoveryCode], &[Passkey, Totp]);
    lost.asks(&Step::Enrol(Acr::Phr));
}

#[test]
fn what_nobody_can_enrol_here_is_unmet() {
    let hardware = MfaRule { client: Some(text("shop")), factors: vec![HardwareKey], ..rule() };
    world(vec![hardware]).refuses(ErrorCode::UnmetAuthenticationRequirements);
    let keys = MfaRule { client: Some(text("shop")), factors: KEYS.to_vec(), ..rule() };
    let mut world = world(vec![keys]);
    world.strongest = Acr::Mfa;
    world.refuses(ErrorCode::UnmetAuthenticationRequirements);
}

#[test]
fn of_several_demands_all_must_be_met() {
    let one = MfaRule { role: Some(text("sales")), factors: vec![Totp], grace_days: 7, ..rule() };
    let two =
        MfaRule { client: Some(text("shop")), factors: KEYS.to_vec(), grace_days: 3, ..rule() };
    let both = gave(world(vec![one.clone(), two.clone()]), &[Password, Totp], &[Totp]);
    both.asks(&Step::Enrol(Acr::Phr));
    let none = left(world(vec![one, two]), Leave::Grace);
    let ends = |owing: Option<Duration>| {
        let mut enrolled = none.enrolled.clone();
        enrolled.owing_since = owing.map(|ago| sample::now() - ago);
        let door = Door::of(&none.client, &none.request.scope, &none.targets);
        let rules = MfaRules { policy: none.mfa, terms: &none.terms, door };
        rules.grace_ends_at(&none.user, &enrolled, sample::now())
    };
    assert_eq!(ends(None), Some(sample::now() + Duration::days(3)));
    assert_eq!(ends(Some(Duration::days(2))), Some(sample::now() + Duration::days(1)));
    assert_eq!(ends(Some(Duration::days(3))), None);
}

#[test]
fn an_enrolment_is_put_off_until_the_grace_ends_and_only_where_there_is_one() {
    let everyone = |grace_days| {
        let mut world = left(world(Vec::new()), Leave::Grace);
        (world.mfa, world.terms.grace_days) = (MfaPolicy::Everyone, grace_days);
        world.enrolled.owing_since = Some(sample::now() - Duration::days(2));
        world
    };
    assert_eq!(Acr::of(&everyone(3).issues().authentication), Acr::Password);
    for over in [0, 1, 2] {
        everyone(over).asks(&Step::Enrol(Acr::Mfa));
    }
    // Who did not ask to put it off is asked to enrol.
    let mut asked = world(Vec::new());
    (asked.mfa, asked.terms.grace_days) = (MfaPolicy::Everyone, 3);
    asked.asks(&Step::Enrol(Acr::Mfa));
    // Whoever has a factor has nothing to put off.
    let mut has = everyone(3);
    has.enrolled.kinds = vec![Totp];
    assert!(matches!(has.next(), Ok(Step::SecondFactor(_))));
}

#[test]
fn nothing_is_left_to_administrators_or_where_a_client_demands_it() {
    for leave in [Leave::Grace, Leave::TrustedDevice] {
        let mut world = left(world(Vec::new()), leave);
        (world.mfa, world.terms.grace_days) = (MfaPolicy::Everyone, 30);
        world.terms.trusted_device_days = 30;
        world.issues();
        world.client.mfa = ClientMfa::Required;
        world.asks(&Step::Enrol(Acr::Mfa));
        world.client.mfa = ClientMfa::Policy;
        world.user.roles = vec![Role::Administrator];
        world.asks(&Step::Enrol(Acr::Mfa));
    }
}

#[test]
fn a_trusted_browser_spares_the_second_factor_where_the_policy_says_so() {
    let trusted = |days, rules| {
        let mut world = left(gave(world(rules), &[Password], &[Totp]), Leave::TrustedDevice);
        world.terms.trusted_device_days = days;
        world
    };
    let second = Step::SecondFactor(vec![Totp, RecoveryCode]);
    assert_eq!(Acr::of(&trusted(30, vec![]).issues().authentication), Acr::Password);
    trusted(0, vec![]).asks(&second);
    let strict = MfaRule { client: Some(text("shop")), ..rule() };
    trusted(30, vec![strict.clone()]).asks(&second);
    trusted(30, vec![MfaRule { trusted_device: true, ..strict }]).issues();
}

#[test]
fn a_trusted_browser_spares_no_step_up_and_no_client_that_asks_for_more() {
    let more = "&claims=%7B%22id_token%22:%7B%22acr%22:%7B%22essential%22:true,\
        %22value%22:%22urn:portcullis:acr:mfa%22%7D%7D%7D";
    for wish in [more, "&acr_values=urn:portcullis:acr:mfa"] {
        let world = gave(World::new(wish), &[Password], &[Totp]);
        let mut world = left(world, Leave::TrustedDevice);
        world.terms.trusted_device_days = 30;
        let asked = world.next().expect("a page");
        assert!(matches!(asked, Step::SecondFactor(kinds) if kinds.first() == Some(&Totp)));
        let session = world.session.as_ref().expect("a session");
        let visitor = Visitor { session, user: &world.user, enrolled: &world.enrolled };
        assert!(step_up(&visitor, Duration::minutes(5), sample::now()).is_some());
    }
}

#[test]
fn a_browser_that_was_forgotten_spares_nothing() {
    let mut world = left(gave(world(Vec::new()), &[Password], &[Totp]), Leave::TrustedDevice);
    world.terms.trusted_device_days = 30;
    world.issues();
    world.session.as_mut().expect("a session").device_id = None;
    world.asks(&Step::SecondFactor(vec![Totp, RecoveryCode]));
}

#[test]
fn a_code_by_mail_is_asked_for_where_one_is_owed_and_makes_nobody_owe_one() {
    let mut world = world(Vec::new());
    world.enrolled.mail = MailCodes::Count;
    world.issues();
    world.mfa = MfaPolicy::Everyone;
    world.asks(&Step::SecondFactor(vec![EmailCode]));
    world.enrolled.kinds = vec![Totp];
    world.enrolled.recovery_codes = 2;
    world.asks(&Step::SecondFactor(vec![Totp, EmailCode, RecoveryCode]));
    world.terms.factors = vec![Totp];
    world.asks(&Step::SecondFactor(vec![Totp, RecoveryCode]));
    world.signed_in(&[Password, EmailCode]).asks(&Step::SecondFactor(vec![Totp, RecoveryCode]));
}

#[test]
fn a_password_alone_enrols_nothing_where_a_code_by_mail_is_owed() {
    let mut world = world(Vec::new());
    world.enrolled.mail = MailCodes::Count;
    let within = Duration::minutes(5);
    for (stage, step) in
        [(Stage::Pending, Some(Step::SecondFactor(vec![EmailCode]))), (Stage::Established, None)]
    {
        let mut session = world.session.clone().expect("a session");
        session.stage = stage;
        let visitor = Visitor { session: &session, user: &world.user, enrolled: &world.enrolled };
        assert_eq!(step_up(&visitor, within, sample::now()), step);
    }
}

#[test]
fn a_second_factor_ends_what_was_left() {
    let world = left(world(Vec::new()), Leave::TrustedDevice);
    let given = world.session.expect("a session").authentication;
    assert_eq!(given.leave(), Some(Leave::TrustedDevice));
    assert_eq!(given.with(Totp, sample::now()).leave(), None);
}

/// A sign-in of Alice with `kinds`, of those that she `has`, whose password others may know.
fn due(kinds: &[FactorKind], has: &[FactorKind]) -> World {
    let mut world = gave(world(Vec::new()), kinds, has);
    world.user.password = PasswordState::Due;
    world.session.as_mut().expect("a session").stage = Stage::Pending;
    world
}

#[test]
fn a_password_that_others_may_know_is_replaced_last_and_by_whoever_proved_more() {
    due(&[Password], &[Totp]).asks(&Step::SecondFactor(vec![Totp, RecoveryCode]));
    due(&[Password, Totp], &[Totp]).asks(&Step::NewPassword(Renewal::Here));
    due(&[Passkey], &[Passkey]).asks(&Step::NewPassword(Renewal::Here));
    let mut alone = due(&[Password], &[]);
    alone.asks(&Step::NewPassword(Renewal::ByMail));
    alone.user.email = None;
    alone.asks(&Step::NewPassword(Renewal::Here));
}

#[test]
fn a_password_that_others_may_know_ends_no_session_that_was_complete_before() {
    let mut world = due(&[Password], &[]);
    world.session.as_mut().expect("a session").stage = Stage::Established;
    world.issues();
}
