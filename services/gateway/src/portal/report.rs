//! The report, page by page: shown, read, kept, and at the end sent once.

use axum::Form;
use axum::extract::Path;
use chrono::TimeDelta;
use hotline_policy::AppealType;
use hotline_proto::intake::v1::{ListSimilarMattersRequest, MergeAppealRequest, RegisterAppealResponse};
use hotline_vault::{Field, normalise};
use hotline_worktime::date_of;
use http::StatusCode;

use super::check::{self, Rules};
use super::demand;
use super::draft::{Draft, Receipt, Step};
use super::files;
use super::refused::{self, Refused};
use super::register;
use super::steps;
use super::stop::{Answer, Stop};
use super::store::{self, Key, Table};
use super::visit::{Fields, Side, Visit, random};

/// Characters of a handle: enough to tell a browser's few drafts apart; the cookie keeps others out.
const HANDLE_CHARS: usize = 10;

impl Visit {
    /// What forms are read by.
    pub fn rules(&self) -> Rules<'_> {
        Rules {
            city: &self.portal.city,
            policy: self.portal.policy(),
            side: self.side,
            lang: self.lang,
            today: date_of(self.portal.now()),
        }
    }

    fn key(&self, handle: &str) -> Key {
        Key {
            table: Table::Draft,
            owner: self.owner(),
            name: format!("{}-{handle}", self.side.base()),
        }
    }

    /// A draft of this browser.
    ///
    /// # Errors
    /// There is none.
    pub async fn draft(&self, handle: &str) -> Result<Draft, Stop> {
        let portal = &self.portal;
        let found = store::load(
            &portal.pool,
            &portal.runtime.vault,
            &self.key(handle),
            portal.now(),
        )
        .await?;
        found.ok_or_else(Stop::absent)
    }

    /// Keeps a draft.
    ///
    /// # Errors
    /// The database.
    pub async fn keep(&self, handle: &str, draft: &Draft) -> Result<(), Stop> {
        let portal = &self.portal;
        let life = TimeDelta::hours(i64::from(portal.settings.draft_hours));
        let key = self.key(handle);
        Ok(store::save(
            &portal.pool,
            &portal.runtime.vault,
            &key,
            draft,
            (portal.now(), life),
        )
        .await?)
    }

    /// The page after `step`; whoever changes one answer goes on to the check, or to what that answer opened.
    pub fn onward(&self, draft: &Draft, step: Step) -> &'static str {
        let next = draft.after(self.side, step);
        let changes = draft.filled(Step::Contact) && !matches!(step, Step::Group | Step::Kind);
        if changes && next != Step::Similar {
            draft.open(self.side).path()
        } else {
            next.path()
        }
    }

    /// Handles of this browser's drafts at this portal, newest first.
    async fn drafts(&self) -> Result<Vec<(String, Draft)>, Stop> {
        let portal = &self.portal;
        let names = store::names(&portal.pool, &self.owner(), Table::Draft, portal.now()).await?;
        let begin = format!("{}-", self.side.base());
        let mut found = Vec::new();
        for handle in names.iter().filter_map(|name| name.strip_prefix(&begin)) {
            found.push((handle.to_owned(), self.draft(handle).await?));
        }
        Ok(found)
    }
}

/// Before the first page: what it takes, and drafts that wait.
pub async fn start(visit: Visit) -> Answer {
    let drafts = visit.drafts().await?;
    Ok(visit.page(StatusCode::OK, &steps::start(&visit, &drafts)))
}

/// A new draft.
pub async fn begin(visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    visit.may_send()?;
    if demand::channel(visit.portal.policy(), visit.side).is_none() {
        return Ok(visit.go("/guide"));
    }
    let portal = &visit.portal;
    store::sweep(&portal.pool, &visit.owner(), portal.now()).await?;
    let handle: String = random()?
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(HANDLE_CHARS)
        .collect();
    let draft = Draft {
        key: format!("portal-{}", random()?),
        ..Draft::default()
    };
    visit.keep(&handle, &draft).await?;
    let first = Step::all(visit.side)[0];
    Ok(visit.go(&format!("/report/{handle}/{}", first.path())))
}

/// Throws a draft away.
pub async fn discard(visit: Visit, Path(handle): Path<String>, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    store::remove(&visit.portal.pool, &visit.key(&handle)).await?;
    Ok(visit.go("/report"))
}

/// A page of the report.
pub async fn show(visit: Visit, Path((handle, step)): Path<(String, String)>) -> Answer {
    let step = Step::of(visit.side, &step).ok_or_else(Stop::absent)?;
    let mut draft = visit.draft(&handle).await?;
    if draft.receipt.is_some() {
        return Ok(visit.go(&format!("/report/{handle}/done")));
    }
    if draft.sent && step != Step::Check {
        return Ok(visit.go(&format!("/report/{handle}/check")));
    }
    if step == Step::Check && draft.open(visit.side) != Step::Check {
        let open = draft.open(visit.side).path();
        return Ok(visit.go(&format!("/report/{handle}/{open}")));
    }
    let matters = if step == Step::Similar {
        let found = similar(&visit, &mut draft).await;
        visit.keep(&handle, &draft).await?;
        if found.is_empty() {
            let next = draft.after(visit.side, Step::Similar).path();
            return Ok(visit.go(&format!("/report/{handle}/{next}")));
        }
        found
    } else {
        Vec::new()
    };
    let problems: Vec<_> = draft
        .refused
        .iter()
        .filter(|problem| step == Step::Check || problem.page == step.path())
        .cloned()
        .collect();
    let page = steps::page(&visit, &handle, step, &draft, &problems, &matters);
    Ok(visit.page(StatusCode::OK, &page))
}

/// The page for pictures and papers, which has a form of its own.
pub async fn show_files(visit: Visit, Path(handle): Path<String>) -> Answer {
    show(visit, Path((handle, Step::Files.path().to_owned()))).await
}

/// Takes the form of a page.
pub async fn save(
    visit: Visit,
    Path((handle, step)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Answer {
    visit.check(&fields)?;
    let step = Step::of(visit.side, &step).ok_or_else(Stop::absent)?;
    let mut draft = visit.draft(&handle).await?;
    if draft.receipt.is_some() {
        return Ok(visit.go(&format!("/report/{handle}/done")));
    }
    if step == Step::Check {
        return send(&visit, &handle, draft).await;
    }
    if draft.sent {
        return Ok(visit.go(&format!("/report/{handle}/check")));
    }
    let problems = check::read(step, &fields, &mut draft, &visit.rules());
    if !problems.is_empty() {
        let page = steps::page(&visit, &handle, step, &draft, &problems, &[]);
        return Ok(visit.page(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    draft.fill(step);
    if step == Step::Place && visit.side == Side::Public {
        similar(&visit, &mut draft).await;
    }
    visit.keep(&handle, &draft).await?;
    Ok(visit.go(&format!("/report/{handle}/{}", visit.onward(&draft, step))))
}

/// Open matters like this one; none where the register does not answer, or where nobody should be led to others.
async fn similar(visit: &Visit, draft: &mut Draft) -> Vec<hotline_proto::intake::v1::SimilarMatter> {
    let apart = matches!(
        draft.kind.parse(),
        Ok(AppealType::Report | AppealType::Praise | AppealType::Consult)
    );
    if apart || draft.area.is_empty() || draft.area == visit.portal.policy().division {
        draft.offered.clear();
        return Vec::new();
    }
    let asked = ListSimilarMattersRequest {
        category: draft.category.clone(),
        division: draft.division().to_owned(),
    };
    let found = async {
        let request = visit.portal.services.ask(visit, asked)?;
        let answer = visit
            .portal
            .services
            .intake
            .clone()
            .list_similar_matters(request)
            .await?;
        anyhow::Ok(answer.into_inner().matters)
    };
    let found = found.await.unwrap_or_else(|error| {
        tracing::warn!(error = %format_args!("{error:#}"), "similar matters are not known for now");
        Vec::new()
    });
    draft.offered = found.iter().map(|matter| matter.appeal_id.clone()).collect();
    found
}

/// Sends a draft. What is not known to have arrived may be sent again, unchanged: it is registered once.
async fn send(visit: &Visit, handle: &str, mut draft: Draft) -> Answer {
    let open = draft.open(visit.side);
    if open != Step::Check {
        return Ok(visit.go(&format!("/report/{handle}/{}", open.path())));
    }
    visit.may_send()?;
    telephone_may(visit, &draft)?;
    draft.sent = true;
    draft.refused.clear();
    visit.keep(handle, &draft).await?;
    let portal = &visit.portal;
    let asked = register::request(&draft, portal.policy(), visit.side);
    let request = portal.services.ask(visit, asked)?;
    let answered = portal.services.intake.clone().register_appeal(request).await;
    match answered.map_err(|status| refused::read(visit, status)) {
        Ok(response) => {
            draft.receipt = Some(receipt(visit, &draft, response.into_inner()).await?);
            // Nothing but the receipt is needed any more.
            let kept = Draft {
                receipt: draft.receipt.take(),
                ..Draft::default()
            };
            visit.keep(handle, &kept).await?;
            Ok(visit.go(&format!("/report/{handle}/done")))
        }
        Err(Refused::Form(problems)) => {
            draft.sent = false;
            draft.refused = problems;
            visit.keep(handle, &draft).await?;
            let page = draft
                .refused
                .first()
                .map_or(Step::Check.path(), |first| first.page.as_str());
            Ok(visit.go(&format!("/report/{handle}/{page}")))
        }
        Err(Refused::KeyTaken) => Err(Stop::later("a draft was changed after it was sent")),
        Err(Refused::Unknown(status)) => Err(status.into()),
    }
}

fn telephone_may(visit: &Visit, draft: &Draft) -> Result<(), Stop> {
    let Ok(number) = normalise::telephone(&draft.telephone, normalise::DEFAULT_AREA_CODE) else {
        return Ok(());
    };
    let index = visit.portal.runtime.vault.blind_index(Field::Telephone, &number);
    let key = index.as_bytes().to_vec();
    visit.portal.limits.telephones.take(&key).map_err(Stop::busy)
}

async fn receipt(visit: &Visit, draft: &Draft, response: RegisterAppealResponse) -> Result<Receipt, Stop> {
    let appeal = response.appeal.unwrap_or_default();
    files::attach(visit, draft, &appeal.appeal_id).await;
    let joined = !draft.follow.is_empty() && join(visit, &appeal.appeal_id, &draft.follow).await;
    Ok(Receipt {
        number: appeal.number,
        code: response.tracking_code,
        at: visit.portal.now(),
        joined,
    })
}

/// Joins an appeal to the one that its appellant chose to follow; where that cannot be, it goes its own way.
async fn join(visit: &Visit, appeal: &str, into: &str) -> bool {
    let asked = MergeAppealRequest {
        appeal_id: appeal.to_owned(),
        version: 0,
        into_appeal_id: into.to_owned(),
    };
    let Ok(request) = visit.portal.services.ask(visit, asked) else {
        return false;
    };
    match visit.portal.services.intake.clone().merge_appeal(request).await {
        Ok(_) => true,
        // The same press of the button has joined it already.
        Err(status) if refused::reason(&status) == "appeal.disposed" => true,
        Err(status) => {
            tracing::info!(%status, "an appeal goes its own way");
            false
        }
    }
}
