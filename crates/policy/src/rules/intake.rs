//! What a city takes on and by which doors: scope, channels, platforms, lines, seats, names, referral, caller control.
//!
//! Each list is whole: where a child names any row of a list, its parent's list does not count.

use crate::matter::{Condition, Matter};
use crate::read::Table;
use crate::rules::accept::{AcceptRule, RealNameRule};
use crate::rules::origin::Origin;
use crate::vocabulary::{Channel, vocabulary};

/// A channel that is open (XZ-12-1, NC-9, YZ-2-10-1).
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelRule {
    /// The channel.
    pub channel: Channel,
    /// What the city calls it.
    pub name: String,
    /// When people answer; empty where nobody says.
    pub hours: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// A platform of others that passes appeals on (XZ-8-3, JS-8-5).
#[derive(Debug, Clone, PartialEq)]
pub struct PlatformRule {
    /// Its code: the `source` of an appeal.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The channel that its appeals come by.
    pub channel: Channel,
    /// Where it comes from.
    pub origin: Origin,
}

vocabulary! {
    /// What became of a hotline number (Xuzhou art. 15, Yangzhou 2(2)).
    LineMode, "mode of a line" {
        Merged = "merged", "整体并入";
        DualNumber = "dual_number", "双号并行";
        SubCentre = "sub_centre", "设分中心";
        Joint = "joint", "市县联动";
        Cancelled = "cancelled", "已取消";
    }
}

/// A hotline number besides 12345's own.
#[derive(Debug, Clone, PartialEq)]
pub struct LineRule {
    /// The number that people dialled.
    pub number: String,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub mode: LineMode,
    /// Where callers of a cancelled number go; empty for the others.
    pub go: String,
    /// The divisions that it serves; empty means all.
    pub divisions: Vec<String>,
    /// Where it comes from.
    pub origin: Origin,
}

vocabulary! {
    /// Whose seat it is (XZ-15-2, RG-3-1-1).
    SeatKind, "kind of seat" {
        Unified = "unified", "统一座席";
        Special = "special", "专席";
        CoBuilt = "co_built", "共建专席";
        Enterprise = "enterprise", "企业服务专席";
    }
}

/// A group of seats.
#[derive(Debug, Clone, PartialEq)]
pub struct SeatRule {
    /// Stable code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub kind: SeatKind,
    /// The item of the voice menu that leads there; empty where there is none.
    pub menu: String,
    /// The matters that it takes.
    pub when: Condition,
    /// Where it comes from.
    pub origin: Origin,
}

vocabulary! {
    /// A post that decides; the word is its role.
    Post, "post" {
        TeamLeader = "team_leader", "班长";
        Supervisor = "supervisor", "热线负责人";
        Leader = "leader", "主管部门负责人";
        Reviewer = "reviewer", "专岗审核人员";
    }
}

/// Who decides on scope, level by level (XZ-11-3, NC-12-4).
#[derive(Debug, Clone, PartialEq)]
pub struct Referral {
    /// The posts, lowest first.
    pub levels: Vec<Post>,
    /// Where it comes from.
    pub origin: Origin,
}

/// Who takes over difficult appeals (NC-14-1-1).
#[derive(Debug, Clone, PartialEq)]
pub struct Specialist {
    /// The post.
    pub post: Post,
    /// Where it comes from.
    pub origin: Origin,
}

/// The list of callers who harass the hotline (NC-43-1).
#[derive(Debug, Clone, PartialEq)]
pub struct CallerControl {
    /// How many natural days a confirmed mark is shown.
    pub days: u32,
    /// Who confirms it; never the person who proposed it.
    pub reviewer: Post,
    /// Where it comes from.
    pub origin: Origin,
}

/// Everything that a policy says of the way in; an empty list, or no table, says nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IntakeRules {
    /// What is taken on; empty means every matter.
    pub accepts: Vec<(Condition, AcceptRule)>,
    /// Open channels; empty means all.
    pub channels: Vec<ChannelRule>,
    /// Platforms that pass appeals on.
    pub platforms: Vec<PlatformRule>,
    /// Hotline numbers besides 12345's own.
    pub lines: Vec<LineRule>,
    /// Seats.
    pub seats: Vec<SeatRule>,
    /// Matters that need a name.
    pub real_names: Vec<(Condition, RealNameRule)>,
    /// Who decides on scope.
    pub referral: Option<Referral>,
    /// Who takes over difficult appeals.
    pub specialist: Option<Specialist>,
    /// Caller control.
    pub caller_control: Option<CallerControl>,
}

impl IntakeRules {
    /// Reads the tables, but for the first-match rows; problems are noted in the files.
    pub(crate) fn read(root: &Table<'_, '_>) -> Self {
        let rules = Self {
            channels: list(root, "channel", read_channel),
            platforms: list(root, "platform", read_platform),
            lines: list(root, "line", read_line),
            seats: list(root, "seat", read_seat),
            referral: single(root, "referral", read_referral),
            specialist: single(root, "specialist", read_specialist),
            caller_control: single(root, "caller_control", read_caller_control),
            ..Self::default()
        };
        distinct(
            root,
            "channel",
            rules.channels.iter().map(|rule| rule.channel.as_str()),
        );
        distinct(
            root,
            "platform",
            rules.platforms.iter().map(|rule| rule.code.as_str()),
        );
        distinct(root, "line", rules.lines.iter().map(|rule| rule.number.as_str()));
        distinct(root, "seat", rules.seats.iter().map(|rule| rule.code.as_str()));
        rules
    }

    /// The first rule that takes `matter` on.
    #[must_use]
    pub fn accept(&self, matter: &Matter) -> Option<&AcceptRule> {
        first(&self.accepts, matter)
    }

    /// The rule that demands a name for `matter`.
    #[must_use]
    pub fn real_name(&self, matter: &Matter) -> Option<&RealNameRule> {
        first(&self.real_names, matter)
    }

    /// The line of this number.
    #[must_use]
    pub fn line(&self, number: &str) -> Option<&LineRule> {
        self.lines.iter().find(|rule| rule.number == number)
    }

    /// The seat of this code.
    #[must_use]
    pub fn seat(&self, code: &str) -> Option<&SeatRule> {
        self.seats.iter().find(|rule| rule.code == code)
    }

    /// The platforms whose appeals come by `channel`.
    pub fn platforms_of(&self, channel: Channel) -> impl Iterator<Item = &PlatformRule> {
        self.platforms.iter().filter(move |rule| rule.channel == channel)
    }
}

fn first<'r, T>(rows: &'r [(Condition, T)], matter: &Matter) -> Option<&'r T> {
    let row = rows.iter().find(|(when, _)| when.matches(matter));
    row.map(|(_, rule)| rule)
}

/// The rows of the nearest layer that has any.
fn list<T>(root: &Table<'_, '_>, key: &'static str, read: impl Fn(&Table<'_, '_>) -> Option<T>) -> Vec<T> {
    let rows = root.rows(key);
    let Some(nearest) = rows.first().map(|(row, _)| row.at().file) else {
        return Vec::new();
    };
    let own = rows.iter().filter(|(row, _)| row.at().file == nearest);
    own.filter_map(|(row, _)| {
        let rule = read(row);
        row.finish();
        rule
    })
    .collect()
}

fn single<T>(
    root: &Table<'_, '_>,
    key: &'static str,
    read: impl Fn(&Table<'_, '_>) -> Option<T>,
) -> Option<T> {
    let table = root.table(key)?;
    let rule = read(&table);
    table.finish();
    rule
}

/// Reports a name that two rows of a list have.
fn distinct<'r>(root: &Table<'_, '_>, key: &str, names: impl Iterator<Item = &'r str>) {
    let mut seen = std::collections::BTreeSet::new();
    for name in names.filter(|name| !seen.insert(*name)) {
        root.problem(format!("two rows of [[{key}]] are called \"{name}\""));
    }
}

fn read_channel(table: &Table<'_, '_>) -> Option<ChannelRule> {
    let origin = Origin::read(table);
    let (channel, name) = (table.need_word("channel"), table.need_text("name"));
    let hours = table.text("hours").unwrap_or_default();
    Some(ChannelRule {
        channel: channel?,
        name: name?,
        hours,
        origin,
    })
}

fn read_platform(table: &Table<'_, '_>) -> Option<PlatformRule> {
    let origin = Origin::read(table);
    let (code, name) = (table.need_text("code"), table.need_text("name"));
    let channel = table.need_word("channel");
    Some(PlatformRule {
        code: code?,
        name: name?,
        channel: channel?,
        origin,
    })
}

fn read_line(table: &Table<'_, '_>) -> Option<LineRule> {
    let origin = Origin::read(table);
    let (number, name) = (table.need_text("number"), table.need_text("name"));
    let mode = table.need_word("mode");
    let go = match mode {
        Some(LineMode::Cancelled) => table.need_text("go"),
        _ => Some(table.text("go").unwrap_or_default()),
    };
    let divisions = table.words("divisions");
    Some(LineRule {
        number: number?,
        name: name?,
        mode: mode?,
        go: go?,
        divisions,
        origin,
    })
}

fn read_seat(table: &Table<'_, '_>) -> Option<SeatRule> {
    let origin = Origin::read(table);
    let (code, name) = (table.need_text("code"), table.need_text("name"));
    let kind = table.need_word("kind");
    let menu = table.text("menu").unwrap_or_default();
    let when = Condition::read(table);
    Some(SeatRule {
        code: code?,
        name: name?,
        kind: kind?,
        menu,
        when,
        origin,
    })
}

fn read_referral(table: &Table<'_, '_>) -> Option<Referral> {
    let origin = Origin::read(table);
    let levels: Vec<Post> = table.need_words("levels")?;
    Some(Referral { levels, origin })
}

fn read_specialist(table: &Table<'_, '_>) -> Option<Specialist> {
    let origin = Origin::read(table);
    let post = table.need_word("post")?;
    Some(Specialist { post, origin })
}

fn read_caller_control(table: &Table<'_, '_>) -> Option<CallerControl> {
    let origin = Origin::read(table);
    let (days, reviewer) = (table.need_count("days"), table.need_word("reviewer"));
    Some(CallerControl {
        days: days?,
        reviewer: reviewer?,
        origin,
    })
}
