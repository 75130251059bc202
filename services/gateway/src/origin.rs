//! Whether a request comes from a page of this site, as far as the browser tells.

use http::header::{HOST, ORIGIN};
use http::request::Parts;
use http::uri::Authority;

/// Whether nothing says that the request comes from elsewhere: `Sec-Fetch-Site`, then `Origin` against the host that was
/// asked for or the public address.
pub fn is_ours(head: &Parts, public_url: &str) -> bool {
    let site = head.headers.get("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    let Some(origin) = head.headers.get(ORIGIN) else {
        return true;
    };
    let origin = origin.to_str().ok().and_then(host_of);
    let host = head.headers.get(HOST).and_then(|host| host.to_str().ok());
    let named = head.uri.authority().map(Authority::as_str).or(host);
    origin.is_some() && (origin == named || origin == host_of(public_url))
}

/// `host:port` of `scheme://host:port/…`.
fn host_of(url: &str) -> Option<&str> {
    url.split_once("://").and_then(|(_, rest)| rest.split('/').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(headers: &[(&'static str, &'static str)]) -> bool {
        let mut request = http::Request::builder()
            .uri("/rpc/x")
            .header("host", "12345.example:443");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).expect("a request").into_parts();
        is_ours(&head, "https://public.example/")
    }

    #[test]
    fn only_this_site_and_its_public_address_are_ours() {
        assert!(ours(&[]));
        assert!(ours(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://12345.example:443")
        ]));
        assert!(ours(&[("origin", "https://public.example")]));
        for foreign in [
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("origin", "https://12345.example:443.evil.example")],
        ] {
            assert!(!ours(foreign), "{foreign:?}");
        }
    }
}
