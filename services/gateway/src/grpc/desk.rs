//! The live desk's gRPC service: the stream, presence, saved views.

use std::sync::Arc;

use hotline_bus::{Bus, Fault, Live};
use hotline_policy::{Lang, Refusal};
use hotline_proto::gateway::v1 as proto;
use hotline_proto::gateway::v1::desk_service_server::DeskService;
use hotline_runtime::{Caller, status};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::watch::{Stream, Watch, timestamp};
use crate::domain::{Notice, Readers, Viewer, desk_refusals as refusals, is_hidden, sees_person};
use crate::ops::{self, Presences, Reported, Seat, Streams, View};

/// Most characters of a tab's name.
const CLIENT_MAX: usize = 64;
/// Most orders that a stream names at its beginning.
const ORDERS_MAX: usize = 200;
/// The session that a call came by, as the door tells it.
const SESSION: &str = "x-hotline-session";

/// Answers the calls of desks.
pub struct LiveDesk {
    /// The gateway's database and clock.
    pub bus: Bus,
    /// What happens now.
    pub live: Live<Notice>,
    /// Who may read what.
    pub readers: Arc<Readers>,
    /// Who is where.
    pub presences: Presences,
    /// Who listens.
    pub streams: Streams,
}

type Answer<T> = Result<Response<T>, Status>;

/// Who asks.
struct Asked {
    viewer: Viewer,
    name: String,
    session: String,
    lang: Lang,
}

impl Asked {
    fn of<T>(request: &Request<T>) -> Result<Self, Status> {
        let caller = Caller::of(request)?;
        let session = request.metadata().get(SESSION);
        let session = session
            .and_then(|value| value.to_str().ok())
            .unwrap_or(&caller.subject);
        Ok(Self {
            viewer: super::viewer(caller),
            name: caller.name.clone().unwrap_or_else(|| caller.subject.clone()),
            session: session.to_owned(),
            lang: status::lang_of(request),
        })
    }

    fn answer<T>(&self, done: Result<T, Fault>) -> Answer<T> {
        done.map(Response::new)
            .map_err(|fault| fault.into_status(self.lang))
    }
}

impl LiveDesk {
    fn watch(&self, request: &proto::WatchDeskRequest, asked: &Asked) -> Result<Stream, Fault> {
        check_client(&request.client_id)?;
        if request.order_ids.len() > ORDERS_MAX {
            return Err(Refusal::new(&refusals::DESK_ORDER).field("order_ids").into());
        }
        let permit = self.streams.take(&asked.session)?;
        // A cursor that does not read is too old: it is of another version.
        let resumed = !request.cursor.is_empty();
        let cursor = request.cursor.parse().ok();
        let watch = Watch {
            bus: self.bus.clone(),
            lag: self.live.clone(),
            listener: self.live.listen(cursor),
            stale: resumed && cursor.is_none(),
            viewer: asked.viewer.clone(),
            readers: Arc::clone(&self.readers),
            places: self.presences.watch(),
            _permit: permit,
        };
        Ok(watch.start())
    }

    async fn report(
        &self,
        request: proto::ReportPresenceRequest,
        asked: &Asked,
    ) -> Result<proto::ReportPresenceResponse, Fault> {
        check_client(&request.client_id)?;
        let order = match request.order_id.as_str() {
            "" => None,
            text => Some(order_of(text)?),
        };
        let reported = Reported {
            viewer: asked.viewer.clone(),
            name: asked.name.clone(),
            order,
            editing: request.mode() == proto::PresenceMode::Editing,
            client: request.client_id,
        };
        let seats = self.presences.report(reported).await?;
        Ok(proto::ReportPresenceResponse {
            presence: order.map(|order| place(order, &seats, &asked.viewer)),
        })
    }

    async fn list(&self, list: &str, asked: &Asked) -> Result<proto::ListSavedViewsResponse, Fault> {
        let views = ops::views(&self.bus, &asked.viewer.account, list).await?;
        Ok(proto::ListSavedViewsResponse {
            views: views.into_iter().map(view).collect(),
        })
    }

    async fn save(
        &self,
        request: proto::SaveViewRequest,
        asked: &Asked,
    ) -> Result<proto::SaveViewResponse, Fault> {
        let wanted = request.view.unwrap_or_default();
        let id = match wanted.view_id.as_str() {
            "" => Uuid::nil(),
            text => view_of(text)?,
        };
        let wanted = View {
            id,
            list: wanted.list,
            name: wanted.name,
            query: wanted.query,
            is_default: wanted.is_default,
            saved_at: self.bus.now(),
        };
        let saved = ops::save_view(&self.bus, &asked.viewer.account, wanted).await?;
        Ok(proto::SaveViewResponse {
            view: Some(view(saved)),
        })
    }

    async fn delete(&self, view_id: &str, asked: &Asked) -> Result<proto::DeleteViewResponse, Fault> {
        ops::delete_view(&self.bus, &asked.viewer.account, view_of(view_id)?).await?;
        Ok(proto::DeleteViewResponse {})
    }
}

#[tonic::async_trait]
impl DeskService for LiveDesk {
    type WatchDeskStream = Stream;

    async fn watch_desk(&self, request: Request<proto::WatchDeskRequest>) -> Answer<Stream> {
        let asked = Asked::of(&request)?;
        asked.answer(self.watch(request.get_ref(), &asked))
    }

    async fn report_presence(
        &self,
        request: Request<proto::ReportPresenceRequest>,
    ) -> Answer<proto::ReportPresenceResponse> {
        let asked = Asked::of(&request)?;
        asked.answer(self.report(request.into_inner(), &asked).await)
    }

    async fn list_saved_views(
        &self,
        request: Request<proto::ListSavedViewsRequest>,
    ) -> Answer<proto::ListSavedViewsResponse> {
        let asked = Asked::of(&request)?;
        asked.answer(self.list(&request.into_inner().list, &asked).await)
    }

    async fn save_view(&self, request: Request<proto::SaveViewRequest>) -> Answer<proto::SaveViewResponse> {
        let asked = Asked::of(&request)?;
        asked.answer(self.save(request.into_inner(), &asked).await)
    }

    async fn delete_view(
        &self,
        request: Request<proto::DeleteViewRequest>,
    ) -> Answer<proto::DeleteViewResponse> {
        let asked = Asked::of(&request)?;
        asked.answer(self.delete(&request.into_inner().view_id, &asked).await)
    }
}

/// Who of an order's people the viewer sees: not themselves, whichever tab it is.
pub(super) fn place(order: Uuid, seats: &[Seat], viewer: &Viewer) -> proto::OrderPresence {
    let seen =
        |seat: &&Seat| seat.account_id != viewer.account && sees_person(viewer, &seat.roles, &seat.unit_id);
    let mut people: Vec<proto::Present> = Vec::new();
    for seat in seats.iter().filter(seen) {
        let mode = match seat.mode.as_str() {
            "editing" => proto::PresenceMode::Editing,
            _ => proto::PresenceMode::Viewing,
        };
        // One person in two tabs is one person; writing counts more than looking.
        match people
            .iter_mut()
            .find(|person| person.account_id == seat.account_id)
        {
            Some(person) => person.mode = person.mode.max(mode.into()),
            None => people.push(proto::Present {
                account_id: seat.account_id.clone(),
                name: seat.name.clone(),
                mode: mode.into(),
                since: Some(timestamp(seat.since)),
            }),
        }
    }
    proto::OrderPresence {
        order_id: order.to_string(),
        people,
    }
}

fn view(view: View) -> proto::SavedView {
    proto::SavedView {
        view_id: view.id.to_string(),
        list: view.list,
        name: view.name,
        query: view.query,
        is_default: view.is_default,
        saved_at: Some(timestamp(view.saved_at)),
    }
}

fn check_client(client: &str) -> Result<(), Refusal> {
    if client.is_empty() || client.len() > CLIENT_MAX || client.chars().any(is_hidden) {
        return Err(Refusal::new(&refusals::DESK_CLIENT).field("client_id"));
    }
    Ok(())
}

fn order_of(text: &str) -> Result<Uuid, Refusal> {
    text.parse()
        .map_err(|_| Refusal::new(&refusals::DESK_ORDER).field("order_id"))
}

fn view_of(text: &str) -> Result<Uuid, Refusal> {
    text.parse()
        .map_err(|_| Refusal::new(&refusals::VIEW_NOT_FOUND).field("view_id"))
}
