use harmony_capabilities::host::Disk;
use harmony_types::ByteSize;

use crate::linux::reads::Said;

/// The kernel counts in sectors of this size, whatever the disk has.
const SECTOR: u64 = 512;

/// What the kernel calls block devices that are no disks.
const NO_DISKS: [&str; 8] = ["dm-", "fd", "loop", "md", "nbd", "ram", "sr", "zram"];

/// The disks, by the sizes that `/sys/block` tells.
pub(super) fn disks(said: &Said) -> Vec<Disk> {
    let mut disks: Vec<Disk> = said.files().filter_map(disk).collect();
    disks.sort_by(|a, b| a.name.cmp(&b.name));
    disks
}

fn disk((path, content): (&str, &[u8])) -> Option<Disk> {
    let name = path.strip_prefix("/sys/block/")?.strip_suffix("/size")?;
    if name.contains('/') || NO_DISKS.iter().any(|other| name.starts_with(other)) {
        return None;
    }
    let sectors: u64 = std::str::from_utf8(content).ok()?.trim().parse().ok()?;
    let size = ByteSize::checked_mul(sectors, SECTOR).filter(|size| size.as_bytes() > 0)?;
    let name = name.chars().filter(|c| !c.is_control()).collect();
    Some(Disk { name, size })
}

/// Reads `BLOCKS SIZE` of `stat -f`.
pub(super) fn free(told: &str) -> Option<ByteSize> {
    let (blocks, size) = told.trim().split_once(' ')?;
    ByteSize::checked_mul(blocks.parse().ok()?, size.parse().ok()?)
}

/// Reads a line of `/proc/meminfo`: `MemTotal:  16384 kB`.
pub(super) fn memory(meminfo: &str) -> Option<ByteSize> {
    let total = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib = total.trim().strip_suffix("kB")?.trim();
    ByteSize::checked_mul(kib.parse().ok()?, 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_the_units_of_the_kernel() {
        assert_eq!(memory("MemFree: 1 kB\nMemTotal:       2048 kB\n"), Some(ByteSize::mib(2)));
        assert_eq!(memory("MemTotal: lots"), None);
        assert_eq!(free("256 4096\n"), Some(ByteSize::mib(1)));
        assert_eq!(free(""), None);
        let vda = disk(("/sys/block/vda/size", b"2048\n")).unwrap();
        assert_eq!((vda.name.as_str(), vda.size), ("vda", ByteSize::mib(1)));
    }

    #[test]
    fn what_holds_no_data_is_no_disk() {
        assert_eq!(disk(("/sys/block/loop0/size", b"2048\n")), None);
        assert_eq!(disk(("/sys/block/sda/size", b"0\n")), None);
        assert_eq!(disk(("/sys/block/sda/size", b"99999999999999999999\n")), None);
        assert_eq!(disk(("/etc/passwd", b"1\n")), None);
    }
}
