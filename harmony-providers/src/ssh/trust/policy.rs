use super::Fingerprint;

/// Which key a host may present.
///
/// Whatever the policy, a key that `known_hosts` revokes is refused. That any key would do cannot be said.
///
/// # Examples
/// ```
/// use harmony_providers::ssh::HostKeyPolicy;
///
/// let fingerprint = "SHA256:Nh0Me49Zh9fDw/VYUfq43IJmI1T+XrjiYONPND8GzaM".parse()?;
/// let policy = HostKeyPolicy::Pinned(fingerprint);
/// assert_ne!(policy, HostKeyPolicy::default());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HostKeyPolicy {
    /// One that is known; a host that is not known yet is believed at the first login and written down in the
    /// user's `known_hosts`. A key that has changed is refused.
    AcceptNew,
    /// One that is known.
    #[default]
    KnownHosts,
    /// The one with this fingerprint.
    Pinned(Fingerprint),
}
