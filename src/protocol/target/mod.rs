//! For which APIs a token is: its audience, by scope and resource (RFC 8707 §2, RFC 9068 §3).

use std::collections::{HashMap, HashSet};

use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::grant::narrow_resources;
use crate::protocol::resource::Resource;
use crate::protocol::scope::{ADDRESS, EMAIL, OFFLINE_ACCESS, OPENID, PHONE, PROFILE, Scope};

#[cfg(test)]
mod tests;

/// The scopes that ask for something of the person, not of an API (OIDC Core §5.4, §11).
pub const OIDC_SCOPES: [&str; 6] = [OPENID, PROFILE, EMAIL, ADDRESS, PHONE, OFFLINE_ACCESS];

/// The APIs there are, and to which each scope belongs.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    resources: HashSet<Resource>,
    scopes: HashMap<String, Resource>,
}

impl Catalogue {
    /// The catalogue of APIs, each with the names of its scopes.
    pub fn new(apis: impl IntoIterator<Item = (Resource, Vec<String>)>) -> Self {
        let mut catalogue = Self::default();
        for (resource, names) in apis {
            catalogue.scopes.extend(names.into_iter().map(|name| (name, resource.clone())));
            catalogue.resources.insert(resource);
        }
        catalogue
    }

    /// The API that the scope `name` belongs to.
    pub fn resource_of(&self, name: &str) -> Option<&Resource> {
        self.scopes.get(name)
    }

    /// Whether there is such an API.
    pub fn knows(&self, resource: &Resource) -> bool {
        self.resources.contains(resource)
    }

    /// The APIs of a scope, each once.
    pub fn resources_of(&self, scope: &Scope) -> Vec<Resource> {
        let mut resources: Vec<_> =
            scope.iter().filter_map(|name| self.resource_of(name)).collect();
        resources.sort_unstable();
        resources.dedup();
        resources.into_iter().cloned().collect()
    }
}

/// The APIs that a token is for: those requested, of those that `granted` names or else of those
/// whose scopes are in `scope`. Empty: it is for the issuer itself, for userinfo.
pub fn targets(
    scope: &Scope,
    requested: &[Resource],
    granted: &[Resource],
    catalogue: &Catalogue,
) -> Result<Vec<Resource>, OAuthError> {
    if !requested.iter().all(|resource| catalogue.knows(resource)) {
        return Err(ErrorCode::InvalidTarget
            .because("there is no API of that resource")
            .at("resource"));
    }
    if !granted.is_empty() {
        return narrow_resources(requested, granted);
    }
    narrow_resources(requested, &catalogue.resources_of(scope))
}

/// `scope` without what belongs to APIs that are not among `targets`, so that an API never sees
/// what its caller may do at another (RFC 8707 §2.2).
#[must_use]
pub fn scope_for(scope: &Scope, targets: &[Resource], catalogue: &Catalogue) -> Scope {
    let foreign = scope.iter().filter(|name| {
        catalogue.resource_of(name).is_some_and(|resource| !targets.contains(resource))
    });
    foreign.fold(scope.clone(), |rest, name| rest.without(name))
}

/// The scope of a client's own token: what it asks for, or all it is registered for, but nothing
/// that takes a person (RFC 6749 §4.4).
pub fn client_credentials_scope(
    requested: Option<&Scope>,
    registered: &Scope,
) -> Result<Scope, OAuthError> {
    let invalid = |detail: &'static str| Err(ErrorCode::InvalidScope.because(detail).at("scope"));
    match requested {
        None => {
            Ok(OIDC_SCOPES.into_iter().fold(registered.clone(), |rest, name| rest.without(name)))
        }
        Some(scope) if OIDC_SCOPES.into_iter().any(|name| scope.contains(name)) => {
            invalid("client_credentials has no person, so no OpenID Connect scope")
        }
        Some(scope) if scope.is_subset(registered) => Ok(scope.clone()),
        Some(_) => invalid("the scope is wider than the client is registered for"),
    }
}
