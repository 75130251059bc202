//! The rows of the matrix: for each command where it is allowed, what it is told elsewhere, and who may give it.

use super::evidence::{back, finding, meeting};
use super::name;
use super::people::Who;
use super::scenes::{AUTHORITY, Scene, acceptance, extension_draft, return_draft};
use crate::domain::dossier::AcceptanceVerdict;
use crate::domain::tests::world::{HOUSING, TOWN, WATER, agree, day, draft, send_to};
use crate::domain::{Command, Dispatch, FindingDraft, Findings, LegCommand, Outcome, StatementDraft, UnitId};

/// One command: its cells in the order of the scenes, and the people who may give it.
pub(super) struct Row {
    /// How failures name it.
    pub(super) label: &'static str,
    /// Makes it, about the leg of a scene.
    pub(super) command: fn(&Scene) -> Command,
    /// Who gives it in the grid.
    pub(super) by: Who,
    /// What each scene answers; the letters are in [`legend`].
    pub(super) cells: &'static str,
    /// Who else may, with the same answers everywhere.
    pub(super) may: &'static [Who],
    /// Single cells where somebody may who may not elsewhere.
    pub(super) exceptions: &'static [(&'static str, Who)],
    /// What the others are told where it is allowed.
    strangers: fn(Who) -> &'static str,
    /// What it is told a second time.
    pub(super) again: char,
}

impl Row {
    /// The name of its command.
    pub(super) fn name(&self) -> &'static str {
        name(&(self.command)(&Scene::none()))
    }

    /// What somebody is told who may not.
    pub(super) fn stranger(&self, who: Who) -> &'static str {
        (self.strangers)(who)
    }
}

/// What a letter of the grid stands for: the code, and the article where the policy of the matrix has one.
pub(super) fn legend(cell: char) -> &'static str {
    match cell {
        '+' => "allowed",
        '=' => "nothing happens",
        'o' => "order.state",
        'c' => "order.claimed",
        'k' => "order.not_claimed",
        'n' => "leg.not_found",
        'l' => "leg.state",
        'e' => "leg.followed_only 2",
        'q' => "duty.question_open",
        'Q' => "duty.question_absent",
        'w' => "duty.units_work_on 12(4)",
        't' => "dispatch.unit_twice",
        'a' => "opinion.asked",
        'O' => "opinion.absent",
        'i' => "opinion.issued",
        'P' => "opinion.not_the_lead",
        'W' => "whistle.absent",
        'h' => "whistle.blown",
        'U' => "whistle.unknown",
        'r' => "acceptance.not_ready 三(一)4",
        's' => "statement.absent",
        'p' => "return.pending",
        'B' => "return.barred",
        'A' => "return.absent",
        'x' => "extension.pending",
        'X' => "extension.absent",
        'b' => "delegate.unit_not_below",
        'D' => "delegate.already",
        'd' => "review.delegated",
        'L' => "coordinate.not_the_lead",
        'G' => "guide.not_above",
        _ => "a letter that the legend lacks",
    }
}

const OWN: &[Who] = &[Who::Own, Who::OwnLeader];
const DESK: &[Who] = &[
    Who::Dispatcher,
    Who::OtherDispatcher,
    Who::TeamLeader,
    Who::Service,
];
const OF_PLATFORM: &[Who] = &[
    Who::Dispatcher,
    Who::OtherDispatcher,
    Who::TeamLeader,
    Who::Service,
    Who::Inspector,
    Who::SpecialTeam,
    Who::LeadingGroup,
];

/// A row of the platform: whom the contract lets in, the domain does not tell apart.
fn open(label: &'static str, command: fn(&Scene) -> Command, cells: &'static str, again: char) -> Row {
    Row {
        label,
        command,
        by: Who::Dispatcher,
        cells,
        may: Who::ALL,
        exceptions: &[],
        strangers: |_| "nobody is refused",
        again,
    }
}

/// A row of the unit that has the leg.
fn own(label: &'static str, command: fn(&Scene) -> Command, cells: &'static str, again: char) -> Row {
    Row {
        by: Who::Own,
        may: OWN,
        strangers: |_| "leg.not_yours",
        ..open(label, command, cells, again)
    }
}

/// A row of whom the policy names as its decider.
fn decider(by: Who, may: &'static [Who], row: Row, strangers: fn(Who) -> &'static str) -> Row {
    Row {
        by,
        may,
        strangers,
        ..row
    }
}

/// Every row. The groups of cells: before the sending out, the lead's leg, all legs, the ends, whistle, opinion, other
/// legs; see `scenes::NAMES`.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = of_the_order();
    rows.extend(of_the_dossier());
    rows.extend(of_the_unit());
    rows.extend(of_requests());
    rows.extend(of_replies());
    rows
}

#[rustfmt::skip]
fn of_the_order() -> Vec<Row> {
    let release = open(
        "release",
        |_| Command::Release,
        "k+oo oooooooo okooo oooo oooo oo ooo",
        'k',
    );
    let dispatch = open(
        "dispatch",
        |_| send_to(HOUSING, &[]),
        "k+oo oooooooo okooo oooo oooo oo ooo",
        'o',
    );
    vec![
        open("claim", |_| Command::Claim, "+coo oooooooo o+ooo oooo oooo oo ooo", 'c'),
        Row { may: &[Who::Dispatcher, Who::TeamLeader], strangers: |_| "order.not_claimer", ..release },
        // What nobody claimed the installation itself may send out.
        Row { may: &[Who::Dispatcher], exceptions: &[("pool", Who::Service), ("returned", Who::Service)], strangers: |_| "order.not_claimer", ..dispatch },
        open("determine", |_| determine(), "ooq+ oooooooo oo+oo oooo oooo oo ooo", 'o'),
        open("redo", |_| Command::Redo { reason: "重办".into() }, "oooo oooooooo ooooo +ooo oooo oo ooo", 'o'),
        open("close", |_| close(), "oooo oooooooo ooooo +ooo oooo oo ooo", 'o'),
        open("archive", |_| Command::Archive, "oooo oooooooo ooooo o+oo oooo oo ooo", 'o'),
        open("join", |_| join(), "oooo ++++++++ +oo+o oooo ++++ ++ +++", 't'),
    ]
}

#[rustfmt::skip]
fn of_the_dossier() -> Vec<Row> {
    let ask_duty = |_: &Scene| {
        let (body, question) = (UnitId::new(AUTHORITY), "由谁办理".into());
        Command::AskDuty { body, question }
    };
    let hand_up = open(
        "hand_up",
        |_| Command::HandUp {
            reason: "非本级".into(),
        },
        "++++ oooooooo owwoo oooo oooo oo ooo",
        'o',
    );
    let accept = open(
        "accept",
        |_| acceptance(AcceptanceVerdict::Passed),
        "rrrr rrrrrrrr +rrrr rrrr rrrr rr rrr",
        'r',
    );
    let whistle = open(
        "decide_whistle",
        |_| Command::DecideWhistle(agree()),
        "oooo WWWWWWWW WooWo oooo +WWW WW WWW",
        'W',
    );
    vec![
        open("ask_duty", ask_duty, "++q+ oooooooo o++oo oooo oooo oo ooo", 'q'),
        Row { may: OF_PLATFORM, strangers: |_| "decider.not_yours", ..open("record_duty of a meeting", |_| meeting(), "++++ oooooooo o++oo oooo oooo oo ooo", '+') },
        // The body itself records its own opinion.
        Row { may: &[Who::Dispatcher, Who::OtherDispatcher, Who::TeamLeader, Who::Service, Who::Inspector, Who::SpecialTeam, Who::LeadingGroup, Who::Above], strangers: |_| "leg.not_yours", ..open("record_duty of a body", |_| body(), "QQ+Q oooooooo oQQoo oooo oooo oo ooo", 'Q') },
        decider(Who::Inspector, &[Who::Inspector], hand_up, |_| "decider.not_yours 12(4)"),
        open("ask_opinion", |_| Command::AskOpinion { note: "要书面".into() }, "++++ ++++++++ +++++ +ooo ++++ aa +++", 'a'),
        decider(Who::Dispatcher, DESK, whistle, |_| "decider.not_yours 三(一)4"),
        own("meet_whistle", |_| meet(), "oooo WWWWWWWW WooWo oooo W+WW WW WWW", 'W'),
        decider(Who::SpecialTeam, &[Who::SpecialTeam], accept, |_| "decider.not_yours 三(一)4"),
        Row { strangers: |_| "statement.absent", ..own("file_statement", |_| statement(), "ssss ssssssss sssss ssoo sss+ ss sss", 's') },
    ]
}

#[rustfmt::skip]
fn of_the_unit() -> Vec<Row> {
    vec![
        Row { may: &[Who::Own, Who::OwnLeader, Who::Service], ..own("acknowledge", |of| Command::Leg(of.leg, LegCommand::Acknowledge), "nnnn +======= =ll++ ===l ==== == ++=", '=') },
        own("sign", |of| Command::Leg(of.leg, LegCommand::Sign), "nnnn +lllllll lll++ oooo llll ll +el", 'l'),
        own("record_contact", contact, "nnnn l+++ll+l lllll oooo ++++ ll le+", '+'),
        own("delegate", delegate, "nnnn l+p+ll+l lllll oooo ++++ ll leb", 'D'),
        own("coordinate", |of| { Command::Leg(of.leg, LegCommand::Coordinate { note: "分工".into() }) }, "nnnn ++++++++ +ll++ oooo ++++ ++ LeL", '+'),
        Row { by: Who::Above, may: &[Who::Above], strangers: |_| "guide.not_above", ..own("guide", |of| { Command::Leg(of.leg, LegCommand::Guide { note: "抓紧".into() }) }, "nnnn +++++l+l lll+G oooo ++++ ll +e+", '+') },
        own("issue_opinion", |of| { Command::Leg(of.leg, LegCommand::IssueOpinion { words: "意见".into() }) }, "nnnn OOOOOOOO OPPOO OOOP OOOO +i PPP", 'i'),
        own("blow_whistle", blow, "nnnn l+++ll+l lUUlU oooo hhh+ ll UeU", 'h'),
    ]
}

#[rustfmt::skip]
fn of_requests() -> Vec<Row> {
    let decide_return = open(
        "decide_return",
        |of| Command::Leg(of.leg, LegCommand::DecideReturn(agree())),
        "nnnn AA+AAAAA AAAAA oooo AAAA AA AeA",
        'A',
    );
    // `X` of the legend: no extension is asked for.
    let decide_extension = open(
        "decide_extension",
        |of| Command::Leg(of.leg, LegCommand::DecideExtension(agree())),
        "nnnn XXX+XXXX XXXXX oooo XXXX XX XeX",
        'X',
    );
    vec![
        own("request_return", |of| Command::Leg(of.leg, LegCommand::RequestReturn(return_draft())), "nnnn ++p+llll lll+B oooo +++l ll Be+", 'p'),
        decider(Who::Inspector, &[Who::Inspector], decide_return, |_| "decider.not_yours 12(4)"),
        own("request_extension", extend, "nnnn l+pxll+l lllll oooo ++++ ll le+", 'x'),
        decider(Who::SpecialTeam, &[Who::SpecialTeam], decide_extension, |_| "decider.not_yours 12(4)"),
    ]
}

#[rustfmt::skip]
fn of_replies() -> Vec<Row> {
    let review = open(
        "review",
        |of| Command::Leg(of.leg, LegCommand::Review(Findings::Approve)),
        "nnnn lllll+ll lllll oooo llll ++ del",
        'l',
    );
    let again = open(
        "review that sends back",
        |of| Command::Leg(of.leg, back()),
        "nnnn lllll+ll lllll oooo llll ++ del",
        'l',
    );
    vec![
        own("reply", |of| Command::Leg(of.leg, LegCommand::Reply(Box::new(draft()))), "nnnn l+++ll+l lllll oooo ++++ ll le+", 'l'),
        Row { by: Who::OwnLeader, may: &[Who::OwnLeader], strangers: |who| match who { Who::Own => "inside.level_not_yours 12(4)", _ => "leg.not_yours" }, ..own("decide_inside", |of| Command::Leg(of.leg, LegCommand::DecideInside(agree())), "nnnn llll+lll lllll oooo llll ll lel", 'l') },
        decider(Who::Dispatcher, DESK, review, |_| "decider.not_yours 12(4)"),
        decider(Who::Dispatcher, DESK, again, |_| "decider.not_yours 12(4)"),
    ]
}

fn determine() -> Command {
    Command::Determine(Dispatch {
        lead: Some(UnitId::new(HOUSING)),
        basis: "最终认定".into(),
        ..Dispatch::default()
    })
}

fn close() -> Command {
    let (outcome, reason) = (Outcome::Final, "终结".into());
    Command::Close { outcome, reason }
}

fn join() -> Command {
    let (units, reason) = (vec![UnitId::new(WATER)], "需协办".into());
    Command::Join { units, reason }
}

fn body() -> Command {
    Command::RecordDuty(FindingDraft {
        participants: Vec::new(),
        ..finding()
    })
}

fn meet() -> Command {
    let duties = vec![(UnitId::new(HOUSING), "查房".into())];
    Command::MeetWhistle {
        minutes: "纪要".into(),
        duties,
    }
}

fn statement() -> Command {
    Command::FileStatement(StatementDraft {
        text: "情况说明".into(),
        signed_by: "主要负责人".into(),
        sealed: true,
        document: None,
    })
}

fn contact(of: &Scene) -> Command {
    Command::Leg(
        of.leg,
        LegCommand::RecordContact {
            note: "已联系".into(),
        },
    )
}

fn delegate(of: &Scene) -> Command {
    let (unit, due_at) = (UnitId::new(TOWN), Some(day(3, "17:00")));
    Command::Leg(of.leg, LegCommand::Delegate { unit, due_at })
}

fn blow(of: &Scene) -> Command {
    let (matter, units) = ("管网".into(), vec![UnitId::new(HOUSING)]);
    Command::Leg(of.leg, LegCommand::BlowWhistle { matter, units })
}

fn extend(of: &Scene) -> Command {
    Command::Leg(of.leg, LegCommand::RequestExtension(Box::new(extension_draft())))
}
