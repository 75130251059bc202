//! 数据表 of a step: two columns, a field and its value.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use cucumber::gherkin::Step;

/// The fields of a step's table; those that are read are taken out, so that what is left was misspelt.
#[derive(Debug, Default)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// The step's table, or none at all.
    ///
    /// # Errors
    /// It has not two columns, or a field stands twice.
    pub fn of(step: &Step) -> Result<Self> {
        let mut fields = BTreeMap::new();
        let rows = step.table.iter().flat_map(|table| &table.rows);
        for row in rows {
            let [field, value] = row.as_slice() else {
                anyhow::bail!("数据表应有两列:字段、值");
            };
            let twice = fields.insert(field.clone(), value.clone());
            ensure!(twice.is_none(), "字段“{field}”写了两次");
        }
        Ok(Self(fields))
    }

    /// Takes a field out.
    pub fn take(&mut self, field: &str) -> Option<String> {
        self.0.remove(field)
    }

    /// Takes a field out and reads it.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn read<T>(&mut self, field: &str, read: impl FnOnce(&str) -> Result<T>) -> Result<Option<T>> {
        let value = self.take(field);
        value
            .map(|value| read(&value).with_context(|| format!("字段“{field}”")))
            .transpose()
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// A field that nobody has read.
    pub fn end(self) -> Result<()> {
        let left: Vec<_> = self.0.into_keys().collect();
        ensure!(left.is_empty(), "不认识的字段:{}", left.join("、"));
        Ok(())
    }
}

/// The rows of a step's table below its head, each as field by column.
///
/// # Errors
/// There is no table.
pub fn rows(step: &Step) -> Result<Vec<BTreeMap<String, String>>> {
    let table = step.table.as_ref().context("这一步要有数据表")?;
    let (head, rows) = table.rows.split_first().context("数据表要有表头")?;
    let row = |row: &Vec<String>| head.iter().cloned().zip(row.iter().cloned()).collect();
    Ok(rows.iter().map(row).collect())
}
