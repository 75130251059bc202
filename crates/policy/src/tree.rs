//! Orphans and loops in anything that names a parent.

use std::collections::{BTreeMap, BTreeSet};

use crate::problem::{At, Problem};

/// A thing with a name and perhaps a parent.
#[derive(Clone, Copy)]
pub(crate) struct Node<'n> {
    pub(crate) id: &'n str,
    pub(crate) parent: Option<&'n str>,
    pub(crate) at: &'n At,
}

/// Reports every node whose parent does not exist, and every loop once.
pub(crate) fn check<'n>(nodes: impl Iterator<Item = Node<'n>>) -> Vec<Problem> {
    let nodes: BTreeMap<&str, Node<'n>> = nodes.map(|node| (node.id, node)).collect();
    let mut problems: Vec<_> = nodes.values().filter_map(|node| orphan(node, &nodes)).collect();
    let mut told = BTreeSet::new();
    for node in nodes.values() {
        let Some(ring) = ring(node, &nodes) else { continue };
        if told.insert(ring.iter().min().copied()) {
            let text = format!(
                "{} is its own ancestor: {} → {}",
                ring[0],
                ring.join(" → "),
                ring[0]
            );
            problems.push(Problem {
                at: node.at.clone(),
                text,
            });
        }
    }
    problems
}

fn orphan(node: &Node<'_>, nodes: &BTreeMap<&str, Node<'_>>) -> Option<Problem> {
    let parent = node.parent.filter(|parent| !nodes.contains_key(parent))?;
    Some(Problem {
        at: node.at.clone(),
        text: format!("{} has an unknown parent: {parent}", node.id),
    })
}

/// The ring that `node` is part of, beginning with it.
fn ring<'n>(node: &Node<'n>, nodes: &BTreeMap<&'n str, Node<'n>>) -> Option<Vec<&'n str>> {
    let mut ring = vec![node.id];
    let mut parent = node.parent;
    while let Some(above) = parent.and_then(|parent| nodes.get(parent)) {
        if above.id == node.id {
            return Some(ring);
        }
        if ring.contains(&above.id) {
            return None;
        }
        ring.push(above.id);
        parent = above.parent;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(pairs: &[(&str, Option<&str>)]) -> Vec<String> {
        let at = At {
            file: "f".into(),
            line: 1,
        };
        let nodes = pairs.iter().map(|(id, parent)| Node {
            id,
            parent: *parent,
            at: &at,
        });
        check(nodes).into_iter().map(|problem| problem.text).collect()
    }

    #[test]
    fn a_tree_has_no_problems() {
        assert!(problems(&[("a", None), ("b", Some("a")), ("c", Some("b"))]).is_empty());
    }

    #[test]
    fn an_orphan_is_named() {
        assert_eq!(problems(&[("b", Some("a"))]), ["b has an unknown parent: a"]);
    }

    #[test]
    fn a_loop_is_told_once_and_what_hangs_on_it_is_not() {
        let loops = problems(&[("a", Some("b")), ("b", Some("a")), ("c", Some("a"))]);
        assert_eq!(loops, ["a is its own ancestor: a → b → a"]);
    }

    #[test]
    fn its_own_parent_is_a_loop() {
        assert_eq!(problems(&[("a", Some("a"))]), ["a is its own ancestor: a → a"]);
    }
}
