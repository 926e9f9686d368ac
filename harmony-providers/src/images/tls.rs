/// Installs ring as the process's TLS provider, unless the process already has one.
///
/// reqwest panics when a client is built before a provider is installed, so every provider that
/// builds one calls this first. Calling it again does nothing.
pub fn ensure_tls_provider() {
    // An error means that a provider is installed already: whoever chose it keeps it.
    drop(rustls::crypto::ring::default_provider().install_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_can_be_built_after_calling_it_twice() {
        ensure_tls_provider();
        ensure_tls_provider();
        reqwest::Client::builder().build().unwrap();
    }
}
