//! `hotline order explain`: why each due time, case, card, call-back and step of an order is what it is, by which article.

use hotline_policy::Source;
use hotline_proto::callback::v1::{Callback, ListCallbacksRequest, Verdict};
use hotline_proto::intake::v1::{Appeal, GetTimelineRequest, TimelineEntry};
use hotline_proto::sla::v1::{
    ClockExplanation, ExplainClocksRequest, ListCardsRequest, ListCasesRequest, SupervisionCard,
    SupervisionCase,
};
use hotline_worktime::limits_zh;
use serde_json::json;

use super::order::{appeal, print_appeal};
use crate::cli::Global;
use crate::client::{Client, told};
use crate::{json, render, words};

/// As many as a list gives at once: more than any order has.
const ALL: i32 = 200;

/// Everything about an order that has a why.
struct Explained {
    appeal: Appeal,
    clocks: Vec<ClockExplanation>,
    cases: Vec<SupervisionCase>,
    cards: Vec<SupervisionCard>,
    callbacks: Vec<Callback>,
    timeline: Vec<TimelineEntry>,
}

/// Explains an order.
///
/// # Errors
/// A service that does not answer, or an order that nobody knows.
pub async fn run(global: &Global, client: &Client, name: &str) -> anyhow::Result<()> {
    let all = ask(client, name).await?;
    if global.json {
        let told = json!({
            "appeal": json::of(&all.appeal)?, "clocks": json::list(&all.clocks)?, "cases": json::list(&all.cases)?,
            "cards": json::list(&all.cards)?, "callbacks": json::list(&all.callbacks)?,
            "timeline": json::list(&all.timeline)?,
        });
        render::out_json(&told)?;
        return Ok(());
    }
    print_appeal(global, &all.appeal)?;
    print_each(global, ["时限", "Clocks"], &all.clocks, print_clock)?;
    print_each(global, ["督办", "Supervision"], &all.cases, print_case)?;
    print_each(global, ["亮牌", "Cards"], &all.cards, print_card)?;
    print_each(global, ["回访", "Call-backs"], &all.callbacks, print_callback)?;
    print_each(global, ["经过", "Timeline"], &all.timeline, print_entry)
}

async fn ask(client: &Client, name: &str) -> anyhow::Result<Explained> {
    let appeal = appeal(client, name).await?;
    let order = || appeal.appeal_id.clone();
    let clocks = ExplainClocksRequest { order_id: order() };
    let clocks = client.sla().explain_clocks(clocks).await.map_err(told)?;
    let cases = ListCasesRequest {
        order: order(),
        page_size: ALL,
        ..ListCasesRequest::default()
    };
    let cases = client.supervision().list_cases(cases).await.map_err(told)?;
    let cards = ListCardsRequest {
        order: order(),
        page_size: ALL,
        ..ListCardsRequest::default()
    };
    let cards = client.supervision().list_cards(cards).await.map_err(told)?;
    let callbacks = ListCallbacksRequest {
        order_id: order(),
        page_size: ALL,
        ..ListCallbacksRequest::default()
    };
    let callbacks = client.callback().list_callbacks(callbacks).await.map_err(told)?;
    let timeline = GetTimelineRequest { appeal: order() };
    let timeline = client.intake().get_timeline(timeline).await.map_err(told)?;
    Ok(Explained {
        clocks: clocks.into_inner().explanations,
        cases: cases.into_inner().cases,
        cards: cards.into_inner().cards,
        callbacks: callbacks.into_inner().callbacks,
        timeline: timeline.into_inner().entries,
        appeal,
    })
}

/// A heading and what stands below it; nothing where there is none.
fn print_each<T>(
    global: &Global,
    [zh, en]: [&str; 2],
    all: &[T],
    print: impl Fn(&Global, &T) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if !all.is_empty() {
        render::out(format_args!("\n{}", global.say(zh, en)))?;
    }
    all.iter().try_for_each(|one| print(global, one))
}

fn print_clock(global: &Global, explanation: &ClockExplanation) -> anyhow::Result<()> {
    let clock = explanation.clock.clone().unwrap_or_default();
    let facts = clock.facts.clone().unwrap_or_default();
    let state = words::clock_state(clock.state(), global.lang());
    let provisional = if facts.provisional {
        global.say("(暂定)", " (provisional)")
    } else {
        ""
    };
    render::out(format_args!(
        "● {} [{}] {} {} → {}{provisional}  {}  {state}",
        words::obligation(&facts.obligation, global.lang()),
        facts.unit_id,
        global.say(&limits_zh(&facts.limit), &facts.limit),
        render::when(facts.started_at.as_ref()),
        render::when(facts.due_at.as_ref()),
        by(global, &facts.article),
    ))?;
    print_why(global, &explanation.text, &explanation.text_en)
}

fn print_case(global: &Global, case: &SupervisionCase) -> anyhow::Result<()> {
    render::out(format_args!(
        "● {} {} [{}] {}  {}",
        case.number,
        case.class_name,
        case.unit_id,
        render::when(case.opened_at.as_ref()),
        by(global, &case.article),
    ))?;
    print_why(global, &case.why, &case.why_en)?;
    for document in &case.instruments {
        render::out(format_args!(
            "  · {} {} {}  {}",
            document.name,
            document.number,
            render::when(document.issued_at.as_ref()),
            by(global, &document.article),
        ))?;
        print_why(global, &document.why, &document.why_en)?;
    }
    Ok(())
}

fn print_card(global: &Global, card: &SupervisionCard) -> anyhow::Result<()> {
    render::out(format_args!(
        "● {} [{}] {}  {}",
        words::card(&card.colour, card.series, global.lang()),
        card.unit_id,
        render::when(card.issued_at.as_ref()),
        by(global, &card.article),
    ))?;
    print_why(global, &card.why, &card.why_en)
}

fn print_callback(global: &Global, callback: &Callback) -> anyhow::Result<()> {
    let lang = global.lang();
    let round = callback.facts.as_ref().map_or(0, |facts| facts.round);
    render::out(format_args!(
        "● {} {round}  {}  {}  {}",
        global.say("轮次", "round"),
        words::way(&callback.way, lang),
        words::callback_state(callback.state(), lang),
        words::satisfaction(callback.satisfaction(), lang),
    ))?;
    if !callback.reason.is_empty() {
        render::out(format_args!("    {}", callback.reason))?;
    }
    if callback.verdict() == Verdict::Unspecified {
        return Ok(());
    }
    let verdict = words::verdict(callback.verdict(), lang);
    let left_out = global.say(&callback.exclusion_name, &callback.exclusion_name_en);
    let left_out = match left_out {
        "" => String::new(),
        name => global.say(&format!("({name})"), &format!(" ({name})")).to_owned(),
    };
    let colon = global.say(":", ": ");
    let (reason, article) = (&callback.verdict_reason, by(global, &callback.article));
    render::out(format_args!("    {verdict}{left_out}{colon}{reason}  {article}"))?;
    for evidence in &callback.evidence {
        render::out(format_args!("    {} {evidence}", global.say("佐证", "evidence")))?;
    }
    Ok(())
}

fn print_entry(global: &Global, entry: &TimelineEntry) -> anyhow::Result<()> {
    let text = global.say(&entry.text, &entry.text_en);
    let article = match entry.article.as_str() {
        "" => String::new(),
        article => format!("  [{}]", article_of(global, article)),
    };
    let at = render::when_exactly(entry.at.as_ref());
    render::out(format_args!("{at}  {text}  {}{article}", entry.actor))?;
    Ok(())
}

fn print_why(global: &Global, zh: &str, en: &str) -> anyhow::Result<()> {
    for line in global.say(zh, en).lines() {
        render::out(format_args!("    {line}"))?;
    }
    Ok(())
}

/// The article that something rests on; nothing where none is told.
fn by(global: &Global, article: &str) -> String {
    if article.is_empty() {
        return String::new();
    }
    format!(
        "{} {}",
        global.say("依据", "article"),
        article_of(global, article)
    )
}

/// An article as people read it: where the document is silent, the operator set the limit.
fn article_of<'a>(global: &'a Global, article: &'a str) -> &'a str {
    if article == Source::Operator.as_str() {
        global.say(Source::Operator.zh(), "set by the operator")
    } else {
        article
    }
}
