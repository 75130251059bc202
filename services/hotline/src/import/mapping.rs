//! Which column holds which item of an appeal, and the request that a line makes.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDateTime};
use hotline_policy::{AppealType, Channel, Urgency};
use hotline_proto::common::v1::{self as common, Enterprise};
use hotline_proto::intake::v1::{Appellant, RegisterAppealRequest};
use hotline_worktime::at_local;
use prost_types::Timestamp;
use sha2::{Digest, Sha256};

use super::sheet::{Line, Sheet};
use crate::render;

/// Items that a column can hold.
pub const ITEMS: [&str; 19] = [
    "title",
    "content",
    "time",
    "type",
    "channel",
    "category",
    "division",
    "urgency",
    "place",
    "labels",
    "source_reference",
    "name",
    "telephone",
    "identity_number",
    "address",
    "enterprise",
    "credit_code",
    "anonymous",
    "confidential",
];

/// Forms of a local time.
const TIME_FORMS: [&str; 6] = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y年%m月%d日 %H:%M",
];

/// What stands where no column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// Kind.
    pub appeal_type: AppealType,
    /// Channel.
    pub channel: Channel,
    /// Category.
    pub category: String,
    /// Division; the city's own when empty.
    pub division: String,
    /// Name of the source platform.
    pub source: String,
    /// Accept in the same step.
    pub accept: bool,
}

/// How a line becomes a request.
#[derive(Debug)]
pub struct Mapping {
    columns: BTreeMap<&'static str, usize>,
    width: usize,
    defaults: Defaults,
}

impl Mapping {
    /// Reads `item=column` pairs; without any, columns called like items are taken.
    ///
    /// # Errors
    /// An item that nobody knows, a column that the file does not have, or no title and content.
    pub fn new(pairs: &[String], sheet: &Sheet, defaults: Defaults) -> anyhow::Result<Self> {
        let mut columns = BTreeMap::new();
        for pair in pairs {
            let (item, column) = pair
                .split_once('=')
                .with_context(|| format!("--map {pair}: 应为 项目=列名 / --map {pair}: write item=column"))?;
            columns.insert(known_item(item.trim())?, column_of(sheet, column.trim())?);
        }
        if pairs.is_empty() {
            columns.extend(
                ITEMS
                    .into_iter()
                    .filter_map(|item| Some((item, column_of(sheet, item).ok()?))),
            );
        }
        if let Some(item) = ["title", "content"]
            .into_iter()
            .find(|item| !columns.contains_key(item))
        {
            let names: Vec<_> = sheet.header.iter().collect();
            let names = names.join(", ");
            bail!(
                "请用 --map {item}=列名 指明“{item}”所在的列,文件的列:{names} / name the column of {item} with --map {item}=COLUMN; columns: {names}"
            );
        }
        Ok(Self {
            columns,
            width: sheet.header.len(),
            defaults,
        })
    }

    /// The request of a line.
    ///
    /// # Errors
    /// Why the line makes none, in words for the reject file.
    pub fn request(&self, line: &Line) -> Result<RegisterAppealRequest, String> {
        let found = line.fields.len();
        if found != self.width {
            let width = self.width;
            return Err(format!(
                "应有 {width} 列,实有 {found} 列 / {found} fields where the header has {width}"
            ));
        }
        let reading = Reading { mapping: self, line };
        let key = key(&self.defaults.source, line);
        let reference = reading.text("source_reference");
        Ok(RegisterAppealRequest {
            r#type: type_of(reading.word("type", self.defaults.appeal_type)?).into(),
            channel: channel_of(reading.word("channel", self.defaults.channel)?).into(),
            urgency: urgency_of(reading.word("urgency", Urgency::Normal)?).into(),
            category: reading.or("category", &self.defaults.category),
            division: reading.or("division", &self.defaults.division),
            title: one_line(reading.text("title")),
            content: reading.text("content").to_owned(),
            incident_place: reading.text("place").to_owned(),
            incident_time: reading.time()?,
            labels: reading
                .text("labels")
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            appellant: Some(reading.appellant()),
            source: self.defaults.source.clone(),
            source_reference: if reference.is_empty() {
                key.clone()
            } else {
                reference.to_owned()
            },
            accept: self.defaults.accept,
            idempotency_key: key,
            ..RegisterAppealRequest::default()
        })
    }
}

/// Names a line for ever: its fields and where it came from.
fn key(source: &str, line: &Line) -> String {
    let mut hash = Sha256::new();
    for part in std::iter::once(source).chain(line.fields.iter()) {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let mut key = "import-".to_owned();
    for byte in &hash.finalize()[..20] {
        let _ = write!(key, "{byte:02x}");
    }
    key
}

fn known_item(item: &str) -> anyhow::Result<&'static str> {
    let known = ITEMS.into_iter().find(|known| *known == item);
    known.with_context(|| {
        let items = ITEMS.join(", ");
        format!("--map 没有项目 {item},可用:{items} / no item is called {item}; use {items}")
    })
}

fn column_of(sheet: &Sheet, column: &str) -> anyhow::Result<usize> {
    let place = sheet.header.iter().position(|name| name.trim() == column);
    place.with_context(|| {
        let names: Vec<_> = sheet.header.iter().collect();
        let names = names.join(", ");
        format!("文件没有列 {column},有:{names} / the file has no column {column}; it has {names}")
    })
}

/// A line as it is read.
struct Reading<'a> {
    mapping: &'a Mapping,
    line: &'a Line,
}

impl Reading<'_> {
    fn text(&self, item: &str) -> &str {
        let column = self.mapping.columns.get(item);
        column
            .and_then(|column| self.line.fields.get(*column))
            .unwrap_or_default()
            .trim()
    }

    fn or(&self, item: &str, default: &str) -> String {
        let text = self.text(item);
        if text.is_empty() {
            default.to_owned()
        } else {
            text.to_owned()
        }
    }

    /// A word of a closed list, by its identifier or its Chinese name.
    fn word<T: Word>(&self, item: &str, default: T) -> Result<T, String> {
        match self.text(item) {
            "" => Ok(default),
            text => T::all()
                .iter()
                .copied()
                .find(|word| word.named(text))
                .ok_or_else(|| {
                    let known: Vec<_> = T::all().iter().map(|word| word.zh()).collect();
                    let known = known.join("、");
                    format!("{item}: 不认识“{text}”,可用:{known} / unknown {item} {text:?}")
                }),
        }
    }

    fn time(&self) -> Result<Option<Timestamp>, String> {
        let text = self.text("time");
        if text.is_empty() {
            return Ok(None);
        }
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Ok(Some(render::timestamp(at.to_utc())));
        }
        let local = TIME_FORMS
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
        let local = local.ok_or_else(|| {
            format!("time: 看不懂“{text}”,应如 2020-01-08 13:54:22 / cannot read the time {text:?}")
        })?;
        Ok(Some(render::timestamp(at_local(local))))
    }

    /// The appellant: nobody named is anonymous.
    fn appellant(&self) -> Appellant {
        let own = |item: &str| self.text(item).to_owned();
        let enterprise = Enterprise {
            name: own("enterprise"),
            credit_code: own("credit_code"),
        };
        let said = |item: &str, word: &str| {
            let text = self.text(item);
            text == word || matches!(text, "true" | "1" | "是")
        };
        let nobody = self.text("name").is_empty() && enterprise.name.is_empty();
        Appellant {
            name: own("name"),
            telephone: own("telephone"),
            identity_number: own("identity_number"),
            address: own("address"),
            anonymous: said("anonymous", "匿名") || nobody,
            confidential: said("confidential", "保密"),
            enterprise: (!enterprise.name.is_empty()).then_some(enterprise),
        }
    }
}

/// A title on one line: line ends and runs of white space become a space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A word of a closed list.
trait Word: Copy + 'static {
    fn all() -> &'static [Self];
    fn word(self) -> &'static str;
    fn zh(self) -> &'static str;

    fn named(self, text: &str) -> bool {
        self.word() == text || self.zh() == text
    }
}

macro_rules! words {
    ($($list:ty),*) => {$(
        impl Word for $list {
            fn all() -> &'static [Self] {
                Self::ALL
            }
            fn word(self) -> &'static str {
                self.as_str()
            }
            fn zh(self) -> &'static str {
                <$list>::zh(self)
            }
        }
    )*};
}
words!(AppealType, Channel, Urgency);

/// The contract's word for a kind of appeal.
pub fn type_of(word: AppealType) -> common::AppealType {
    match word {
        AppealType::Consult => common::AppealType::Consult,
        AppealType::Help => common::AppealType::Help,
        AppealType::Complaint => common::AppealType::Complaint,
        AppealType::Report => common::AppealType::Report,
        AppealType::Suggestion => common::AppealType::Suggestion,
        AppealType::Praise => common::AppealType::Praise,
    }
}

/// The contract's word for an urgency.
pub fn urgency_of(word: Urgency) -> common::Urgency {
    match word {
        Urgency::Normal => common::Urgency::Normal,
        Urgency::Urgent => common::Urgency::Urgent,
        Urgency::Emergency => common::Urgency::Emergency,
    }
}

/// The contract's word for a channel.
pub fn channel_of(word: Channel) -> common::Channel {
    match word {
        Channel::Telephone => common::Channel::Telephone,
        Channel::EnterpriseSeat => common::Channel::EnterpriseSeat,
        Channel::Web => common::Channel::Web,
        Channel::App => common::Channel::App,
        Channel::Wechat => common::Channel::Wechat,
        Channel::MiniProgram => common::Channel::MiniProgram,
        Channel::Weibo => common::Channel::Weibo,
        Channel::Mailbox => common::Channel::Mailbox,
        Channel::Counter => common::Channel::Counter,
        Channel::CoBuilt => common::Channel::CoBuilt,
        Channel::Regional => common::Channel::Regional,
        Channel::National => common::Channel::National,
        Channel::Provincial => common::Channel::Provincial,
        Channel::LeaderBoard => common::Channel::LeaderBoard,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults() -> Defaults {
        Defaults {
            appeal_type: AppealType::Help,
            channel: Channel::Web,
            category: "other".into(),
            division: String::new(),
            source: "old".into(),
            accept: true,
        }
    }

    fn mapped(csv: &str, pairs: &[&str]) -> Vec<Result<RegisterAppealRequest, String>> {
        let sheet = Sheet::parse(csv.as_bytes(), "utf-8").expect("reads");
        let pairs: Vec<_> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
        let mapping = Mapping::new(&pairs, &sheet, defaults()).expect("maps");
        sheet.lines.iter().map(|line| mapping.request(line)).collect()
    }

    #[test]
    fn a_line_becomes_a_request_with_defaults_where_no_column_says() {
        let csv = "标题,内容,时间,类型,电话,保密\n路灯 不亮,坏了一周,2020-01-08 13:54:22,投诉,,是\n";
        let pairs = [
            "title=标题",
            "content=内容",
            "time=时间",
            "type=类型",
            "telephone=电话",
            "confidential=保密",
        ];
        let request = mapped(csv, &pairs).remove(0).expect("a request");
        assert_eq!(request.r#type(), common::AppealType::Complaint);
        assert_eq!(
            (request.channel(), request.category.as_str()),
            (common::Channel::Web, "other")
        );
        assert_eq!(request.incident_time.map(|at| at.seconds), Some(1_578_462_862));
        assert!(
            request
                .appellant
                .as_ref()
                .is_some_and(|person| person.anonymous && person.confidential)
        );
        assert_eq!(
            (
                request.source.as_str(),
                request.source_reference == request.idempotency_key
            ),
            ("old", true)
        );
    }

    #[test]
    fn the_key_of_a_line_follows_from_its_content_alone() {
        let keys = |csv: &str| -> Vec<String> {
            mapped(csv, &[])
                .into_iter()
                .map(|request| request.expect("a request").idempotency_key)
                .collect()
        };
        let first = keys("title,content\na,b\nab,\na,b\n");
        assert_eq!(first[0], first[2]);
        assert_ne!(first[0], first[1]);
        assert_eq!(keys("title,content\nx,y\na,b\n")[1], first[0]);
    }

    #[test]
    fn a_bad_line_says_why() {
        let csv = "title,content,time,type\na,b,yesterday,\na,b,,wish\na,b\n";
        let reasons: Vec<_> = mapped(csv, &[])
            .into_iter()
            .map(|request| request.expect_err("refused"))
            .collect();
        assert!(
            reasons[0].contains("yesterday")
                && reasons[1].contains("wish")
                && reasons[2].contains("应有 4 列")
        );
    }

    #[test]
    fn an_unknown_item_or_column_is_refused_with_the_known_ones() {
        let sheet = Sheet::parse(b"a,b\n", "utf-8").expect("reads");
        for (pair, word) in [
            ("titel=a", "titel"),
            ("title=c", "c"),
            ("title", "title"),
            ("title=a", "content"),
        ] {
            let error = Mapping::new(&[pair.to_owned()], &sheet, defaults())
                .expect_err(pair)
                .to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
