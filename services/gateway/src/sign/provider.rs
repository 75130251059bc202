//! The city's identity provider: OpenID Connect, authorisation code with PKCE, its keys found by discovery.

use std::time::Duration;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use futures::future::BoxFuture;
use hotline_runtime::Stopwatch;
use hotline_runtime::config::Oidc;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreJwsSigningAlgorithm as Algorithm,
    CoreProviderMetadata,
};
use openidconnect::{
    AccessTokenHash, AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest,
    HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, TokenResponse as _,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::Mutex;

/// Longest wait for the provider.
const CALL_MAX: Duration = Duration::from_secs(10);

/// Most of an answer that is read, bytes.
const ANSWER_MAX: usize = 1024 * 1024;

/// How long what discovery found is believed.
const BELIEVED: Duration = Duration::from_secs(600);

/// Signatures that are taken: no secret shared, no signature left out.
const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EdDsa,
];

/// What stands as it is inside a query.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.');

/// A text inside a query.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// The provider, as the settings name it.
pub struct Provider {
    settings: Oidc,
    secret: Option<ClientSecret>,
    http: Http,
    found: Mutex<Option<(Stopwatch, CoreProviderMetadata)>>,
}

/// A way to the provider.
pub struct Way {
    /// Where the browser goes.
    pub url: String,
    /// What comes back unread.
    pub state: String,
    /// What stands in the token.
    pub nonce: String,
    /// What proves that the same program asks for the token.
    pub verifier: String,
}

/// Whom the provider vouches for.
pub struct Vouched {
    /// Its own name of the person.
    pub subject: String,
    /// The claim that names the account.
    pub username: Option<String>,
}

impl Provider {
    /// The provider of the settings; nothing where none is named.
    ///
    /// # Errors
    /// The secret's file cannot be read, or the machine has no trusted roots.
    pub fn open(settings: &Oidc) -> anyhow::Result<Option<Self>> {
        if settings.issuer.is_empty() {
            return Ok(None);
        }
        let secret = match &settings.client_secret_file {
            None => None,
            Some(file) => {
                let text = std::fs::read_to_string(file)
                    .with_context(|| format!("gateway.oidc.client_secret_file = {}", file.display()))?;
                Some(ClientSecret::new(text.trim().to_owned()))
            }
        };
        let https = HttpsConnectorBuilder::new()
            .with_native_roots()
            .context("the machine's trusted certificates")?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Some(Self {
            settings: settings.clone(),
            secret,
            http: Http(Client::builder(TokioExecutor::new()).build(https)),
            found: Mutex::default(),
        }))
    }

    /// A way to the provider, and back to `redirect`.
    ///
    /// # Errors
    /// The provider cannot be discovered.
    pub fn way(&self, redirect: String) -> BoxFuture<'_, anyhow::Result<Way>> {
        Box::pin(self.ask(redirect))
    }

    async fn ask(&self, redirect: String) -> anyhow::Result<Way> {
        let client = CoreClient::from_provider_metadata(
            self.discovered(false).await?,
            ClientId::new(self.settings.client_id.clone()),
            self.secret.clone(),
        )
        .set_redirect_uri(RedirectUrl::new(redirect)?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let asked = client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        );
        let scopes = self.settings.scopes.iter().cloned().map(Scope::new);
        let (url, state, nonce) = asked.add_scopes(scopes).set_pkce_challenge(challenge).url();
        Ok(Way {
            url: url.into(),
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
        })
    }

    /// Whom the provider vouches for by `code`; its token is verified first: signature, issuer, audience, time, nonce.
    ///
    /// # Errors
    /// The provider does not answer, or its token does not hold.
    pub fn vouched(
        &self,
        redirect: String,
        code: String,
        verifier: String,
        nonce: String,
    ) -> BoxFuture<'_, anyhow::Result<Vouched>> {
        Box::pin(self.exchange(redirect, code, verifier, nonce))
    }

    async fn exchange(
        &self,
        redirect: String,
        code: String,
        verifier: String,
        nonce: String,
    ) -> anyhow::Result<Vouched> {
        let client = |metadata| {
            CoreClient::from_provider_metadata(
                metadata,
                ClientId::new(self.settings.client_id.clone()),
                self.secret.clone(),
            )
        };
        let own = client(self.discovered(false).await?).set_redirect_uri(RedirectUrl::new(redirect)?);
        let answer = own
            .exchange_code(AuthorizationCode::new(code))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&self.http)
            .await
            .context("exchange the code")?;
        let token = answer.id_token().context("the provider gave no id token")?;
        let nonce = Nonce::new(nonce);
        let check = |own: &CoreClient<_, _, _, _, _, _>| -> anyhow::Result<String> {
            let verifier = own.id_token_verifier().set_allowed_algs(ALGORITHMS);
            let claims = token.claims(&verifier, &nonce).context("the id token")?;
            if let Some(expected) = claims.access_token_hash() {
                let hash = AccessTokenHash::from_token(
                    answer.access_token(),
                    token.signing_alg()?,
                    token.signing_key(&verifier)?,
                )?;
                anyhow::ensure!(hash == *expected, "the access token is another's");
            }
            Ok(claims.subject().to_string())
        };
        let subject = match check(&client(self.discovered(false).await?)) {
            Ok(subject) => subject,
            // Its keys may have changed since they were found.
            Err(_) => check(&client(self.discovered(true).await?))?,
        };
        Ok(Vouched {
            subject,
            username: claim(token, &self.settings.username_claim)?,
        })
    }

    async fn discovered(&self, anew: bool) -> anyhow::Result<CoreProviderMetadata> {
        let mut found = self.found.lock().await;
        if let Some((since, metadata)) = &*found
            && !anew
            && since.elapsed() < BELIEVED
        {
            return Ok(metadata.clone());
        }
        let issuer = IssuerUrl::new(self.settings.issuer.clone())?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &self.http)
            .await
            .with_context(|| format!("discover {}", self.settings.issuer))?;
        *found = Some((Stopwatch::start(), metadata.clone()));
        Ok(metadata)
    }
}

/// The client that the platform has, as the crate asks for it; redirects are not followed.
struct Http(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = std::io::Error;
    type Future = BoxFuture<'c, Result<HttpResponse, std::io::Error>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let asked = self.0.request(request.map(|body| Full::new(Bytes::from(body))));
        let answered = async {
            let (head, body) = asked.await.map_err(std::io::Error::other)?.into_parts();
            let body = Limited::new(body, ANSWER_MAX)
                .collect()
                .await
                .map_err(std::io::Error::other)?;
            Ok(http::Response::from_parts(head, body.to_bytes().to_vec()))
        };
        Box::pin(async {
            let late = || {
                std::io::Error::new(
                    std::io::ErrorKind::TimedOut,
                    "the identity provider does not answer",
                )
            };
            tokio::time::timeout(CALL_MAX, answered)
                .await
                .unwrap_or_else(|_| Err(late()))
        })
    }
}

/// A claim of a token that was verified before.
fn claim(token: &CoreIdToken, name: &str) -> anyhow::Result<Option<String>> {
    let text = token.to_string();
    let Some(payload) = text.split('.').nth(1) else {
        bail!("the id token has no payload");
    };
    let claims: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload)?)?;
    Ok(claims
        .get(name)
        .and_then(serde_json::Value::as_str)
        .map(str::to_owned))
}
