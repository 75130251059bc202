//! All cities of a deployment, from the texts of their files.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::city::{City, Parts, check_editions, check_policy};
use crate::divisions::Divisions;
use crate::file::File;
use crate::fill::{self, Fill};
use crate::named;
use crate::policy::Policy;
use crate::problem::{At, Problem, Problems};
use crate::resolve::resolve;
use crate::tree;
use crate::units::Units;

/// The file with an operator's values for lost numbers.
const LOCAL: &str = "policy.local.toml";

/// A file of a city, read but not parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The city's folder (`xuzhou`).
    pub city: String,
    /// The name within it: `policy.toml`, other `policy*.toml` (earlier and later ones), `policy.local.toml`,
    /// `units.toml`, `catalogue.toml`, `divisions.csv`.
    pub name: String,
    /// How messages name it (its path).
    pub path: String,
    /// Its content.
    pub text: String,
}

/// Every policy and every city, checked.
#[derive(Debug, Clone, Default)]
pub struct Library {
    policies: BTreeMap<String, Arc<Policy>>,
    cities: BTreeMap<String, Arc<City>>,
}

impl Library {
    /// Reads every file; a folder with only policies is a base for others, not a city.
    ///
    /// # Errors
    /// Everything that is wrong with any of the files, with file and line.
    pub fn from_files(files: &[SourceFile]) -> Result<Self, Problems> {
        Self::with(files, &[])
    }

    /// As [`Self::from_files`], with values for lost numbers besides those of `policy.local.toml` files.
    ///
    /// # Errors
    /// Everything that is wrong with any of the files or values.
    pub fn with(files: &[SourceFile], set: &[Fill]) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let sheets = Sheets::parse(files, set, &mut problems);
        let policies = sheets.resolve_all(&mut problems);
        let parts: BTreeMap<_, _> = sheets
            .cities()
            .into_iter()
            .filter_map(|id| Some((id, sheets.parts(id, &mut problems)?)))
            .collect();
        sheets.check_named(&parts);
        let mut cities = BTreeMap::new();
        for (id, parts) in parts {
            let Some(city) = sheets.city(id, parts, &policies) else {
                continue;
            };
            cities.insert(id.to_owned(), Arc::new(city));
        }
        sheets
            .files
            .iter()
            .for_each(|sheet| problems.extend(sheet.file.problems()));
        problems.verdict()?;
        let policies = policies
            .into_values()
            .map(|policy| (policy.id.clone(), policy))
            .collect();
        Ok(Self { policies, cities })
    }

    /// The policy of this id.
    #[must_use]
    pub fn policy(&self, id: &str) -> Option<&Arc<Policy>> {
        self.policies.get(id)
    }

    /// The policy of this version (`xuzhou-2020@1f…`), for orders opened under it.
    #[must_use]
    pub fn version(&self, version: &str) -> Option<&Arc<Policy>> {
        self.policies.values().find(|policy| policy.version == version)
    }

    /// Every policy, by id.
    pub fn policies(&self) -> impl Iterator<Item = &Arc<Policy>> {
        self.policies.values()
    }

    /// The city of this folder name.
    #[must_use]
    pub fn city(&self, id: &str) -> Option<Arc<City>> {
        self.cities.get(id).map(Arc::clone)
    }

    /// Every city, by folder name.
    pub fn cities(&self) -> impl Iterator<Item = &Arc<City>> {
        self.cities.values()
    }
}

/// A TOML file with where it belongs.
struct Sheet<'a> {
    city: &'a str,
    name: &'a str,
    file: File<'a>,
    /// Of a policy file: its id, its parent, and where the policy begins.
    head: Option<Head>,
}

struct Head {
    id: String,
    parent: Option<String>,
    at: At,
}

struct Sheets<'a> {
    files: Vec<Sheet<'a>>,
    divisions: BTreeMap<&'a str, &'a SourceFile>,
}

impl<'a> Sheets<'a> {
    fn parse(files: &'a [SourceFile], set: &[Fill], problems: &mut Problems) -> Self {
        let divisions = files.iter().filter(|file| file.name == "divisions.csv");
        let toml = files.iter().filter(|file| file.name.ends_with(".toml"));
        let (local, toml): (Vec<_>, Vec<_>) = toml.partition(|file| file.name == LOCAL);
        let mut sheets: Vec<_> = toml.into_iter().map(Sheet::parse).collect();
        let mut fills = Vec::new();
        for source in local {
            let file = File::parse(&source.path, &source.text);
            fills.extend(fill::read(&file));
            problems.extend(file.problems());
        }
        fills.extend_from_slice(set);
        for sheet in &mut sheets {
            if let Some(head) = &sheet.head {
                sheet.file.set(fill::of(&fills, &head.id));
            }
        }
        let heads = sheets.iter().filter_map(|sheet| sheet.head.as_ref());
        let known: Vec<_> = heads.map(|head| head.id.as_str()).collect();
        problems.extend(fill::strangers(&fills, &known));
        Self {
            files: sheets,
            divisions: divisions.map(|file| (file.city.as_str(), file)).collect(),
        }
    }

    /// The folders that hold more than policies.
    fn cities(&self) -> Vec<&'a str> {
        let others = self
            .files
            .iter()
            .filter(|sheet| sheet.head.is_none() && !sheet.is_policy());
        let mut cities: Vec<_> = others
            .map(|sheet| sheet.city)
            .chain(self.divisions.keys().copied())
            .collect();
        cities.sort_unstable();
        cities.dedup();
        cities
    }

    fn sheet(&self, city: &str, name: &str) -> Option<&Sheet<'a>> {
        self.files
            .iter()
            .find(|sheet| sheet.city == city && sheet.name == name)
    }

    /// Resolves every policy whose parents are sound, by folder and file name.
    fn resolve_all(&self, problems: &mut Problems) -> BTreeMap<(&'a str, &'a str), Arc<Policy>> {
        let heads = self.files.iter().filter_map(|sheet| sheet.head.as_ref());
        problems.extend(twice(heads.clone()));
        let nodes = heads.map(|head| tree::Node {
            id: &head.id,
            parent: head.parent.as_deref(),
            at: &head.at,
        });
        problems.extend(tree::check(nodes));
        let policies = self.files.iter().filter(|sheet| sheet.is_policy());
        policies
            .filter_map(|sheet| Some(((sheet.city, sheet.name), Arc::new(self.resolve(sheet)?))))
            .collect()
    }

    fn resolve(&self, sheet: &Sheet<'a>) -> Option<Policy> {
        let chain = self.chain(sheet)?;
        let files: Vec<_> = chain.iter().map(|sheet| &sheet.file).collect();
        let parents = chain
            .iter()
            .skip(1)
            .filter_map(|sheet| sheet.head.as_ref())
            .map(|head| head.id.clone());
        resolve(&files, parents.collect())
    }

    /// The sheet and its parents; `None` when a parent is missing or they go round in a ring.
    fn chain<'s>(&'s self, sheet: &'s Sheet<'a>) -> Option<Vec<&'s Sheet<'a>>> {
        let mut chain = vec![sheet];
        while let Some(parent) = chain.last()?.head.as_ref().and_then(|head| head.parent.as_ref()) {
            let above = self
                .files
                .iter()
                .find(|sheet| sheet.head.as_ref().is_some_and(|head| head.id == *parent))?;
            if chain.len() > self.files.len() {
                return None;
            }
            chain.push(above);
        }
        Some(chain)
    }

    /// The three files of a city besides its policy; `None` when one is absent, which is told with what is wrong with the others.
    fn parts(&self, id: &'a str, problems: &mut Problems) -> Option<Parts> {
        let mut need = |name: &str, there: bool| {
            if !there {
                let at = At {
                    file: id.into(),
                    line: 1,
                };
                problems.add(at, format!("city {id} has no {name}"));
            }
        };
        let (units, catalogue) = (self.sheet(id, "units.toml"), self.sheet(id, "catalogue.toml"));
        let divisions = self.divisions.get(id);
        need("policy.toml", self.sheet(id, "policy.toml").is_some());
        need("units.toml", units.is_some());
        need("catalogue.toml", catalogue.is_some());
        need("divisions.csv", divisions.is_some());
        let divisions = divisions.map(|file| Divisions::parse(&file.path, &file.text, problems));
        let units = units.map(|sheet| Units::read(&sheet.file));
        let read = catalogue.map(|sheet| Catalogue::read(&sheet.file));
        let parts = Parts {
            units: units?,
            catalogue: read?,
            divisions: divisions?,
        };
        parts.check(&catalogue?.file, problems);
        Some(parts)
    }

    /// Holds the conditions of every file to its city; those of a policy in a folder of its own to the cities that rest on it.
    fn check_named(&self, parts: &BTreeMap<&str, Parts>) {
        for sheet in &self.files {
            let cities = match parts.get(sheet.city) {
                Some(own) => vec![own],
                None => self.resting_on(sheet, parts),
            };
            named::check(&sheet.file, &cities);
        }
    }

    fn resting_on<'p>(&self, sheet: &Sheet<'a>, parts: &'p BTreeMap<&str, Parts>) -> Vec<&'p Parts> {
        let rests = |other: &&Sheet<'a>| {
            let chain = self.chain(other).unwrap_or_default();
            chain.into_iter().any(|above| std::ptr::eq(above, sheet))
        };
        let resting = self.files.iter().filter(rests);
        resting.filter_map(|other| parts.get(other.city)).collect()
    }

    fn city(
        &self,
        id: &'a str,
        parts: Parts,
        policies: &BTreeMap<(&'a str, &'a str), Arc<Policy>>,
    ) -> Option<City> {
        let policy_file = &self.sheet(id, "policy.toml")?.file;
        let policy = policies.get(&(id, "policy.toml"))?;
        let ours = policies.iter().filter(|((city, _), _)| *city == id);
        let mut editions: Vec<_> = ours.map(|(_, policy)| Arc::clone(policy)).collect();
        editions.sort_by(|one, other| (one.effective_from, &one.id).cmp(&(other.effective_from, &other.id)));
        check_editions(&editions, policy_file);
        for edition in &editions {
            check_policy(edition, &parts.divisions, policy_file);
        }
        Some(City {
            id: id.to_owned(),
            policy: Arc::clone(policy),
            editions,
            units: parts.units,
            catalogue: parts.catalogue,
            divisions: parts.divisions,
        })
    }
}

impl<'a> Sheet<'a> {
    fn parse(source: &'a SourceFile) -> Self {
        let file = File::parse(&source.path, &source.text);
        let head = is_policy(&source.name).then(|| Head::read(&file)).flatten();
        Self {
            city: &source.city,
            name: &source.name,
            file,
            head,
        }
    }

    fn is_policy(&self) -> bool {
        is_policy(self.name)
    }
}

fn is_policy(name: &str) -> bool {
    name.starts_with("policy") && name.ends_with(".toml")
}

impl Head {
    /// Peeks at `[policy]`; what is wrong with it is told when the policy is resolved.
    fn read(file: &File<'_>) -> Option<Self> {
        let (id, parent, at) = file.head()?;
        Some(Self { id, parent, at })
    }
}

/// Two policies of one id.
fn twice<'h>(heads: impl Iterator<Item = &'h Head>) -> Vec<Problem> {
    let mut seen: BTreeMap<&str, &At> = BTreeMap::new();
    let mut problems = Vec::new();
    for head in heads {
        match seen.get(head.id.as_str()) {
            Some(first) => problems.push(Problem {
                at: head.at.clone(),
                text: format!("policy {} stands in {first} already", head.id),
            }),
            None => {
                seen.insert(&head.id, &head.at);
            }
        }
    }
    problems
}
