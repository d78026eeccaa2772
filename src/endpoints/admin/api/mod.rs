//! The admin API: thin faces on the manage layer, for programs (`/admin/api/v1`).
//!
//! **Invariant: every route is in the table here, needs a token, and is in the `OpenAPI` document.**
//! No browser script of another origin gets in: there is no CORS.

pub mod apis;
pub mod audit;
pub mod branding;
mod call;
pub mod clients;
pub mod devices;
pub mod factors;
pub mod invitations;
pub mod keys;
pub mod openapi;
mod problem;
pub mod sessions;
pub mod settings;
pub mod users;

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::manage::apis::ADMIN_PATH;
use crate::web::app::App;

/// A route of the admin API.
struct Route {
    method: &'static str,
    path: &'static str,
    handler: MethodRouter<App>,
}

/// A method, as the document writes it and as the router reads it.
type Verb = (&'static str, MethodFilter);

const GET: Verb = ("get", MethodFilter::GET);
const POST: Verb = ("post", MethodFilter::POST);
const PUT: Verb = ("put", MethodFilter::PUT);
const PATCH: Verb = ("patch", MethodFilter::PATCH);
const DELETE: Verb = ("delete", MethodFilter::DELETE);

impl Route {
    fn new<H: Handler<T, App>, T: 'static>(verb: Verb, path: &'static str, handler: H) -> Self {
        Self { method: verb.0, path, handler: on(verb.1, handler) }
    }
}

/// Every route, below [`ADMIN_PATH`].
fn routes() -> Vec<Route> {
    vec![
        Route::new(GET, "/openapi.json", openapi::document),
        Route::new(GET, "/clients", clients::list),
        Route::new(POST, "/clients", clients::create),
        Route::new(GET, "/clients/{client_id}", clients::show),
        Route::new(PATCH, "/clients/{client_id}", clients::update),
        Route::new(POST, "/clients/{client_id}/rotate-secret", clients::rotate_secret),
        Route::new(POST, "/clients/{client_id}/disable", clients::disable),
        Route::new(POST, "/clients/{client_id}/enable", clients::enable),
        Route::new(GET, "/users", users::list),
        Route::new(POST, "/users", users::create),
        Route::new(GET, "/users/{id}", users::show),
        Route::new(PATCH, "/users/{id}", users::update),
        Route::new(POST, "/users/{id}/disable", users::disable),
        Route::new(POST, "/users/{id}/demand-new-password", users::demand_new_password),
        Route::new(POST, "/users/{id}/enable", users::enable),
        Route::new(GET, "/users/{id}/factors", factors::list),
        Route::new(DELETE, "/users/{id}/factors/{factor_id}", factors::remove),
        Route::new(GET, "/users/{id}/devices", devices::list),
        Route::new(DELETE, "/users/{id}/devices/{device_id}", devices::remove),
        Route::new(GET, "/users/{id}/sessions", sessions::list),
        Route::new(DELETE, "/users/{id}/sessions", sessions::end_all),
        Route::new(DELETE, "/users/{id}/sessions/{session_id}", sessions::end),
        Route::new(GET, "/invitations", invitations::list),
        Route::new(POST, "/invitations", invitations::create),
        Route::new(DELETE, "/invitations/{id}", invitations::withdraw),
        Route::new(GET, "/keys", keys::list),
        Route::new(POST, "/keys/rotate", keys::rotate),
        Route::new(GET, "/apis", apis::list),
        Route::new(PUT, "/apis", apis::put),
        Route::new(DELETE, "/apis", apis::delete),
        Route::new(GET, "/settings/policy", settings::show),
        Route::new(PATCH, "/settings/policy", settings::update),
        Route::new(GET, "/branding", branding::show),
        Route::new(PATCH, "/branding", branding::update),
        Route::new(GET, "/audit", audit::list),
        Route::new(GET, "/audit/refusals/{refusal_id}", audit::refusal),
    ]
}

/// The admin API, to be merged into the server's routes.
pub fn router(app: &App) -> Router<App> {
    let table =
        routes().into_iter().fold(Router::new(), |router, Route { method, path, handler }| {
            tracing::trace!(method, path, "the admin API serves");
            router.route(&format!("{ADMIN_PATH}{path}"), handler)
        });
    table.route_layer(from_fn_with_state(app.clone(), problem::tell))
}
