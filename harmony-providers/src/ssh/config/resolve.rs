//! What an address means under a configuration.

use std::{
    env, fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use harmony_types::{HostAddress, Port, SshAddress};
use ssh2_config::{DefaultAlgorithms, HostParams};

use super::{
    Source, SshConfig,
    error::{ConfigError, ConfigErrorKind},
    paths::Tokens,
    reading,
    target::{AgentSocket, Target},
};
use crate::ssh::trust::{KnownHostsFiles, KnownName};

impl SshConfig {
    /// What `address` means; what the address says itself goes before what the configuration says.
    ///
    /// # Errors
    /// When a file cannot be read, or asks for what is not supported.
    pub(in crate::ssh) fn resolve(&self, address: &SshAddress) -> Result<Target, ConfigError> {
        let home = env::home_dir().unwrap_or_default();
        self.resolve_at(address, &home)
    }

    pub(super) fn resolve_at(
        &self,
        address: &SshAddress,
        home: &Path,
    ) -> Result<Target, ConfigError> {
        let params = Params::of(&self.files(home), &address.host().to_string(), home)?;
        target(address, &params, home)
    }

    fn files(&self, home: &Path) -> Vec<(PathBuf, bool)> {
        match &self.0 {
            Source::None => Vec::new(),
            Source::File(file) => vec![(file.clone(), true)],
            Source::Usual => {
                vec![(home.join(".ssh/config"), false), ("/etc/ssh/ssh_config".into(), false)]
            }
        }
    }
}

/// What the configuration says of one host.
struct Params(HostParams);

impl Params {
    /// The files in their order: the first one that says something decides.
    fn of(files: &[(PathBuf, bool)], host: &str, home: &Path) -> Result<Self, ConfigError> {
        let mut params = HostParams::new(&DefaultAlgorithms::empty());
        for (file, required) in files {
            match reading::read(file, home)? {
                Some(config) => params.overwrite_if_none(&config.query(host)),
                None if *required => {
                    let absent = std::io::Error::from(std::io::ErrorKind::NotFound);
                    let error = ConfigError::new(ConfigErrorKind::Unreadable).in_file(file);
                    return Err(error.because(absent));
                }
                None => {}
            }
        }
        Ok(Self(params))
    }

    /// The words of an option that the library keeps as it found it.
    fn words(&self, option: &str) -> Option<&[String]> {
        let mut options = self.0.unsupported_fields.iter();
        let (_, words) = options.find(|(name, _)| name.eq_ignore_ascii_case(option))?;
        Some(words)
    }

    fn word(&self, option: &str) -> Option<&str> {
        self.words(option)?.first().map(String::as_str)
    }
}

fn target(address: &SshAddress, params: &Params, home: &Path) -> Result<Target, ConfigError> {
    let asked = address.host().to_string();
    let local_user = local_user();
    let user = address.user().or(params.0.user.as_deref()).or(local_user.as_deref());
    let user = user.ok_or_else(|| ConfigError::new(ConfigErrorKind::NoUser))?.to_owned();
    let port = port(address, params)?;
    let mut tokens = Tokens {
        home,
        host: &asked,
        asked: &asked,
        port: port.number(),
        user: &user,
        local_user: local_user.as_deref().unwrap_or_default(),
    };
    let host = host(address, params, &tokens)?;
    let host_text = host.to_string();
    tokens.host = &host_text;
    if params.word("proxycommand").is_some_and(|command| command != "none") {
        return Err(ConfigError::new(ConfigErrorKind::ProxyCommand(asked)));
    }
    let alias = params.word("hostkeyalias").map(KnownName::alias);
    Ok(Target {
        known_name: alias.unwrap_or_else(|| KnownName::of(&host_text, port)),
        known_hosts: known_hosts(params, &tokens)?,
        jumps: jumps(params)?,
        identity_files: identity_files(params, &tokens)?,
        identities_only: params.word("identitiesonly").is_some_and(|word| word == "yes"),
        agent: agent(params, &tokens)?,
        alias: address.host().clone(),
        host,
        port,
        user,
    })
}

fn port(address: &SshAddress, params: &Params) -> Result<Port, ConfigError> {
    match (address.explicit_port(), params.0.port) {
        (Some(port), _) => Ok(port),
        (None, Some(number)) => Port::try_from(number)
            .map_err(|error| ConfigError::value("Port", &number.to_string()).because(error)),
        (None, None) => Ok(Port::SSH),
    }
}

fn host(
    address: &SshAddress,
    params: &Params,
    tokens: &Tokens<'_>,
) -> Result<HostAddress, ConfigError> {
    let Some(name) = &params.0.host_name else { return Ok(address.host().clone()) };
    let name = tokens.expand(name)?;
    name.parse().map_err(|error| ConfigError::value("HostName", &name).because(error))
}

fn jumps(params: &Params) -> Result<Vec<SshAddress>, ConfigError> {
    let jumps = params.0.proxy_jump.as_deref().unwrap_or_default();
    if jumps.iter().any(|jump| jump.eq_ignore_ascii_case("none")) {
        return Ok(Vec::new());
    }
    let jump = |text: &String| {
        text.parse().map_err(|error| ConfigError::value("ProxyJump", text).because(error))
    };
    jumps.iter().map(jump).collect()
}

fn identity_files(params: &Params, tokens: &Tokens<'_>) -> Result<Vec<PathBuf>, ConfigError> {
    let files = params.0.identity_file.iter().flatten();
    let named = files.filter(|file| file.as_os_str() != "none");
    named.map(|file| tokens.path(&file.to_string_lossy())).collect()
}

fn agent(params: &Params, tokens: &Tokens<'_>) -> Result<AgentSocket, ConfigError> {
    match params.word("identityagent") {
        None | Some("SSH_AUTH_SOCK") => Ok(AgentSocket::Environment),
        Some("none") => Ok(AgentSocket::None),
        Some(path) => match path.strip_prefix('$') {
            Some(variable) => {
                let variable = variable.trim_matches(['{', '}']);
                Ok(env::var_os(variable).map_or(AgentSocket::None, |at| AgentSocket::At(at.into())))
            }
            None => tokens.path(path).map(AgentSocket::At),
        },
    }
}

fn known_hosts(params: &Params, tokens: &Tokens<'_>) -> Result<KnownHostsFiles, ConfigError> {
    let named = |option: &str| match params.words(option) {
        None => Ok(None),
        Some(words) => {
            let words = words.iter().filter(|word| *word != "none");
            words.map(|word| tokens.path(word)).collect::<Result<Vec<_>, _>>().map(Some)
        }
    };
    let usual = KnownHostsFiles::of_user_at(tokens.home);
    Ok(KnownHostsFiles {
        user: named("userknownhostsfile")?.unwrap_or(usual.user),
        system: named("globalknownhostsfile")?.unwrap_or(usual.system),
    })
}

/// The name of whoever runs this: by the environment, or else by the list of users.
fn local_user() -> Option<String> {
    let named = |variable| env::var(variable).ok().filter(|name| !name.is_empty());
    named("USER").or_else(|| named("LOGNAME")).or_else(|| {
        let id = fs::metadata("/proc/self").ok()?.uid().to_string();
        let users = fs::read_to_string("/etc/passwd").ok()?;
        let mut users = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let user = users.find(|fields| fields.get(2) == Some(&id.as_str()))?;
        user.first().map(|name| (*name).to_owned())
    })
}
