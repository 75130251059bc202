//! The roles that accounts may hold, and which may stand together.

use hotline_policy::Refusal;

use super::refusals::{ROLE_UNKNOWN, ROLES_NONE, ROLES_NOT_SEPARATE, UNIT_MISSING};

/// A role of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// Name in the contract.
    pub id: &'static str,
    /// Name in Chinese.
    pub zh: &'static str,
    /// Name in English.
    pub en: &'static str,
    /// Whether an account with it must have a unit.
    pub needs_unit: bool,
}

const fn role(id: &'static str, zh: &'static str, en: &'static str) -> Role {
    Role {
        id,
        zh,
        en,
        needs_unit: false,
    }
}

const fn of_unit(id: &'static str, zh: &'static str, en: &'static str) -> Role {
    Role {
        needs_unit: true,
        ..role(id, zh, en)
    }
}

/// Every role that people hold, in the order of the work; `service` is a process of the installation and nobody's.
pub const ROLES: &[Role] = &[
    role("agent", "话务员", "agent"),
    role("team_leader", "班组长", "team leader"),
    role("dispatcher", "派单员", "dispatcher"),
    of_unit("unit_clerk", "承办单位经办人", "unit clerk"),
    of_unit("unit_section", "承办单位科室负责人", "head of section"),
    of_unit("unit_leader", "承办单位负责人", "unit leader"),
    role("reviewer", "审核员", "reviewer"),
    role("callback_agent", "回访员", "call-back agent"),
    role("supervisor", "督办员", "supervisor"),
    role("special_team", "督查专班", "special team"),
    role("enterprise_desk", "企业专席", "enterprise desk"),
    role("analyst", "分析员", "analyst"),
    role("leader", "领导", "leader"),
    role("editor", "知识编辑", "editor"),
    role("operator", "运行维护员", "operator"),
    role("system_admin", "系统管理员", "administrator of the system"),
    role("security_admin", "安全管理员", "administrator of security"),
    role("audit_admin", "审计管理员", "administrator of the audit"),
];

/// The three administrators, kept apart.
pub const ADMINISTRATORS: [&str; 3] = ["system_admin", "security_admin", "audit_admin"];

/// Whether some role of people is among `roles`.
pub fn is_staff(roles: &[String]) -> bool {
    roles.iter().any(|held| find(held).is_some())
}

/// Whether an account of `unit` may hold these roles together.
///
/// # Errors
/// `account.roles_none`, `account.role_unknown`, `account.roles_not_separate`, `account.unit_missing`.
pub fn check_roles(roles: &[String], unit: Option<&str>) -> Result<(), Refusal> {
    if roles.is_empty() {
        return Err(Refusal::new(&ROLES_NONE).field("roles"));
    }
    let mut needs_unit = false;
    for held in roles {
        let known =
            find(held).ok_or_else(|| Refusal::new(&ROLE_UNKNOWN).field("roles").detail(held.clone()))?;
        needs_unit |= known.needs_unit;
    }
    let administrates = roles.iter().any(|held| ADMINISTRATORS.contains(&held.as_str()));
    if administrates && roles.len() > 1 {
        return Err(Refusal::new(&ROLES_NOT_SEPARATE).field("roles"));
    }
    if needs_unit && unit.is_none() {
        return Err(Refusal::new(&UNIT_MISSING).field("unit_id"));
    }
    Ok(())
}

fn find(id: &str) -> Option<&'static Role> {
    ROLES.iter().find(|role| role.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(roles: &[&str], unit: Option<&str>) -> Option<&'static str> {
        let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
        check_roles(&roles, unit).err().map(|refusal| refusal.code.id)
    }

    #[test]
    fn an_administrators_role_stands_beside_no_other() {
        for one in ADMINISTRATORS {
            assert_eq!(code(&[one], None), None);
            for other in ROLES.iter().filter(|role| role.id != one) {
                assert_eq!(
                    code(&[one, other.id], Some("u")),
                    Some("account.roles_not_separate"),
                    "{one} {}",
                    other.id
                );
            }
        }
    }

    #[test]
    fn a_role_must_be_known_and_a_clerk_has_a_unit() {
        assert_eq!(code(&[], None), Some("account.roles_none"));
        assert_eq!(code(&["service"], None), Some("account.role_unknown"));
        assert_eq!(code(&["unit_clerk"], None), Some("account.unit_missing"));
        assert_eq!(code(&["unit_clerk", "unit_leader"], Some("u")), None);
        assert_eq!(code(&["agent", "team_leader"], None), None);
    }
}
