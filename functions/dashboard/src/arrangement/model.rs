//! Where widgets stand, and what somebody does with one of them. Pure.

use kernel::{Error, Permission, Result, Rule, Violations};
use serde::{Deserialize, Serialize};
use web::dashboard::{Arrangement, Placed};

use crate::widget::{WIDGETS, Widget};

pub const COLUMNS_MAX: u8 = 3;

/// A widget in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    pub widget: &'static Widget,
    pub columns: u8,
}

/// What somebody does with one widget. Repeated, all but the steps change nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Before another one; last for none.
    Place(Option<&'static Widget>),
    Resize(u8),
    Hide,
    Show,
    /// One place towards the beginning, of those that are seen.
    Back,
    Forth,
    Narrower,
    Wider,
    /// All of it as it is for who arranged nothing.
    Reset,
}

/// All that is not hidden, whether or not it may be seen: what somebody may not see for a while keeps its place.
fn order(arrangement: &Arrangement) -> Vec<Shown> {
    let placed = arrangement.placed.iter().filter_map(|placed| {
        let columns = placed.columns.clamp(1, COLUMNS_MAX);
        Some(Shown { widget: Widget::named(&placed.widget)?, columns })
    });
    let mut order: Vec<Shown> = placed.collect();
    let is_hidden = |widget: &Widget| arrangement.hidden.iter().any(|hidden| hidden == widget.id);
    for widget in WIDGETS.iter().filter(|widget| widget.is_default && !is_hidden(widget)) {
        if order.iter().all(|shown| shown.widget != widget) {
            order.push(Shown { widget, columns: widget.columns });
        }
    }
    order
}

/// What somebody sees, in its order.
pub fn seen(arrangement: &Arrangement, may: impl Fn(Permission) -> bool) -> Vec<Shown> {
    order(arrangement).into_iter().filter(|shown| shown.widget.is_for(&may)).collect()
}

/// What they could see besides.
pub fn available(arrangement: &Arrangement, may: impl Fn(Permission) -> bool) -> Vec<&'static Widget> {
    let order = order(arrangement);
    let is_shown = |widget: &Widget| order.iter().any(|shown| shown.widget == widget);
    WIDGETS.iter().filter(|widget| !is_shown(widget) && widget.is_for(&may)).collect()
}

/// An order as it is stored, the rest of what stands by itself being hidden.
fn stored(arrangement: &Arrangement, order: &[Shown]) -> Arrangement {
    let placed = order.iter().map(|shown| Placed { widget: shown.widget.id.into(), columns: shown.columns });
    let is_shown = |widget: &Widget| order.iter().any(|shown| shown.widget == widget);
    let hidden = WIDGETS.iter().filter(|widget| widget.is_default && !is_shown(widget));
    Arrangement {
        user: arrangement.user,
        placed: placed.collect(),
        hidden: hidden.map(|widget| widget.id.to_owned()).collect(),
    }
}

/// After an act with a widget that who acts may see.
pub fn arranged(
    arrangement: &Arrangement,
    widget: &'static Widget,
    act: Act,
    may: impl Fn(Permission) -> bool,
) -> Arrangement {
    if act == Act::Reset {
        return Arrangement::of(arrangement.user);
    }
    let mut order = order(arrangement);
    let at = order.iter().position(|shown| shown.widget == widget);
    match (act, at) {
        (Act::Show, None) => order.push(Shown { widget, columns: widget.columns }),
        // What is not there is neither moved nor changed.
        (_, None) | (Act::Show | Act::Reset, _) => {}
        (Act::Hide, Some(at)) => drop(order.remove(at)),
        (Act::Resize(columns), Some(at)) => order[at].columns = columns.clamp(1, COLUMNS_MAX),
        (Act::Narrower, Some(at)) => order[at].columns = order[at].columns.saturating_sub(1).max(1),
        (Act::Wider, Some(at)) => order[at].columns = (order[at].columns + 1).min(COLUMNS_MAX),
        (Act::Place(before), Some(at)) => {
            if before != Some(widget) {
                let shown = order.remove(at);
                let to = before.and_then(|before| order.iter().position(|shown| shown.widget == before));
                order.insert(to.unwrap_or(order.len()), shown);
            }
        }
        (Act::Back, Some(at)) => {
            if let Some(to) = order[..at].iter().rposition(|shown| shown.widget.is_for(&may)) {
                let shown = order.remove(at);
                order.insert(to, shown);
            }
        }
        (Act::Forth, Some(at)) => {
            if let Some(next) = order[at + 1..].iter().position(|shown| shown.widget.is_for(&may)) {
                let shown = order.remove(at);
                order.insert(at + next + 1, shown);
            }
        }
    }
    stored(arrangement, &order)
}

/// One act, as a form has it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ActInput {
    pub widget: String,
    /// `place`, `resize`, `hide`, `show`, `back`, `forth`, `narrower`, `wider` or `reset`.
    pub act: String,
    /// With `place`: the widget that comes after it; empty for none.
    pub before: String,
    /// With `resize`.
    pub columns: String,
}

impl ActInput {
    /// Of what somebody may see; what they may not is not there.
    pub fn parse(&self, may: impl Fn(Permission) -> bool) -> Result<(&'static Widget, Act)> {
        let named = |id: &str| Widget::named(id).filter(|widget| widget.is_for(&may));
        let mut wrong = Violations::default();
        let act = match self.act.as_str() {
            "place" if self.before.is_empty() => Ok(Act::Place(None)),
            "place" => named(&self.before).map(|before| Act::Place(Some(before))).ok_or(Rule::NotAChoice),
            "resize" => columns(&self.columns).map(Act::Resize),
            "hide" => Ok(Act::Hide),
            "show" => Ok(Act::Show),
            "back" => Ok(Act::Back),
            "forth" => Ok(Act::Forth),
            "narrower" => Ok(Act::Narrower),
            "wider" => Ok(Act::Wider),
            "reset" => Ok(Act::Reset),
            _ => Err(Rule::NotAChoice),
        };
        let act = wrong.take("/act", act);
        let widget = match act {
            // Of all of them.
            Some(Act::Reset) => WIDGETS.first(),
            _ => wrong.take("/widget", named(&self.widget).ok_or(Rule::NotAChoice)),
        };
        widget.zip(act).ok_or(Error::Invalid(wrong))
    }
}

fn columns(text: &str) -> std::result::Result<u8, Rule> {
    let columns = text.trim().parse().ok().filter(|columns| (1..=COLUMNS_MAX).contains(columns));
    columns.ok_or_else(|| Rule::OutOfRange { min: "1".into(), max: COLUMNS_MAX.to_string() })
}

/// A widget in its place.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlacedInput {
    /// As `available` and `widgets` name them.
    pub id: String,
    /// `1`, `2` or `3`.
    pub columns: String,
}

/// All that is to stand there, in its order. What is left out is not shown.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DashboardInput {
    pub widgets: Vec<PlacedInput>,
}

impl DashboardInput {
    /// Instead of what was seen before. What who asks may not see stays where it is, behind.
    pub fn parse(&self, before: &Arrangement, may: impl Fn(Permission) -> bool) -> Result<Arrangement> {
        let mut wrong = Violations::default();
        if self.widgets.len() > WIDGETS.len() {
            wrong.add("/widgets", Rule::TooMany { max: WIDGETS.len() });
            return Err(Error::Invalid(wrong));
        }
        let mut wanted: Vec<Shown> = Vec::new();
        for (place, typed) in self.widgets.iter().enumerate() {
            let widget = Widget::named(&typed.id).filter(|widget| widget.is_for(&may)).ok_or(Rule::NotAChoice);
            let is_repeated = |widget: &Widget| wanted.iter().any(|shown| shown.widget == widget);
            let widget = widget.and_then(|widget| if is_repeated(widget) { Err(Rule::Repeated) } else { Ok(widget) });
            let widget = wrong.take(format!("/widgets/{place}/id"), widget);
            let columns = wrong.take(format!("/widgets/{place}/columns"), columns(&typed.columns));
            wanted.extend(widget.zip(columns).map(|(widget, columns)| Shown { widget, columns }));
        }
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        wanted.extend(order(before).into_iter().filter(|shown| !shown.widget.is_for(&may)));
        Ok(stored(before, &wanted))
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::UserId;
    use ulid::Ulid;

    use super::*;

    fn nobody() -> Arrangement {
        Arrangement::of(UserId::from_ulid(Ulid(1)))
    }

    const fn all(_: Permission) -> bool {
        true
    }

    fn ids(shown: &[Shown]) -> Vec<&'static str> {
        shown.iter().map(|shown| shown.widget.id).collect()
    }

    fn named(id: &str) -> &'static Widget {
        Widget::named(id).unwrap()
    }

    #[test]
    fn who_arranged_nothing_sees_what_they_may_in_the_order_of_the_table() {
        let defaults: Vec<_> = WIDGETS.iter().filter(|widget| widget.is_default).map(|widget| widget.id).collect();
        assert_eq!(ids(&seen(&nobody(), all)), defaults);
        let crm = |permission| permission == Permission::CrmView;
        let expected = ["crm_pipeline", "crm_activities", "notifications_latest", "crm_leads", "hr_absent"];
        assert_eq!(ids(&seen(&nobody(), crm)), expected);
        assert_eq!(available(&nobody(), crm), Vec::<&Widget>::new());
    }

    #[test]
    fn what_is_not_seen_keeps_its_place_and_what_is_moves_around_it() {
        let crm = |permission| permission == Permission::CrmView;
        let moved = arranged(&nobody(), named("crm_leads"), Act::Back, crm);
        let expected = ["crm_pipeline", "crm_activities", "crm_leads", "notifications_latest", "hr_absent"];
        assert_eq!(ids(&seen(&moved, crm)), expected);
        let forth = arranged(&moved, named("crm_pipeline"), Act::Forth, crm);
        assert_eq!(ids(&seen(&forth, crm))[..2], ["crm_activities", "crm_pipeline"]);
        // At the ends, nothing.
        assert_eq!(seen(&arranged(&forth, named("crm_activities"), Act::Back, crm), crm), seen(&forth, crm));
        // Who may see all again has all of it.
        assert_eq!(seen(&forth, all).len(), seen(&nobody(), all).len());
        assert_eq!(seen(&forth, all)[0].widget.id, "invoicing_unpaid");
    }

    #[test]
    fn placing_resizing_hiding_and_showing_repeat_without_effect() {
        let widget = named("crm_leads");
        for act in [Act::Place(Some(named("invoicing_unpaid"))), Act::Place(None), Act::Resize(3), Act::Hide] {
            let once = arranged(&nobody(), widget, act, all);
            assert_eq!(arranged(&once, widget, act, all), once, "{act:?}");
        }
        let first = arranged(&nobody(), widget, Act::Place(Some(named("invoicing_unpaid"))), all);
        assert_eq!(seen(&first, all)[0].widget, widget);
        let hidden = arranged(&first, widget, Act::Hide, all);
        assert_eq!(available(&hidden, all), [widget]);
        // What is hidden is neither moved nor widened.
        assert_eq!(arranged(&hidden, widget, Act::Wider, all), hidden);
        let back = arranged(&hidden, widget, Act::Show, all);
        assert_eq!(seen(&back, all).last().map(|shown| shown.widget), Some(widget));
        assert_eq!(arranged(&back, widget, Act::Show, all), back);
        assert_eq!(arranged(&back, widget, Act::Reset, all), nobody());
    }

    #[test]
    fn a_width_has_its_bounds() {
        let widget = named("crm_pipeline");
        let of = |arrangement: &Arrangement| {
            seen(arrangement, all).iter().find(|shown| shown.widget == widget).unwrap().columns
        };
        let mut wide = nobody();
        for expected in [2, 3, 3] {
            wide = arranged(&wide, widget, Act::Wider, all);
            assert_eq!(of(&wide), expected);
        }
        for expected in [2, 1, 1] {
            wide = arranged(&wide, widget, Act::Narrower, all);
            assert_eq!(of(&wide), expected);
        }
    }

    #[test]
    fn what_a_newer_version_placed_is_passed_over_and_a_new_widget_stands_behind() {
        let placed = |id: &str, columns| Placed { widget: id.into(), columns };
        let stored = Arrangement { placed: vec![placed("tarot", 1), placed("crm_leads", 9)], ..nobody() };
        let shown = seen(&stored, all);
        assert_eq!((shown[0].widget.id, shown[0].columns), ("crm_leads", 3));
        assert_eq!(shown.len(), seen(&nobody(), all).len());
    }

    #[test]
    fn a_program_says_all_of_it_and_hears_what_is_wrong() {
        let input = |widgets: &[(&str, &str)]| {
            let placed = |(id, columns): &(&str, &str)| PlacedInput { id: (*id).into(), columns: (*columns).into() };
            DashboardInput { widgets: widgets.iter().map(placed).collect() }
        };
        let arranged = input(&[("crm_leads", "2"), ("crm_pipeline", "1")]).parse(&nobody(), all).unwrap();
        assert_eq!(ids(&seen(&arranged, all)), ["crm_leads", "crm_pipeline"]);
        let crm = |permission| permission == Permission::CrmView;
        let twice = [("crm_pipeline", "1"), ("crm_pipeline", "1")];
        let wrong = input(&[("crm_leads", "4"), twice[0], twice[1], ("invoicing_unpaid", "1"), ("x", "")]);
        let Err(Error::Invalid(wrong)) = wrong.parse(&nobody(), crm) else { panic!("it was taken") };
        let pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        let expected = ["/widgets/0/columns", "/widgets/2/id", "/widgets/3/id", "/widgets/4/id", "/widgets/4/columns"];
        assert_eq!(pointers, expected);
        // What they may not see stays.
        let own = input(&[("crm_pipeline", "1")]).parse(&nobody(), crm).unwrap();
        assert_eq!(ids(&seen(&own, crm)), ["crm_pipeline"]);
        assert!(ids(&seen(&own, all)).contains(&"invoicing_unpaid"));
    }
}
