//! The appeals that are submitted: different people, matters and words, of the length that appeals have.

use hotline_proto::common::v1::{AppealType, Channel, Enterprise};
use hotline_proto::intake::v1::{Appellant, RegisterAppealRequest};

/// A matter: type, category, division, title, content.
type Matter = (AppealType, &'static str, &'static str, &'static str, &'static str);

/// What private persons ask.
const PERSONS: &[Matter] = &[
    (
        AppealType::Complaint,
        "urban.property",
        "320303007",
        "小区电梯停运半月，物业一直说在等配件",
        "我住小区3号楼，两部电梯坏了一部已经半个月，剩下一部也经常卡在8楼不动。楼里老人和小孩多，每天上下楼排队十几分钟。\
         问过物业三次，都说在等配件，没有一个准日子。请督促物业尽快修好，并公布维修资金使用情况。",
    ),
    (
        AppealType::Help,
        "urban.road_lamp",
        "320302006",
        "环城路北段路灯不亮，晚上接孩子摸黑走",
        "环城路北段从菜场到小学大约三百米，路灯有一个多星期不亮了。学生放晚自习九点多，路上电动车多，已经有人摔过。\
         请尽快派人检修，修好之前能不能先设一个提示牌。",
    ),
    (
        AppealType::Complaint,
        "environment.noise",
        "320311008",
        "工地连续几天半夜打混凝土，孩子睡不好",
        "路北侧工地连续四天夜间施工，昨晚打混凝土到凌晨一点多，窗户关严了还是轰轰响。孩子初三，睡不好第二天上课打瞌睡。\
         请核查他们有没有夜间施工手续，没有就停下来。",
    ),
];

/// What enterprises ask, and who they are: name and credit code. One unit leads on each of them, and no other helps.
const ENTERPRISES: &[(Matter, &str, &str)] = &[
    (
        (
            AppealType::Consult,
            "enterprise.tax",
            "320303009",
            "小规模纳税人开专票，优惠还能不能享受",
            "我公司是小规模纳税人，客户要求开百分之三的专用发票。请问这一部分还能不能享受增值税减免，没开专票的部分怎么申报，\
             季度销售额怎么合并计算，材料要留存多久。",
        ),
        "徐州云桥文化传媒有限公司",
        "91320303MADEM0070C",
    ),
    (
        (
            AppealType::Help,
            "enterprise.legal",
            "320312114",
            "外地客户拖欠货款，想申请法律援助",
            "工厂在伊庄，做户外用品，外地一家客户拖欠货款十八万元已经九个月，对方一直说资金紧张。\
             希望帮助对接法律服务，了解小微企业能不能申请援助或者先行调解，需要准备哪些材料。",
        ),
        "徐州山野户外用品有限公司",
        "91320312MADEM0118M",
    ),
    (
        (
            AppealType::Complaint,
            "enterprise.intellectual",
            "320324109",
            "网店的家具图片被同行盗用，平台投诉没用",
            "我们公司自己拍的实木书柜主图和视频，被三家同行店铺原样搬走，还用我们的质检报告。在平台投诉两次都被驳回，\
             说证据不足。请市场监管部门帮助核实，告诉我们怎样固定证据。",
        ),
        "睢宁县木语家居有限公司",
        "91320324MADEM0089N",
    ),
];

/// Family names and given names, for people that nobody is.
const FAMILY: &[&str] = &["郑", "孟", "侯", "薛", "邵", "段", "钱", "汤", "尹", "黎"];
const GIVEN: &[&str] = &[
    "淑敏", "凡林", "玉兰", "贵生", "志远", "海燕", "建国", "晓彤", "文博", "秀英",
];

/// Mobile numbers below begin with 154 and have ten million endings.
const ENDINGS: u64 = 10_000_000;

/// Who appeals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A private person.
    Person,
    /// Somebody for an enterprise: the order is sent twice.
    Enterprise,
}

/// The `n`-th request of a run to register an appeal and to accept it; `run` keeps the keys of runs apart.
pub fn request(run: &str, n: u64, kind: Kind) -> RegisterAppealRequest {
    let (matter, enterprise) = match kind {
        Kind::Person => (pick(PERSONS, n), None),
        Kind::Enterprise => {
            let (matter, name, credit_code) = pick(ENTERPRISES, n);
            let enterprise = Enterprise {
                name: (*name).to_owned(),
                credit_code: (*credit_code).to_owned(),
            };
            (matter, Some(enterprise))
        }
    };
    let (appeal_type, category, division, title, content) = *matter;
    RegisterAppealRequest {
        idempotency_key: format!("{run}-{n}"),
        r#type: appeal_type.into(),
        channel: Channel::Telephone.into(),
        category: category.to_owned(),
        division: division.to_owned(),
        title: title.to_owned(),
        content: content.to_owned(),
        incident_place: format!("大龙湖街道{}号院{}号楼", n % 97 + 1, n % 23 + 1),
        appellant: Some(Appellant {
            name: format!("{}{}", pick(FAMILY, n), pick(GIVEN, n / 10)),
            telephone: format!("1540{:07}", n * 7_919 % ENDINGS),
            address: format!("大龙湖街道{}号", n % 400 + 1),
            enterprise,
            ..Appellant::default()
        }),
        accept: true,
        ..RegisterAppealRequest::default()
    }
}

fn pick<T>(from: &[T], n: u64) -> &T {
    let index = usize::try_from(n).unwrap_or(0) % from.len();
    &from[index]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_has_a_key_and_a_telephone_of_its_own() {
        let (a, b) = (request("r", 1, Kind::Person), request("r", 2, Kind::Enterprise));
        assert_ne!(a.idempotency_key, b.idempotency_key);
        let telephone =
            |request: &RegisterAppealRequest| request.appellant.clone().unwrap_or_default().telephone;
        assert_ne!(telephone(&a), telephone(&b));
        assert_eq!(telephone(&a).len(), 11);
        assert!(b.appellant.unwrap_or_default().enterprise.is_some());
    }
}
