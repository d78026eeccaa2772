//! What a page is dressed in.

use super::Text;
use crate::policy::branding::Branding;
use crate::web::assets;

/// The operator's picture on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoView {
    /// Where it is.
    pub url: String,
    /// In CSS pixels.
    pub width: u32,
    /// In CSS pixels.
    pub height: u32,
}

impl Text {
    /// The name of the product, as people know it here.
    pub fn product(&self) -> &str {
        &self.brand.product
    }

    /// Whether it has a name of its own.
    pub fn is_branded(&self) -> bool {
        self.brand.product != Branding::PRODUCT
    }

    /// The stylesheet with the colours: the application's before the operator's.
    pub fn stylesheet(&self) -> Option<String> {
        self.accent.or(self.brand.accent).map(|accent| assets::named_url(&accent.file_name()))
    }

    /// The operator's picture.
    pub fn logo(&self) -> Option<LogoView> {
        let logo = self.brand.logo.as_ref()?;
        let (width, height) = logo.shown();
        Some(LogoView { url: assets::named_url(&logo.file_name()), width, height })
    }

    /// Whether the operator gave any link.
    pub fn has_links(&self) -> bool {
        self.brand.support.is_some() || self.brand.privacy.is_some() || self.brand.terms.is_some()
    }

    /// The operator's privacy policy.
    pub fn privacy(&self) -> Option<&str> {
        self.brand.privacy.as_ref().map(|link| link.0.as_str())
    }

    /// The operator's terms of service.
    pub fn terms(&self) -> Option<&str> {
        self.brand.terms.as_ref().map(|link| link.0.as_str())
    }

    /// Where people get help.
    pub fn support(&self) -> Option<String> {
        let contact = self.brand.support.as_deref()?;
        Some(if contact.contains("://") {
            contact.to_owned()
        } else {
            let address = contact.replace('%', "%25").replace('?', "%3F").replace('&', "%26");
            format!("mailto:{address}")
        })
    }
}
