//! The roles that the contract knows, read from its access options.

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use prost_reflect::{DescriptorPool, Value};

/// Full name of the method option.
const OPTION: &str = "hotline.auth.v1.access";

/// Every role that some method names.
///
/// # Errors
/// The contract's descriptors cannot be read.
pub fn known() -> anyhow::Result<BTreeSet<String>> {
    let pool =
        DescriptorPool::decode(hotline_proto::FILE_DESCRIPTOR_SET).context("the contract's descriptors")?;
    let option = pool
        .get_extension_by_name(OPTION)
        .with_context(|| format!("the contract has no {OPTION}"))?;
    let mut roles = BTreeSet::new();
    for method in pool
        .services()
        .flat_map(|service| service.methods().collect::<Vec<_>>())
    {
        let options = method.options();
        let access = options.get_extension(&option);
        let named = access
            .as_message()
            .and_then(|access| access.get_field_by_name("roles"));
        let named = named
            .as_ref()
            .and_then(|value| value.as_list())
            .unwrap_or_default();
        roles.extend(named.iter().filter_map(Value::as_str).map(str::to_owned));
    }
    Ok(roles)
}

/// Refuses a role that no method names: such a token would open nothing.
///
/// # Errors
/// The unknown role, with the known ones.
pub fn check(roles: &[String]) -> anyhow::Result<()> {
    let known = known()?;
    if let Some(role) = roles.iter().find(|role| !known.contains(*role)) {
        let list: Vec<_> = known.iter().map(String::as_str).collect();
        let list = list.join(", ");
        bail!("没有角色 {role},可用:{list} / no role is called {role}; use {list}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_names_its_roles() {
        let known = known().expect("reads");
        for role in ["agent", "dispatcher", "unit_clerk", "callback_agent", "operator"] {
            assert!(known.contains(role), "{role}");
        }
        assert!(check(&["agent".into(), "king".into()]).is_err());
    }
}
