use crate::spec::{Complaint, SpecError, SpecErrorKind, Text};
use harmony_types::{ParseError, ParseErrorKind, Sha256Digest};
use serde::{Deserialize, Serialize};
use std::{fmt, path::PathBuf};
use url::Url;

/// Where the bytes of an image come from, and how they are known to be the right ones.
///
/// # Examples
/// ```
/// use harmony_capabilities::virtualization::{Checksum, ImageSource};
///
/// let iso = ImageSource::url("https://example.org/debian.iso", Checksum::sha256("ab".repeat(32))?)?;
/// let own = ImageSource::file("build/seed.img", Checksum::Unverified);
/// assert!(ImageSource::url("ftp://example.org/debian.iso", Checksum::Unverified).is_err());
/// # Ok::<(), harmony_capabilities::virtualization::SpecError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageSource {
    /// Where the bytes are.
    pub location: ImageLocation,
    /// How they are checked.
    pub checksum: Checksum,
}

/// Where the bytes of an image are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImageLocation {
    /// In a file of the machine that this program runs on.
    File(PathBuf),
    /// Behind an `http` or `https` URL.
    Url(Url),
}

/// How the bytes of an image are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checksum {
    /// They have this SHA-256 checksum.
    Sha256(Sha256Digest),
    /// They are taken as they come: only for what was just built, or is checked elsewhere.
    Unverified,
}

impl Checksum {
    /// Expects this SHA-256 checksum: a digest or its 64 hexadecimal digits.
    ///
    /// # Errors
    /// When the text is no SHA-256 checksum.
    pub fn sha256(digest: impl Into<Text<Sha256Digest>>) -> Result<Self, SpecError> {
        digest.into().of("image", "checksum").map(Self::Sha256)
    }
}

impl ImageSource {
    /// Takes the image from a file of the machine that this program runs on.
    pub fn file(path: impl Into<PathBuf>, checksum: Checksum) -> Self {
        Self { location: ImageLocation::File(path.into()), checksum }
    }

    /// Takes the image from an `http` or `https` URL.
    ///
    /// # Errors
    /// When it is no URL, or one of another scheme, or one that holds a password.
    pub fn url(url: &str, checksum: Checksum) -> Result<Self, SpecError> {
        let refuse = |(field, kind)| SpecError::new("image", field, kind);
        let location = Url::parse(url).map(ImageLocation::Url).map_err(|_| {
            let expected = "an http or https URL";
            let error = ParseError::new("URL", url, ParseErrorKind::Malformed { expected });
            refuse(("location".to_owned(), SpecErrorKind::Invalid(error)))
        })?;
        let image = Self { location, checksum };
        image.check().map_err(refuse)?;
        Ok(image)
    }

    /// Returns the last part of the path or URL, as a name to show.
    pub fn file_name(&self) -> Option<String> {
        match &self.location {
            ImageLocation::File(path) => {
                path.file_name().map(|name| name.to_string_lossy().into_owned())
            }
            ImageLocation::Url(url) => {
                url.path_segments()?.next_back().filter(|name| !name.is_empty()).map(str::to_owned)
            }
        }
    }

    pub(crate) fn check(&self) -> Result<(), Complaint> {
        let rule = |rule| Err(("location".to_owned(), SpecErrorKind::Rule(rule)));
        match &self.location {
            ImageLocation::File(path) if path.as_os_str().is_empty() => rule("the path is empty"),
            ImageLocation::File(path) if path.as_os_str().as_encoded_bytes().contains(&0) => {
                rule("a path has no NUL in it")
            }
            ImageLocation::Url(url) if !matches!(url.scheme(), "http" | "https") => {
                rule("only http and https URLs can be downloaded")
            }
            ImageLocation::Url(url) if url.password().is_some() => {
                rule("a URL with a password in it would show it in plans and logs")
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for ImageLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Url(url) => url.fmt(f),
        }
    }
}
