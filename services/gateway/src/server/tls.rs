//! The gateway's certificate: HTTP/2 first, then HTTP/1.1, TLS 1.2 and 1.3.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use hotline_runtime::config::Gateway;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// What accepts TLS connections; nothing where no certificate is named.
///
/// # Errors
/// A file that cannot be read, or a key that does not fit its certificate.
pub fn acceptor(settings: &Gateway) -> anyhow::Result<Option<TlsAcceptor>> {
    let (Some(cert), Some(key)) = (&settings.tls_cert, &settings.tls_key) else {
        return Ok(None);
    };
    let chain = chain(cert)?;
    let key =
        PrivateKeyDer::from_pem_file(key).with_context(|| format!("gateway.tls_key = {}", key.display()))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("gateway.tls_cert and gateway.tls_key")?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

fn chain(file: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let told = || format!("gateway.tls_cert = {}", file.display());
    let chain: Vec<_> = CertificateDer::pem_file_iter(file)
        .with_context(told)?
        .collect::<Result<_, _>>()
        .with_context(told)?;
    anyhow::ensure!(
        !chain.is_empty(),
        "gateway.tls_cert = {} holds no certificate",
        file.display()
    );
    Ok(chain)
}
