"""A plan under a budget as rows and as sentences, the same on the terminal, on the lab's page and in its files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sarai.plan.preposition import Preposition

COLUMNS = (
    "site", "supply", "item", "units", "unit", "unit_cost_usd", "cost_usd", "figure_units", "there_from", "lead_days",
    "order_in_time", "why",
)  # fmt: skip


def preposition_rows(plan: Preposition, as_of: date) -> list[dict[str, Any]]:
    """One row a line of the plan, also those that get nothing.

    figure_units   what a plan for a single planning figure and the same money would have
    order_in_time  an order on the as-of day comes by `there_from`; else it must come from stock that is near
    """
    return [
        {
            "site": choice.site,
            "supply": choice.supply_id,
            "item": choice.item,
            "units": round(choice.units),
            "unit": choice.unit,
            "unit_cost_usd": round(choice.price_usd, 4),
            "cost_usd": round(choice.cost_usd),
            "figure_units": round(choice.figure_units),
            "there_from": (as_of + timedelta(days=1 + choice.late)).isoformat(),
            "lead_days": choice.lead_days,
            "order_in_time": choice.lead_days <= choice.late + 1,
            "why": choice.why,
        }
        for choice in plan.choices
    ]


def say_preposition(plan: Preposition, figure_persons: float) -> str:
    """What the money buys, beside nothing, a single planning figure and perfect foresight."""
    return (
        f"{plan.spent_usd:,.0f} of {plan.budget_usd:,.0f} USD. Unmet need falls from {plan.unmet_nothing:,.0f} to "
        f"{plan.unmet_mean:,.0f} weighted person-days ({plan.unmet_worst_tenth:,.0f} in the worst tenth). A plan for "
        f"a single figure of {figure_persons:,.0f} people would leave {plan.unmet_figure:,.0f}, perfect foresight "
        f"{plan.unmet_least:,.0f}. {say_regret(plan)}"
    )


def say_regret(plan: Preposition) -> str:
    """The plan's loss against perfect foresight as a share of that of the single planning figure."""
    if plan.figure_regret <= 0.0:
        return "Regret on members held out: none for either plan."
    share = plan.regret / plan.figure_regret
    return f"Regret on members held out: {share:.0%} of that of the single planning figure."
