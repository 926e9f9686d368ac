//! age, with everything in memory.

use std::io::{Read, Write};

use age::{
    DecryptError, Decryptor, Encryptor, Identity, Recipient,
    armor::{ArmoredReader, ArmoredWriter, Format},
    secrecy::SecretString,
};
use zeroize::Zeroizing;

/// Encrypts to `recipient`, in ASCII armor.
pub(super) fn seal(recipient: &dyn Recipient, plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let encryptor =
        Encryptor::with_recipients(std::iter::once(recipient)).map_err(std::io::Error::other)?;
    let armor = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
    let mut writer = encryptor.wrap_output(armor)?;
    writer.write_all(plain)?;
    writer.finish()?.finish()
}

/// Decrypts, with or without armor.
pub(super) fn open<'a>(
    identities: impl Iterator<Item = &'a dyn Identity>,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let decryptor = Decryptor::new_buffered(ArmoredReader::new(sealed))?;
    let mut reader = decryptor.decrypt(identities)?;
    // Large enough from the start: a buffer that grows leaves copies of the secret behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len() + 1));
    reader.read_to_end(&mut plain)?;
    Ok(plain)
}

pub(super) fn seal_with(passphrase: &SecretString, plain: &[u8]) -> std::io::Result<Vec<u8>> {
    #[cfg_attr(not(test), expect(unused_mut, reason = "only a test is in a hurry"))]
    let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
    #[cfg(test)]
    recipient.set_work_factor(2);
    seal(&recipient, plain)
}

pub(super) fn open_with(
    passphrase: &SecretString,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let identity = age::scrypt::Identity::new(passphrase.clone());
    open(std::iter::once(&identity as &dyn Identity), sealed)
}
