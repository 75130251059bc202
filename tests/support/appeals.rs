//! Appeals as callers bring them; every person, enterprise and number in them is invented.

use hotline_proto::common::v1::{AppealType, Channel, Enterprise};
use hotline_proto::intake::v1::{Appellant, RegisterAppealRequest};

/// Street where the matters of these tests lie.
pub const STREET: &str = "320302006";

/// The unit that the catalogue makes the lead for street lamps.
pub const LAMPS_UNIT: &str = "xz-urban-management";

/// A matter with one receiver: pricing, which the market bureau handles alone.
pub const ALONE: &str = "market.price";

/// The unit that handles [`ALONE`].
pub const ALONE_UNIT: &str = "xz-market";

/// Somebody asks for help on the telephone: street lamps, with a co-handler by the catalogue.
pub fn lamps(key: &str) -> RegisterAppealRequest {
    RegisterAppealRequest {
        category: "urban.road_lamp".into(),
        title: "环城路北段路灯不亮".into(),
        content: "环城路北段从菜场到小学大约三百米，路灯有一个多星期不亮了，请尽快派人检修。".into(),
        ..matter(key, AppealType::Help)
    }
}

/// Somebody asks for help with a matter that one unit handles alone.
pub fn alone(key: &str) -> RegisterAppealRequest {
    matter(key, AppealType::Help)
}

/// Somebody asks a question that one unit answers alone.
pub fn question(key: &str) -> RegisterAppealRequest {
    matter(key, AppealType::Consult)
}

/// An enterprise asks a question that one unit answers alone.
pub fn enterprise_question(key: &str) -> RegisterAppealRequest {
    of_enterprise(question(key))
}

/// The same matter, brought by an enterprise.
pub fn of_enterprise(mut request: RegisterAppealRequest) -> RegisterAppealRequest {
    let appellant = request.appellant.get_or_insert_default();
    appellant.enterprise = Some(Enterprise {
        name: "徐州示例机械有限公司".into(),
        credit_code: "91320301MADEM0011C".into(),
    });
    request
}

/// A matter of this type at the market bureau, registered and not yet accepted.
pub fn matter(key: &str, of: AppealType) -> RegisterAppealRequest {
    RegisterAppealRequest {
        idempotency_key: key.to_owned(),
        r#type: of.into(),
        channel: Channel::Telephone.into(),
        category: ALONE.into(),
        division: STREET.into(),
        title: "停车场收费标准与公示不一致".into(),
        content: "商场停车场公示每小时三元，实际按五元收取，请核实并说明应按哪个标准。".into(),
        incident_place: "环城路示例商场地下停车场".into(),
        appellant: Some(Appellant {
            name: "许知远".into(),
            telephone: "15405160001".into(),
            ..Appellant::default()
        }),
        ..RegisterAppealRequest::default()
    }
}

/// The same request, accepted in the same step.
pub fn accepted(request: RegisterAppealRequest) -> RegisterAppealRequest {
    RegisterAppealRequest {
        accept: true,
        ..request
    }
}
