use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
    ops::Range,
    str::FromStr,
};

use super::{AddressError, AddressProblem as Problem, HostAddress};
use crate::{ParseErrorKind, Port, text::text_type};

/// Where SSH finds a host, and as whom it logs in: `root@h1.example:22`.
///
/// The user and the port may be left out, and then come from the configuration of SSH, or are the
/// local user and 22. An IPv6 address stands in brackets. `ssh://` may stand before it all. Two
/// addresses are equal when they say the same, so `h1` and `h1:22` are not.
///
/// # Examples
/// ```
/// use harmony_types::{Port, SshAddress};
///
/// let address: SshAddress = "ssh://root@[2001:db8::1]:2222".parse()?;
/// assert_eq!(address.user(), Some("root"));
/// assert_eq!(address.host().to_string(), "2001:db8::1");
/// assert_eq!(address.port().number(), 2222);
/// assert_eq!(address.to_string(), "root@[2001:db8::1]:2222");
///
/// let short: SshAddress = "h1.example".parse()?;
/// assert_eq!((short.user(), short.port(), short.explicit_port()), (None, Port::SSH, None));
/// # Ok::<(), harmony_types::AddressError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SshAddress {
    user: Option<String>,
    host: HostAddress,
    port: Option<Port>,
}

impl SshAddress {
    /// The longest user name, in characters.
    pub const LONGEST_USER: usize = 64;

    /// Returns the user, where the address names one.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Returns the host.
    pub fn host(&self) -> &HostAddress {
        &self.host
    }

    /// Returns the port: 22 unless the address says another.
    pub fn port(&self) -> Port {
        self.port.unwrap_or(Port::SSH)
    }

    /// Returns the port, where the address says one.
    pub fn explicit_port(&self) -> Option<Port> {
        self.port
    }

    /// The same with another user.
    ///
    /// # Errors
    /// When it is no user name; the span is that of the name.
    pub fn with_user(self, user: &str) -> Result<Self, AddressError> {
        check_user(user).map_err(|(span, problem)| AddressError::new(user, span, problem))?;
        Ok(Self { user: Some(user.to_owned()), ..self })
    }

    /// The same with another host, such as the one behind an alias.
    #[must_use]
    pub fn with_host(self, host: HostAddress) -> Self {
        Self { host, ..self }
    }

    /// The same with this port.
    #[must_use]
    pub fn with_port(self, port: Port) -> Self {
        Self { port: Some(port), ..self }
    }
}

impl FromStr for SshAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let refuse = |(span, problem)| AddressError::new(text, span, problem);
        let start = after_scheme(text).map_err(refuse)?;
        let (user, host_at) = match text[start..].rfind('@').map(|at| start + at) {
            Some(at) => (Some(&text[start..at]), at + 1),
            None => (None, start),
        };
        if let Some(user) = user {
            check_user(user).map_err(|problem| refuse(moved(problem, start)))?;
        }
        let (host, port) =
            host_and_port(&text[host_at..]).map_err(|problem| refuse(moved(problem, host_at)))?;
        Ok(Self { user: user.map(str::to_owned), host, port })
    }
}

impl fmt::Display for SshAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        match &self.host {
            HostAddress::V6(address) => write!(f, "[{address}]")?,
            host => write!(f, "{host}")?,
        }
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for SshAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

text_type!(SshAddress);

/// What is wrong, and in which bytes.
type Wrong = (Range<usize>, Problem);

fn moved((span, problem): Wrong, by: usize) -> Wrong {
    (span.start + by..span.end + by, problem)
}

/// Where the address begins behind its scheme.
fn after_scheme(text: &str) -> Result<usize, Wrong> {
    match text.find("://") {
        Some(end) if text[..end].eq_ignore_ascii_case("ssh") => Ok(end + 3),
        Some(end) if !text[..end].contains(['@', ':', '/', '[']) => Err((0..end, Problem::Scheme)),
        _ => Ok(0),
    }
}

fn check_user(user: &str) -> Result<(), Wrong> {
    if user.is_empty() {
        return Err((0..0, Problem::NoUser));
    }
    if let Some(colon) = user.find(':') {
        return Err((colon + 1..user.len(), Problem::Password));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-+".contains(c);
    if let Some((at, found)) = user.char_indices().find(|&(_, c)| !allowed(c)) {
        let kind = ParseErrorKind::ForbiddenCharacter {
            found,
            at: user[..at].chars().count() + 1,
            allowed: "letters, digits and . _ - +",
        };
        return Err((at..at + found.len_utf8(), Problem::User(kind)));
    }
    if user.starts_with('-') {
        // ssh(1) and sudo(8) would read it as an option.
        let rule = "a name does not begin with a hyphen";
        let kind = ParseErrorKind::BadPlace { found: '-', at: 1, rule };
        return Err((0..1, Problem::User(kind)));
    }
    if user.len() > SshAddress::LONGEST_USER {
        let (found, most) = (user.len(), SshAddress::LONGEST_USER);
        let kind = ParseErrorKind::TooLong { found, most, unit: "characters" };
        return Err((0..user.len(), Problem::User(kind)));
    }
    Ok(())
}

fn host_and_port(text: &str) -> Result<(HostAddress, Option<Port>), Wrong> {
    if let Some(slash) = text.find('/') {
        return Err((slash..text.len(), Problem::Path));
    }
    if text.starts_with('[') {
        return bracketed(text);
    }
    if text.matches(':').nth(1).is_some() {
        return Err((0..text.len(), Problem::Ipv6WithoutBrackets));
    }
    let (host, port) = match text.find(':') {
        Some(colon) => (&text[..colon], Some(colon + 1)),
        None => (text, None),
    };
    let host = named(host)?;
    let port = port.map(|at| port_of(text, at)).transpose()?;
    Ok((host, port))
}

/// `[2001:db8::1]` and perhaps a port.
fn bracketed(text: &str) -> Result<(HostAddress, Option<Port>), Wrong> {
    let Some(close) = text.find(']') else { return Err((0..1, Problem::BracketNotClosed)) };
    let inner = &text[1..close];
    if let Some(zone) = inner.find('%') {
        return Err((1 + zone..close, Problem::Zone));
    }
    let address: Ipv6Addr = inner.parse().map_err(|_| (1..close, Problem::NotIpv6))?;
    let port = match &text[close + 1..] {
        "" => None,
        rest if rest.starts_with(':') => Some(port_of(text, close + 2)?),
        _ => return Err((close + 1..text.len(), Problem::BesideBracket)),
    };
    Ok((HostAddress::V6(address), port))
}

fn named(host: &str) -> Result<HostAddress, Wrong> {
    if host.is_empty() {
        return Err((0..0, Problem::NoHost));
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return Ok(HostAddress::V4(address));
    }
    host.parse().map(HostAddress::Name).map_err(|error| {
        let kind = error.kind().clone();
        (bad_character(host, &kind), Problem::Host(kind))
    })
}

/// The bytes of the character that a refusal names, or all.
fn bad_character(text: &str, kind: &ParseErrorKind) -> Range<usize> {
    use ParseErrorKind::{BadPlace, ForbiddenCharacter};
    let (BadPlace { at, .. } | ForbiddenCharacter { at, .. }) = kind else { return 0..text.len() };
    match text.char_indices().nth(at.saturating_sub(1)) {
        Some((start, found)) => start..start + found.len_utf8(),
        None => 0..text.len(),
    }
}

fn port_of(text: &str, at: usize) -> Result<Port, Wrong> {
    let digits = &text[at..];
    let wrong = |problem| (at..text.len(), problem);
    if digits.is_empty() {
        return Err(wrong(Problem::NoPort));
    }
    digits.parse().map_err(|error: crate::ParseError| match error.kind() {
        ParseErrorKind::OutOfRange { .. } => wrong(Problem::PortOutOfRange),
        _ => wrong(Problem::PortNotANumber),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bad part of a text, and why.
    fn refused(text: &str) -> (&str, Problem) {
        let error = text.parse::<SshAddress>().unwrap_err();
        (&text[error.span()], error.problem().clone())
    }

    #[test]
    fn each_refusal_points_at_its_part() {
        assert_eq!(refused("root:hunter2@h1"), ("hunter2", Problem::Password));
        assert_eq!(refused("root@h1/srv"), ("/srv", Problem::Path));
        assert_eq!(refused("ssh://h1/"), ("/", Problem::Path));
        assert_eq!(refused("http://h1"), ("http", Problem::Scheme));
        assert_eq!(
            refused("root@2001:db8::1:22"),
            ("2001:db8::1:22", Problem::Ipv6WithoutBrackets)
        );
        assert_eq!(refused("h1:0"), ("0", Problem::PortOutOfRange));
        assert_eq!(refused("h1:70000"), ("70000", Problem::PortOutOfRange));
        assert_eq!(refused("h1:ssh"), ("ssh", Problem::PortNotANumber));
        assert_eq!(refused("[::1]:+22"), ("+22", Problem::PortNotANumber));
        assert_eq!(refused("h1:"), ("", Problem::NoPort));
        assert_eq!(refused("@h1"), ("", Problem::NoUser));
        assert_eq!(refused("root@"), ("", Problem::NoHost));
        assert_eq!(refused(""), ("", Problem::NoHost));
        assert_eq!(refused("[::1"), ("[", Problem::BracketNotClosed));
        assert_eq!(refused("[::1]x"), ("x", Problem::BesideBracket));
        assert_eq!(refused("[h1]"), ("h1", Problem::NotIpv6));
        assert_eq!(refused("[fe80::1%eth0]"), ("%eth0", Problem::Zone));
        assert!(matches!(refused("ro ot@h1"), (" ", Problem::User(_))));
        assert!(matches!(refused("-oProxyCommand=x@h1"), ("=", Problem::User(_))));
        assert!(matches!(refused("-l@h1"), ("-", Problem::User(_))));
        assert!(matches!(refused("root@h_1"), ("_", Problem::Host(_))));
        assert!(matches!(refused("root@bücher"), ("ü", Problem::Host(_))));
        assert!(matches!(refused("10.0.0.256"), ("10.0.0.256", Problem::Host(_))));
    }

    #[test]
    fn a_password_is_not_repeated() {
        let error = "root:hunter2@h1:22".parse::<SshAddress>().unwrap_err();
        let said = format!("{error} {} {error:?}", error.pointed());
        assert!(!said.contains("hunter2"), "{said}");
        assert!(said.contains("root:…@h1:22"), "{said}");
    }

    #[test]
    fn parts_can_be_replaced_by_checked_ones() {
        let alias: SshAddress = "web".parse().unwrap();
        let real = alias.with_host("10.0.0.7".parse().unwrap()).with_user("deploy").unwrap();
        assert_eq!(real.clone().with_port(Port::HTTPS).to_string(), "deploy@10.0.0.7:443");
        assert!(real.with_user("a b").unwrap_err().to_string().contains("at ` `"));
    }
}
