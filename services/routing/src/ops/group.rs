//! Commands that are ready at the same time are done together: one transaction, one commit for all.
//!
//! Each is decided on the order as it stands after those before it; a refusal changes nothing and costs the others nothing.
//! An order that somebody holds is not waited for: its command goes alone. The staff of each unit are a group of their own,
//! whose transactions the database holds to that unit's rows.
//!
//! Invariant: a command is answered as done if and only if its events were committed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use hotline_bus::{Fault, Waiting};
use hotline_runtime::audit::{Call, within};
use tracing::Span;

use super::act::{evolve, tell_all};
use crate::domain::{Actor, Command, Order, OrderId};
use crate::ops::Routing;
use crate::store::{self, Loaded};

/// Commands of one transaction: beyond it a larger group saves nothing measurable and only waits longer.
const GROUP_MAX: usize = 64;
/// Commands that wait: as many as the server serves calls at once by default.
const QUEUE_MAX: usize = 1_024;

/// A command that somebody gave.
pub(super) struct Ask {
    pub id: OrderId,
    pub seen: u64,
    pub actor: Actor,
    pub command: Command,
    /// The caller's span: its events belong to its trace, not to that of the group.
    pub span: Span,
    /// The call, for its audit entry.
    pub call: Option<Arc<Call>>,
}

type Answer = Result<Order, Fault>;
type Asked = Waiting<Ask, Answer>;

type Group = hotline_bus::Group<Ask, Answer>;

/// The commands of this process that wait for their group: the platform's, and each unit's by its code. As many groups as
/// units whose staff were here: none is let go.
#[derive(Default)]
pub(super) struct Groups(Mutex<HashMap<Option<String>, Group>>);

impl Ask {
    /// The call that the database holds to its caller's unit.
    fn held(&self) -> Option<&Arc<Call>> {
        self.call.as_ref().filter(|call| call.caller.is_held_to_a_unit())
    }
}

impl Groups {
    /// Does a command together with those that are ready at the same time.
    pub(super) async fn submit(&self, routing: &Arc<Routing>, ask: Ask) -> Answer {
        let group = self.of(ask
            .held()
            .map(|call| call.caller.unit.clone().unwrap_or_default()));
        let routing = Arc::clone(routing);
        let work = move |group| Arc::clone(&routing).act_together(group);
        let answer = group.submit(ask, work).await;
        answer.unwrap_or_else(|turned| Err(Fault::retry(turned.to_string())))
    }

    fn of(&self, unit: Option<String>) -> Group {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let group = groups.entry(unit);
        group.or_insert_with(|| Group::new(GROUP_MAX, QUEUE_MAX)).clone()
    }
}

impl Routing {
    /// Answers everybody in a group: together where that can be, else each alone and at the same time.
    async fn act_together(self: Arc<Self>, group: Vec<Asked>) {
        metrics::histogram!("hotline_routing_group_size")
            .record(u32::try_from(group.len()).unwrap_or(u32::MAX));
        let outcomes = self.commit_together(&group).await;
        hotline_bus::answer_all(group, outcomes, |asked| Arc::clone(&self).go_alone(asked));
    }

    /// In a task and a transaction of its own: none waits for an order that another holds.
    fn go_alone(self: Arc<Self>, asked: Asked) {
        let span = asked.item.span.clone();
        let alone = async move {
            let ask = &asked.item;
            let answer = match ask.held() {
                Some(call) => within(call, self.act_alone(ask)).await,
                None => self.act_alone(ask).await,
            };
            asked.answer(answer);
        };
        tokio::spawn(tracing::Instrument::instrument(alone, span));
    }

    /// One transaction of the platform or of one unit; gives each answer, and nothing for orders that are held or absent.
    async fn commit_together(&self, group: &[Asked]) -> Result<Vec<Option<Answer>>, Fault> {
        self.keep_up().await?;
        let held = group.first().and_then(|asked| asked.item.held());
        let (_turn, mut tx) = match held {
            Some(call) => (Some(self.turn().await?), within(call, self.begin()).await?),
            None => (None, self.begin().await?),
        };
        let ids: Vec<OrderId> = group.iter().map(|asked| asked.item.id).collect();
        let loaded = store::load_free(tx.sql(), &ids).await?;
        let mut orders: HashMap<OrderId, (Loaded, bool)> = loaded
            .into_iter()
            .map(|mut loaded| {
                loaded.order = self.caught_up(loaded.order);
                (loaded.order.id, (loaded, false))
            })
            .collect();
        let mut outcomes = Vec::with_capacity(group.len());
        for Waiting { item: ask, .. } in group {
            let Some((loaded, changed)) = orders.get_mut(&ask.id) else {
                outcomes.push(None);
                continue;
            };
            outcomes.push(Some(match self.decide(loaded, ask, &tx) {
                Err(refusal) => Err(refusal.into()),
                Ok(events) => {
                    if let Some(call) = &ask.call {
                        tx.carries_out(call, ask.id.0);
                    }
                    if !events.is_empty() {
                        *changed = true;
                        evolve(&mut tx, loaded, &events);
                        ask.span
                            .in_scope(|| tell_all(&mut tx, loaded, &events, &ask.actor.name));
                    }
                    Ok(loaded.order.clone())
                }
            }));
        }
        let changed = orders.values().filter(|(_, changed)| *changed);
        let changed: Vec<&Loaded> = changed.map(|(loaded, _)| loaded).collect();
        store::save_all(tx.sql(), &changed).await?;
        tx.commit().await?;
        Ok(outcomes)
    }
}
