//! Reading files, one or a folder of them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use harmony_types::{MacAddress, ParseError, SshAddress};
use toml::Spanned;

use super::raw::{RawDefaults, RawFile, RawHost};
use crate::inventory::{
    Host, InventoryError, InventoryErrorKind as Kind, Place,
    candidate::{Candidate, Places},
};

/// The hosts of a file, or of all files of a folder.
pub(in crate::inventory) fn read(path: &Path) -> Result<Vec<Candidate>, InventoryError> {
    let unreadable = |error| refuse_file(path, Kind::Unreadable(error));
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        return read_file(path);
    }
    let files = toml_files(path).map_err(unreadable)?;
    if files.is_empty() {
        return Err(refuse_file(path, Kind::NoFile));
    }
    let mut hosts = Vec::new();
    for file in files {
        hosts.extend(read_file(&file)?);
    }
    Ok(hosts)
}

fn toml_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut files = entries.collect::<io::Result<Vec<_>>>()?;
    files.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    files.sort();
    Ok(files)
}

fn read_file(path: &Path) -> Result<Vec<Candidate>, InventoryError> {
    let text =
        fs::read_to_string(path).map_err(|error| refuse_file(path, Kind::Unreadable(error)))?;
    parse(&text, Some(path))
}

fn refuse_file(path: &Path, kind: Kind) -> InventoryError {
    InventoryError::new(Some(Place::whole(path.to_owned())), kind)
}

/// The hosts that a text describes.
pub(in crate::inventory) fn parse(
    text: &str,
    file: Option<&Path>,
) -> Result<Vec<Candidate>, InventoryError> {
    let source = Source { text, file };
    let raw: RawFile = toml::from_str(text).map_err(|error| source.malformed(&error))?;
    match raw.defaults {
        Some(defaults) if raw.host.is_empty() => {
            let place = source.place(defaults.span().start);
            Err(InventoryError::new(Some(place), Kind::DefaultsForNobody))
        }
        defaults => {
            let defaults = defaults.map(Spanned::into_inner).unwrap_or_default();
            raw.host.into_iter().map(|host| source.candidate(host, &defaults)).collect()
        }
    }
}

/// A text, and where it came from.
struct Source<'a> {
    text: &'a str,
    file: Option<&'a Path>,
}

impl Source<'_> {
    fn place(&self, offset: usize) -> Place {
        Place::of(self.file.map(Path::to_owned), self.text, offset)
    }

    fn place_of<T>(&self, part: &Spanned<T>) -> Place {
        self.place(part.span().start)
    }

    fn malformed(&self, error: &toml::de::Error) -> InventoryError {
        // A text that ends too early has no span: it is refused at its end.
        let offset = error.span().map_or(self.text.len(), |span| span.start);
        let message = error.message().trim_end().replace('\n', "; ");
        InventoryError::new(Some(self.place(offset)), Kind::Malformed(message))
    }

    fn mac(&self, text: &Spanned<String>) -> Result<MacAddress, InventoryError> {
        text.get_ref().parse().map_err(|error: ParseError| {
            InventoryError::new(Some(self.place_of(text)), Kind::Malformed(error.to_string()))
        })
    }

    /// The address, with what the host says beside it, and what it leaves to the defaults.
    fn address(&self, raw: &RawHost, defaults: &RawDefaults) -> Result<SshAddress, InventoryError> {
        let refuse = |at: Place, kind| Err(InventoryError::new(Some(at), kind));
        let mut address = raw.address.get_ref().clone();
        match &raw.user {
            Some(user) if address.user().is_some() => {
                return refuse(self.place_of(user), Kind::GivenTwice("user"));
            }
            _ if address.user().is_some() => {}
            user => {
                if let Some(user) = user.as_ref().or(defaults.user.as_ref()) {
                    address = match address.with_user(user.get_ref()) {
                        Ok(address) => address,
                        Err(error) => return refuse(self.place_of(user), Kind::BadUser(error)),
                    };
                }
            }
        }
        match (&raw.port, address.explicit_port()) {
            (Some(port), Some(_)) => refuse(self.place_of(port), Kind::GivenTwice("port")),
            (None, Some(_)) => Ok(address),
            (port, None) => {
                let port = port.as_ref().map(|port| *port.get_ref()).or(defaults.port);
                Ok(port.into_iter().fold(address, SshAddress::with_port))
            }
        }
    }

    fn candidate(&self, raw: RawHost, defaults: &RawDefaults) -> Result<Candidate, InventoryError> {
        let address = self.address(&raw, defaults)?;
        let macs = raw.macs.iter().map(|mac| self.mac(mac)).collect::<Result<_, _>>()?;
        let mut labels = defaults.labels.clone();
        labels.extend(raw.labels);
        let at = Places {
            name: Some(self.place_of(&raw.name)),
            address: Some(self.place_of(&raw.address)),
            macs: raw.macs.iter().map(|mac| self.place_of(mac)).collect(),
            labels: labels.iter().map(|(k, v)| (k.clone(), self.place_of(v))).collect(),
        };
        let name = raw.name.into_inner();
        let labels = labels.into_iter().map(|(key, value)| (key, value.into_inner())).collect();
        Ok(Candidate { host: Host { name, address, macs, labels }, at })
    }
}
