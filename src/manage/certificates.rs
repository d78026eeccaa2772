//! The certificates that the server gets by itself: seen, and asked for before their time.

use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;

use super::{Cx, Result, Told};
use crate::crypto::acme::Validity;
use crate::policy::permission::AdminPermission;
use crate::store::acme::{self, Standing, Wanted};

/// A certificate as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateView {
    /// The names in it.
    pub names: Vec<String>,
    /// The authority's directory.
    pub directory: String,
    /// When the last one was got.
    #[serde(with = "time::serde::rfc3339::option")]
    pub issued_at: Option<OffsetDateTime>,
    /// When it ends.
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
    /// From when another is got.
    #[serde(with = "time::serde::rfc3339::option")]
    pub renews_at: Option<OffsetDateTime>,
    /// How many tries have failed since.
    pub failures: i32,
    /// What nobody tries before.
    #[serde(with = "time::serde::rfc3339::option")]
    pub not_before: Option<OffsetDateTime>,
    /// When somebody asked for another.
    #[serde(with = "time::serde::rfc3339::option")]
    pub asked_at: Option<OffsetDateTime>,
}

impl CertificateView {
    fn of(standing: Standing) -> Self {
        let stored = standing.certificate;
        let validity = stored.as_ref().and_then(|stored| Validity::of_chain(&stored.chain));
        Self {
            names: standing.wanted.names,
            directory: standing.wanted.directory,
            issued_at: stored.map(|stored| stored.issued_at),
            expires_at: validity.map(|validity| validity.until),
            renews_at: validity.map(|validity| validity.renew_at()),
            failures: standing.failures,
            not_before: standing.not_before,
            asked_at: standing.asked_at,
        }
    }
}

/// All that were ever ordered, the newest first.
pub async fn list(cx: &Cx<'_>) -> Result<Vec<CertificateView>> {
    cx.check(AdminPermission::KeysRead)?;
    let all = acme::all(cx.store.pool()).await?;
    Ok(all.into_iter().map(CertificateView::of).collect())
}

/// Has another got as soon as a node looks, whatever held the next try back.
pub async fn renew(cx: &Cx<'_>, wanted: &Wanted) -> Result<()> {
    cx.check(AdminPermission::KeysWrite)?;
    let mut tx = cx.begin().await?;
    acme::ask(&mut *tx, wanted).await?;
    let details = json!({ "directory": wanted.directory });
    let told = Told::new("certificate.renew", "certificate", wanted.names.join(" "), details);
    cx.tell(&mut tx, told).await?;
    tx.commit().await?;
    Ok(())
}
