//! How this server presents itself to people.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::crypto::secret::Fingerprint;
use crate::identity::language::Language;
use crate::protocol::accent::Accent;

/// What pages and mails are dressed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Branding {
    /// The name in the titles of pages.
    pub product: String,
    /// The picture above the sign-in card.
    pub logo: Option<Logo>,
    /// The colour of links and buttons.
    pub accent: Option<Accent>,
    /// Where people get help: a mail address or a page.
    pub support: Option<String>,
    /// The privacy policy.
    pub privacy: Option<Link>,
    /// The terms of service.
    pub terms: Option<Link>,
    /// The language for whoever says nothing about theirs.
    pub language: Language,
}

impl Branding {
    /// Where it is kept in the settings.
    pub const KEY: &'static str = "branding";
    /// The product's own name.
    pub const PRODUCT: &'static str = "Portcullis";
}

impl Default for Branding {
    fn default() -> Self {
        Self {
            product: Self::PRODUCT.to_owned(),
            logo: None,
            accent: None,
            support: None,
            privacy: None,
            terms: None,
            language: Language::English,
        }
    }
}

/// A page of the operator's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Link(pub Url);

impl From<Link> for String {
    fn from(Link(url): Link) -> Self {
        url.into()
    }
}

impl TryFrom<String> for Link {
    type Error = url::ParseError;

    fn try_from(text: String) -> Result<Self, url::ParseError> {
        Url::parse(&text).map(Self)
    }
}

/// A picture: a PNG that holds nothing but pixels. SVG is not taken: it is a document that may run
/// script and load from elsewhere, and nothing here takes such things apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Logo {
    png: Vec<u8>,
    width: u32,
    height: u32,
}

/// Why a text is no logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// It is not base64.
    #[error("it is not base64, give the file as data:image/png;base64,…")]
    Encoding,
    /// It is another kind of file, or a damaged one.
    #[error("it is not a PNG file, save the picture as PNG")]
    NoPng,
    /// It is too heavy for a sign-in page.
    #[error("the file is larger than 32 KiB, make the picture smaller")]
    TooLarge,
    /// It has too many pixels or none.
    #[error("the picture is not between 1 and 2048 pixels wide and high, scale it down")]
    Size,
}

const PREFIX: &str = "data:image/png;base64,";
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const MOST_BYTES: usize = 32 * 1024;
const MOST_PIXELS: u32 = 2048;
/// What is kept of a file: the picture itself. Text, time, profiles and unknown parts go.
const KEPT: [&[u8; 4]; 6] = [b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"IDAT", b"IEND"];

impl Logo {
    /// The picture in `text`: base64, with or without `data:image/png;base64,` before it.
    pub fn parse(text: &str) -> Result<Self, LogoError> {
        let encoded = text.trim();
        let encoded = encoded.strip_prefix(PREFIX).unwrap_or(encoded);
        if encoded.len() > MOST_BYTES * 4 / 3 + 4 {
            return Err(LogoError::TooLarge);
        }
        let file = STANDARD.decode(encoded).map_err(|_| LogoError::Encoding)?;
        if file.len() > MOST_BYTES {
            return Err(LogoError::TooLarge);
        }
        Self::of_png(&file)
    }

    fn of_png(file: &[u8]) -> Result<Self, LogoError> {
        let mut rest = file.strip_prefix(SIGNATURE).ok_or(LogoError::NoPng)?;
        let mut png = SIGNATURE.to_vec();
        let mut size = None;
        loop {
            let (chunk, after) = chunk(rest).ok_or(LogoError::NoPng)?;
            rest = after;
            if size.is_none() {
                size = Some(dimensions(&chunk).ok_or(LogoError::NoPng)?);
            }
            if KEPT.contains(&&chunk.kind) {
                png.extend_from_slice(chunk.whole);
            }
            if chunk.kind == *b"IEND" {
                break;
            }
        }
        let (width, height) = size.ok_or(LogoError::NoPng)?;
        if !(1..=MOST_PIXELS).contains(&width) || !(1..=MOST_PIXELS).contains(&height) {
            return Err(LogoError::Size);
        }
        Ok(Self { png, width, height })
    }

    /// The file.
    pub fn png(&self) -> &[u8] {
        &self.png
    }

    /// Its name, by what it holds: it never names another picture.
    pub fn file_name(&self) -> String {
        let print = Fingerprint::of(&self.png);
        let digits: Vec<_> = print.as_bytes().iter().take(8).map(|b| format!("{b:02x}")).collect();
        format!("logo-{}.png", digits.concat())
    }

    /// Width and height on the page, in CSS pixels: at most 240 by 48, and as many as it has.
    pub fn shown(&self) -> (u32, u32) {
        let by_height = (self.width * 48).div_ceil(self.height);
        match self {
            Self { width, height, .. } if *height <= 48 && *width <= 240 => (*width, *height),
            _ if by_height <= 240 => (by_height.max(1), 48),
            _ => (240, (self.height * 240 / self.width).max(1)),
        }
    }
}

struct Chunk<'a> {
    kind: [u8; 4],
    body: &'a [u8],
    whole: &'a [u8],
}

/// The first chunk of `bytes`, and what follows it (PNG §5.3).
fn chunk(bytes: &[u8]) -> Option<(Chunk<'_>, &[u8])> {
    let length = usize::try_from(u32::from_be_bytes(*bytes.first_chunk()?)).ok()?;
    let (whole, after) = bytes.split_at_checked(length.checked_add(12)?)?;
    let kind = *whole.get(4..)?.first_chunk()?;
    let body = whole.get(8..8 + length)?;
    Some((Chunk { kind, body, whole }, after))
}

/// Width and height, where `chunk` is the header that every PNG begins with (PNG §11.2.2).
fn dimensions(chunk: &Chunk<'_>) -> Option<(u32, u32)> {
    let width = u32::from_be_bytes(*chunk.body.first_chunk()?);
    let height = u32::from_be_bytes(*chunk.body.get(4..)?.first_chunk()?);
    (chunk.kind == *b"IHDR" && chunk.body.len() == 13).then_some((width, height))
}

impl From<Logo> for String {
    fn from(logo: Logo) -> Self {
        format!("{PREFIX}{}", STANDARD.encode(&logo.png))
    }
}

impl TryFrom<String> for Logo {
    type Error = LogoError;

    fn try_from(text: String) -> Result<Self, LogoError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(kind: &str, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&length, kind.as_bytes(), body, &[0; 4]].concat()
    }

    fn png(width: u32, height: u32, more: &[u8]) -> Vec<u8> {
        let header =
            [&width.to_be_bytes()[..], &height.to_be_bytes()[..], &[8, 6, 0, 0, 0]].concat();
        let parts = [part("IHDR", &header), more.to_vec(), part("IDAT", b"x"), part("IEND", b"")];
        [SIGNATURE.to_vec(), parts.concat()].concat()
    }

    fn parse(file: &[u8]) -> Result<Logo, LogoError> {
        Logo::parse(&format!("{PREFIX}{}", STANDARD.encode(file)))
    }

    #[test]
    fn a_png_is_a_logo_and_reads_back() {
        let logo = parse(&png(100, 40, b"")).unwrap();
        assert_eq!(Logo::parse(&String::from(logo.clone())), Ok(logo));
    }

    #[test]
    fn nothing_but_the_picture_is_kept() {
        let text = part("tEXt", b"Comment\0<script>alert(1)</script>");
        let with_tail = [png(1, 1, &text), b"<html>".to_vec()].concat();
        let logo = parse(&with_tail).unwrap();
        assert_eq!(logo.png(), png(1, 1, b""));
    }

    #[test]
    fn other_files_are_refused_with_the_reason() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>";
        assert_eq!(parse(svg), Err(LogoError::NoPng));
        assert_eq!(parse(&png(1, 1, b"")[..40]), Err(LogoError::NoPng));
        assert_eq!(parse(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR"), Err(LogoError::NoPng));
        assert_eq!(parse(&png(4096, 1, b"")), Err(LogoError::Size));
        assert_eq!(parse(&png(0, 1, b"")), Err(LogoError::Size));
        assert_eq!(parse(&png(1, 1, &part("zzZz", &vec![0; 33_000]))), Err(LogoError::TooLarge));
        assert_eq!(Logo::parse("https://evil.example/x.png"), Err(LogoError::Encoding));
    }

    #[test]
    fn a_logo_is_shown_in_its_proportions_and_never_too_large() {
        for (size, shown) in [
            ((100, 40), (100, 40)),
            ((200, 200), (48, 48)),
            ((960, 96), (240, 24)),
            ((2048, 1), (240, 1)),
            ((1, 2048), (1, 48)),
        ] {
            assert_eq!(parse(&png(size.0, size.1, b"")).unwrap().shown(), shown, "{size:?}");
        }
    }
}
