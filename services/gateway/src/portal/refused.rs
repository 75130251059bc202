//! A refusal of a service as problems of a form: the field, the rule in plain words, the article.

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use super::check::Problem;
use super::draft::Step;
use super::visit::Visit;

/// What became of a call that was not carried out.
pub enum Refused {
    /// Something in the form is wrong, or the rules do not admit it.
    Form(Vec<Problem>),
    /// The same key names another content already.
    KeyTaken,
    /// It is not known what became of it.
    Unknown(Status),
}

/// Reads the answer of the register.
pub fn read(visit: &Visit, status: Status) -> Refused {
    let definite = [
        Code::InvalidArgument,
        Code::FailedPrecondition,
        Code::PermissionDenied,
        Code::Aborted,
        Code::AlreadyExists,
    ];
    if !definite.contains(&status.code()) {
        return Refused::Unknown(status);
    }
    let reason = reason(&status);
    if reason == "appeal.idempotency_key_reused" {
        return Refused::KeyTaken;
    }
    Refused::Form(problems(visit, &status))
}

/// The stable name of a refusal.
pub fn reason(status: &Status) -> String {
    let details = status.get_error_details();
    details
        .error_info()
        .map_or(String::new(), |info| info.reason.clone())
}

/// Everything that a refusal says is wrong.
pub fn problems(visit: &Visit, status: &Status) -> Vec<Problem> {
    let details = status.get_error_details();
    let info = details.error_info();
    let told = |key: &str| {
        info.and_then(|info| info.metadata.get(key))
            .map_or("", String::as_str)
    };
    let basis = match told("article") {
        "" | "operator" => String::new(),
        article => visit
            .t("（依据第 {} 条）", " (article {})")
            .replace("{}", article),
    };
    let violations = details.bad_request().map_or(&[][..], |bad| &bad.field_violations);
    let mut problems: Vec<Problem> = Vec::new();
    for (place, violation) in violations.iter().enumerate() {
        // Of the first one article and remedy stand apart; the others bring theirs along.
        let text = if place == 0 {
            let remedy = told("remedy");
            let stop = visit.t("。", ". ");
            format!("{}{basis}{stop}{remedy}", violation.description)
        } else {
            violation.description.clone()
        };
        problems.push(problem(&violation.field, text));
    }
    if problems.is_empty() {
        let words = details.localized_message().map_or_else(
            || visit.t("未能办理，请稍后再试", "It could not be done").to_owned(),
            |message| message.message.clone(),
        );
        problems.push(problem("", words));
    }
    problems
}

fn problem(field: &str, text: String) -> Problem {
    Problem {
        page: Step::asking(field).path().to_owned(),
        field: control(field).to_owned(),
        text,
    }
}

/// The control that asks for a field of the contract.
fn control(field: &str) -> &str {
    match field {
        "type" => "kind",
        "category" => "group",
        "division" => "area",
        "incident_place" => "place",
        "incident_time" => "day",
        "appellant.name" => "name",
        "appellant.telephone" => "telephone",
        "appellant.identity_number" => "identity_number",
        "appellant.anonymous" => "anonymous",
        "appellant.confidential" => "confidential",
        "appellant.enterprise.name" => "enterprise",
        "appellant.enterprise.credit_code" => "credit_code",
        "title" | "content" | "note" | "text" | "reason" | "satisfaction" | "suggestion" => field,
        _ => "",
    }
}
