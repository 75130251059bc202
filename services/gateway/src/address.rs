//! Where a request comes from: the connection's address, or what a trusted proxy says of it.

use std::net::IpAddr;

use http::HeaderMap;

/// The address of a connection's other end, an extension of every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remote(pub IpAddr);

/// What proxies write clients into, the nearest last.
const FORWARDED: &str = "x-forwarded-for";

impl Remote {
    /// The client's address: the last one named that is no trusted proxy.
    pub fn client(self, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
        let mut client = self.0.to_canonical();
        let named = headers.get_all(FORWARDED).iter().rev();
        let named = named.filter_map(|value| value.to_str().ok());
        for name in named.flat_map(|line| line.rsplit(',')) {
            if !trusted.contains(&client) {
                break;
            }
            let Ok(address) = name.trim().parse::<IpAddr>() else {
                break;
            };
            client = address.to_canonical();
        }
        client
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(remote: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED, line.parse().expect("a value"));
        }
        let trusted: Vec<IpAddr> = trusted.iter().map(|ip| ip.parse().expect("an address")).collect();
        let remote = Remote(remote.parse().expect("an address"));
        remote.client(&headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_who_names_another_address_is_not_believed() {
        assert_eq!(
            client("203.0.113.9", &["10.0.0.1"], &["192.0.2.1"]),
            "203.0.113.9"
        );
        assert_eq!(
            client("192.0.2.1", &["10.0.0.1, 203.0.113.9"], &["192.0.2.1"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn a_chain_of_trusted_proxies_is_followed_to_its_beginning() {
        let trusted = ["192.0.2.1", "192.0.2.2"];
        assert_eq!(
            client("192.0.2.1", &["203.0.113.9", "192.0.2.2"], &trusted),
            "203.0.113.9"
        );
        assert_eq!(client("192.0.2.1", &["nonsense"], &trusted), "192.0.2.1");
        assert_eq!(
            client("::ffff:192.0.2.1", &["203.0.113.9"], &trusted),
            "203.0.113.9"
        );
    }
}
