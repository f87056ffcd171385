//! Which addresses are those of the public network: what we ask on somebody's behalf must reach nothing that only we reach.
//! After the registries of special addresses (RFC 6890; IANA, IPv4 and IPv6 Special-Purpose Address Registries).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether anybody on the Internet reaches the same machine by it.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        // "This" network; private (RFC 1918); shared by providers (RFC 6598); this machine.
        (0 | 10 | 127, ..)
            | (100, 64..=127, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            // Link-local, where clouds answer with credentials (169.254.169.254).
            | (169, 254, _)
            // Protocols, documentation, the relays of 6to4, benchmarks.
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
            // Multicast, reserved, broadcast.
            | (224..=255, ..)
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Only 2000::/3 is given out. What is outside is no public address: this machine, link-local, ULA (fc00::/7), an IPv4
    // address in other clothes (::ffff:0:0/96, NAT64 64:ff9b::/96 and 64:ff9b:1::/48), multicast.
    let is_global = a & 0xe000 == 0x2000;
    // Within: protocols and Teredo (2001::/23), documentation, 6to4, which carries an IPv4 address.
    let is_special = a == 0x2001 && (b < 0x0200 || b == 0x0db8) || a == 0x2002 || a == 0x3fff && b < 0x1000;
    is_global && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_everybody_reaches_is_public() {
        for address in
            ["1.1.1.1", "8.8.8.8", "52.95.110.1", "100.63.0.1", "172.32.0.1", "192.167.1.1", "2606:4700::1111"]
        {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.170",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::a00:1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }
}
