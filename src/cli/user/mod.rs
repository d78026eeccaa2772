//! `portcullis user`: people's accounts.

mod holdings;

use serde_json::json;

use super::output::{self, Output, instant};
use super::place::{Desk, Place};
use super::terminal::PasswordArgs;
use crate::config::Need;
use crate::crypto::secret::Secret;
use crate::identity::user::User;
use crate::manage::ManageError;
use crate::manage::fields::SecretText;
use crate::manage::joining::{self, InviteForm};
use crate::manage::post::Post;
use crate::manage::users::{self, NewUser, UserForm, UserView};
use crate::store::users::UserQuery;
use crate::web::letters;

const CREATE_EXAMPLE: &str = "\
Example:
  portcullis user create alice --email alice@example.com
  portcullis user create root --role administrator --password-file root.password

A password has 15 characters or more. Where a second factor is owed, it is enrolled at the first
sign-in.";
const INVITE_EXAMPLE: &str = "\
Example:
  portcullis user invite dora@example.com --username dora
  portcullis user invite root@example.com --role administrator

Prints the link as well, which works once, for 7 days.";
const LIST_EXAMPLE: &str = "\
Example:
  portcullis user list --search example.com --json";
const NAMED_EXAMPLE: &str = "\
Example:
  portcullis user disable alice

Disabling ends the account's sessions and revokes its tokens; the last administrator stays.";
const DEMAND_EXAMPLE: &str = "\
Example:
  portcullis user demand-new-password alice

Ends the account's sessions and revokes its tokens. The password then only leads to a new one: by a
link in a mail, where the account has an address.";
const PASSWORD_EXAMPLE: &str = "\
Example:
  portcullis user set-password alice
  printf %s \"$NEW_PASSWORD\" | portcullis user set-password alice --password-stdin

Ends the account's sessions.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make an account
    #[command(after_help = CREATE_EXAMPLE)]
    Create(CreateArgs),
    /// Ask somebody in by mail; they choose their own password
    #[command(after_help = INVITE_EXAMPLE)]
    Invite(InviteArgs),
    /// List the accounts, oldest first
    #[command(after_help = LIST_EXAMPLE)]
    List(ListArgs),
    /// Stop an account from signing in
    #[command(after_help = NAMED_EXAMPLE)]
    Disable(NamedArgs),
    /// Let a disabled account sign in again
    #[command(after_help = NAMED_EXAMPLE)]
    Enable(NamedArgs),
    /// Set an account's password
    #[command(after_help = PASSWORD_EXAMPLE)]
    SetPassword(SetPasswordArgs),
    /// Demand a new password at the next sign-in: others may know the one there is
    #[command(after_help = DEMAND_EXAMPLE)]
    DemandNewPassword(NamedArgs),
    /// List an account's passkeys, security keys and authenticators
    #[command(after_help = holdings::FACTORS_EXAMPLE)]
    Factors(NamedArgs),
    /// Remove a passkey, security key or authenticator
    #[command(after_help = holdings::FACTORS_EXAMPLE)]
    RemoveFactor(holdings::RemoveArgs),
    /// List an account's devices and what each holds
    #[command(after_help = holdings::DEVICES_EXAMPLE)]
    Devices(NamedArgs),
    /// Remove a device, with its sessions, grants and passkeys
    #[command(after_help = holdings::DEVICES_EXAMPLE)]
    RemoveDevice(holdings::RemoveArgs),
}

#[derive(Debug, clap::Args)]
struct CreateArgs {
    /// What they sign in with
    username: String,
    /// Where mail goes
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// The address is known to be theirs
    #[arg(long, requires = "email")]
    email_verified: bool,
    /// A role, such as administrator; may be repeated
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    /// Their name, as tokens tell it
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Make the account without a password: it cannot sign in until one is set
    #[arg(long, conflicts_with_all = ["password_stdin", "password_file"])]
    no_password: bool,
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct InviteArgs {
    /// Where the invitation goes
    email: String,
    /// What they sign in with; they choose it where this is absent
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// A role, such as administrator; may be repeated
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Only those with this in their name or address
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct NamedArgs {
    /// What they sign in with
    username: String,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct SetPasswordArgs {
    #[command(flatten)]
    named: NamedArgs,
    #[command(flatten)]
    password: PasswordArgs,
}

pub(super) async fn run(args: Args) -> anyhow::Result<()> {
    match args.command {
        Command::Create(args) => create(args).await,
        Command::Invite(args) => invite(args).await,
        Command::List(args) => list(args).await,
        Command::Disable(args) => {
            let desk = args.place.open(Need::Database).await?;
            let user = users::find(&desk.cx(), &args.username).await?;
            users::disable(&desk.cx(), user.id).await?;
            tell(&desk, &args, "is disabled; sessions and tokens are ended").await
        }
        Command::Enable(args) => {
            let desk = args.place.open(Need::Database).await?;
            let user = users::find(&desk.cx(), &args.username).await?;
            users::enable(&desk.cx(), user.id).await?;
            tell(&desk, &args, "may sign in").await
        }
        Command::DemandNewPassword(args) => {
            let desk = args.place.open(Need::Database).await?;
            let user = users::find(&desk.cx(), &args.username).await?;
            users::demand_new_password(&desk.cx(), user.id).await?;
            tell(&desk, &args, "must set a new password; sessions and tokens are ended").await
        }
        Command::SetPassword(args) => set_password(args).await,
        Command::Factors(args) => holdings::factors(args).await,
        Command::RemoveFactor(args) => holdings::remove_factor(args).await,
        Command::Devices(args) => holdings::devices(args).await,
        Command::RemoveDevice(args) => holdings::remove_device(args).await,
    }
}

async fn create(args: CreateArgs) -> anyhow::Result<()> {
    let desk = args.place.open(Need::Database).await?;
    let password = if args.no_password { None } else { Some(args.password.read()?) };
    let name = args.name.map(|name| [("name".to_owned(), name.into())].into_iter().collect());
    let new = NewUser::parse(&UserForm {
        username: args.username,
        email_verified: args.email.is_some().then_some(args.email_verified),
        email: args.email,
        password: password.map(SecretText::from),
        password_hash: None,
        totp_secret: None,
        roles: Some(args.roles),
        claims: name,
    })
    .map_err(ManageError::from)?;
    let hash = match new.password.clone() {
        Some(password) => {
            Some(Secret::new(desk.passwords().hash(password).await.map_err(ManageError::from)?))
        }
        None => None,
    };
    let user = users::create(&desk.cx(), &new, hash.as_ref()).await?.value;
    args.output.show(&UserView::of(&user), || {
        let mend = match hash {
            Some(_) => String::new(),
            None => "; it has no password yet: portcullis user set-password".to_owned(),
        };
        format!("made the account {} ({}){mend}", user.username.as_str(), user.id)
    })?;
    Ok(())
}

async fn invite(args: InviteArgs) -> anyhow::Result<()> {
    let desk = args.place.open(Need::Issuer).await?;
    let issuer = desk.issuer().unwrap_or_default();
    let form = InviteForm {
        email: args.email,
        username: args.username,
        roles: Some(args.roles),
        claims: None,
    };
    let (invitation, link) =
        joining::invite(&desk.cx(), &Post::new(issuer, letters::write), &form).await?;
    let value = json!({ "invitation": invitation, "link": link });
    args.output.show(&value, || {
        format!("invited {} until {}\n{link}", invitation.email, instant(invitation.expires_at))
    })?;
    Ok(())
}

async fn list(args: ListArgs) -> anyhow::Result<()> {
    let desk = args.place.open(Need::Database).await?;
    let mut query = UserQuery { search: args.search, after: None, limit: crate::store::PAGE_LIMIT };
    let mut found: Vec<User> = Vec::new();
    loop {
        let page = users::list(&desk.cx(), &query).await?;
        found.extend(page.items);
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    let views: Vec<UserView> = found.iter().map(UserView::of).collect();
    args.output.show(&views, || table(&views))?;
    Ok(())
}

fn table(users: &[UserView]) -> String {
    if users.is_empty() {
        return "no account: make one with `portcullis user create`".to_owned();
    }
    let row = |user: &UserView| {
        let state = match (user.disabled_at, user.has_password) {
            (Some(_), _) => "disabled",
            (None, false) => "no password",
            (None, true) => "active",
        };
        [
            user.username.clone(),
            user.email.clone().unwrap_or_default(),
            user.roles.join(" "),
            state.to_owned(),
            instant(user.created_at),
            user.id.to_string(),
        ]
    };
    let rows: Vec<_> = users.iter().map(row).collect();
    output::table(["USERNAME", "EMAIL", "ROLES", "STATE", "CREATED", "ID"], &rows)
}

async fn set_password(args: SetPasswordArgs) -> anyhow::Result<()> {
    let desk = args.named.place.open(Need::Database).await?;
    let user = users::find(&desk.cx(), &args.named.username).await?;
    let typed = args.password.read()?;
    let password = users::check_password(&desk.cx(), &user, &typed).await?;
    let hash = desk.passwords().hash(password).await.map_err(ManageError::from)?;
    let hash = Secret::new(hash);
    users::set_password(&desk.cx(), user.id, &hash).await?;
    tell(&desk, &args.named, "has a new password; sessions are ended").await
}

/// Shows the account as it is now, or says what became of it.
async fn tell(desk: &Desk, args: &NamedArgs, what: &str) -> anyhow::Result<()> {
    let user = users::find(&desk.cx(), &args.username).await?;
    args.output.show(&UserView::of(&user), || format!("{} {what}", user.username.as_str()))?;
    Ok(())
}
