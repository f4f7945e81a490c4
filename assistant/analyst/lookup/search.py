"""The ways to put a question together from pieces, cheapest first."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.analyst.lookup.pieces import Piece, Pieces

_KEPT = 40
"""Ways that are carried on at each word, and found in the end."""


@dataclass(frozen=True)
class Way:
    """Pieces that follow one another, and what they and the words between them cost."""

    cost: float
    pieces: tuple[Piece, ...] = ()
    left: tuple[int, ...] = ()
    """Words with a meaning of their own that no piece reads."""


def ways(found: Pieces) -> list[Way]:
    size = len(found.words)
    starting: list[list[Piece]] = [[] for _ in range(size)]
    for piece in found.all:
        starting[piece.start].append(piece)
    at: list[dict[tuple[object, ...], Way]] = [{} for _ in range(size + 1)]
    at[0][()] = Way(0.0)
    for n in range(size):
        left = found.left(n)
        for way in sorted(at[n].values(), key=lambda w: w.cost)[:_KEPT]:
            skipped = Way(way.cost + left, way.pieces, (*way.left, n) if left else way.left)
            _keep(at[n + 1], skipped)
            for piece in starting[n]:
                _keep(at[piece.end], Way(way.cost + piece.cost, (*way.pieces, piece), way.left))
    return sorted(at[size].values(), key=lambda w: w.cost)[:_KEPT]


def _keep(known: dict[tuple[object, ...], Way], way: Way) -> None:
    """Of ways that say the same, the cheapest."""
    said = tuple((p.column, str(p.where)) if p.where is not None else (p.start, p.end) for p in way.pieces)
    if said not in known or known[said].cost > way.cost:
        known[said] = way
