//! The colours of tags, stages and kinds.

use serde::{Deserialize, Serialize};

use crate::Rule;

/// Colours on which text reads; what they look like, the style sheet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Color {
    #[default]
    Grey,
    Red,
    Orange,
    Yellow,
    Green,
    Teal,
    Blue,
    Violet,
    Pink,
}

impl Color {
    pub const ALL: [Self; 9] = [
        Self::Grey,
        Self::Red,
        Self::Orange,
        Self::Yellow,
        Self::Green,
        Self::Teal,
        Self::Blue,
        Self::Violet,
        Self::Pink,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Grey => "grey",
            Self::Red => "red",
            Self::Orange => "orange",
            Self::Yellow => "yellow",
            Self::Green => "green",
            Self::Teal => "teal",
            Self::Blue => "blue",
            Self::Violet => "violet",
            Self::Pink => "pink",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Grey => "Gris",
            Self::Red => "Rouge",
            Self::Orange => "Orange",
            Self::Yellow => "Jaune",
            Self::Green => "Vert",
            Self::Teal => "Turquoise",
            Self::Blue => "Bleu",
            Self::Violet => "Violet",
            Self::Pink => "Rose",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|color| color.name() == name)
    }

    /// The colour that an input names; grey where it names none.
    pub fn parse(text: &str) -> Result<Self, Rule> {
        match text {
            "" => Ok(Self::default()),
            name => Self::named(name).ok_or(Rule::NotAChoice),
        }
    }
}
