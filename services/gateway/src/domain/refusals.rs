//! Every reason for which the gateway refuses, as codes with their remedies for `docs/errors.md`.

use hotline_policy::{Code, Kind};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $kind:ident $id:literal, $words:expr, $remedy:expr;)+) => {
        $($(#[$doc])* pub static $name: Code = Code {
            id: $id,
            kind: Kind::$kind,
            zh: $words[0],
            en: $words[1],
            remedy_zh: $remedy[0],
            remedy_en: $remedy[1],
        };)+

        /// Every code of accounts and sessions.
        pub const ALL: &[&Code] = &[$(&$name,)+];
    };
}

codes! {
    /// No such account.
    ACCOUNT_UNKNOWN = NotFound "account.unknown",
        ["没有此账号", "there is no such account"],
        ["请核对账号或用户名", "check the id or the username"];
    /// A username that is none.
    USERNAME_INVALID = Invalid "account.username_invalid",
        ["用户名不符合规则", "the username is not of the allowed form"],
        ["使用 2 到 40 个小写字母、数字、点、连字符或下划线,以字母开头",
            "use 2 to 40 lower case letters, digits, dots, hyphens and underscores, beginning with a letter"];
    /// A username that somebody has.
    USERNAME_TAKEN = Exists "account.username_taken",
        ["用户名已被使用", "the username is taken"],
        ["请换一个用户名", "choose another"];
    /// A subject of the identity provider that another account has.
    OIDC_SUBJECT_TAKEN = Exists "account.oidc_subject_taken",
        ["该统一身份已关联其他账号", "the subject belongs to another account"],
        ["请先解除原关联", "take it from the other account first"];
    /// No name, or one that is too long.
    NAME_INVALID = Invalid "account.name_invalid",
        ["姓名须为 1 到 40 个字符", "the name must have 1 to 40 characters"],
        ["请填写显示给同事的姓名", "give the name that colleagues see"];
    /// No roles.
    ROLES_NONE = Invalid "account.roles_none",
        ["至少需要一个角色", "an account needs a role"],
        ["请选择角色", "choose a role"];
    /// A role that nobody knows.
    ROLE_UNKNOWN = Invalid "account.role_unknown",
        ["没有此角色", "there is no such role"],
        ["请使用角色列表中的角色", "use a role of the list"];
    /// An administrator's role beside another role.
    ROLES_NOT_SEPARATE = Invalid "account.roles_not_separate",
        ["系统、安全、审计三类管理员须各自独立,不得兼任其他角色", "an administrator's role stands alone in an account"],
        ["请为其他角色另建账号", "make another account for the other roles"];
    /// A role of units without a unit.
    UNIT_MISSING = Invalid "account.unit_missing",
        ["该角色须指定所属单位", "the role needs a unit"],
        ["请选择单位", "choose the unit"];
    /// A unit that the city does not have.
    UNIT_UNKNOWN = Invalid "account.unit_unknown",
        ["没有此单位", "there is no such unit"],
        ["请使用本市单位目录中的编号", "use an id of the city's directory"];
    /// A division that the city does not have.
    DIVISION_UNKNOWN = Invalid "account.division_unknown",
        ["没有此区划", "there is no such division"],
        ["请使用本市区划代码", "use a code of the city's divisions"];
    /// A change of one's own account.
    OWN_ACCOUNT = Denied "account.own",
        ["不得变更自己的账号", "nobody changes their own account"],
        ["请由另一位安全管理员办理", "let another administrator of security do it"];
    /// A change on an old version.
    VERSION_STALE = Conflict "account.version_stale",
        ["账号已被他人修改", "somebody else changed the account meanwhile"],
        ["请刷新后重试", "read it again and repeat the change"];
    /// A reason that is missing or too long.
    REASON_INVALID = Invalid "account.reason_invalid",
        ["原因须为 1 到 200 个字符", "the reason must have 1 to 200 characters"],
        ["请填写原因", "give a reason"];
    /// The last open administrator of security.
    LAST_SECURITY_ADMIN = Precondition "account.last_security_admin",
        ["这是最后一位可用的安全管理员", "this is the last administrator of security"],
        ["请先设立另一位安全管理员", "make another one first"];
    /// A locked account.
    ACCOUNT_LOCKED = Precondition "account.locked",
        ["账号已锁定", "the account is locked"],
        ["请先解除锁定", "unlock it first"];
    /// A session that the caller does not have.
    SESSION_UNKNOWN = NotFound "session.unknown",
        ["没有此会话", "there is no such session"],
        ["请刷新会话列表", "read the list again"];
    /// A call of a person without a session.
    SESSION_MISSING = Denied "session.missing",
        ["尚未登录或会话已结束", "nobody is signed in, or the session has ended"],
        ["请重新登录", "sign in again"];
    /// A call from a page of another site.
    PAGE_FOREIGN = Denied "session.page_foreign",
        ["请求并非来自本站页面", "the call comes from no page of this site"],
        ["请从本站页面操作", "use the pages of this site"];
    /// A password that is too short or too long.
    PASSWORD_LENGTH = Invalid "password.length",
        ["密码须为 12 到 128 个字符", "a password has 12 to 128 characters"],
        ["可使用几个不相关的词组成一句", "use a few unrelated words"];
    /// A password that everybody tries first.
    PASSWORD_COMMON = Invalid "password.common",
        ["密码过于常见", "the password is too common"],
        ["请避免键盘顺序、重复字符和常用词", "avoid rows of keys, repetitions and common words"];
    /// A password with the username in it.
    PASSWORD_HOLDS_USERNAME = Invalid "password.holds_username",
        ["密码不得包含用户名", "the password must not hold the username"],
        ["请换一个密码", "choose another"];
    /// A password of before.
    PASSWORD_USED = Invalid "password.used",
        ["不得使用最近五次用过的密码", "the last five passwords cannot be used again"],
        ["请换一个密码", "choose another"];
    /// The old password does not fit.
    PASSWORD_WRONG = Denied "password.wrong",
        ["原密码不正确", "the old password is not right"],
        ["请重新输入原密码", "type the old password again"];
    /// The code of the second factor does not fit.
    FACTOR_WRONG = Denied "factor.wrong",
        ["动态码不正确", "the code is not right"],
        ["请使用验证器当前显示的六位数字,或一个恢复码", "use the six digits that the authenticator shows, or a recovery code"];
}
