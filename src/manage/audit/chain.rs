//! Whether the audit log is what its chain of seals says (DESIGN §9).
//!
//! The chain shows every change to a part of it. Who can write all of the database can lay the whole
//! chain anew, or cut off its end: against that, keep an [`Anchor`] elsewhere from time to time.

use std::fmt;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::crypto::secret::Fingerprint;
use crate::manage::{Cx, Result};
use crate::policy::permission::AdminPermission;
use crate::store::audit_extent;
use crate::store::audit_seals::{self, AuditSeal, Sealed};

/// How many seals are read at a time.
const PAGE: i64 = 200;

/// A seal by number and hash, as somebody noted it outside the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The seal's number.
    pub number: i64,
    /// Its hash.
    pub hash: Fingerprint,
}

/// What was checked, and what did not fit.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Seals that were checked.
    pub seals: u64,
    /// Rows under them.
    pub rows: u64,
    /// The oldest seal that is kept.
    pub oldest: Option<i64>,
    /// The newest: note it elsewhere.
    pub newest: Option<Anchor>,
    /// Rows that no seal covers yet.
    pub pending: i64,
    /// When the oldest of those happened.
    pub pending_since: Option<OffsetDateTime>,
    /// The first thing that does not fit.
    pub fault: Option<Fault>,
}

/// Something that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The seal with this number is gone.
    Gone(i64),
    /// The seal does not follow from the one before.
    Unlinked(i64),
    /// Rows under the seal are gone.
    Fewer {
        /// The seal.
        seal: i64,
        /// How many.
        rows: i64,
    },
    /// There are more rows under the seal than were sealed; this is the last of them.
    More {
        /// The seal.
        seal: i64,
        /// The row.
        row: Uuid,
    },
    /// The seal, or one of the rows under it, says something else than when it was sealed.
    Changed(i64),
    /// A row stands among sealed ones and was never sealed.
    Stray(Uuid),
    /// The personal part of a row is gone, and no account was erased.
    Blanked(Uuid),
    /// The seal that was noted elsewhere is not the one that is here, or is kept no longer.
    Unanchored(i64),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone(seal) => write!(f, "seal {seal} is gone"),
            Self::Unlinked(seal) => {
                write!(f, "seal {seal} does not follow from the one before it")
            }
            Self::Fewer { seal, rows } => {
                write!(f, "{rows} of the rows under seal {seal} are gone, or it was changed")
            }
            Self::More { seal, row } => {
                write!(f, "row {row} was not there when seal {seal} was laid, or it was changed")
            }
            Self::Changed(seal) => {
                write!(f, "seal {seal}, or a row under it, was changed after it was laid")
            }
            Self::Stray(row) => write!(f, "row {row} was put among rows that were sealed before"),
            Self::Blanked(row) => {
                write!(f, "row {row} was blanked, though nobody's account was erased for it")
            }
            Self::Unanchored(seal) => {
                write!(f, "seal {seal} is not the one that you noted, or is kept no longer")
            }
        }
    }
}

/// Checks every seal that is kept and every row under it, at one instant. The first seal kept is
/// taken as it is: those before it have been swept.
pub async fn verify(cx: &Cx<'_>, anchor: Option<Anchor>) -> Result<Report> {
    cx.check(AdminPermission::AuditRead)?;
    let mut tx = cx.store.begin_snapshot().await?;
    let mut report = Report::default();
    let (mut before, mut noted): (Option<AuditSeal>, _) = (None, anchor);
    loop {
        let after = before.as_ref().map_or(0, |seal| seal.number);
        let seals = audit_seals::after(&mut *tx, after, PAGE).await?;
        if seals.is_empty() {
            break;
        }
        for seal in seals {
            let rows = audit_seals::covered(&mut *tx, &seal).await?;
            if let Some(fault) = fault(before.as_ref(), &seal, &rows) {
                return Ok(Report { fault: Some(fault), ..report });
            }
            report.seals += 1;
            report.rows += u64::try_from(rows.len()).unwrap_or(0);
            report.oldest = report.oldest.or(Some(seal.number));
            let here = Anchor { number: seal.number, hash: seal.hash };
            noted = noted.filter(|noted| *noted != here);
            report.newest = Some(here);
            before = Some(seal);
        }
    }
    let upto_seq = before.map_or(0, |seal| seal.upto_seq);
    let extent = audit_extent::extent(&mut *tx, upto_seq).await?;
    (report.pending, report.pending_since) = (extent.pending, extent.pending_since);
    if u64::try_from(extent.sealed) != Ok(report.rows) {
        report.fault = audit_extent::stray(&mut *tx, upto_seq).await?.map(Fault::Stray);
    }
    if report.fault.is_none() {
        report.fault = audit_extent::blanked(&mut *tx).await?.map(Fault::Blanked);
    }
    report.fault = report.fault.or(noted.map(|noted| Fault::Unanchored(noted.number)));
    Ok(report)
}

/// What does not fit about `seal`, which follows `before`, over `rows`.
fn fault(before: Option<&AuditSeal>, seal: &AuditSeal, rows: &[Sealed]) -> Option<Fault> {
    if before.is_none() && seal.number == 1 && seal.after_seq != 0 {
        return Some(Fault::Unlinked(1));
    }
    if let Some(before) = before {
        if seal.number != before.number + 1 {
            return Some(Fault::Gone(before.number + 1));
        }
        if !seal.previous.same(&before.hash) || seal.after_seq != before.upto_seq {
            return Some(Fault::Unlinked(seal.number));
        }
    }
    let (found, sealed) = (i64::try_from(rows.len()).unwrap_or(i64::MAX), i64::from(seal.count));
    match rows.last() {
        Some(last) if found > sealed => Some(Fault::More { seal: seal.number, row: last.id }),
        _ if found < sealed => Some(Fault::Fewer { seal: seal.number, rows: sealed - found }),
        _ if fits(seal, rows) => None,
        _ => Some(Fault::Changed(seal.number)),
    }
}

/// Whether `rows` are what `seal` was laid over.
pub fn fits(seal: &AuditSeal, rows: &[Sealed]) -> bool {
    seal.hash_over(rows.iter().map(|row| row.digest)).same(&seal.hash)
}
