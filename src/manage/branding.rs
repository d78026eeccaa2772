//! How this server presents itself to people.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::fields::{accent, choice, link, text};
use super::{Applied, Change, Cx, Done, Invalid, Result, Told};
use crate::identity::language::Language;
use crate::manage::users::form::email;
use crate::policy::branding::{Branding, Link, Logo};
use crate::policy::permission::AdminPermission;
use crate::store::feed::ChangeKind;
use crate::store::{Conn, StoreError, settings};

/// The longest name, in characters: it stands in titles and above a phone's sign-in card.
const LONGEST_NAME: usize = 40;

/// The branding as it is given; what is absent stays as it is, and an empty text takes it back.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BrandingForm {
    /// The name in the titles of pages: 1 to 40 characters.
    pub product: Option<String>,
    /// A PNG of at most 32 KiB as `data:image/png;base64,…`.
    pub logo: Option<String>,
    /// `#rrggbb`, or two of them for light and dark pages; each at least 4.5:1.
    pub accent: Option<String>,
    /// A mail address or an https page.
    pub support: Option<String>,
    /// The privacy policy.
    pub privacy: Option<String>,
    /// The terms of service.
    pub terms: Option<String>,
    /// `en`, `de`, `fr`, `es` or `ja`, for whoever says nothing about their language.
    pub language: Option<String>,
}

/// The branding as it is shown: every field as [`BrandingForm`] takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BrandingView {
    /// The name in the titles of pages.
    pub product: String,
    /// The picture, empty where there is none.
    pub logo: String,
    /// The colours, empty for the product's own.
    pub accent: String,
    /// A mail address or a page, empty where there is none.
    pub support: String,
    /// The privacy policy, empty where there is none.
    pub privacy: String,
    /// The terms of service, empty where there are none.
    pub terms: String,
    /// The language for whoever says nothing about theirs.
    pub language: String,
}

impl BrandingView {
    /// `branding` as it is shown.
    pub fn of(branding: &Branding) -> Self {
        let link = |link: &Option<Link>| link.clone().map(String::from);
        Self {
            product: branding.product.clone(),
            logo: branding.logo.clone().map(String::from).unwrap_or_default(),
            accent: branding.accent.map(String::from).unwrap_or_default(),
            support: branding.support.clone().unwrap_or_default(),
            privacy: link(&branding.privacy).unwrap_or_default(),
            terms: link(&branding.terms).unwrap_or_default(),
            language: branding.language.tag().to_owned(),
        }
    }
}

/// The branding in force.
pub async fn show(cx: &Cx<'_>) -> Result<Branding> {
    cx.check(AdminPermission::SettingsRead)?;
    let mut tx = cx.begin().await?;
    stored(&mut tx).await
}

/// Makes the branding what `form` says.
pub async fn change(cx: &Cx<'_>, form: &BrandingForm) -> Result<Done<(Branding, Applied)>> {
    let mut tx = cx.begin().await?;
    let done = change_in(&mut tx, cx, form).await?;
    tx.commit().await?;
    Ok(done)
}

/// [`change`] in a transaction of the caller's.
pub async fn change_in(
    conn: &mut Conn,
    cx: &Cx<'_>,
    form: &BrandingForm,
) -> Result<Done<(Branding, Applied)>> {
    cx.check(AdminPermission::SettingsWrite)?;
    let before = stored(conn).await?;
    let after = form.over(&before)?;
    if after == before {
        return Ok(Done::new((after, Applied::Unchanged), []));
    }
    let value = serde_json::to_value(&after).map_err(|_| StoreError::Corrupt("branding".into()))?;
    settings::set(&mut *conn, Branding::KEY, &value, cx.now).await?;
    let told = |branding: &Branding| {
        // The picture itself would only fill the log.
        let view = BrandingView { logo: picture(branding), ..BrandingView::of(branding) };
        json!(view)
    };
    let details = json!({ "before": told(&before), "after": told(&after) });
    cx.tell(conn, Told::new("branding.update", "settings", Branding::KEY, details)).await?;
    let change = Change::of(ChangeKind::Settings, Branding::KEY);
    Ok(Done::new((after, Applied::Updated), [change]))
}

fn picture(branding: &Branding) -> String {
    branding.logo.as_ref().map(Logo::file_name).unwrap_or_default()
}

async fn stored(conn: &mut Conn) -> Result<Branding> {
    let value = settings::find(conn, Branding::KEY).await?;
    let Some(value) = value else { return Ok(Branding::default()) };
    Ok(serde_json::from_value(value).map_err(|_| StoreError::Corrupt("branding".into()))?)
}

impl BrandingForm {
    /// `before` with what this form says.
    fn over(&self, before: &Branding) -> std::result::Result<Branding, Invalid> {
        let mut after = before.clone();
        if let Some(name) = &self.product {
            after.product = product(name)?;
        }
        if let Some(text) = &self.logo {
            after.logo = logo(text)?;
        }
        if let Some(text) = &self.accent {
            after.accent = accent(text)?;
        }
        if let Some(contact) = &self.support {
            after.support = support(contact)?;
        }
        if let Some(privacy) = &self.privacy {
            after.privacy = link("privacy", privacy.trim())?.map(Link);
        }
        if let Some(terms) = &self.terms {
            after.terms = link("terms", terms.trim())?.map(Link);
        }
        if let Some(tag) = &self.language {
            let known = Language::ALL.map(|language| (language.tag(), language));
            after.language = choice("language", tag, &known)?;
        }
        Ok(after)
    }
}

fn logo(text: &str) -> std::result::Result<Option<Logo>, Invalid> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Logo::parse(text).map(Some).map_err(|error| Invalid::new("logo", error.to_string(), ""))
}

fn product(name: &str) -> std::result::Result<String, Invalid> {
    if name.trim().is_empty() {
        return Ok(Branding::PRODUCT.to_owned());
    }
    let name = text("product", name)?;
    if name.chars().count() > LONGEST_NAME {
        return Err(Invalid::new("product", "it is too long", "give it 1 to 40 characters"));
    }
    Ok(name)
}

fn support(contact: &str) -> std::result::Result<Option<String>, Invalid> {
    let contact = contact.trim();
    let found = if contact.contains("://") {
        link("support", contact)?.map(|url| url.to_string())
    } else {
        let shape = "it is neither a mail address nor a page";
        let mend = "write name@domain or https://…";
        email(contact).map_err(|_| Invalid::new("support", shape, mend))?
    };
    Ok(found)
}
