//! Another address of mail: it is the account's once a link that was sent to it is opened.

use serde_json::json;

use crate::identity::link::Purpose;
use crate::manage::passwords::send_address_link;
use crate::manage::post::Post;
use crate::manage::users::form;
use crate::manage::{Cx, Done, Invalid, ManageError, Result, Told, requests};
use crate::store::users;

/// What a request for a link came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A link that makes the address the account's is on its way to it.
    New,
    /// A link that proves the account's own address is on its way to it.
    Proof,
    /// Nothing: it is the account's address, and proved.
    Nothing,
}

/// Sends a link to `typed`. Whether another account has that address is not said: the link then opens
/// nothing.
pub async fn ask(cx: &Cx<'_>, post: &Post<'_>, typed: &str) -> Result<Done<Asked>> {
    let owner = cx.owner()?;
    let Some(address) = form::email(typed)? else {
        return Err(Invalid::new("email", "it is empty", "give an address").into());
    };
    let mut tx = cx.begin().await?;
    let user = users::hold(&mut tx, owner.id).await?.ok_or(ManageError::NotFound("user"))?;
    let is_own = user.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(&address));
    if is_own && user.email_verified {
        return Ok(Done::new(Asked::Nothing, []));
    }
    if !requests::admit(&mut tx, cx, &user.username, Purpose::ChangeEmail).await? {
        let reason = "three mails were sent within the hour";
        return Err(Invalid::new("email", reason, "try again later").into());
    }
    let new = (!is_own).then_some(address.as_str());
    send_address_link(&mut tx, cx, post, &user, new).await?;
    let purpose = if is_own { "verify_email" } else { "change_email" };
    cx.tell(&mut tx, Told::user("link.send", owner.id, json!({ "purpose": purpose }))).await?;
    tx.commit().await?;
    Ok(Done::new(if is_own { Asked::Proof } else { Asked::New }, []))
}
