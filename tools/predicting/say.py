"""How good a model is, what it looks at and what to mind, in words; a card's figures and no others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.words import plural

Card = Mapping[str, Any]
_MOST = 4


def quality(card: Card) -> str:
    """ "It tells who stops apart well: …" """
    low, high = card["interval"]
    tested = f"on {card['held_out']:,} {_rows(card)} it had not seen"
    if card["task"] == "number":
        better = 100 * (1 - card["mean_error"] / card["mean_error_of_mean"]) if card["mean_error_of_mean"] else 0
        explained = f"{100 * card['score']:.0f}%" if card["score"] >= 0.005 else "none"
        error = f"{better:.0f}% less than" if better >= 0.5 else "no less than" if better > -0.5 else "more than"
        return (
            f"{_grade_r2(card['score'])}: {tested}, it explained {explained} of the differences (R² "
            f"{card['score']:.2f}, 95% interval {low:.2f} to {high:.2f}); it was off by {card['mean_error']:,.2f} on "
            f"average, {error} always saying the mean."
        )
    said = (
        f"{_grade(card['score'])}: {tested}, it put the right one of two in front {100 * card['score']:.0f} times in "
        f"100 (AUC {card['score']:.3f}, 95% interval {low:.3f} to {high:.3f})."
    )
    right, usual = 100 * card["accuracy"], 100 * card["accuracy_of_commonest"]
    said += f" Taken at its likeliest answer it is right in {right:.1f}% of cases; always naming the commonest, in "
    said += f"{usual:.1f}%."
    return said + f" Its chances are off by {100 * card['calibration_error']:.1f} points on average."


def method(card: Card) -> str:
    kinds = ", ".join(f"{k} {v:.3f}" for k, v in card["compared"].items())
    chosen = " and ".join(card["chosen"])
    when = (
        f" at {len(card['moments'])} moments ({card['moments'][0]} to {card['moments'][-1]})"
        if card.get("moments")
        else ""
    )
    return (
        f"{chosen.capitalize()}, of {card['tried']} settings compared by {card['measure']} in cross-validation "
        f"({kinds}), from {card['rows']:,} {_rows(card)}{when} and {len(card['features'])} features."
    )


def caveats(card: Card) -> list[str]:
    found = []
    if card["left_out"]:
        named = "; ".join(f"{e['label']}: {e['why']}" for e in card["left_out"])
        found.append(f"Left out, for it would give the answer away: {named}.")
    low, _ = card["interval"]
    if (card["task"] != "number" and low <= 0.5) or (card["task"] == "number" and card["score"] <= 0.05):
        found.append("It is hardly better than chance: use it for nothing.")
    elif card["task"] == "binary" and card["accuracy"] <= card["accuracy_of_commonest"] + 0.002:
        found.append("As a yes or no it is no better than always saying the commonest: use it to rank, not to decide.")
    return found


def drivers(card: Card) -> str:
    """ "It looks most at how recent the last order is (the chance is 30% where … is high, 5% where it is low)." """
    named = card["drivers"][:_MOST]
    if not named:
        return "Nothing that is known makes a difference that holds on rows it had not seen."
    pieces = [f"**{named[0]['theme']}**: {_moves(named[0], card)}"]
    pieces += [f"{d['theme']}: {_moves(d, card)}" for d in named[1:]]
    return "; ".join(pieces) + "."


def _moves(driver: Mapping[str, Any], card: Card) -> str:
    def figure(value: float) -> str:
        return f"{value:,.2f}" if card["task"] == "number" else f"{100 * value:.1f}%"

    if driver["values"]:
        least, most = driver["values"]
        return f"from {figure(driver['low'])} with “{least}” to {figure(driver['high'])} with “{most}”"
    way = "rises" if driver["high"] > driver["low"] else "falls"
    what = "it" if card["task"] == "number" else "the chance"
    return f"{what} {way} from {figure(driver['low'])} to {figure(driver['high'])} from low to high {driver['column']}"


def _rows(card: Card) -> str:
    return plural(card["thing"])


def _grade(score: float) -> str:
    return "Very good" if score >= 0.9 else "Good" if score >= 0.8 else "Fair" if score >= 0.7 else "Weak"


def _grade_r2(score: float) -> str:
    return "Good" if score >= 0.6 else "Fair" if score >= 0.3 else "Weak"
