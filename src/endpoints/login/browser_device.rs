//! The browser as a device of whoever signs in with it.

use uuid::Uuid;

use crate::crypto::secret::Secret;
use crate::endpoints::cx::Cx;
use crate::endpoints::notices;
use crate::endpoints::refusal::Failure;
use crate::identity::device;
use crate::identity::user::User;
use crate::store::devices::{self, Device};
use crate::store::{Conn, StoreError};
use crate::web::browser::Browser;

/// The device that the browser's cookie names, where `user` has signed in on it before.
pub async fn known_device(
    cx: &Cx,
    browser: &Browser,
    user: Option<&User>,
) -> Result<Option<Uuid>, Failure> {
    let (Some(user), Some(cookie)) = (user, browser.device()) else { return Ok(None) };
    let found = devices::find(cx.app.store.pool(), user.id, &cookie.fingerprint()).await?;
    Ok(found.map(|device| device.id))
}

/// The device row of this browser, its cookie where the browser has none, and whether the account was
/// never used in it. The owner is told of a browser that
/// the account was never used in, unless it is the very first.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn device(
    cx: &Cx,
    conn: &mut Conn,
    browser: &Browser,
    user: &User,
) -> Result<(Uuid, Option<Secret>, bool), Failure> {
    let (device, fresh) = this_device(cx, browser, user)?;
    let id = devices::upsert(&mut *conn, &device).await?;
    let is_new = id == device.id;
    if is_new && devices::has_other(&mut *conn, user.id, id).await? {
        notices::new_device(cx, conn, user, &device.label).await?;
    }
    Ok((id, fresh, is_new))
}

/// The browser as a row, and its cookie where it has none.
///
/// # Errors
/// Never: a browser without a cookie gets one.
pub(super) fn this_device(
    cx: &Cx,
    browser: &Browser,
    user: &User,
) -> Result<(Device, Option<Secret>), StoreError> {
    let fresh = match browser.device() {
        Some(_) => None,
        None => Some(Secret::mint("pc_dv_", cx.app.entropy.as_ref())),
    };
    let Some(cookie) = fresh.as_ref().or(browser.device()) else {
        return Err(StoreError::Corrupt("a browser without a device".into()));
    };
    let device = Device {
        id: cx.id(),
        user_id: user.id,
        fingerprint: cookie.fingerprint(),
        label: device::label(&cx.user_agent()),
        created_at: cx.now,
        seen_at: cx.now,
    };
    Ok((device, fresh))
}
