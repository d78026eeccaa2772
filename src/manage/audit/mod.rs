//! Reading the audit log, and proving that nobody has rewritten it.

pub mod chain;

use super::{Cx, ManageError, Result};
use crate::policy::permission::AdminPermission;
use crate::store::Page;
use crate::store::audit::{self, AuditEvent, AuditQuery};
use uuid::Uuid;

/// A page of the log, newest first.
pub async fn list(cx: &Cx<'_>, query: &AuditQuery) -> Result<Page<AuditEvent, Uuid>> {
    cx.check(AdminPermission::AuditRead)?;
    Ok(audit::list(cx.store.pool(), query).await?)
}

/// The event behind the id that somebody was shown with a refusal.
pub async fn by_refusal(cx: &Cx<'_>, refusal_id: &str) -> Result<AuditEvent> {
    cx.check(AdminPermission::AuditRead)?;
    let event = audit::find_by_refusal(cx.store.pool(), refusal_id.trim()).await?;
    event.ok_or(ManageError::NotFound("refusal"))
}
