//! `/openapi.json`: the admin API in `OpenAPI` 3.1, made from the handlers themselves.

use std::sync::LazyLock;

use axum::http::StatusCode;
use axum::response::Response;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{
    apis, audit, branding, clients, devices, factors, invitations, keys, sessions, settings, users,
};
use crate::web::respond;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Portcullis administration",
        description = "Every call needs an access token of this server for the audience \
            `{issuer}/admin/api/v1`, with the scope `admin.<things>.read` or `admin.<things>.write`.",
    ),
    servers((url = "/admin/api/v1")),
    security(("bearer" = [])),
    modifiers(&Bearer),
    paths(
        clients::list, clients::create, clients::show, clients::update, clients::rotate_secret,
        clients::disable, clients::enable, users::list, users::create, users::show, users::update,
        users::disable, users::enable, users::demand_new_password, factors::list,
        factors::remove, devices::list, devices::remove, sessions::list, sessions::end_all, sessions::end, invitations::list,
        invitations::create,
        invitations::withdraw, keys::list, keys::rotate, apis::list, apis::put, apis::delete,
        branding::show, branding::update, settings::show, settings::update, audit::list,
        audit::refusal, document,
    ),
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// The document, made once.
pub static TEXT: LazyLock<String> =
    LazyLock::new(|| Document::openapi().to_json().unwrap_or_default());

/// This document. It needs no token.
#[utoipa::path(get, path = "/openapi.json", tag = "openapi", security(()),
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json")))]
pub async fn document() -> Response {
    respond::json_bytes(StatusCode::OK, TEXT.as_str())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::super::routes;
    use super::*;

    fn document() -> Value {
        serde_json::from_str(&TEXT).unwrap()
    }

    #[test]
    fn the_document_is_openapi_3_1() {
        assert!(document()["openapi"].as_str().unwrap().starts_with("3.1."));
    }

    #[test]
    fn every_route_is_in_the_document_and_the_reverse() {
        let served: BTreeSet<(String, String)> = routes()
            .into_iter()
            .map(|route| (route.method.to_owned(), route.path.to_owned()))
            .collect();
        let described: BTreeSet<(String, String)> = document()["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, methods)| {
                let methods = methods.as_object().unwrap().keys();
                methods.map(|method| (method.clone(), path.clone())).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(served, described);
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let text = document.to_string();
        for reference in text.split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(document["components"]["schemas"][name].is_object(), "{name}");
        }
    }

    #[test]
    fn no_answer_describes_a_hash_or_a_seed() {
        let schemas = &document()["components"]["schemas"];
        for view in ["ClientView", "UserView", "SessionView", "KeyView"] {
            let fields: Vec<&String> =
                schemas[view]["properties"].as_object().unwrap().keys().collect();
            let told = fields.iter().any(|field| {
                ["hash", "seed", "fingerprint", "sealed"].iter().any(|word| field.contains(word))
            });
            assert!(!told, "{view}: {fields:?}");
        }
    }
}
