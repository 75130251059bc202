//! Messages by a provider: a real HTTP server stands in for it and verifies every signature.

use std::sync::Mutex;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request as Post, StatusCode};
use axum::routing::post;
use bytes::Bytes;
use hotline_callback::provider::sign::{NONCE, SIGNATURE, Signed, TIMESTAMP};
use hotline_callback::provider::{Gate, Numbers, Outbound, routes};
use hotline_callback::{handlers, sender};
use tower::ServiceExt;

use crate::house::{House, facts, settled};
use crate::*;

const SECRET: &[u8] = b"a secret of both sides";
const PATH: &str = "/v1/messages";
const SOON: Duration = Duration::from_secs(30);

/// What the provider saw.
#[derive(Default)]
struct Seen {
    messages: Mutex<Vec<Outbound>>,
    posts: Mutex<u32>,
    clock: Mutex<Option<Clock>>,
}

/// The provider: busy at first, then takes each message once.
async fn takes(State(seen): State<Arc<Seen>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let clock = seen.clock.lock().expect("free").clone().expect("set");
    let (nonce, timestamp) = (
        header(NONCE).expect("a nonce"),
        header(TIMESTAMP).expect("a time"),
    );
    let signed = Signed {
        method: "POST",
        path: PATH,
        timestamp: timestamp.parse().expect("seconds"),
        nonce,
        body: &body,
    };
    assert!(signed.is_good(SECRET, header(SIGNATURE).expect("a signature"), clock.now()));
    let message: Outbound = serde_json::from_slice(&body).expect("a message");
    assert_eq!(header("idempotency-key"), Some(message.message_id.as_str()));
    *seen.posts.lock().expect("free") += 1;
    if *seen.posts.lock().expect("free") == 1 {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let mut messages = seen.messages.lock().expect("free");
    if messages
        .iter()
        .any(|known| known.message_id == message.message_id)
    {
        return StatusCode::CONFLICT;
    }
    messages.push(message);
    StatusCode::ACCEPTED
}

/// Everybody has the same telephone.
struct OneNumber;

#[tonic::async_trait]
impl Numbers for OneNumber {
    async fn of(&self, _: Uuid) -> anyhow::Result<Option<String>> {
        Ok(Some("+8615405160001".into()))
    }
}

struct World {
    house: House,
    seen: Arc<Seen>,
    settings: ProviderSettings,
    _secret: tempfile::NamedTempFile,
}

impl World {
    async fn open() -> Self {
        let seen = Arc::new(Seen::default());
        let router = Router::new()
            .route(PATH, post(takes))
            .with_state(Arc::clone(&seen));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let url = format!("http://{}{PATH}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let secret = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(secret.path(), SECRET).expect("written");
        let settings = ProviderSettings {
            url,
            secret_file: secret.path().display().to_string(),
            ..ProviderSettings::default()
        };
        let house = House::with(Some(&settings)).await;
        *seen.clock.lock().expect("free") = Some(house.clock.clone());
        Self {
            house,
            seen,
            settings,
            _secret: secret,
        }
    }

    /// Starts the sender and the leases that it needs.
    fn start(&self) {
        let callbacks = Arc::clone(&self.house.callbacks);
        let jobs = callbacks.bus.jobs(handlers(Arc::clone(&callbacks)));
        let leases = jobs.into_iter().find(|job| job.name.ends_with(".leases"));
        tokio::spawn(leases.expect("leases are kept").run);
        let settings = self.settings.clone();
        let provider: Arc<dyn Provider> =
            Arc::new(HttpProvider::open(&settings, self.house.clock.clone()).expect("sound"));
        tokio::spawn(sender::run(callbacks, provider, Arc::new(OneNumber), settings));
    }

    /// A settled order of the province, which asks by message first.
    async fn settled(&self) -> Callback {
        let mut facts = facts(self.house.callbacks.bus.new_id());
        facts.policy_id = "jiangsu-2020".into();
        self.house.hear(settled(&facts)).await.expect("heard");
        let asked = ListCallbacksRequest {
            order_id: facts.order_id,
            ..Default::default()
        };
        self.house.list(asked).await.remove(0)
    }

    async fn until(&self, id: &str, what: &str, holds: impl Fn(&Callback) -> bool) -> Callback {
        let waited = tokio::time::timeout(SOON, async {
            loop {
                let callback = self.house.get(id).await;
                if holds(&callback) {
                    return callback;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        waited.await.unwrap_or_else(|_| panic!("never {what}"))
    }

    /// Posts what the provider would post.
    async fn posted(
        &self,
        router: &Router,
        path: &str,
        nonce: &str,
        secret: &[u8],
        body: &str,
    ) -> StatusCode {
        let timestamp = self.house.clock.now().timestamp();
        let signed = Signed {
            method: "POST",
            path,
            timestamp,
            nonce,
            body: body.as_bytes(),
        };
        let request = Post::post(path)
            .header(TIMESTAMP, timestamp)
            .header(NONCE, nonce)
            .header(SIGNATURE, signed.sign(secret))
            .body(Body::from(body.to_owned()))
            .expect("a request");
        router.clone().oneshot(request).await.expect("an answer").status()
    }
}

#[tokio::test]
async fn a_message_is_signed_tried_again_sent_once_received_and_answered() {
    let world = World::open().await;
    let callback = world.settled().await;
    assert_eq!(
        (callback.way.as_str(), callback.delivery.as_str()),
        ("sms", "queued")
    );
    world.start();
    let waited = tokio::time::timeout(SOON, async {
        while *world.seen.posts.lock().expect("free") == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    waited.await.expect("it is posted");
    tokio::time::sleep(Duration::from_millis(300)).await;
    world.house.clock.advance(Duration::from_secs(31));
    let id = callback.callback_id.clone();
    world
        .until(&id, "sent", |callback| callback.delivery == "sent")
        .await;
    let messages = world.seen.messages.lock().expect("free").clone();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].to, "+8615405160001");
    assert!(messages[0].text.contains("回复"), "{}", messages[0].text);

    let gate = Gate::new(Arc::clone(&world.house.callbacks), SECRET.to_vec());
    let router = routes(gate);
    let name = &messages[0].message_id;
    let receipt = format!(r#"{{"message_id":"{name}","state":"delivered"}}"#);
    let path = "/callback/v1/receipts";
    let forged = world
        .posted(&router, path, "n0", b"another secret here", &receipt)
        .await;
    assert_eq!(forged, StatusCode::UNAUTHORIZED);
    let good = world.posted(&router, path, "n1", SECRET, &receipt).await;
    assert_eq!(good, StatusCode::NO_CONTENT);
    let again = world.posted(&router, path, "n1", SECRET, &receipt).await;
    assert_eq!(again, StatusCode::UNAUTHORIZED, "a post counts once");
    assert_eq!(world.house.get(&id).await.delivery, "delivered");

    let answer = format!(r#"{{"message_id":"{name}","text":"4 没人来"}}"#);
    let path = "/callback/v1/answers";
    let taken = world.posted(&router, path, "n2", SECRET, &answer).await;
    assert_eq!(taken, StatusCode::NO_CONTENT);
    let now = world.house.get(&id).await;
    assert_eq!((now.way.as_str(), now.delivery.as_str()), ("telephone", ""));
    assert_eq!(now.earlier[0].reason, "没人来");
}

#[tokio::test]
async fn a_message_that_nobody_answers_counts_as_a_try_and_goes_out_again() {
    let world = World::open().await;
    *world.seen.posts.lock().expect("free") = 1;
    let callback = world.settled().await;
    world.start();
    let id = callback.callback_id;
    world
        .until(&id, "sent", |callback| callback.delivery == "sent")
        .await;
    world.house.clock.advance(Duration::from_secs(24 * 3_600 + 1));
    let silent = world
        .until(&id, "silent", |callback| callback.attempts == 1)
        .await;
    world.house.wait_for(&silent);
    world
        .until(&id, "sent again", |callback| callback.delivery == "sent")
        .await;
    let names: HashSet<String> = world
        .seen
        .messages
        .lock()
        .expect("free")
        .iter()
        .map(|message| message.message_id.clone())
        .collect();
    assert_eq!(names.len(), 2, "each try has a name of its own");
}

#[tokio::test]
async fn without_a_provider_a_person_sends_and_the_state_says_so() {
    let house = House::open().await;
    let mut facts = facts(house.callbacks.bus.new_id());
    facts.policy_id = "jiangsu-2020".into();
    house.hear(settled(&facts)).await.expect("heard");
    let asked = ListCallbacksRequest {
        order_id: facts.order_id,
        ..Default::default()
    };
    assert_eq!(house.list(asked).await[0].delivery, "by_hand");
}
