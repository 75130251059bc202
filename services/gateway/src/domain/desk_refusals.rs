//! Every "no" that the gateway gives, as codes with their remedies for `docs/errors.md`.

use hotline_policy::Code;
use hotline_policy::Kind::{self, Exhausted, Exists, Invalid, NotFound};

/// A code, its words and its remedy, each in Chinese and English.
const fn code(id: &'static str, kind: Kind, words: [&'static str; 2], remedy: [&'static str; 2]) -> Code {
    Code {
        id,
        kind,
        zh: words[0],
        en: words[1],
        remedy_zh: remedy[0],
        remedy_en: remedy[1],
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $kind:ident, $words:expr, $remedy:expr;)+) => {
        $($(#[$doc])* pub static $name: Code = code($id, $kind, $words, $remedy);)+

        /// Every code of this service.
        pub const ALL: &[&Code] = &[$(&$name,)+];
    };
}

codes! {
    /// A list that no page has.
    VIEW_LIST = "view.list", Invalid,
        ["列表名称有误", "the list's name is no word"], ["请在列表页保存视图", "save the view from its list"];
    /// A name that a view cannot have.
    VIEW_NAME = "view.name", Invalid,
        ["视图名称为空、过长或含有不可见字符", "the view's name is empty, too long or has hidden characters"],
        ["请用60个字以内的名称", "use a name of at most 60 characters"];
    /// A name that another view of the list has.
    VIEW_TAKEN = "view.taken", Exists,
        ["该列表已有同名视图", "the list has another view of this name"], ["请换一个名称", "use another name"];
    /// A query that a view cannot hold.
    VIEW_QUERY = "view.query", Invalid,
        ["视图的筛选条件过长或含有不可见字符", "the view's query is too long or has hidden characters"],
        ["请减少筛选条件", "use fewer filters"];
    /// A query with a number of a person in it.
    VIEW_PERSONAL = "view.personal", Invalid,
        ["视图的筛选条件含有电话或证件号码", "the view's query holds a telephone or identity number"],
        ["请去掉号码后保存", "remove the number and save again"];
    /// A view that is not there, or is another's.
    VIEW_NOT_FOUND = "view.not_found", NotFound,
        ["没有这个视图", "there is no such view"], ["请刷新视图列表", "load the list of views again"];
    /// As many views as one may have.
    VIEW_MANY = "view.too_many", Exhausted,
        ["保存的视图已达上限", "there are as many views as one may keep"],
        ["请删除不用的视图", "delete views that are not used"];
    /// As many streams as a session or the server may have.
    DESK_STREAMS = "desk.streams", Exhausted,
        ["实时连接过多", "there are too many live streams"],
        ["请关闭多余的窗口,稍后会自动重连", "close windows that are not needed; the desk connects again by itself"];
    /// The name of a tab that is none.
    DESK_CLIENT = "desk.client", Invalid,
        ["窗口标识有误", "the tab's name is no word"], ["请刷新页面", "load the page again"];
    /// An order's identifier that is none.
    DESK_ORDER = "desk.order", Invalid,
        ["工单标识有误", "the order's identifier is none"], ["请刷新页面", "load the page again"];
    /// As many accounts as one question may name, or none.
    NAMES = "desk.names", Invalid,
        ["一次须查询1至100个账号", "ask for 1 to 100 accounts at once"],
        ["请分次查询", "ask more than once"];
    /// A file of a kind that is not taken.
    FILE_TYPE = "upload.type", Invalid,
        ["不接受这种文件", "files of this kind are not taken"],
        ["请上传 jpg、png、webp、heic、pdf、docx、xlsx、mp3、wav 或 mp4",
            "upload jpg, png, webp, heic, pdf, docx, xlsx, mp3, wav or mp4"];
    /// A file whose name says another kind than its bytes.
    FILE_MISMATCH = "upload.mismatch", Invalid,
        ["文件内容与扩展名不符", "the file is not what its name says"],
        ["请用正确的扩展名另存后上传", "save it under its right ending and upload it again"];
    /// A file that is two things at once, or carries a program.
    FILE_UNSOUND = "upload.unsound", Invalid,
        ["文件中含有脚本、宏或附加内容", "the file carries a script, a macro or another file"],
        ["请另存为不含宏与附加内容的文件", "save it without macros and attachments"];
    /// A file that is too large, or empty.
    FILE_SIZE = "upload.size", Invalid,
        ["文件为空或超过大小上限", "the file is empty or too large"],
        ["请压缩后重新上传", "make it smaller and upload it again"];
    /// A file that is not there, or that the caller may not see.
    FILE_NOT_FOUND = "upload.not_found", NotFound,
        ["没有这个附件", "there is no such file"], ["请刷新页面", "load the page again"];
    /// An appeal with as many files as it may have.
    FILE_MANY = "upload.too_many", Exhausted,
        ["该诉求的附件已达上限", "the appeal has as many files as it may have"],
        ["请合并文件后上传", "put several into one file"];
}
