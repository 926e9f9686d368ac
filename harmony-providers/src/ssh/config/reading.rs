//! Reading a configuration file, with the library's reader and with lines in the errors.

use std::{borrow::Cow, fs, io, path::Path};

use ssh2_config::{DefaultAlgorithms, ParseRule, SshConfig, SshParserError};

use super::error::{ConfigError, ConfigErrorKind};

/// Reads `file`; `None` where there is no such file.
pub(super) fn read(file: &Path, home: &Path) -> Result<Option<SshConfig>, ConfigError> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let kind = ConfigErrorKind::Unreadable;
            return Err(ConfigError::new(kind).in_file(file).because(error));
        }
    };
    let lines: Vec<Cow<'_, str>> = without_match(&text, file);
    let config = parse(&lines, home).map_err(|error| {
        // The library names no line: it is the last one of the shortest beginning that is refused.
        let line = (1..=lines.len()).find(|end| parse(&lines[..*end], home).is_err());
        let error = ConfigError::new(ConfigErrorKind::Malformed).in_file(file).because(error);
        match line {
            Some(line) => error.at_line(line),
            None => error,
        }
    })?;
    let is_match = |name: &String| name.eq_ignore_ascii_case("match");
    if config.get_hosts().iter().any(|host| host.params.ignored_fields.keys().any(is_match)) {
        return Err(ConfigError::new(ConfigErrorKind::IncludedMatch).in_file(file));
    }
    Ok(Some(config))
}

fn parse(lines: &[Cow<'_, str>], home: &Path) -> Result<SshConfig, SshParserError> {
    // Which algorithms are offered is decided elsewhere, and not by this file.
    let empty = SshConfig::default().default_algorithms(DefaultAlgorithms::empty()).home_dir(home);
    let rules = ParseRule::ALLOW_UNKNOWN_FIELDS | ParseRule::ALLOW_UNSUPPORTED_FIELDS;
    empty.parse(&mut lines.join("\n").as_bytes(), rules)
}

/// The lines, of which those of `Match` sections are empty. The reader does not know `Match`, and would take what
/// follows for a part of the section before it.
fn without_match<'a>(text: &'a str, file: &Path) -> Vec<Cow<'a, str>> {
    let mut passing_over = false;
    let sections = text.lines().enumerate().map(|(number, line)| {
        let mut words = line.split([' ', '\t', '=']).filter(|word| !word.is_empty());
        let keyword = words.next().unwrap_or_default();
        if keyword.eq_ignore_ascii_case("host") {
            passing_over = false;
        } else if keyword.eq_ignore_ascii_case("match") {
            let all = words.next().is_some_and(|word| word.eq_ignore_ascii_case("all"));
            passing_over = !(all && words.next().is_none());
            if !passing_over {
                return Cow::Borrowed("Host *");
            }
            let (file, number) = (file.display(), number + 1);
            log::warn!(
                "line {number} of {file}: a `Match` section is not supported and passed over"
            );
        }
        if passing_over { Cow::Borrowed("") } else { Cow::Borrowed(line) }
    });
    sections.collect()
}
