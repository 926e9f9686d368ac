//! The smallest installer there is: an ISO image that boots, and says so.

use std::fs;

use anyhow::Result;
use e2e::run;
use harmony_types::Sha256Digest;
use sha2::{Digest, Sha256};

use super::Lab;

/// What it prints on the serial line.
pub(super) const GREETING: &str = "harmony installer booted";

/// Prints the text behind it on the first serial port, byte by byte, and halts. The firmware loads
/// it to 0x7c00; everything but the text's address is relative.
const PRINT: [u8; 22] = [
    0x31, 0xc0, // xor ax, ax
    0x8e, 0xd8, // mov ds, ax
    0xfc, // cld
    0xbe, 0x16, 0x7c, // mov si, 0x7c16
    0xba, 0xf8, 0x03, // mov dx, 0x3f8
    0xac, // lodsb
    0x84, 0xc0, // test al, al
    0x74, 0x03, // jz to hlt
    0xee, // out dx, al
    0xeb, 0xf8, // jmp to lodsb
    0xf4, // hlt
    0xeb, 0xfd, // jmp to hlt
];

/// Writes the image `installer.iso` among the test's files, and returns its checksum.
pub(super) fn write(lab: &Lab) -> Result<Sha256Digest> {
    let mut sector = PRINT.to_vec();
    sector.extend(GREETING.bytes().chain(*b"\r\n\0"));
    sector.resize(2048, 0);
    fs::create_dir(lab.path("cd"))?;
    fs::write(lab.path("cd/boot.bin"), sector)?;
    let flags = ["-as", "mkisofs", "-quiet", "-o", "installer.iso", "-b", "boot.bin"];
    let boot = ["-no-emul-boot", "-boot-load-size", "4", "cd"];
    run(lab.folder().as_ref(), "xorriso", &[&flags[..], &boot].concat())?;
    let image = fs::read(lab.path("installer.iso"))?;
    Ok(Sha256Digest::new(Sha256::digest(image).into()))
}
