//! `portcullis client`: applications that are registered here.

mod form;

use serde_json::{Value, json};

use super::fail::Usage;
use super::output::{self, Output, fields, instant};
use super::place::{Desk, Place};
use crate::config::Need;
use crate::crypto::secret::Secret;
use crate::manage::ManageError;
use crate::manage::clients::view::SecretView;
use crate::manage::clients::{self, ClientView, Registered};
use crate::manage::fields::duration;
use crate::protocol::client::{Client, ClientId};
use crate::store::clients::ClientQuery;

use form::FormArgs;

const CREATE_EXAMPLE: &str = "\
Example:
  portcullis client create --id shop --name Shop --redirect-uri https://shop.example/cb \\
      --scope \"openid profile email\"
  portcullis client create --id spa --public --redirect-uri https://spa.example/cb \\
      --grant authorization_code --grant refresh_token --scope \"openid offline_access\"
  portcullis client create --id robot --grant client_credentials --scope orders.read

The secret is shown this once.";
const LIST_EXAMPLE: &str = "\
Example:
  portcullis client list --search shop --json";
const SHOW_EXAMPLE: &str = "\
Example:
  portcullis client show shop";
const ROTATE_EXAMPLE: &str = "\
Example:
  portcullis client rotate-secret shop --overlap 1h

The new secret is shown this once; the old one is good until the overlap is over.";
const DISABLE_EXAMPLE: &str = "\
Example:
  portcullis client disable shop

Its tokens are dead at once, also after it is enabled again.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Register an application
    #[command(after_help = CREATE_EXAMPLE)]
    Create(Box<CreateArgs>),
    /// List the applications
    #[command(after_help = LIST_EXAMPLE)]
    List(ListArgs),
    /// Show one with all its settings
    #[command(after_help = SHOW_EXAMPLE)]
    Show(NamedArgs),
    /// Make a new secret; the old one is good for a while more
    #[command(after_help = ROTATE_EXAMPLE)]
    RotateSecret(RotateArgs),
    /// Stop an application: its tokens are dead at once
    #[command(after_help = DISABLE_EXAMPLE)]
    Disable(NamedArgs),
    /// Undo a disable
    #[command(after_help = DISABLE_EXAMPLE)]
    Enable(NamedArgs),
}

#[derive(Debug, clap::Args)]
struct CreateArgs {
    #[command(flatten)]
    form: FormArgs,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Only those with this in their id or name
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct NamedArgs {
    /// The client's id
    client_id: String,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct RotateArgs {
    #[command(flatten)]
    named: NamedArgs,
    /// How long the old secret is good: 90s, 5m, 2h, 1d
    #[arg(long, value_name = "LENGTH")]
    overlap: Option<String>,
}

impl NamedArgs {
    fn id(&self) -> Result<ClientId, Usage> {
        let mend = "a client_id has 1 to 255 printable ASCII characters";
        ClientId::parse(&self.client_id).ok_or_else(|| Usage(mend.to_owned()))
    }
}

pub(super) async fn run(args: Args) -> anyhow::Result<()> {
    match args.command {
        Command::Create(args) => create(*args).await,
        Command::List(args) => list(args).await,
        Command::Show(args) => {
            let desk = args.place.open(Need::Database).await?;
            let client = clients::show(&desk.cx(), &args.id()?).await?;
            let view = ClientView::of(&client);
            args.output.show(&view, || describe(&view))?;
            Ok(())
        }
        Command::RotateSecret(args) => rotate(args).await,
        Command::Disable(args) => {
            let desk = args.place.open(Need::Database).await?;
            clients::disable(&desk.cx(), &args.id()?).await?;
            tell(&desk, &args, "is disabled; its tokens are dead").await
        }
        Command::Enable(args) => {
            let desk = args.place.open(Need::Database).await?;
            clients::enable(&desk.cx(), &args.id()?).await?;
            tell(&desk, &args, "is enabled").await
        }
    }
}

async fn create(args: CreateArgs) -> anyhow::Result<()> {
    let form = args.form.form()?;
    let desk = args.place.open(Need::Database).await?;
    let made = clients::create(&desk.cx(), &form).await.map_err(form::by_flag)?;
    let Registered { client, minted } = made.value;
    let view = ClientView::of(&client);
    let json = with_secret(serde_json::to_value(&view)?, minted.as_ref());
    args.output.show(&json, || match &minted {
        Some(secret) => format!("{}{}", secret_once(&client, secret), describe(&view)),
        None => describe(&view),
    })?;
    Ok(())
}

async fn list(args: ListArgs) -> anyhow::Result<()> {
    let desk = args.place.open(Need::Database).await?;
    let limit = crate::store::PAGE_LIMIT;
    let mut query = ClientQuery { search: args.search, after: None, limit };
    let mut found: Vec<Client> = Vec::new();
    loop {
        let page = clients::list(&desk.cx(), &query).await?;
        found.extend(page.items);
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    let views: Vec<ClientView> = found.iter().map(ClientView::of).collect();
    args.output.show(&views, || table(&views))?;
    Ok(())
}

fn table(clients: &[ClientView]) -> String {
    if clients.is_empty() {
        return "no application: register one with `portcullis client create`".to_owned();
    }
    let row = |client: &ClientView| {
        [
            client.client_id.clone(),
            client.client_name.clone(),
            client.token_endpoint_auth_method.to_owned(),
            client.grant_types.join(" "),
            if client.disabled_at.is_some() { "disabled" } else { "active" }.to_owned(),
        ]
    };
    let rows: Vec<_> = clients.iter().map(row).collect();
    output::table(["CLIENT_ID", "NAME", "METHOD", "GRANTS", "STATE"], &rows)
}

async fn rotate(args: RotateArgs) -> anyhow::Result<()> {
    let overlap = match &args.overlap {
        Some(text) => duration("overlap", text).map_err(ManageError::from)?,
        None => clients::DEFAULT_OVERLAP,
    };
    let id = args.named.id()?;
    let desk = args.named.place.open(Need::Database).await?;
    let secret = clients::rotate_secret(&desk.cx(), &id, overlap).await?.value;
    let client = clients::show(&desk.cx(), &id).await?;
    let json = with_secret(json!({ "client_id": id.as_str() }), Some(&secret));
    args.named.output.show(&json, || {
        let until = instant(desk.cx().now + overlap);
        format!("{}old secret good until {until}", secret_once(&client, &secret))
    })?;
    Ok(())
}

/// A secret among what is shown: this once.
fn with_secret(mut view: Value, secret: Option<&Secret>) -> Value {
    if let (Some(secret), Some(view)) = (secret, view.as_object_mut()) {
        view.insert("client_secret".to_owned(), secret.expose().into());
    }
    view
}

fn secret_once(client: &Client, secret: &Secret) -> String {
    format!(
        "client_id      {}\nclient_secret  {}\n(the secret is shown this once: store it now)\n\n",
        client.id.as_str(),
        secret.expose()
    )
}

/// All settings of a client, one per line.
fn describe(client: &ClientView) -> String {
    let secret = |secret: &SecretView| match secret.expires_at {
        Some(at) => format!("made {}, good until {}", instant(secret.created_at), instant(at)),
        None => format!("made {}", instant(secret.created_at)),
    };
    let state = match client.disabled_at {
        Some(at) => format!("disabled since {}", instant(at)),
        None => "active".to_owned(),
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let secrets: Vec<String> = client.secrets.iter().map(secret).collect();
    fields(&[
        ("client_id", client.client_id.clone()),
        ("client_name", client.client_name.clone()),
        ("state", state),
        ("token_endpoint_auth_method", client.token_endpoint_auth_method.to_owned()),
        ("grant_types", client.grant_types.join(" ")),
        ("redirect_uris", client.redirect_uris.join(" ")),
        ("post_logout_redirect_uris", client.post_logout_redirect_uris.join(" ")),
        ("scope", client.scope.clone()),
        ("consent", word(client.consent)),
        ("profile", word(client.profile)),
        ("mfa", word(client.mfa)),
        (
            "require_pushed_authorization_requests",
            client.require_pushed_authorization_requests.to_string(),
        ),
        ("dpop_bound_access_tokens", client.dpop_bound_access_tokens.to_string()),
        (
            "tls_client_certificate_bound_access_tokens",
            client.tls_client_certificate_bound_access_tokens.to_string(),
        ),
        ("tls_client_auth_subject_dn", text(&client.tls_client_auth_subject_dn)),
        ("tls_client_auth_san_dns", text(&client.tls_client_auth_san_dns)),
        ("tls_client_auth_san_uri", text(&client.tls_client_auth_san_uri)),
        ("tls_client_auth_san_ip", text(&client.tls_client_auth_san_ip)),
        ("tls_client_auth_san_email", text(&client.tls_client_auth_san_email)),
        ("introspect", client.introspect.join(" ")),
        ("id_token_signed_response_alg", client.id_token_signed_response_alg.to_owned()),
        ("jwks_uri", text(&client.jwks_uri)),
        ("jwks", client.jwks.as_ref().map(Value::to_string).unwrap_or_default()),
        ("secrets", secrets.join("; ")),
        ("created_at", instant(client.created_at)),
    ])
}

/// The word by which a choice goes in JSON.
fn word(choice: impl serde::Serialize) -> String {
    let value = serde_json::to_value(choice).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// Shows the client as it is now, or says what became of it.
async fn tell(desk: &Desk, args: &NamedArgs, what: &str) -> anyhow::Result<()> {
    let client = clients::show(&desk.cx(), &args.id()?).await?;
    args.output.show(&ClientView::of(&client), || format!("{} {what}", client.id.as_str()))?;
    Ok(())
}
