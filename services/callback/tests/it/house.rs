//! A service of one test: a fresh database, a virtual clock, the shipped policies.

use crate::*;

pub struct House {
    pub callbacks: Arc<Callbacks>,
    pub desk: Desk,
    pub clock: Clock,
    _test: TestRuntime,
}

fn local(text: &str) -> DateTime<Utc> {
    let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a local time");
    hotline_worktime::at_local(time)
}

impl House {
    /// A house on an ordinary Tuesday morning, without a provider.
    pub async fn open() -> Self {
        Self::with(None).await
    }

    /// As [`House::open`], with a provider.
    pub async fn with(provider: Option<&ProviderSettings>) -> Self {
        let clock = Clock::virtual_at(local("2026-11-03 10:00"));
        let test = testing::runtime(clock.clone()).await;
        let deploy = testing::workspace_dir().join("deploy");
        let library = Library::load(&deploy.join("cities")).expect("the policies are sound");
        let text = std::fs::read_to_string(deploy.join("calendars/2026.toml")).expect("the year is shipped");
        let calendar = Calendar::new(vec![YearArrangement::parse(&text).expect("sound")]).expect("sound");
        let pool = test
            .database(SERVICE, &[Bus::migrator(), &MIGRATOR])
            .await
            .expect("a schema");
        let bus = Bus::open(&test.runtime, SERVICE, pool).await.expect("a bus");
        let provider = provider.map(|settings| -> Arc<dyn Provider> {
            Arc::new(HttpProvider::open(settings, clock.clone()).expect("the settings are sound"))
        });
        let callbacks = Callbacks::new(bus, Arc::new(library), &calendar);
        let callbacks = Arc::new(callbacks.with_provider(provider));
        Self {
            desk: Desk {
                callbacks: Arc::clone(&callbacks),
            },
            callbacks,
            clock,
            _test: test,
        }
    }

    pub async fn hear<E>(&self, event: E) -> Result<(), Fault>
    where
        Callbacks: Handle<E>,
    {
        let mut tx = self.callbacks.bus.begin().await?;
        self.callbacks.handle(event, &mut tx).await?;
        self.callbacks.settle(&mut tx).await?;
        tx.commit().await
    }

    /// Hears that a fresh order was settled; returns its call-back.
    pub async fn settled(&self) -> Callback {
        let facts = facts(self.callbacks.bus.new_id());
        self.hear(settled(&facts)).await.expect("heard");
        self.list(ListCallbacksRequest {
            order_id: facts.order_id,
            ..Default::default()
        })
        .await
        .remove(0)
    }

    /// Every page of a list.
    pub async fn list(&self, mut asked: ListCallbacksRequest) -> Vec<Callback> {
        let mut all = Vec::new();
        loop {
            let page = self
                .desk
                .list_callbacks(by(agent(), asked.clone()))
                .await
                .expect("a page")
                .into_inner();
            all.extend(page.callbacks);
            if page.next_page_token.is_empty() {
                return all;
            }
            asked.page_token = page.next_page_token;
        }
    }

    pub async fn get(&self, id: &str) -> Callback {
        let asked = GetCallbackRequest {
            callback_id: id.into(),
        };
        let answer = self
            .desk
            .get_callback(by(agent(), asked))
            .await
            .expect("it is there")
            .into_inner();
        answer.callback.expect("a call-back")
    }

    /// Every event of type `E` in the outbox, oldest first.
    pub async fn told<E: Message + Name + Default>(&self) -> Vec<E> {
        let rows: Vec<(Vec<u8>,)> =
            sqlx::query_as("SELECT payload FROM outbox WHERE type = $1 ORDER BY id, place")
                .bind(E::full_name())
                .fetch_all(self.callbacks.bus.pool())
                .await
                .expect("the outbox reads");
        rows.iter()
            .map(|row| E::decode(row.0.as_slice()).expect("it decodes"))
            .collect()
    }

    /// Lets the clock run to the call-back's next attempt.
    pub fn wait_for(&self, callback: &Callback) {
        let at = callback.not_before.expect("an instant");
        self.clock
            .advance_to(DateTime::from_timestamp(at.seconds, 0).expect("an instant"));
    }
}

pub fn agent() -> Caller {
    Caller::new("u-agent", &["callback_agent"])
}

/// A request by a caller whom the access check has let in.
pub fn by<T>(caller: Caller, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(Arc::new(caller));
    request
}

pub fn facts(order: Uuid) -> OrderFacts {
    OrderFacts {
        order_id: order.to_string(),
        number: "3203002611031T0000017".into(),
        policy_id: "xuzhou-2020".into(),
        policy_version: String::new(),
        r#type: AppealType::Help.into(),
        channel: Channel::Telephone.into(),
        desk: OrderDesk::Hotline.into(),
        urgency: Urgency::Normal.into(),
        category: "urban.property".into(),
        division: "320302".into(),
        labels: vec![],
        round: 1,
        ..OrderFacts::default()
    }
}

pub fn settled(facts: &OrderFacts) -> OrderSettled {
    OrderSettled {
        facts: Some(facts.clone()),
        lead_unit_id: "xz-urban".into(),
        public_text: "路灯已修复".into(),
    }
}

pub fn complete(callback: &Callback, satisfaction: Satisfaction, reason: &str) -> CompleteCallbackRequest {
    CompleteCallbackRequest {
        callback_id: callback.callback_id.clone(),
        version: callback.version,
        satisfaction: satisfaction.into(),
        solved: Some(true),
        contacted: Some(true),
        reason: reason.into(),
        ..CompleteCallbackRequest::default()
    }
}
