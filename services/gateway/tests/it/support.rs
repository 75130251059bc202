//! A gateway with its broker, two services that only talk, and people who call.

use std::sync::Arc;
use std::time::Duration;

use hotline_bus::{Bus, Handlers, JournalDesk, Topology};
use hotline_policy::Library;
use hotline_proto::common::v1::{LegFacts, OrderFacts};
use hotline_proto::gateway::v1::desk_service_client::DeskServiceClient;
use hotline_proto::gateway::v1::watch_desk_response::Message;
use hotline_proto::gateway::v1::{WatchDeskRequest, WatchDeskResponse};
use hotline_runtime::testing::{self, TestRuntime};
use hotline_runtime::{Caller, CancellationToken, Clock, Parts, Runtime, serve};
use hotline_worktime::Calendar;
use prost::Name;
use tonic::transport::Channel;
use tonic::{Request, Status, Streaming};
use uuid::Uuid;

/// Longest wait for what must come.
pub const WITHIN: Duration = Duration::from_secs(30);

/// One process of the gateway.
pub struct Process {
    pub runtime: Runtime,
    channel: Channel,
    _serving: tokio::task::JoinHandle<()>,
}

/// Two replicas of the gateway at most, and what happens in the city.
pub struct World {
    pub test: TestRuntime,
    pub process: Process,
    routing: Bus,
    intake: Bus,
}

async fn talker(runtime: &Runtime, name: &'static str) -> Bus {
    let pool = runtime
        .database(name, &[Bus::migrator()])
        .await
        .expect("a schema");
    Bus::open(runtime, name, pool).await.expect("a bus")
}

async fn gateway(runtime: &Runtime) -> hotline_bus::Started {
    let library = Library::load(&runtime.settings.deploy_dir.join("cities")).expect("the cities are sound");
    let calendar = Calendar::new(Vec::new()).expect("an empty calendar");
    hotline_gateway::start(runtime, Arc::new(library), Arc::new(calendar))
        .await
        .expect("a gateway")
}

impl Process {
    async fn serve(runtime: Runtime, parts: Vec<Parts>) -> Self {
        let serving = serve(&runtime, parts).await.expect("serves");
        let url = format!("http://{}", serving.grpc_addr);
        let channel = Channel::from_shared(url).expect("a URL").connect_lazy();
        let serving = tokio::spawn(async move { serving.wait().await.expect("no job fails") });
        Self {
            runtime,
            channel,
            _serving: serving,
        }
    }

    pub fn desk(&self) -> DeskServiceClient<Channel> {
        DeskServiceClient::new(self.channel.clone())
    }

    /// A call by `caller`.
    pub fn by<T>(&self, caller: &Caller, body: T) -> Request<T> {
        let token = self
            .runtime
            .tokens
            .issue(caller, Duration::from_secs(600))
            .expect("a token");
        let mut request = Request::new(body);
        let metadata = request.metadata_mut();
        metadata.insert(
            "authorization",
            format!("Bearer {token}").parse().expect("a value"),
        );
        metadata.insert("accept-language", "en".parse().expect("a value"));
        request
    }

    /// A stream of `caller` from `cursor`, greeted.
    pub async fn watch(&self, caller: &Caller, cursor: &str) -> Watched {
        let answer = self.try_watch(caller, cursor).await.expect("a stream");
        let mut watched = Watched { messages: answer };
        let Message::Hello(hello) = watched.next().await else {
            panic!("a stream greets first");
        };
        assert!(hello.server_time.is_some() && hello.heartbeat_seconds == 15);
        watched
    }

    pub async fn try_watch(
        &self,
        caller: &Caller,
        cursor: &str,
    ) -> Result<Streaming<WatchDeskResponse>, Status> {
        let request = WatchDeskRequest {
            cursor: cursor.into(),
            client_id: "browser-1".into(),
            order_ids: Vec::new(),
        };
        Ok(self
            .desk()
            .watch_desk(self.by(caller, request))
            .await?
            .into_inner())
    }
}

impl World {
    pub async fn start() -> Self {
        let test = testing::runtime(Clock::system()).await;
        let gateway = gateway(&test).await;
        let (routing, intake) = (talker(&test, "routing").await, talker(&test, "intake").await);
        let mut parts = vec![gateway.parts];
        for (name, bus) in [("routing", &routing), ("intake", &intake)] {
            parts.push(Parts::new(name).jobs(bus.jobs(Handlers::new(Arc::new(())))));
        }
        let desk = JournalDesk::server(vec![gateway.bus, routing.clone(), intake.clone()]);
        let topology = Topology::new(&test);
        parts.push(Parts::new("bus").service(desk).job("topology", topology.run()));
        let process = Process::serve(test.runtime.clone(), parts).await;
        let world = Self {
            test,
            process,
            routing,
            intake,
        };
        world.warm().await;
        world
    }

    /// Waits until the live tail has heard the broker.
    async fn warm(&self) {
        let mut watched = self.process.watch(&dispatcher("u-warm"), "").await;
        let order = self.order();
        self.signed(order, "warm").await;
        watched.change_of(order).await;
    }

    /// Another process of the gateway on the same stores.
    pub async fn replica(&self) -> Process {
        let mut runtime = Runtime::build((*self.test.settings).clone()).expect("a runtime");
        runtime.shutdown = CancellationToken::new();
        let started = gateway(&runtime).await;
        Process::serve(runtime, vec![started.parts]).await
    }

    pub fn order(&self) -> Uuid {
        self.routing.new_id()
    }

    /// The unit signs for a leg of the order.
    pub async fn signed(&self, order: Uuid, unit: &str) {
        let event = hotline_proto::routing::v1::LegSigned {
            facts: Some(OrderFacts {
                order_id: order.to_string(),
                number: "320300".into(),
                ..OrderFacts::default()
            }),
            leg: Some(LegFacts {
                unit_id: unit.into(),
                ..LegFacts::default()
            }),
            actor: "clerk-secret-name".into(),
        };
        publish(&self.routing, order, &event).await;
    }

    /// A call rings at the desk of `agent`.
    pub async fn rings(&self, agent: &str) -> Uuid {
        let id = self.intake.new_id();
        let event = hotline_proto::intake::v1::CallRinging {
            call: Some(hotline_proto::intake::v1::CallFacts {
                call_id: id.to_string(),
                seat: "8001".into(),
                agent: agent.into(),
                masked_number: "139****5432".into(),
                ..Default::default()
            }),
        };
        publish(&self.intake, id, &event).await;
        id
    }

    pub fn stop(&self) {
        self.process.runtime.shutdown.cancel();
    }
}

async fn publish<E: Name>(bus: &Bus, root: Uuid, event: &E) {
    let mut tx = bus.begin().await.expect("begins");
    tx.publish(root, event);
    tx.commit().await.expect("commits");
}

pub fn dispatcher(subject: &str) -> Caller {
    Caller::new(subject, &["dispatcher"])
}

pub fn clerk(subject: &str, unit: &str) -> Caller {
    Caller::new(subject, &["unit_clerk"]).of_unit(unit)
}

/// An open stream.
pub struct Watched {
    messages: Streaming<WatchDeskResponse>,
}

impl Watched {
    pub async fn next(&mut self) -> Message {
        let next = tokio::time::timeout(WITHIN, self.messages.message()).await;
        let message = next.expect("something comes").expect("no failure");
        message.expect("the stream goes on").message.expect("a message")
    }

    /// The next message but heartbeats.
    pub async fn news(&mut self) -> Message {
        loop {
            match self.next().await {
                Message::Heartbeat(_) => {}
                news => return news,
            }
        }
    }

    /// Reads until the order changed; gives the orders that changed before, the units of the change, and the cursor.
    pub async fn change_of(&mut self, order: Uuid) -> (Vec<String>, Vec<String>, String) {
        let (mut before, last, cursor) = self.changes_until(&[order]).await;
        before.retain(|other| *other != order.to_string());
        (before, last, cursor)
    }

    /// Reads until all of the orders changed; gives what changed, the units of the last change, and the cursor.
    pub async fn changes_until(&mut self, orders: &[Uuid]) -> (Vec<String>, Vec<String>, String) {
        let mut missing: Vec<String> = orders.iter().map(Uuid::to_string).collect();
        let mut seen = Vec::new();
        let read = async {
            loop {
                let Message::Changed(changed) = self.next().await else {
                    continue;
                };
                for change in changed.changes {
                    missing.retain(|order| *order != change.order_id);
                    seen.push(change.order_id);
                    if missing.is_empty() {
                        return (change.unit_ids, changed.cursor);
                    }
                }
            }
        };
        let read = tokio::time::timeout(WITHIN, read).await;
        let (units, cursor) = read.expect("every order changes in time");
        (seen, units, cursor)
    }
}
