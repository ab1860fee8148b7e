//! The environment, read once, and the forms that values come in.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::config::{ConfigError, Setting, VARIABLES, Variable};
#[cfg(feature = "aws")]
use crate::config::{SecretReference, variables::SECRET_REFERENCES};

/// Folder of the user's data, below the user's folder.
const HOME_FOLDER: &str = ".doctown";

/// The known variables that are set to something, and the user's folder.
pub(super) struct Environment {
    values: BTreeMap<&'static str, String>,
    user_folder: Option<PathBuf>,
}

impl Environment {
    pub(super) fn of_process() -> Result<Self, ConfigError> {
        let mut values = BTreeMap::new();
        for Variable { name, .. } in VARIABLES {
            if let Some(value) = std::env::var_os(name) {
                let value = OsString::into_string(value).map_err(|_| ConfigError::NotText { name })?;
                values.insert(*name, value);
            }
        }
        Ok(Self { values, user_folder: std::env::home_dir() }.without_empty())
    }

    pub(super) fn of_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let pairs: BTreeMap<&str, &str> = pairs.into_iter().collect();
        let values = VARIABLES
            .iter()
            .filter_map(|variable| Some((variable.name, pairs.get(variable.name)?.to_string())));
        Self { values: values.collect(), user_folder: pairs.get("HOME").map(PathBuf::from) }.without_empty()
    }

    /// An empty variable is one that is not set, as shells have it.
    fn without_empty(mut self) -> Self {
        self.values.retain(|_, value| !value.trim().is_empty());
        self.user_folder = self.user_folder.filter(|folder| !folder.as_os_str().is_empty());
        self
    }

    /// Lists the variables that only name a secret, unless the secret itself is set too.
    #[cfg(feature = "aws")]
    pub(super) fn secret_references(&self) -> Vec<SecretReference> {
        let set = |(name, variable): &(&'static str, &'static str)| {
            let value = self.get(name).filter(|_| self.get(variable).is_none())?;
            Some(SecretReference { name, variable, value: value.trim().to_owned() })
        };
        SECRET_REFERENCES.iter().filter_map(set).collect()
    }

    /// Sets variables, as if the process had been started with them.
    #[cfg(feature = "aws")]
    pub(super) fn with(mut self, values: Vec<(&'static str, String)>) -> Self {
        self.values.extend(values);
        self.without_empty()
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Returns the first of these that is set.
    pub(super) fn any_of(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.get(name)).map(str::to_owned)
    }

    /// Returns the value, or the table's default, or nothing at all.
    pub(super) fn or_default(&self, name: &str) -> String {
        let default =
            VARIABLES.iter().find(|variable| variable.name == name).and_then(|variable| variable.default);
        self.get(name).or(default).unwrap_or_default().to_owned()
    }

    /// Splits a value at its commas, `None` when there is neither value nor default.
    pub(super) fn list(&self, name: &str) -> Option<Vec<String>> {
        let text = self.or_default(name);
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned);
        (!text.is_empty()).then(|| items.collect())
    }

    /// Finds which of these words the value is.
    pub(super) fn word<T: Copy>(&self, name: &'static str, words: &[(&str, T)]) -> Result<T, ConfigError> {
        let value = self.or_default(name);
        let found = words.iter().find(|(word, _)| *word == value);
        let help =
            VARIABLES.iter().find(|variable| variable.name == name).map_or("", |variable| variable.help);
        found.map(|(_, meaning)| *meaning).ok_or(ConfigError::Invalid { name, value, expected: help })
    }

    /// Reads a number within a range, or the table's default.
    pub(super) fn number(
        &self,
        name: &'static str,
        range: std::ops::RangeInclusive<u64>,
    ) -> Result<u64, ConfigError> {
        let value = self.or_default(name);
        let number = value.trim().parse().ok().filter(|number| range.contains(number));
        number.ok_or(ConfigError::Invalid { name, value, expected: "a number within its limits" })
    }

    /// Reads a number from 1 to 1024.
    pub(super) fn count(&self, name: &'static str) -> Result<Option<usize>, ConfigError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value.trim().parse() {
            Ok(number @ 1..=1_024) => Ok(Some(number)),
            _ => Err(ConfigError::Invalid {
                name,
                value: value.to_owned(),
                expected: "a number from 1 to 1024",
            }),
        }
    }

    /// Reads a folder; addresses of other kinds of store are refused, not taken for folders.
    pub(super) fn folder(
        &self,
        name: &'static str,
        default: impl FnOnce() -> PathBuf,
    ) -> Result<PathBuf, ConfigError> {
        match self.get(name) {
            None => Ok(default()),
            Some(value) if value.contains("://") => {
                Err(ConfigError::Invalid { name, value: value.to_owned(), expected: "a folder" })
            }
            Some(value) => Ok(PathBuf::from(value)),
        }
    }

    pub(super) fn home(&self) -> Result<PathBuf, ConfigError> {
        let of_user = self.user_folder.as_ref().map(|folder| folder.join(HOME_FOLDER));
        self.get("DOCTOWN_HOME").map(PathBuf::from).or(of_user).ok_or(ConfigError::NoHome)
    }

    /// Lists every variable with its value.
    pub(super) fn settings(&self) -> Vec<Setting> {
        let setting = |variable: &Variable| {
            let value = self.get(variable.name);
            let told = if variable.secret { value.map(|_| "set, hidden") } else { value };
            Setting {
                name: variable.name,
                value: told.or(variable.default).map(str::to_owned),
                is_default: value.is_none(),
                help: variable.help,
            }
        };
        VARIABLES.iter().map(setting).collect()
    }
}
