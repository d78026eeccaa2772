//! Whether the process lives, and whether it should be sent work.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::endpoints::cx::Cx;
use crate::web::respond;

/// How far this node's clock may be off the database's, in milliseconds.
const CLOCK_TOLERANCE_MS: u64 = 2_000;

/// `GET /livez`: the process answers. It never asks the database.
pub async fn livez() -> Response {
    respond::json_bytes(StatusCode::OK, r#"{"status":"ok"}"#)
}

/// `GET /readyz`: the snapshot is loaded, the feed is fresh (so Postgres answers), keys are there,
/// the clock is right, and the node is not draining.
pub async fn readyz(cx: Cx) -> Response {
    let live = &cx.app.live;
    let clock_ok = live.clock_offset_ms().unsigned_abs() <= CLOCK_TOLERANCE_MS;
    let keys = live.keys().await;
    let has_keys = keys.is_ok_and(|keys| !keys.public_keys().is_empty());
    let draining = cx.app.is_draining();
    let ready = live.is_fresh() && clock_ok && has_keys && !draining;
    let body = json!({
        "status": if ready { "ready" } else { "not ready" },
        "database": live.is_fresh(),
        "keys": has_keys,
        "clock": clock_ok,
        "draining": draining,
    });
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    respond::json(status, &body).into_response()
}
