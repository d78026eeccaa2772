//! The APIs that tokens are for, and which API each scope belongs to (RFC 8707).

use std::collections::HashMap;

use time::Duration;

use crate::crypto::jwt::Alg;
use crate::protocol::resource::Resource;

/// An API: the audience of access tokens.
#[derive(Debug, Clone)]
pub struct Api {
    /// Its identifier, the `aud` of its tokens.
    pub resource: Resource,
    /// The name shown to people.
    pub name: String,
    /// How long its access tokens live.
    pub access_token_lifetime: Duration,
    /// Signs its access tokens.
    pub signing_alg: Alg,
    /// Whether Portcullis itself brought it.
    pub origin: ApiOrigin,
    /// What may be asked for.
    pub scopes: Vec<ApiScope>,
}

/// Where an API comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiOrigin {
    /// Part of Portcullis: it cannot be changed or removed.
    BuiltIn,
    /// Registered by the operator.
    Registered,
}

/// A scope of an API.
#[derive(Debug, Clone)]
pub struct ApiScope {
    /// As requested.
    pub name: String,
    /// In words, for the consent page.
    pub description: String,
    /// Who may be given it.
    pub audience: ScopeAudience,
}

/// Who may be given a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeAudience {
    /// Anyone whose client may ask for it.
    Anyone,
    /// Only people who are administrators, and machine clients registered for it.
    Administrators,
}

/// Every API, found by its identifier or by one of its scopes.
#[derive(Debug, Default)]
pub struct ApiCatalogue {
    by_resource: HashMap<String, Api>,
    by_scope: HashMap<String, String>,
}

impl ApiCatalogue {
    /// The catalogue of `apis`, by their identifiers.
    pub fn new(by_resource: HashMap<String, Api>) -> Self {
        let scopes_of = |(resource, api): (&String, &Api)| {
            let resource = resource.clone();
            api.scopes.iter().map(move |scope| (scope.name.clone(), resource.clone())).collect::<Vec<_>>()
        };
        let by_scope = by_resource.iter().flat_map(scopes_of).collect();
        Self { by_resource, by_scope }
    }

    /// The API called `resource`.
    pub fn api(&self, resource: &Resource) -> Option<&Api> {
        self.by_resource.get(resource.as_str())
    }

    /// The API that the scope belongs to.
    pub fn api_of_scope(&self, scope: &str) -> Option<&Api> {
        self.by_scope.get(scope).and_then(|resource| self.by_resource.get(resource))
    }

    /// The scope itself, with its description.
    pub fn scope(&self, name: &str) -> Option<&ApiScope> {
        self.api_of_scope(name)?.scopes.iter().find(|scope| scope.name == name)
    }

    /// Every API, in no order.
    pub fn apis(&self) -> impl Iterator<Item = &Api> {
        self.by_resource.values()
    }
}
