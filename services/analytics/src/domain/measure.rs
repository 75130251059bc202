//! Names of what is counted: the event in snake case, and the measures derived from it.

use super::happening::{Happening, What};

/// A measure that is not an event's own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derived {
    /// Its name; `<word>` stands for a word of the event.
    pub name: &'static str,
    /// What it counts, in Chinese.
    pub zh: &'static str,
    /// What it counts, in English.
    pub en: &'static str,
}

const SIGNED_IN_TIME: &str = "signed_in_time";
const SIGNED_LATE: &str = "signed_late";
const SATISFIED: &str = "satisfied";
const DISSATISFIED: &str = "dissatisfied";
const ORDER_REOPENED: &str = "order_reopened";
/// Orders that are not closed and not withdrawn; a figure of the overview alone.
pub const OPEN_ORDERS: &str = "open_orders";

/// Every derived measure, for `docs/events.md`.
pub const DERIVED: &[Derived] = &[
    Derived {
        name: SIGNED_IN_TIME,
        zh: "按时签收",
        en: "legs signed at or before the due time",
    },
    Derived {
        name: SIGNED_LATE,
        zh: "逾期签收",
        en: "legs signed after the due time",
    },
    Derived {
        name: "breached_<obligation>",
        zh: "各项时限超期",
        en: "clocks of an obligation that ran out",
    },
    Derived {
        name: SATISFIED,
        zh: "回访满意(非常满意、满意、基本满意)",
        en: "call-backs answered very satisfied, satisfied or fair",
    },
    Derived {
        name: DISSATISFIED,
        zh: "回访不满意(不满意、非常不满意)",
        en: "call-backs answered otherwise",
    },
    Derived {
        name: "closed_<outcome>",
        zh: "按结果结案",
        en: "orders closed with an outcome",
    },
    Derived {
        name: ORDER_REOPENED,
        zh: "结案后重办或提级复核",
        en: "closed orders that were redone or escalated",
    },
    Derived {
        name: OPEN_ORDERS,
        zh: "在办工单(仅总览)",
        en: "orders opened or reopened, less those closed or withdrawn; in the overview alone",
    },
];

/// Every measure to which a thing that happened adds one; its own name first.
#[must_use]
pub fn measures(happening: &Happening) -> Vec<String> {
    let derived = match &happening.what {
        What::Plain | What::OnceMore | What::Archived => None,
        What::SignedInTime => Some(SIGNED_IN_TIME.to_owned()),
        What::SignedLate => Some(SIGNED_LATE.to_owned()),
        What::Breached { obligation } => Some(format!("breached_{obligation}")),
        What::Satisfied => Some(SATISFIED.to_owned()),
        What::Dissatisfied => Some(DISSATISFIED.to_owned()),
        What::Closed { outcome } => Some(format!("closed_{outcome}")),
        What::Reopened => Some(ORDER_REOPENED.to_owned()),
    };
    std::iter::once(snake_case(&happening.event))
        .chain(derived)
        .collect()
}

/// `LegSigned` as `leg_signed`.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

/// Running totals, sorted by name, with the open orders among them.
#[must_use]
pub fn with_open_orders(mut totals: Vec<(String, i64)>) -> Vec<(String, i64)> {
    let of = |name: &str| {
        totals
            .iter()
            .find(|(measure, _)| measure == name)
            .map_or(0, |(_, count)| *count)
    };
    let open = of("order_opened") + of(ORDER_REOPENED) - of("order_closed") - of("order_withdrawn");
    totals.push((OPEN_ORDERS.to_owned(), open));
    totals.sort_unstable();
    totals
}
