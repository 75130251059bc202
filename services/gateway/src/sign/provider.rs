//! The city's identity provider: OpenID Connect, authorisation code with PKCE, its keys found by discovery.

mod http;

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::BoxFuture;
use hotline_runtime::config::Oidc;
use hotline_runtime::{Clock, Stopwatch};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreGenderClaim, CoreIdToken,
    CoreJwsSigningAlgorithm as Algorithm, CoreTokenResponse,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, LogoutRequest, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, RedirectUrl, RequestTokenError, Scope, SubjectIdentifier, TokenResponse as _,
    UserInfoClaims,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use self::http::Http;

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

/// Ourselves as the provider's client: where to send people is known, the rest as far as discovery found it.
type Ours = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The provider, as the settings name it.
pub struct Provider {
    settings: Oidc,
    secret: Option<ClientSecret>,
    clock: Clock,
    http: Http,
    found: Mutex<Option<(Stopwatch, ProviderMetadataWithLogout)>>,
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

/// What a browser came back with, and what its way had been given.
pub struct Brought {
    /// Where it came back to.
    pub redirect: String,
    /// The provider's code.
    pub code: String,
    /// As in [`Way`].
    pub verifier: String,
    /// As in [`Way`].
    pub nonce: String,
}

/// Whom the provider vouches for.
pub struct Vouched {
    /// Its own name of the person.
    pub subject: String,
    /// The claim that names the account.
    pub username: Option<String>,
}

/// Why nobody was vouched for.
pub enum Unvouched {
    /// The provider does not answer, or not as a provider does.
    Away(anyhow::Error),
    /// What came back does not hold: a code that was used or is another's, a token of another sign-in.
    Unproved(anyhow::Error),
}

/// Every claim, standard or not.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Claims(HashMap<String, serde_json::Value>);

impl AdditionalClaims for Claims {}

impl Provider {
    /// The provider of the settings; nothing where none is named.
    ///
    /// # Errors
    /// The secret's file cannot be read, or the machine has no trusted roots.
    pub fn open(settings: &Oidc, clock: Clock) -> anyhow::Result<Option<Self>> {
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
        Ok(Some(Self {
            settings: settings.clone(),
            secret,
            clock,
            http: Http::open()?,
            found: Mutex::default(),
        }))
    }

    /// Whether an answer that says who gave it (RFC 9207) says that it was this provider; one that says nothing may be.
    pub fn gave(&self, issuer: &str) -> bool {
        issuer.is_empty() || issuer == self.settings.issuer
    }

    /// A way to the provider, and back to `redirect`.
    ///
    /// # Errors
    /// The provider cannot be discovered.
    pub fn way(&self, redirect: String) -> BoxFuture<'_, anyhow::Result<Way>> {
        Box::pin(self.ask(redirect))
    }

    async fn ask(&self, redirect: String) -> anyhow::Result<Way> {
        let client = self.client(self.discovered(false).await?, redirect)?;
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

    /// Where a browser ends its session at the provider, and from there goes to `back`; nothing where the provider has
    /// no such place.
    ///
    /// # Errors
    /// The provider cannot be discovered.
    pub fn way_out(&self, back: String) -> BoxFuture<'_, anyhow::Result<Option<String>>> {
        Box::pin(async move {
            let metadata = self.discovered(false).await?;
            let Some(end) = metadata.additional_metadata().end_session_endpoint.clone() else {
                return Ok(None);
            };
            let asked = LogoutRequest::from(end)
                .set_client_id(ClientId::new(self.settings.client_id.clone()))
                .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(back)?);
            Ok(Some(asked.http_get_url().into()))
        })
    }

    /// Whom the provider vouches for by a code; its token is verified first: signature, issuer, audience, time, nonce.
    ///
    /// # Errors
    /// The provider does not answer, or what came back does not hold.
    pub fn vouched(&self, brought: Brought) -> BoxFuture<'_, Result<Vouched, Unvouched>> {
        Box::pin(self.exchange(brought))
    }

    async fn exchange(&self, brought: Brought) -> Result<Vouched, Unvouched> {
        let Brought {
            redirect,
            code,
            verifier,
            nonce,
        } = brought;
        let nonce = Nonce::new(nonce);
        let ours = self.client(self.discovered(false).await?, redirect.clone())?;
        let asked = ours
            .exchange_code(AuthorizationCode::new(code))
            .map_err(anyhow::Error::from)?;
        let asked = asked.set_pkce_verifier(PkceCodeVerifier::new(verifier));
        let answer = asked
            .request_async(&self.http)
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(told)
                    if *told.error() == CoreErrorResponseType::InvalidGrant =>
                {
                    Unvouched::Unproved(anyhow!("exchange the code: {told}"))
                }
                other => Unvouched::Away(anyhow::Error::from(other).context("exchange the code")),
            })?;
        let subject = match self.proved(&ours, &answer, &nonce) {
            // Its keys may have changed since they were found.
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                let ours = self.client(self.discovered(true).await?, redirect)?;
                self.proved(&ours, &answer, &nonce)
            }
            proved => proved,
        };
        let subject = subject
            .map_err(|error| Unvouched::Unproved(anyhow::Error::from(error).context("the id token")))?;
        Ok(Vouched {
            username: self.username(&ours, &answer, subject.clone()).await?,
            subject: subject.to_string(),
        })
    }

    /// The subject of the answer's token, which holds.
    fn proved(
        &self,
        ours: &Ours,
        answer: &CoreTokenResponse,
        nonce: &Nonce,
    ) -> Result<SubjectIdentifier, ClaimsVerificationError> {
        let other = |error: &dyn std::fmt::Display| ClaimsVerificationError::Other(error.to_string());
        let token = answer.id_token().ok_or_else(|| other(&"there is none"))?;
        let clock = self.clock.clone();
        let verifier = ours
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || clock.now());
        let claims = token.claims(&verifier, nonce)?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(|error| other(&error))?;
            let key = token.signing_key(&verifier).map_err(|error| other(&error))?;
            let hash = AccessTokenHash::from_token(answer.access_token(), algorithm, key);
            if hash.map_err(|error| other(&error))? != *expected {
                return Err(other(&"the access token is another's"));
            }
        }
        Ok(claims.subject().clone())
    }

    /// The claim that names the account: from the token, or from the provider's page of the person, where most keep it.
    async fn username(
        &self,
        ours: &Ours,
        answer: &CoreTokenResponse,
        subject: SubjectIdentifier,
    ) -> anyhow::Result<Option<String>> {
        let name = &self.settings.username_claim;
        if let Some(token) = answer.id_token()
            && let Some(found) = claim(token, name)?
        {
            return Ok(Some(found));
        }
        if ours.user_info_url().is_none() {
            return Ok(None);
        }
        let asked = ours.user_info(answer.access_token().clone(), Some(subject))?;
        let told: UserInfoClaims<Claims, CoreGenderClaim> =
            asked.request_async(&self.http).await.context("the user info")?;
        let told = serde_json::to_value(&told)?;
        Ok(text_of(&told, name))
    }

    fn client(&self, metadata: ProviderMetadataWithLogout, redirect: String) -> anyhow::Result<Ours> {
        let id = ClientId::new(self.settings.client_id.clone());
        let client = CoreClient::from_provider_metadata(metadata, id, self.secret.clone());
        Ok(client.set_redirect_uri(RedirectUrl::new(redirect)?))
    }

    async fn discovered(&self, anew: bool) -> anyhow::Result<ProviderMetadataWithLogout> {
        let mut found = self.found.lock().await;
        if let Some((since, metadata)) = &*found
            && !anew
            && since.elapsed() < BELIEVED
        {
            return Ok(metadata.clone());
        }
        let issuer = IssuerUrl::new(self.settings.issuer.clone())?;
        let metadata = ProviderMetadataWithLogout::discover_async(issuer, &self.http)
            .await
            .with_context(|| format!("discover {}", self.settings.issuer))?;
        *found = Some((Stopwatch::start(), metadata.clone()));
        Ok(metadata)
    }
}

impl From<anyhow::Error> for Unvouched {
    fn from(error: anyhow::Error) -> Self {
        Self::Away(error)
    }
}

/// A claim of a token that was verified before.
fn claim(token: &CoreIdToken, name: &str) -> anyhow::Result<Option<String>> {
    let text = token.to_string();
    let Some(payload) = text.split('.').nth(1) else {
        bail!("the id token has no payload");
    };
    let claims: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload)?)?;
    Ok(text_of(&claims, name))
}

fn text_of(claims: &serde_json::Value, name: &str) -> Option<String> {
    claims
        .get(name)
        .and_then(serde_json::Value::as_str)
        .map(str::to_owned)
}
