//! Where a rule comes from: an article of a document, or the operator where the document is silent.
//!
//! Invariant: every row has exactly one of an article and `source = "operator"`.

use std::sync::Arc;

use crate::problem::At;
use crate::read::Table;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Who said so.
    Source, "source" {
        Document = "document", "文件规定";
        Operator = "operator", "运行单位自定";
    }
}

/// The provenance of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The article (`12(3)`), or `operator` where the document is silent.
    pub article: String,
    /// Who said so.
    pub source: Source,
    /// The number of the document that the article belongs to (a parent's rows keep the parent's).
    pub document: Arc<str>,
    /// The row's place in its file.
    pub at: At,
    /// The keys of the row that are the operator's although the row has an article.
    pub operator_keys: Vec<String>,
}

impl Origin {
    /// Reads `article`, `source` and `operator` of a row, or notes what is wrong with them.
    pub(crate) fn read(table: &Table<'_, '_>) -> Self {
        let own = table.nearest(["article", "source"]);
        let article = own.text("article");
        let source = own.word::<Source>("source");
        match (&article, source) {
            (None, None | Some(Source::Document)) => own.problem(
                "no article: write article = \"…\", or source = \"operator\" where the document is silent",
            ),
            (Some(_), Some(Source::Operator)) => {
                own.problem("both an article and source = \"operator\": keep the one that is true");
            }
            _ => {}
        }
        let operator_keys = operator_keys(table);
        let document = own.document();
        let (article, source) = match article {
            Some(article) => (article, Source::Document),
            None => (Source::Operator.as_str().to_owned(), Source::Operator),
        };
        Self {
            article,
            source,
            document,
            at: table.at(),
            operator_keys,
        }
    }

    /// Who said the value of `key`.
    #[must_use]
    pub fn source_of(&self, key: &str) -> Source {
        let operator = self.operator_keys.iter().any(|named| named == key);
        if operator { Source::Operator } else { self.source }
    }

    /// The article that says the value of `key`, or `operator`.
    #[must_use]
    pub fn article_of(&self, key: &str) -> String {
        match self.source_of(key) {
            Source::Document => self.article.clone(),
            Source::Operator => Source::Operator.as_str().to_owned(),
        }
    }
}

/// Reads `operator`, and reports names in it that the table has no value for.
pub(crate) fn operator_keys(table: &Table<'_, '_>) -> Vec<String> {
    let keys: Vec<String> = table.words("operator");
    for key in keys.iter().filter(|key| !table.mentions(key)) {
        table.problem_at(
            "operator",
            format!("operator names \"{key}\", which is not there"),
        );
    }
    keys
}
