//! Reads the forms of a report: what was typed is kept as it is, and what is wrong is told at its field. Pure.

use chrono::{NaiveDate, NaiveTime};
use hotline_policy::{AppealType, City, IdentityField, Lang, Policy};
use hotline_vault::normalise;
use serde::{Deserialize, Serialize};

use super::demand::Demand;
use super::draft::{Draft, Step};
use super::visit::{Fields, Side};

/// Most characters of a title.
pub const TITLE_MAX: usize = 100;
/// Most characters of a content.
pub const CONTENT_MAX: usize = 5_000;
/// Most characters of a place; the register takes 200 with the coordinates.
pub const PLACE_MAX: usize = 150;
/// Most characters of a name.
pub const NAME_MAX: usize = 64;
/// Most characters of an enterprise's name.
pub const ENTERPRISE_MAX: usize = 200;
/// Most characters of a note.
pub const NOTE_MAX: usize = 1_000;
/// Most characters of a number before it is looked at.
const NUMBER_MAX: usize = 40;

/// Sizes of enterprises, as labels.
pub const SIZES: [[&str; 2]; 4] = [
    ["微型企业", "micro"],
    ["小型企业", "small"],
    ["中型企业", "medium"],
    ["大型企业", "large"],
];

/// Something that is wrong, at its field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Page that asks for it.
    pub page: String,
    /// Name of the field; empty for none.
    pub field: String,
    /// What is wrong and what to do, in the visitor's language.
    pub text: String,
}

/// What forms are read by.
pub struct Rules<'a> {
    /// The city.
    pub city: &'a City,
    /// Its policy in force.
    pub policy: &'a Policy,
    /// The portal.
    pub side: Side,
    /// The visitor's language.
    pub lang: Lang,
    /// Today, locally.
    pub today: NaiveDate,
}

/// A form being read.
struct Reading<'a> {
    fields: &'a Fields,
    lang: Lang,
    page: &'static str,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn raw(&self, name: &str) -> String {
        let text = self.fields.get(name).map_or("", String::as_str);
        text.trim().replace("\r\n", "\n")
    }

    fn wrong(&mut self, field: &str, zh: &str, en: &str) {
        let text = match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        self.problems.push(Problem {
            page: self.page.to_owned(),
            field: field.to_owned(),
            text: text.to_owned(),
        });
    }

    /// A text of at most `max` characters; `asked` is what is asked for, where it must be there.
    fn text(&mut self, name: &str, max: usize, many: bool, asked: Option<[&str; 2]>) -> String {
        let text = self.raw(name);
        if let (true, Some([zh, en])) = (text.is_empty(), asked) {
            self.wrong(name, &format!("请填写{zh}"), &format!("Enter {en}"));
        }
        let count = text.chars().count();
        if count > max {
            let zh = format!("最多 {max} 个字，现在有 {count} 个，请精简");
            self.wrong(name, &zh, &format!("At most {max} characters; there are {count}"));
            return text.chars().take(max).collect();
        }
        if text.chars().any(|character| !is_written(character, many)) {
            let zh = "含有看不见的控制字符，请删除后重新输入";
            self.wrong(
                name,
                zh,
                "There is an invisible control character; type the text again",
            );
            return text
                .chars()
                .filter(|character| is_written(*character, many))
                .collect();
        }
        text
    }

    /// A number that `read` brings to its normal form; what is wrong is said by `read`.
    fn number<E: ToString>(&mut self, name: &str, read: impl Fn(&str) -> Result<String, E>) -> String {
        let text: String = self.raw(name).chars().take(NUMBER_MAX).collect();
        if text.is_empty() {
            return text;
        }
        match read(&text) {
            Ok(_) => text,
            Err(error) => {
                let [zh, en] = both(&error.to_string());
                self.wrong(name, &zh, &en);
                text.chars()
                    .filter(|character| is_written(*character, false))
                    .collect()
            }
        }
    }

    /// A value of a list.
    fn one_of(&mut self, name: &str, known: impl Fn(&str) -> bool, asked: [&str; 2]) -> String {
        let text = self.raw(name);
        if known(&text) {
            return text;
        }
        self.wrong(
            name,
            &format!("请选择{}", asked[0]),
            &format!("Choose {}", asked[1]),
        );
        String::new()
    }
}

/// The two halves of a message that is written `中文 (English)`.
fn both(message: &str) -> [String; 2] {
    match message.split_once(" (") {
        Some((zh, en)) => [zh.to_owned(), en.trim_end_matches(')').to_owned()],
        None => [message.to_owned(), message.to_owned()],
    }
}

/// Line breaks where there may be several lines; nothing that is not seen or turns the direction of reading.
fn is_written(character: char, many: bool) -> bool {
    match character {
        '\n' | '\t' => many,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
        _ => !character.is_control(),
    }
}

/// Reads the form of a page into the draft and gives what is wrong.
pub fn read(step: Step, fields: &Fields, draft: &mut Draft, rules: &Rules<'_>) -> Vec<Problem> {
    let mut form = Reading {
        fields,
        lang: rules.lang,
        page: step.path(),
        problems: Vec::new(),
    };
    match step {
        Step::Kind => {
            let known = |text: &str| text.parse::<AppealType>().is_ok();
            draft.kind = form.one_of("kind", known, ["事项类型", "what kind of thing it is"]);
        }
        Step::Group => group(&mut form, draft, rules.city),
        Step::Topic => {
            let group = draft.group.clone();
            let inside = |code: &str| {
                let found = rules.city.catalogue.category(code);
                found.is_some_and(|category| code == group || category.parent() == Some(&group))
            };
            draft.category = form.one_of("category", inside, ["具体事项", "the matter"]);
        }
        Step::Words => words(&mut form, draft, rules.today),
        Step::Place => place(&mut form, draft, rules.city),
        Step::Similar => {
            let place = form.raw("follow").parse::<usize>().ok();
            draft.follow = place
                .and_then(|place| draft.offered.get(place))
                .cloned()
                .unwrap_or_default();
        }
        Step::Enterprise => enterprise(&mut form, draft),
        Step::Contact => contact(&mut form, draft, rules),
        Step::Files | Step::Check => {}
    }
    form.problems
}

fn group(form: &mut Reading<'_>, draft: &mut Draft, city: &City) {
    let known = |code: &str| {
        city.catalogue
            .category(code)
            .is_some_and(|found| found.parent().is_none())
    };
    let group = form.one_of("group", known, ["涉及的领域", "the field"]);
    if group == draft.group {
        return;
    }
    let alone = !city
        .catalogue
        .categories()
        .any(|other| other.parent() == Some(&group));
    draft.category = if alone { group.clone() } else { String::new() };
    draft.visited.retain(|page| page != Step::Topic.path());
    if alone {
        draft.fill(Step::Topic);
    }
    draft.group = group;
}

fn words(form: &mut Reading<'_>, draft: &mut Draft, today: NaiveDate) {
    draft.title = form.text("title", TITLE_MAX, false, Some(["标题", "a title"]));
    draft.content = form.text("content", CONTENT_MAX, true, Some(["具体情况", "what happened"]));
    draft.day = form.text("day", NUMBER_MAX, false, None);
    if draft.day.is_empty() {
        return;
    }
    match draft.day.parse::<NaiveDate>() {
        Ok(day) if day > today => form.wrong("day", "日期不能晚于今天", "The day cannot lie in the future"),
        Ok(_) => {}
        Err(_) => form.wrong(
            "day",
            "请按 2026-09-30 的格式填写日期",
            "Write the day as 2026-09-30",
        ),
    }
}

fn place(form: &mut Reading<'_>, draft: &mut Draft, city: &City) {
    let (root, area, town) = (&city.policy.division, form.raw("area"), form.raw("town"));
    let inside = |code: &str, above: &str| {
        let found = city.divisions.get(code);
        found.is_some_and(|division| division.parent.as_deref() == Some(above))
    };
    let known = |code: &str| code == root || inside(code, root);
    // Whoever chose the town need not choose its district, too.
    let above = city
        .divisions
        .get(&town)
        .and_then(|division| division.parent.clone());
    let area = match above {
        Some(above) if area.is_empty() && inside(&above, root) => above,
        _ => form.one_of("area", |_| known(&area), ["所在区县", "the district"]),
    };
    if !town.is_empty() && !inside(&town, &area) {
        form.wrong(
            "town",
            "所选街道（镇）不在所选区县，请重新选择",
            "The town is not in the chosen district",
        );
    }
    draft.town = if inside(&town, &area) { town } else { String::new() };
    draft.area = area;
    draft.place = form.text("place", PLACE_MAX, false, None);
    draft.spot = spot(&form.raw("lat"), &form.raw("lon"));
}

/// Coordinates, if both are numbers of this earth.
fn spot(lat: &str, lon: &str) -> String {
    match (lat.parse::<f64>(), lon.parse::<f64>()) {
        (Ok(lat), Ok(lon)) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => format!("{lat:.5},{lon:.5}"),
        _ => String::new(),
    }
}

fn enterprise(form: &mut Reading<'_>, draft: &mut Draft) {
    let own = &mut draft.enterprise;
    own.name = form.text(
        "enterprise",
        ENTERPRISE_MAX,
        false,
        Some(["企业名称", "the enterprise's name"]),
    );
    own.credit_code = form.number("credit_code", normalise::credit_code);
    if own.credit_code.is_empty() {
        let zh = "请填写营业执照上的 18 位统一社会信用代码";
        form.wrong(
            "credit_code",
            zh,
            "Enter the 18 characters of the unified social credit code",
        );
    }
    let known = |size: &str| SIZES.iter().any(|[zh, _]| *zh == size);
    own.size = form.one_of("size", known, ["企业规模", "the size"]);
}

fn contact(form: &mut Reading<'_>, draft: &mut Draft, rules: &Rules<'_>) {
    let demand = Demand::of(draft, rules);
    draft.anonymous = form.raw("anonymous") == "yes" && demand.anonymous;
    draft.confidential = form.raw("confidential") == "yes" && demand.confidential;
    draft.name = form.text("name", NAME_MAX, false, None);
    draft.telephone = form.number("telephone", |text| {
        normalise::telephone(text, normalise::DEFAULT_AREA_CODE)
    });
    draft.identity_number = form.number("identity_number", normalise::identity_number);
    if draft.anonymous {
        draft.name.clear();
        return;
    }
    let told = [
        (
            IdentityField::Name,
            "name",
            draft.name.is_empty(),
            "姓名",
            "your name",
        ),
        (
            IdentityField::Telephone,
            "telephone",
            draft.telephone.is_empty(),
            "联系电话",
            "a telephone number",
        ),
        (
            IdentityField::IdNumber,
            "identity_number",
            draft.identity_number.is_empty(),
            "身份证号码",
            "your identity number",
        ),
    ];
    for (field, name, missing, zh, en) in told {
        if missing && demand.needs(field) {
            let basis = demand.article();
            let zh = format!("请填写{zh}{}", basis[0]);
            form.wrong(name, &zh, &format!("Enter {en}{}", basis[1]));
        }
    }
}

/// The start of a local day as an instant; nothing for an empty or bent day.
pub fn day_of(draft: &Draft) -> Option<chrono::DateTime<chrono::Utc>> {
    let day = draft.day.parse::<NaiveDate>().ok()?;
    Some(hotline_worktime::at_local(day.and_time(NaiveTime::MIN)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(fields: &Fields) -> Reading<'_> {
        Reading {
            fields,
            lang: Lang::Zh,
            page: "words",
            problems: Vec::new(),
        }
    }

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn what_cannot_be_seen_is_told_at_its_field() {
        for bad in ["a\u{202e}b", "a\u{0}b", "a\u{2066}b", "a\u{7f}b"] {
            let fields = fields(&[("title", bad)]);
            let mut form = reading(&fields);
            assert_eq!(form.text("title", 9, true, None), "ab");
            assert_eq!(form.problems[0].field, "title", "{bad:?}");
        }
        let fields = fields(&[("title", "一行\r\n两行")]);
        assert_eq!(reading(&fields).text("title", 9, true, None), "一行\n两行");
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_and_told() {
        let fields = fields(&[("title", "一二三四")]);
        let mut form = reading(&fields);
        assert_eq!(form.text("title", 3, false, None), "一二三");
        assert!(form.problems[0].text.contains("现在有 4 个"));
    }

    #[test]
    fn a_message_of_two_languages_is_told_in_one() {
        let fields = fields(&[("credit_code", "91320300MA1ABCDE0X")]);
        let mut form = reading(&fields);
        form.number("credit_code", normalise::credit_code);
        assert!(
            form.problems[0].text.ends_with("校验位不符，请核对"),
            "{:?}",
            form.problems
        );
    }

    #[test]
    fn coordinates_are_numbers_of_this_earth() {
        assert_eq!(spot("34.261", "117.185"), "34.26100,117.18500");
        for (lat, lon) in [("", ""), ("91", "0"), ("NaN", "1"), ("<b>", "1"), ("1", "181")] {
            assert_eq!(spot(lat, lon), "", "{lat} {lon}");
        }
    }
}
