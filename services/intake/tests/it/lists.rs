//! Lists: newest first, page by page, by every filter.

use hotline_proto::common::v1 as common;
use hotline_proto::intake::v1::intake_service_server::IntakeService;
use hotline_proto::intake::v1::{
    AppealState, ListAppealsRequest, ListAppealsResponse, RegisterAppealRequest,
};
use tonic::Code::InvalidArgument;

use crate::support::{House, appellant, by_agent, house, refused, request};

async fn list(house: &House, request: ListAppealsRequest) -> ListAppealsResponse {
    house
        .desk
        .list_appeals(by_agent(request))
        .await
        .expect("a page")
        .into_inner()
}

async fn titles(house: &House, request: ListAppealsRequest) -> Vec<String> {
    list(house, request)
        .await
        .appeals
        .into_iter()
        .map(|appeal| appeal.title)
        .collect()
}

#[tokio::test]
async fn pages_follow_each_other_newest_first_without_gap_or_repetition() {
    let h = house().await;
    for n in 0..23 {
        // Three of one instant each: the identifier decides among them.
        h.advance(u64::from(n % 3 == 0));
        h.register(RegisterAppealRequest {
            title: format!("第{n}件"),
            ..request(&format!("k-{n}"))
        })
        .await
        .expect("registered");
    }
    for state in [0, AppealState::Accepted.into()] {
        let mut seen = Vec::new();
        let mut page_token = String::new();
        loop {
            let page = list(
                &h,
                ListAppealsRequest {
                    page_size: 5,
                    page_token,
                    state,
                    ..Default::default()
                },
            )
            .await;
            assert!(page.appeals.len() <= 5);
            seen.extend(page.appeals);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        let keys: Vec<_> = seen
            .iter()
            .map(|a| {
                (
                    a.registered_at.map(|at| (at.seconds, at.nanos)),
                    a.appeal_id.clone(),
                )
            })
            .collect();
        assert_eq!(keys.len(), 23);
        assert!(keys.windows(2).all(|pair| pair[0] > pair[1]));
    }
}

#[tokio::test]
async fn every_filter_finds_its_appeals() {
    let h = house().await;
    let plain = RegisterAppealRequest {
        title: "甲".into(),
        ..request("k-1")
    };
    h.register(plain).await.expect("registered");
    let mut other = RegisterAppealRequest {
        title: "乙".into(),
        r#type: common::AppealType::Help.into(),
        channel: common::Channel::Web.into(),
        category: "urban.road_lamp".into(),
        division: "320302".into(),
        accept: false,
        ..request("k-2")
    };
    appellant(&mut other).telephone = "13912345678".into();
    h.register(other).await.expect("registered");
    let any = ListAppealsRequest::default;
    let (help, web) = (common::AppealType::Help.into(), common::Channel::Web.into());
    for (only, filter) in [
        (
            "乙",
            ListAppealsRequest {
                state: AppealState::Registered.into(),
                ..any()
            },
        ),
        (
            "甲",
            ListAppealsRequest {
                state: AppealState::Accepted.into(),
                ..any()
            },
        ),
        (
            "乙",
            ListAppealsRequest {
                r#type: help,
                ..any()
            },
        ),
        (
            "乙",
            ListAppealsRequest {
                channel: web,
                ..any()
            },
        ),
        (
            "乙",
            ListAppealsRequest {
                division: "320302".into(),
                ..any()
            },
        ),
        (
            "甲",
            ListAppealsRequest {
                division: "320303".into(),
                ..any()
            },
        ),
        (
            "乙",
            ListAppealsRequest {
                category: "urban.road_lamp".into(),
                ..any()
            },
        ),
        (
            "乙",
            ListAppealsRequest {
                telephone: "139-1234-5678".into(),
                ..any()
            },
        ),
        (
            "甲",
            ListAppealsRequest {
                telephone: "+8613812345678".into(),
                ..any()
            },
        ),
        (
            "乙",
            ListAppealsRequest {
                r#type: help,
                channel: web,
                division: "3203".into(),
                ..any()
            },
        ),
    ] {
        assert_eq!(titles(&h, filter).await, [only]);
    }
    assert_eq!(
        titles(
            &h,
            ListAppealsRequest {
                division: "3203".into(),
                ..any()
            }
        )
        .await
        .len(),
        2
    );
    for none in [
        ListAppealsRequest {
            division: "9".into(),
            ..any()
        },
        ListAppealsRequest {
            r#type: help,
            division: "320303".into(),
            ..any()
        },
        ListAppealsRequest {
            telephone: "13712345678".into(),
            ..any()
        },
    ] {
        assert!(titles(&h, none).await.is_empty());
    }
}

#[tokio::test]
async fn a_county_has_its_streets_and_a_street_only_itself() {
    let h = house().await;
    for (n, division) in ["320303", "320303001", "320303002", "320302"]
        .into_iter()
        .enumerate()
    {
        let at = RegisterAppealRequest {
            division: division.into(),
            ..request(&format!("k-{n}"))
        };
        h.register(at).await.expect("registered");
    }
    for (division, found) in [
        ("320303", 3),
        ("320303001", 1),
        ("32030300", 2),
        ("3203", 4),
        ("320382", 0),
        ("99", 0),
    ] {
        let filter = ListAppealsRequest {
            division: division.into(),
            ..Default::default()
        };
        assert_eq!(titles(&h, filter).await.len(), found, "{division}");
    }
}

#[tokio::test]
async fn a_bad_filter_is_refused_by_field() {
    let h = house().await;
    let any = ListAppealsRequest::default;
    for (request, code, field) in [
        (
            ListAppealsRequest {
                page_size: -1,
                ..any()
            },
            "page.size_invalid",
            "page_size",
        ),
        (
            ListAppealsRequest {
                page_token: "%%".into(),
                ..any()
            },
            "page.token_invalid",
            "page_token",
        ),
        (ListAppealsRequest { state: 99, ..any() }, "appeal.enum", "state"),
        (ListAppealsRequest { r#type: 99, ..any() }, "appeal.enum", "type"),
        (
            ListAppealsRequest { channel: 99, ..any() },
            "appeal.enum",
            "channel",
        ),
        (
            ListAppealsRequest {
                telephone: "12".into(),
                ..any()
            },
            "appellant.telephone",
            "telephone",
        ),
    ] {
        refused(
            h.desk.list_appeals(by_agent(request)).await,
            InvalidArgument,
            code,
            field,
            "",
        );
    }
}
