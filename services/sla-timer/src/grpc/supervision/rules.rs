//! A policy's rows on supervision, as people read them.

use hotline_policy::rules::{CountedBy, SuperviseRule};
use hotline_policy::{Obligation, Policy, Step};
use hotline_proto::sla::v1::{GetSupervisionRulesResponse, SupervisionRule};

fn row(kind: &str, code: &str, name: &str, article: &str) -> SupervisionRule {
    SupervisionRule {
        kind: kind.to_owned(),
        code: code.to_owned(),
        name: name.to_owned(),
        article: article.to_owned(),
        text: String::new(),
        words: Vec::new(),
    }
}

/// Every row on supervision, and the rungs of the ladder after a due time.
pub(super) fn of(policy: &Policy) -> GetSupervisionRulesResponse {
    let known = policy.supervision();
    let mut rules: Vec<SupervisionRule> = known.classes.iter().map(class).collect();
    for rule in &known.instruments {
        let reply = if rule.reply { "须反馈" } else { "" };
        let within = rule.within.map_or_else(String::new, |within| within.zh());
        rules.push(SupervisionRule {
            text: format!("{} {reply} {within}", rule.number),
            ..row("instrument", &rule.code, &rule.name, &rule.origin.article)
        });
    }
    for rule in &known.cards {
        let (window, colour) = (rule.window.zh(), rule.colour.zh());
        let (then, broken) = (rule.then.zh(), rule.broken_by.zh());
        rules.push(SupervisionRule {
            text: format!("{window}内连续{}张{colour}:{then};{broken}", rule.consecutive),
            words: vec![rule.instrument.clone()],
            ..row("card", &rule.code, colour, &rule.origin.article)
        });
    }
    let lists = [
        ("accountability", &known.causes),
        ("hand_over", &known.recipients),
        ("oversight", &known.oversight),
    ];
    for (kind, list) in lists {
        rules.extend(
            list.iter()
                .map(|rule| row(kind, &rule.code, &rule.name, &rule.origin.article)),
        );
    }
    for rule in &known.measures {
        let combines = if rule.combines {
            "可合并使用"
        } else {
            "单独使用"
        };
        rules.push(SupervisionRule {
            text: combines.to_owned(),
            words: rule.holds.iter().map(|holds| holds.as_str().to_owned()).collect(),
            ..row("measure", &rule.code, &rule.name, &rule.origin.article)
        });
    }
    for rule in &known.exemptions {
        rules.push(SupervisionRule {
            words: rule.conditions.clone(),
            ..row("exemption", &rule.code, &rule.name, &rule.origin.article)
        });
    }
    for rule in &known.bodies {
        rules.push(SupervisionRule {
            text: format!("{} {}", rule.head, rule.office).trim().to_owned(),
            words: rule
                .rights
                .iter()
                .map(|right| right.as_str().to_owned())
                .collect(),
            ..row("body", &rule.code, &rule.name, &rule.origin.article)
        });
    }
    for rule in &known.verifications {
        rules.push(SupervisionRule {
            words: rule.instruments.clone(),
            ..row(
                "verification",
                &rule.code,
                rule.outcome.zh(),
                &rule.origin.article,
            )
        });
    }
    for rule in &known.bulletins {
        let every = rule.every.zh();
        rules.push(SupervisionRule {
            text: format!("每{every},按时率低于{}%的予以通报", rule.named_below),
            words: vec![rule.hand_over.clone()],
            ..row("bulletin", &rule.code, &rule.name, &rule.origin.article)
        });
    }
    rules.extend(rungs(policy));
    GetSupervisionRulesResponse {
        policy_id: policy.id.clone(),
        rules,
    }
}

fn class(rule: &SuperviseRule) -> SupervisionRule {
    let alone = rule.per == CountedBy::Order && rule.count <= 1;
    let per = if alone { "" } else { rule.per.zh() };
    let window = rule
        .window
        .map_or_else(String::new, |window| format!("{}内", window.zh()));
    SupervisionRule {
        text: format!("{}{per}{window}{}次", rule.trigger.zh(), rule.count),
        words: rule.instruments.clone(),
        ..row("supervise", &rule.code, &rule.name, &rule.origin.article)
    }
}

/// The rungs after a due time, whatever the matter, each as it stands in the policy.
fn rungs(policy: &Policy) -> Vec<SupervisionRule> {
    let rung = |rule: &hotline_policy::EscalateRule| {
        let after = rule
            .after
            .map_or_else(String::new, |after| format!("逾期{}后", after.zh()));
        let hand = if rule.by_hand { "人工决定" } else { "自动" };
        let names: Vec<_> = rule
            .obligations
            .iter()
            .map(|known: &Obligation| known.zh())
            .collect();
        SupervisionRule {
            text: format!("{} {after}{hand}", names.join("、")),
            words: rule.instrument.iter().cloned().collect(),
            ..row("ladder", rule.step.as_str(), rule.step.zh(), &rule.origin.article)
        }
    };
    policy
        .rungs()
        .filter(|rule| rule.step != Step::Remind)
        .map(rung)
        .collect()
}
