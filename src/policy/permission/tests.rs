use time::Duration;
use time::macros::datetime;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

fn user(roles: &[Role], via: Via, step_up_at: Option<OffsetDateTime>) -> Actor {
    Actor::User { id: Uuid::nil(), session_id: Uuid::nil(), step_up_at, roles: roles.to_vec(), via }
}

fn client(permissions: impl IntoIterator<Item = AdminPermission>) -> Actor {
    let id = ClientId::parse("robot").expect("an identifier");
    Actor::Client { id, permissions: permissions.into_iter().collect() }
}

fn administrator(step_up_at: Option<OffsetDateTime>) -> Actor {
    user(&[Role::Administrator], Via::Console, step_up_at)
}

fn custom() -> Role {
    Role::parse("auditor").expect("a role")
}

#[test]
fn the_machine_itself_may_do_everything() {
    for permission in AdminPermission::ALL {
        for actor in [Actor::Cli, Actor::System] {
            assert_eq!(actor.may(permission, NOW), Ok(()));
        }
    }
}

#[test]
fn a_person_who_is_no_administrator_may_do_nothing() {
    let all = Via::Token(AdminPermission::ALL.into_iter().collect());
    for permission in AdminPermission::ALL {
        for (roles, via) in
            [(vec![], Via::Console), (vec![custom()], Via::Console), (vec![custom()], all.clone())]
        {
            let denied = user(&roles, via, Some(NOW)).may(permission, NOW);
            assert_eq!(denied, Err(Denied::Missing(permission)));
        }
    }
}

#[test]
fn an_administrator_reads_at_once_and_writes_after_a_step_up() {
    for permission in AdminPermission::ALL {
        let stale = match permission.access() {
            Access::Read => Ok(()),
            Access::Write => Err(Denied::StepUpNeeded),
        };
        assert_eq!(administrator(None).may(permission, NOW), stale);
        assert_eq!(administrator(Some(NOW - Duration::seconds(301))).may(permission, NOW), stale);
        assert_eq!(administrator(Some(NOW - Duration::minutes(5))).may(permission, NOW), Ok(()));
    }
}

#[test]
fn a_token_allows_no_more_than_its_own_permissions() {
    for held in AdminPermission::ALL {
        let token = Via::Token([held].into_iter().collect());
        let person = user(&[Role::Administrator], token, None);
        for asked in AdminPermission::ALL {
            let verdict = if asked == held { Ok(()) } else { Err(Denied::Missing(asked)) };
            assert_eq!(person.may(asked, NOW), verdict);
            assert_eq!(client([held]).may(asked, NOW), verdict);
        }
    }
}

#[test]
fn nobody_grants_a_right_they_do_not_hold() {
    let robot = client([AdminPermission::UsersWrite, AdminPermission::ClientsWrite]);
    let scope = |text| Scope::parse(text).expect("well-formed");
    assert_eq!(robot.may_grant_scope(&scope("openid admin.users.write")), Ok(()));
    assert_eq!(
        robot.may_grant_scope(&scope("admin.keys.write")),
        Err(Denied::Escalation(AdminPermission::KeysWrite))
    );
    assert!(robot.may_grant_role(&Role::Administrator).is_err());
    assert_eq!(robot.may_grant_role(&custom()), Ok(()));
}

#[test]
fn only_who_holds_everything_makes_an_administrator() {
    let makers = [Actor::Cli, administrator(None), client(AdminPermission::ALL)];
    assert!(makers.iter().all(|actor| actor.may_grant_role(&Role::Administrator).is_ok()));
    let all_but_one = client(AdminPermission::ALL.into_iter().skip(1));
    let narrow = user(&[Role::Administrator], Via::Token(Permissions::default()), Some(NOW));
    let others = [all_but_one, narrow, user(&[custom()], Via::Console, Some(NOW))];
    assert!(others.iter().all(|actor| actor.may_grant_role(&Role::Administrator).is_err()));
}

#[test]
fn every_permission_has_its_own_scope_and_says_whether_it_writes() {
    for permission in AdminPermission::ALL {
        assert_eq!(AdminPermission::parse(permission.as_str()), Some(permission));
        let writes = permission.as_str().split('.').next_back() == Some("write");
        assert_eq!(permission.access() == Access::Write, writes);
    }
    let scope = Scope::parse("openid admin.users.read admin.nonsense").expect("well-formed");
    assert_eq!(Permissions::in_scope(&scope), [AdminPermission::UsersRead].into_iter().collect());
}
