//! What an account is made of, and what it is called in the contract.

use hotline_policy::Refusal;

use super::check_roles;
use super::refusals::{ACCOUNT_UNKNOWN, NAME_INVALID, USERNAME_INVALID};

/// Longest name and username, characters.
const NAME_MAX: usize = 40;

/// Prefix of an account's id in the contract.
const PREFIX: &str = "u-";

/// What an administrator says of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Name shown to colleagues.
    pub name: String,
    /// Roles of the contract.
    pub roles: Vec<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Division.
    pub division: Option<String>,
    /// Subject at the identity provider.
    pub oidc_subject: Option<String>,
}

/// How an account is named in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By its number.
    Number(i64),
    /// By its username.
    Username(String),
}

impl Draft {
    /// The draft with its texts trimmed and its roles once each.
    ///
    /// # Errors
    /// `account.name_invalid`, or the roles cannot stand together.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.name = self.name.trim().to_owned();
        let length = self.name.chars().count();
        if length == 0 || length > NAME_MAX || self.name.chars().any(char::is_control) {
            return Err(Refusal::new(&NAME_INVALID).field("name"));
        }
        self.roles.sort_unstable();
        self.roles.dedup();
        let clean = |text: Option<String>| {
            text.map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        self.unit = clean(self.unit);
        self.division = clean(self.division);
        self.oidc_subject = clean(self.oidc_subject);
        check_roles(&self.roles, self.unit.as_deref())?;
        Ok(self)
    }

    /// Whether somebody with this draft may do other things than with `other`.
    pub fn differs_in_rights(&self, other: &Self) -> bool {
        (&self.roles, &self.unit, &self.division) != (&other.roles, &other.unit, &other.division)
    }
}

/// A username in its one form.
///
/// # Errors
/// `account.username_invalid`.
pub fn username(text: &str) -> Result<String, Refusal> {
    let name = text.trim().to_lowercase();
    let first = name.starts_with(|first: char| first.is_ascii_lowercase());
    let all = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte));
    if first && all && (2..=NAME_MAX).contains(&name.len()) {
        return Ok(name);
    }
    Err(Refusal::new(&USERNAME_INVALID).field("username"))
}

/// The id of an account in the contract, and the subject of its calls.
pub fn subject_of(number: i64) -> String {
    format!("{PREFIX}{number}")
}

/// The account that `text` names: by id or by username.
///
/// # Errors
/// `account.unknown`.
pub fn account_number(text: &str) -> Result<Named, Refusal> {
    let number = text.strip_prefix(PREFIX).and_then(|digits| digits.parse().ok());
    if let Some(number) = number {
        return Ok(Named::Number(number));
    }
    username(text)
        .map(Named::Username)
        .map_err(|_| Refusal::new(&ACCOUNT_UNKNOWN).field("account_id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_has_one_form() {
        assert_eq!(username(" Zhang.San ").expect("good"), "zhang.san");
        for bad in ["", "a", "1abc", "张三", "a b", "a/b", &"a".repeat(41), "a'--"] {
            assert_eq!(
                username(bad).expect_err(bad).code.id,
                "account.username_invalid",
                "{bad}"
            );
        }
    }

    #[test]
    fn an_account_is_named_by_its_id_or_its_username() {
        assert_eq!(account_number(&subject_of(1001)), Ok(Named::Number(1001)));
        assert_eq!(
            account_number("zhang.san"),
            Ok(Named::Username("zhang.san".into()))
        );
        assert!(account_number("'; drop table account").is_err());
    }

    #[test]
    fn a_draft_is_trimmed_and_its_roles_stand_once() {
        let draft = Draft {
            name: " 张三 ".into(),
            roles: vec!["agent".into(), "agent".into()],
            unit: Some(" ".into()),
            ..Draft::default()
        };
        let draft = draft.checked().expect("good");
        assert_eq!(
            (draft.name.as_str(), draft.roles.len(), draft.unit),
            ("张三", 1, None)
        );
    }
}
