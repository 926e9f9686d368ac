//! Addresses of guests and leases of networks: the calls that `virt` lacks or reads unsafely.
//!
//! `virt` 0.4.3 has no `virNetworkGetDHCPLeases`, and its interface addresses read a hardware
//! address that the agent may leave out through a null pointer.
#![expect(unsafe_code, reason = "libvirt hands out C structures that virt does not wrap")]

use std::ffi::CStr;
use std::ptr;
use std::slice;

use virt::error::Error;
use virt::sys;

use super::Fault;
use super::link::Link;

/// Where addresses are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AddressSource {
    /// The leases of libvirt's own dnsmasq.
    Lease,
    /// The agent inside the guest.
    Agent,
    /// The host's neighbour table.
    Arp,
}

/// One interface and its addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NicAddresses {
    pub(crate) mac: Option<String>,
    pub(crate) addresses: Vec<String>,
}

/// One lease of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RawLease {
    pub(crate) mac: Option<String>,
    pub(crate) ip: String,
    pub(crate) hostname: Option<String>,
    /// Seconds since 1970; 0 when it never ends.
    pub(crate) expires: i64,
}

impl Link {
    pub(crate) fn addresses(
        &self,
        domain: &str,
        source: AddressSource,
    ) -> Result<Vec<NicAddresses>, Fault> {
        let domain = self.domain(domain)?;
        let source = match source {
            AddressSource::Lease => sys::VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE,
            AddressSource::Agent => sys::VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT,
            AddressSource::Arp => sys::VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP,
        };
        let mut list: *mut sys::virDomainInterfacePtr = ptr::null_mut();
        // SAFETY: `domain` is alive for the whole call, and `list` is a place for one pointer.
        let count =
            unsafe { sys::virDomainInterfaceAddresses(domain.as_ptr(), &raw mut list, source, 0) };
        let count = usize::try_from(count).map_err(|_| Fault::from(Error::last_error()))?;
        let mut nics = Vec::with_capacity(count);
        for index in 0..count {
            // SAFETY: libvirt filled `count` entries, each a valid structure owned by us; it is
            // read once and then freed with libvirt's own function.
            unsafe {
                let entry = *list.add(index);
                nics.push(nic(&*entry));
                sys::virDomainInterfaceFree(entry);
            }
        }
        // SAFETY: the array itself was allocated by libvirt with malloc; freeing null is allowed.
        unsafe { libc::free(list.cast()) };
        Ok(nics)
    }

    pub(crate) fn leases(&self, network: &str) -> Result<Vec<RawLease>, Fault> {
        let network = self.network(network)?;
        let mut list: *mut sys::virNetworkDHCPLeasePtr = ptr::null_mut();
        // SAFETY: `network` is alive for the whole call; a null MAC asks for all leases.
        let count = unsafe {
            sys::virNetworkGetDHCPLeases(network.as_ptr(), ptr::null(), &raw mut list, 0)
        };
        let count = usize::try_from(count).map_err(|_| Fault::from(Error::last_error()))?;
        let mut leases = Vec::with_capacity(count);
        for index in 0..count {
            // SAFETY: libvirt filled `count` entries, each a valid structure owned by us; it is
            // read once and then freed with libvirt's own function.
            unsafe {
                let entry = *list.add(index);
                leases.push(lease(&*entry));
                sys::virNetworkDHCPLeaseFree(entry);
            }
        }
        // SAFETY: the array itself was allocated by libvirt with malloc; freeing null is allowed.
        unsafe { libc::free(list.cast()) };
        Ok(leases)
    }
}

/// # Safety
///
/// `entry` and what it points to are valid, as libvirt made them.
unsafe fn nic(entry: &sys::virDomainInterface) -> NicAddresses {
    let count = entry.naddrs as usize;
    let addresses: &[sys::virDomainIPAddress] = if entry.addrs.is_null() {
        &[]
    } else {
        // SAFETY: a non-null `addrs` points to `naddrs` structures.
        unsafe { slice::from_raw_parts(entry.addrs, count) }
    };
    // SAFETY: the strings are null or end with a NUL byte.
    unsafe {
        NicAddresses {
            mac: text(entry.hwaddr),
            addresses: addresses.iter().filter_map(|address| text(address.addr)).collect(),
        }
    }
}

/// # Safety
///
/// `entry` and what it points to are valid, as libvirt made them.
unsafe fn lease(entry: &sys::virNetworkDHCPLease) -> RawLease {
    // SAFETY: the strings are null or end with a NUL byte.
    unsafe {
        RawLease {
            mac: text(entry.mac),
            ip: text(entry.ipaddr).unwrap_or_default(),
            hostname: text(entry.hostname),
            expires: entry.expirytime,
        }
    }
}

/// # Safety
///
/// `pointer` is null or points to a C string that lives for this call.
unsafe fn text(pointer: *const libc::c_char) -> Option<String> {
    // SAFETY: a non-null pointer is a C string, as the caller promises.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_driver_invents_addresses_for_its_domain() {
        let link = Link::open("test:///default").unwrap();
        let nics = link.addresses("test", AddressSource::Lease).unwrap();
        for nic in &nics {
            assert!(nic.mac.is_some());
        }
    }

    #[test]
    fn leases_are_unsupported_by_the_test_driver_and_say_so() {
        let link = Link::open("test:///default").unwrap();
        let fault = link.leases("default").unwrap_err();
        assert_eq!(fault.code, super::super::Code::Unsupported);
    }
}
