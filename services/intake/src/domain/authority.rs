//! How far a caller's authority reaches: the desk, and the posts that questions are handed to.

use hotline_policy::{IntakeRules, Post, Refusal};

use super::appeal::{Appeal, State};
use super::refusals;

/// What a caller may decide.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Authority {
    /// Decides on what nobody was asked about yet.
    pub desk: bool,
    /// The posts that the caller holds.
    pub posts: Vec<Post>,
}

impl Authority {
    /// A desk without a post.
    #[must_use]
    pub fn desk() -> Self {
        Self {
            desk: true,
            posts: Vec::new(),
        }
    }

    /// The holder of `post`; a team leader sits at the desk, too.
    #[must_use]
    pub fn of(post: Post) -> Self {
        Self {
            desk: post == Post::TeamLeader,
            posts: vec![post],
        }
    }

    fn holds_any(&self, posts: &[Post]) -> bool {
        posts.iter().any(|post| self.posts.contains(post))
    }

    /// True for a holder of `post` or of one above it; the specialist's post stands beside, not above.
    #[must_use]
    pub fn reaches(&self, post: Post) -> bool {
        let above = |held: &Post| *held == post || (*held > post && *held != Post::Reviewer);
        self.posts.iter().any(above)
    }
}

/// The post that must decide on an appeal; `None` when the desk does, or nobody needs to.
#[must_use]
pub fn decider(state: &State, rules: &IntakeRules) -> Option<Post> {
    match state {
        State::Referred { level } => levels_from(rules, *level).first().copied(),
        State::WithSpecialist => rules.specialist.as_ref().map(|rule| rule.post),
        _ => None,
    }
}

/// The posts from `level` (from 1) upwards: a higher one may decide what a lower one was asked.
fn levels_from(rules: &IntakeRules, level: i32) -> &[Post] {
    let levels = rules
        .referral
        .as_ref()
        .map_or(&[][..], |referral| &referral.levels);
    let below = usize::try_from(level - 1).unwrap_or(0);
    levels.get(below..).unwrap_or_default()
}

/// Nobody has disposed of the appeal yet, and the caller may: a referred one is that level's, a difficult one the
/// specialist's, any other the desk's.
///
/// # Errors
/// `appeal.leader_decides`, `appeal.specialist_decides`, `appeal.desk_decides` and `appeal.disposed`.
pub fn undecided(appeal: &Appeal, authority: &Authority, rules: &IntakeRules) -> Result<(), Refusal> {
    let denied = |code, post: Option<Post>, article: Option<&str>| {
        let refusal = Refusal::new(code).detail(match post {
            Some(post) => format!("{} ({})", appeal.case.number, post.zh()),
            None => appeal.case.number.clone(),
        });
        Err(match article {
            Some(article) => refusal.article(article),
            None => refusal,
        })
    };
    let post = decider(&appeal.state, rules);
    match &appeal.state {
        State::Registered if authority.desk => Ok(()),
        State::Registered => denied(&refusals::DESK_DECIDES, None, None),
        State::Referred { level } if authority.holds_any(levels_from(rules, *level)) => Ok(()),
        State::Referred { .. } => {
            let article = rules.referral.as_ref().map(|rule| rule.origin.article.as_str());
            denied(&refusals::LEADER_DECIDES, post, article)
        }
        State::WithSpecialist if post.is_some_and(|post| authority.posts.contains(&post)) => Ok(()),
        State::WithSpecialist => {
            let article = rules.specialist.as_ref().map(|rule| rule.origin.article.as_str());
            denied(&refusals::SPECIALIST_DECIDES, post, article)
        }
        _ => Err(wrong_state(&refusals::DISPOSED, appeal)),
    }
}

/// A refusal that names the appeal and where it stands.
pub(super) fn wrong_state(code: &'static hotline_policy::Code, appeal: &Appeal) -> Refusal {
    let state = appeal.state.name().as_str();
    Refusal::new(code).detail(format!("{} is {state}", appeal.case.number))
}
