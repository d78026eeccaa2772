//! What people prove themselves with, and the devices they sign in on: listed and removed.

use super::NamedArgs;
use crate::cli::output::{self, instant};
use crate::config::Need;
use crate::manage::users;
use crate::manage::users::devices::{self, DeviceView};
use crate::manage::users::keys::{self, FactorView};

pub(super) const FACTORS_EXAMPLE: &str = "\
Example:
  portcullis user factors alice
  portcullis user remove-factor alice 0199c5f2-7c1a-7d3e-9a55-2f6b1c0d9e11

Removing one ends the account's sessions. Where a second factor is owed, another is set up at the
next sign-in.";
pub(super) const DEVICES_EXAMPLE: &str = "\
Example:
  portcullis user devices alice
  portcullis user remove-device alice 0199c5f2-7c1a-7d3e-9a55-2f6b1c0d9e11

Removing one ends what is bound to it at once: its sessions, what applications were allowed there,
also for offline access, the passkeys made there, and its trust. Where a passkey goes, the account's
other sessions end too.";

/// One thing of an account.
#[derive(Debug, clap::Args)]
pub(super) struct RemoveArgs {
    #[command(flatten)]
    named: NamedArgs,
    /// Which one: its id, as the list shows it
    id: uuid::Uuid,
}

pub(super) async fn factors(args: NamedArgs) -> anyhow::Result<()> {
    let desk = args.place.open(Need::Database).await?;
    let user = users::find(&desk.cx(), &args.username).await?;
    let held = keys::list(&desk.cx(), user.id).await?;
    args.output.show(&held, || factor_table(&held))?;
    Ok(())
}

fn factor_table(factors: &[FactorView]) -> String {
    if factors.is_empty() {
        return "no passkey, security key or authenticator".to_owned();
    }
    let row = |factor: &FactorView| {
        [
            factor.label.clone(),
            factor.kind.as_str().to_owned(),
            instant(factor.created_at),
            factor.used_at.map(instant).unwrap_or_default(),
            factor.id.to_string(),
        ]
    };
    let rows: Vec<_> = factors.iter().map(row).collect();
    output::table(["NAME", "KIND", "ADDED", "LAST USED", "ID"], &rows)
}

pub(super) async fn remove_factor(args: RemoveArgs) -> anyhow::Result<()> {
    let desk = args.named.place.open(Need::Database).await?;
    let user = users::find(&desk.cx(), &args.named.username).await?;
    let removed = keys::remove(&desk.cx(), user.id, args.id, None).await?.value;
    args.named.output.show(&removed, || {
        format!("removed {} from {}; sessions are ended", removed.label, user.username.as_str())
    })?;
    Ok(())
}

pub(super) async fn devices(args: NamedArgs) -> anyhow::Result<()> {
    let desk = args.place.open(Need::Database).await?;
    let user = users::find(&desk.cx(), &args.username).await?;
    let held = devices::list(&desk.cx(), user.id).await?;
    args.output.show(&held, || device_table(&held))?;
    Ok(())
}

fn device_table(devices: &[DeviceView]) -> String {
    if devices.is_empty() {
        return "no device".to_owned();
    }
    let row = |device: &DeviceView| {
        let apps: Vec<&str> =
            device.applications.iter().map(|app| app.client_id.as_str()).collect();
        let keys: Vec<&str> = device.keys.iter().map(|key| key.label.as_str()).collect();
        [
            device.label.clone(),
            instant(device.seen_at),
            device.sessions.len().to_string(),
            apps.join(" "),
            keys.join(", "),
            device.id.to_string(),
        ]
    };
    let rows: Vec<_> = devices.iter().map(row).collect();
    output::table(["DEVICE", "LAST SEEN", "SESSIONS", "APPLICATIONS", "PASSKEYS", "ID"], &rows)
}

pub(super) async fn remove_device(args: RemoveArgs) -> anyhow::Result<()> {
    let desk = args.named.place.open(Need::Database).await?;
    let user = users::find(&desk.cx(), &args.named.username).await?;
    let taken = devices::remove(&desk.cx(), user.id, args.id, None).await?.value;
    args.named.output.show(&taken, || {
        format!(
            "removed {} from {}, with {} sessions, {} applications and {} passkeys",
            taken.label,
            user.username.as_str(),
            taken.sessions,
            taken.applications.len(),
            taken.keys.len()
        )
    })?;
    Ok(())
}
