//! The pages of sign-in.

use axum::response::Response;
use http::StatusCode;
use maud::{Markup, PreEscaped, html};

use crate::asker::Asker;
use crate::domain::{PASSWORD_MIN, next_page};
use crate::ops::Setup;

/// What went wrong, above a form.
fn error_box(error: Option<&str>) -> Markup {
    html! {
        @if let Some(error) = error {
            p class="error" role="alert" id="error" { (error) }
        }
    }
}

/// The foot of every page: the other language.
pub fn foot(asker: &Asker, here: &str) -> Markup {
    html! {
        p class="foot" {
            @if asker.say("zh", "en") == "zh" {
                a href={ "/language/en?next=" (here) } lang="en" { "English" }
            } @else {
                a href={ "/language/zh?next=" (here) } lang="zh-CN" { "中文" }
            }
        }
    }
}

/// Username and password.
pub fn sign_in(
    asker: &Asker,
    status: StatusCode,
    next: &str,
    username: &str,
    error: Option<&str>,
) -> Response {
    let title = asker.say("工作人员登录", "Staff sign-in");
    let oidc = &asker.door.settings().oidc;
    let main = html! {
        h1 { (title) }
        (error_box(error))
        form method="post" action="/sign-in" {
            (asker.field())
            input type="hidden" name="next" value=(next_page(next));
            label for="username" { (asker.say("用户名", "Username")) }
            input id="username" name="username" value=(username) autocomplete="username" autocapitalize="none"
                spellcheck="false" required maxlength="40" aria-describedby=[error.map(|_| "error")];
            label for="password" { (asker.say("密码", "Password")) }
            input id="password" name="password" type="password" autocomplete="current-password" required
                maxlength="128";
            button type="submit" { (asker.say("登录", "Sign in")) }
        }
        @if !oidc.issuer.is_empty() {
            p {
                a class="button plain" href={ "/sign-in/oidc?next=" (super::provider::encoded(next_page(next))) } {
                    (asker.say("使用", "Sign in with ")) (oidc.label) (asker.say("登录", ""))
                }
            }
        }
        p class="hint" {
            (asker.say("首次使用或忘记密码,请向安全管理员索取一次性链接。",
                "New here, or password forgotten? Ask the administrator of security for a one-time link."))
        }
        p { a href="/portal/" { (asker.say("市民请由此反映诉求", "Citizens: report here")) } }
        (foot(asker, "/sign-in"))
    };
    asker.page(status, title, &main)
}

/// The code of an authenticator, or setting one up.
pub fn code(asker: &Asker, status: StatusCode, setup: &Setup, error: Option<&str>) -> Response {
    let title = match setup.new {
        Some(_) => asker.say("设置动态码验证器", "Set up an authenticator"),
        None => asker.say("输入动态码", "Enter the code"),
    };
    let main = html! {
        h1 { (title) }
        (error_box(error))
        @if let Some((secret, picture)) = &setup.new {
            p {
                (asker.say("用手机上的验证器(TOTP)扫描图案,或手工输入密钥,再填入它显示的六位数字。",
                    "Scan the picture with an authenticator (TOTP) on your telephone, or type the key, then enter the six digits it shows."))
            }
            div class="qr" role="img" aria-label=(asker.say("验证器图案", "Picture for the authenticator")) {
                (PreEscaped(picture))
            }
            p { (asker.say("密钥:", "Key: ")) code id="secret" { (secret) } }
        }
        form method="post" action="/sign-in/code" {
            (asker.field())
            label for="code" { (asker.say("六位动态码", "Six digits")) }
            @if setup.new.is_none() {
                p class="hint" id="code-hint" {
                    (asker.say("手机不在身边时,可输入一个恢复码。", "Without your telephone, enter a recovery code."))
                }
            }
            input id="code" name="code" autocomplete="one-time-code" inputmode="text" required maxlength="20"
                spellcheck="false" aria-describedby=[setup.new.is_none().then_some("code-hint")];
            button type="submit" { (asker.say("确认", "Confirm")) }
        }
        p class="hint" { (asker.say("账号:", "Account: ")) (setup.username) }
        p { a href="/sign-in" { (asker.say("换一个账号登录", "Sign in as somebody else")) } }
    };
    asker.page(status, title, &main)
}

/// A new password by a one-time link.
pub fn new_password(
    asker: &Asker,
    status: StatusCode,
    username: &str,
    token: &str,
    error: Option<&str>,
) -> Response {
    let title = asker.say("设置密码", "Set your password");
    let main = html! {
        h1 { (title) }
        (error_box(error))
        form method="post" action={ "/link/" (token) } {
            (asker.field())
            p { (asker.say("用户名:", "Username: ")) strong id="username" { (username) } }
            input type="hidden" name="username" value=(username) autocomplete="username";
            (password_fields(asker))
            button type="submit" { (asker.say("设置并登录", "Set and sign in")) }
        }
        (foot(asker, &format!("/link/{token}")))
    };
    asker.page(status, title, &main)
}

/// A new password, twice, with its rules.
pub fn password_fields(asker: &Asker) -> Markup {
    html! {
        label for="password" { (asker.say("新密码", "New password")) }
        p class="hint" id="rules" {
            (asker.say("至少", "At least ")) (PASSWORD_MIN)
            (asker.say("个字符;不含用户名,不用常见词或键盘顺序。几个不相关的词连成一句最好记。",
                " characters, without the username, common words or rows of keys. A few unrelated words are easiest."))
        }
        input id="password" name="password" type="password" autocomplete="new-password" required minlength=(PASSWORD_MIN)
            maxlength="128" aria-describedby="rules";
        label for="again" { (asker.say("再输入一次", "Once more")) }
        input id="again" name="again" type="password" autocomplete="new-password" required minlength=(PASSWORD_MIN)
            maxlength="128";
    }
}

/// Recovery codes, shown once.
pub fn recovery_codes(asker: &Asker, codes: &[String], next: &str) -> Response {
    let title = asker.say("请保存恢复码", "Keep your recovery codes");
    let main = html! {
        h1 { (title) }
        p {
            (asker.say("手机丢失时,每个恢复码可代替一次动态码。只显示这一次,请抄写或打印后妥善保管。",
                "Without your telephone each of these replaces one code, once. They are shown this one time: write them down."))
        }
        ul class="codes" { @for code in codes { li { code { (code) } } } }
        p { a class="button" href=(next) { (asker.say("已保存,继续", "Kept; go on")) } }
    };
    asker.page(StatusCode::OK, title, &main)
}

/// Whether to leave.
pub fn sign_out(asker: &Asker) -> Response {
    let title = asker.say("退出登录", "Sign out");
    let main = html! {
        h1 { (title) }
        form method="post" action="/sign-out" {
            (asker.field())
            button type="submit" { (title) }
        }
        p { a href="/desk/" { (asker.say("返回工作台", "Back to the desks")) } }
    };
    asker.page(StatusCode::OK, title, &main)
}

/// Goes on by itself: what our own page opens carries the session, what another site opens does not.
pub fn onward(asker: &Asker, next: &str) -> Response {
    let title = asker.say("正在前往", "Going on");
    let main = html! {
        meta http-equiv="refresh" content={ "0;url=" (next) };
        h1 { (title) }
        p { a href=(next) { (asker.say("如未自动前往,请点此继续", "Continue here if nothing happens")) } }
    };
    asker.page(StatusCode::OK, title, &main)
}
