//! What the fuzzers of `fuzz/` call, and the property tests with them: readers of what hosts and files say, which must
//! stand whatever it is.

/// Reads facts out of the output of a probe, and out of the files that it brings along.
#[cfg(feature = "linux")]
pub fn facts(output: &[u8]) {
    crate::linux::fuzzing::facts(output);
}

/// Reads an os-release file.
#[cfg(feature = "linux")]
pub fn os_release(text: &str) {
    crate::linux::fuzzing::os_release(text);
}

/// Reads a known_hosts file, line by line, and asks each line what it is about.
#[cfg(feature = "ssh")]
pub fn known_hosts(text: &str) {
    crate::ssh::fuzzing::known_hosts(text);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[cfg(feature = "linux")]
        #[test]
        fn facts_stand_whatever_a_host_says(output: Vec<u8>, text in "(\\PC|[\u{0}\u{1}\n /:.,=0-9a-f])*") {
            super::facts(&output);
            super::facts(text.as_bytes());
        }

        #[cfg(feature = "linux")]
        #[test]
        fn os_release_stands_whatever_is_in_the_file(text in "(\\PC|[\n\"'\\\\=$`A-Z_])*") {
            super::os_release(&text);
        }

        #[cfg(feature = "ssh")]
        #[test]
        fn known_hosts_stand_whatever_is_in_the_file(
            text in "(\\PC|[\n\t @|,*?!\\[\\]:=/+#]|ssh-ed25519|AAAAC3NzaC1lZDI1NTE5AAAAI|cert-authority|revoked)*"
        ) {
            super::known_hosts(&text);
        }
    }
}
