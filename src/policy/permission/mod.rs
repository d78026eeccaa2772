//! What an administrator may do, whoever it is: a person, a client, the command line.

use std::collections::BTreeSet;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::identity::role::Role;
use crate::identity::session::is_stepped_up;
use crate::protocol::client::ClientId;
use crate::protocol::scope::Scope;

#[cfg(test)]
mod tests;

/// A permission to administer; to a client it is granted as the scope of that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AdminPermission {
    /// See clients.
    ClientsRead,
    /// Make, change and remove clients.
    ClientsWrite,
    /// See people.
    UsersRead,
    /// Make, change and remove people.
    UsersWrite,
    /// See sessions and grants.
    SessionsRead,
    /// End sessions and grants.
    SessionsWrite,
    /// See signing keys.
    KeysRead,
    /// Rotate and withdraw signing keys.
    KeysWrite,
    /// Read the audit log.
    AuditRead,
    /// See APIs and scopes.
    ApisRead,
    /// Make, change and remove APIs and scopes.
    ApisWrite,
    /// See settings and policies.
    SettingsRead,
    /// Change settings and policies.
    SettingsWrite,
}

/// Whether a permission changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It does not.
    Read,
    /// It does.
    Write,
}

impl AdminPermission {
    /// Every permission.
    pub const ALL: [Self; 13] = [
        Self::ClientsRead,
        Self::ClientsWrite,
        Self::UsersRead,
        Self::UsersWrite,
        Self::SessionsRead,
        Self::SessionsWrite,
        Self::KeysRead,
        Self::KeysWrite,
        Self::AuditRead,
        Self::ApisRead,
        Self::ApisWrite,
        Self::SettingsRead,
        Self::SettingsWrite,
    ];

    /// The name of the scope.
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// Whether it changes anything.
    pub const fn access(self) -> Access {
        self.row().1
    }

    /// The permission whose scope is called `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.as_str() == text)
    }

    const fn row(self) -> (&'static str, Access) {
        match self {
            Self::ClientsRead => ("admin.clients.read", Access::Read),
            Self::ClientsWrite => ("admin.clients.write", Access::Write),
            Self::UsersRead => ("admin.users.read", Access::Read),
            Self::UsersWrite => ("admin.users.write", Access::Write),
            Self::SessionsRead => ("admin.sessions.read", Access::Read),
            Self::SessionsWrite => ("admin.sessions.write", Access::Write),
            Self::KeysRead => ("admin.keys.read", Access::Read),
            Self::KeysWrite => ("admin.keys.write", Access::Write),
            Self::AuditRead => ("admin.audit.read", Access::Read),
            Self::ApisRead => ("admin.apis.read", Access::Read),
            Self::ApisWrite => ("admin.apis.write", Access::Write),
            Self::SettingsRead => ("admin.settings.read", Access::Read),
            Self::SettingsWrite => ("admin.settings.write", Access::Write),
        }
    }
}

/// A set of permissions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permissions(BTreeSet<AdminPermission>);

impl Permissions {
    /// Those whose scopes are in `scope`; its other names mean nothing here.
    pub fn in_scope(scope: &Scope) -> Self {
        scope.iter().filter_map(AdminPermission::parse).collect()
    }

    /// Whether `permission` is one of them.
    pub fn contains(&self, permission: AdminPermission) -> bool {
        self.0.contains(&permission)
    }
}

impl FromIterator<AdminPermission> for Permissions {
    fn from_iter<I: IntoIterator<Item = AdminPermission>>(permissions: I) -> Self {
        Self(permissions.into_iter().collect())
    }
}

/// Who asks for something to be done, and through which door.
#[derive(Debug, Clone)]
pub enum Actor {
    /// Whoever has the machine and the database anyway.
    Cli,
    /// The server's own tasks.
    System,
    /// A person.
    User {
        /// The account.
        id: Uuid,
        /// Their browser session, or the one their token comes from.
        session_id: Uuid,
        /// When they last proved a second factor; at their own account, the strongest they have.
        step_up_at: Option<OffsetDateTime>,
        /// Their roles now, not when they signed in.
        roles: Vec<Role>,
        /// Through which door.
        via: Via,
    },
    /// An application by itself (RFC 6749 §4.4).
    Client {
        /// Which.
        id: ClientId,
        /// What its token allows.
        permissions: Permissions,
    },
}

/// A person who may change their own account; only [`Actor::as_owner`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The account.
    pub id: Uuid,
    /// The browser session they sit in.
    pub session_id: Uuid,
}

/// Through which door a person comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// The console, in their browser session.
    Console,
    /// The pages of their own account: nobody administers there.
    Account,
    /// The admin API, with a token that allows no more than this.
    Token(Permissions),
}

/// Why something is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The actor does not have that permission.
    #[error("this needs the permission {}", .0.as_str())]
    Missing(AdminPermission),
    /// The actor would hand out a permission that it does not have.
    #[error("nobody can grant the permission {} without having it", .0.as_str())]
    Escalation(AdminPermission),
    /// It is another person's own.
    #[error("this is for the person themselves only")]
    NotTheirs,
    /// The actor must prove a second factor again, and may then try again.
    #[error("this needs a second factor proved in the last five minutes")]
    StepUpNeeded,
}

impl Actor {
    /// Whether the actor may do `now` what `permission` allows.
    pub fn may(&self, permission: AdminPermission, now: OffsetDateTime) -> Result<(), Denied> {
        if !self.holds(permission) {
            return Err(Denied::Missing(permission));
        }
        match (self, permission.access()) {
            (Self::User { via: Via::Console, step_up_at, .. }, Access::Write)
                if !is_stepped_up(*step_up_at, now) =>
            {
                Err(Denied::StepUpNeeded)
            }
            _ => Ok(()),
        }
    }

    /// The person at their own account, with a fresh proof of the strongest kind they have: who may
    /// change it (SECURITY.md TO-07).
    pub fn as_owner(&self, now: OffsetDateTime) -> Result<Owner, Denied> {
        match self {
            Self::User { id, session_id, via: Via::Account, step_up_at, .. } => {
                let owner = Owner { id: *id, session_id: *session_id };
                is_stepped_up(*step_up_at, now).then_some(owner).ok_or(Denied::StepUpNeeded)
            }
            Self::User { .. } | Self::Cli | Self::System | Self::Client { .. } => {
                Err(Denied::NotTheirs)
            }
        }
    }

    /// Whether the actor may give somebody, or take from them, all of `permissions`, on top of the
    /// permission to change that somebody: nobody grants a right they do not hold.
    pub fn may_grant(
        &self,
        permissions: impl IntoIterator<Item = AdminPermission>,
    ) -> Result<(), Denied> {
        let missing = permissions.into_iter().find(|permission| !self.holds(*permission));
        missing.map_or(Ok(()), |permission| Err(Denied::Escalation(permission)))
    }

    /// Whether the actor may give somebody, or take from them, `role`.
    pub fn may_grant_role(&self, role: &Role) -> Result<(), Denied> {
        match role {
            Role::Administrator => self.may_grant(AdminPermission::ALL),
            Role::Custom(_) => Ok(()),
        }
    }

    /// Whether the actor may register a client for `scope`, or widen one to it.
    pub fn may_grant_scope(&self, scope: &Scope) -> Result<(), Denied> {
        self.may_grant(scope.iter().filter_map(AdminPermission::parse))
    }

    /// Whether the actor has `permission`, step-up aside: what menus show.
    pub fn holds(&self, permission: AdminPermission) -> bool {
        match self {
            Self::Cli | Self::System => true,
            Self::User { roles, via: Via::Console, .. } => roles.contains(&Role::Administrator),
            Self::User { via: Via::Account, .. } => false,
            Self::User { roles, via: Via::Token(permissions), .. } => {
                roles.contains(&Role::Administrator) && permissions.contains(permission)
            }
            Self::Client { permissions, .. } => permissions.contains(permission),
        }
    }
}
