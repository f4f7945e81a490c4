"""The embedded analyst's reading of a question: what to do about it, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from textwrap import shorten

from assistant.analyst.agreement import Said, agreement
from assistant.analyst.analyses import Call, again, analysis, repeated
from assistant.analyst.confidence import SURE, Evidence, chance, evidence_of
from assistant.analyst.context import edit
from assistant.analyst.definitions import defined
from assistant.analyst.durations import in_units
from assistant.analyst.echoes import without_echoes
from assistant.analyst.edits import refer, without_filter
from assistant.analyst.everyone import with_everyone
from assistant.analyst.follow_ups import (
    IN_TOTAL,
    MAKE_IT,
    OFF,
    SHOWN_AS,
    SWAP,
    WHICH_ONE,
    WITH_THEIR,
    looks_like_follow_up,
    without_shift,
)
from assistant.analyst.fractions import as_fractions, in_cents, per_so_many
from assistant.analyst.instructed import as_instructed, beyond_definitions
from assistant.analyst.interpret import Reading
from assistant.analyst.items import Item, read_items
from assistant.analyst.lexicon import Lexicon, Link, content
from assistant.analyst.lookup import TableReader
from assistant.analyst.meanings import Meaning, read_otherwise, understood, with_glossary
from assistant.analyst.meanings.dates import besides_years, by_its_years, in_its_years
from assistant.analyst.meanings.overlay import NotHere
from assistant.analyst.meanings.standing import beside, standing
from assistant.analyst.neighbours import prepared
from assistant.analyst.neighbours.missed import absence_as_stored
from assistant.analyst.neighbours.names import as_before
from assistant.analyst.overall import of_the_top
from assistant.analyst.plan import Plan
from assistant.analyst.ranker import candidates, lead, ranked
from assistant.analyst.reasons import as_written_down
from assistant.analyst.rephrase import rephrase
from assistant.analyst.roles import NotAssembled
from assistant.analyst.routes import named_way, routed, through, way_said
from assistant.analyst.rows import Row
from assistant.analyst.say import say
from assistant.analyst.schema import Schema
from assistant.analyst.standing import stands_alone
from assistant.analyst.terms import asked_about, in_plain_words, names_defined
from assistant.analyst.ties import with_ties, without_ties
from assistant.analyst.tokens import Token
from assistant.analyst.verbs import mark_verbs
from assistant.answer import Choice
from assistant.reading import describe_request
from knowledge.compile import CannotCompile
from knowledge.model import UnknownName
from knowledge.request import Request
from knowledge.words import plural
from knowledge.workspace import Workspace

_FAR = 0.6
"""A reading whose score is this much lower than the best one's does not stand in for it."""
_DEED = 0.8
_CLOSE = 0.03
"""Two readings whose scores differ by less are equally likely: ask."""
_NOT_YET = re.compile(
    r"\b(predict\w*|what if|simulate\w*|optimi[sz]e\w*|(?<!would )recommend(?:ation|s\b|ing)?\w*|"
    r"should (we|i))\b|"
    r"\b(how many|which|who|list)\b.*\b(\w{3,}ed|shop|bought|buy|visit|came|active)\b.*"
    r"\b(in|on|during) every( single)? (day|week|month|quarter)\b|"
    r"\bwhat (?:share|fraction|percentage|percent|proportion) of [\w ]+? (?:shop|buy|visit|come|order|return|pay)\w* "
    r"every( single)? (?:day|week|month|quarter)\b",
    re.I,
)
_THAN_WHAT = re.compile(
    r"^\W*(?:do|does|did|is|are|was|were|has|have)\b(?!.*\b(?:than|vs\.?|versus|compared|or|most|least)\b).*"
    r"\b(more|less|fewer|better|worse|bigger|larger|smaller|higher|lower|longer|shorter|cheaper|busier)\b"
    r"(?: (?:on|in|during|at|over) [\w ]+)?\W*$",
    re.I,
)
"""A comparison that doesn't say with what."""
_WHY = re.compile(r"\bwhy\b|\breasons? (?:for|why|that|behind)\b|\broot cause\b", re.I)
_REASONS = re.compile(
    r"\b(?:common|frequent|top|often|popular|usual|main|biggest|primary|leading|key|typical|how many|number of|"
    r"different|distinct|list|each|every|per|by)\b[\w ]*?\breasons?\b",
    re.I,
)
"""Reasons that are told apart, counted or listed, rather than asked for."""
_WHY_CANNOT = "I can tell why a figure changed: name it, and when: “why did sales fall in November?”"
_WRITES = re.compile(
    r"^\W*(please )?(delete|drop|insert|update|alter|truncate|create|grant|remove|erase|wipe|change|set|modify|"
    r"edit|overwrite|attach|copy)\b.*"
    r"\b(tables?|rows?|records?|columns?|database|data|from|into|where|values?|users?|price|password)\b|;\s*(drop|delete|insert|update|alter|attach|copy)\b",
    re.I | re.S,
)


_HANGS = re.compile(r"^\W*(and|also|but|what about|how about|only|just|same|instead|now)\b", re.I)
"""Openings of what only makes sense after another question."""


_LAST_SENTENCE = re.compile(
    r"\?\s+(?!(?:please )?(?:return|give|show|list|include|provide|output|sort|order|also|i want|and|how many of|"
    r"only|just|exclud\w+|ignor\w+|leav\w+|without|with|for|in|count|consider|use|limit)\b)"
    r"([^?]{12,}?)\??\s*$",
    re.I,
)
"""A second sentence that asks again what the first did; not one that says what to show of it."""
_POINTS_BACK = re.compile(r"\b(both|these|those|them|they|it|either|each one)\b", re.I)
_MOST_SAID = 240
_GROUPS = re.compile(
    r"\b((?<!ed )(?<!en )(?<!wn )(?<!ld )(?<!ne )(?<!ot )by|"
    r"per|each|every|top \d+|bottom \d+|trend|over time|share|growth|compare|vs)\b",
    re.I,
)
"""What makes a question of one table more than a look-up."""


def _not_heeding(plan: Plan, unheeded: tuple[str, ...]) -> Plan:
    if not unheeded or plan.kind != "query":
        return plan
    said = shorten(" ".join(unheeded), _MOST_SAID, placeholder=" …")
    caveat = f"Of what came with the question, this was not taken into account: “{said}”"
    return replace(plan, unheeded=unheeded, caveats=(*plan.caveats, caveat))


def _plainly(question: str) -> str:
    """ "What about 2023?" is "and 2023?": its "about" is not the one of "about 2,000"."""
    return rephrase(without_ties(re.sub(r"^\W*(?:and |ok,? |so,? )?(?:what|how) about\b", "and", question, flags=re.I)))


def _is_deed(item: Item) -> bool:
    """ "sell", "spend": a verb that is about what is measured here."""
    return item.code == "j" and any(o.kind in ("metric", "dataset") and o.score > _DEED for o in item.options)


class Reader:
    """Reads questions of one workspace. Built once; `plan` takes milliseconds and touches no data."""

    def __init__(self, workspace: Workspace):
        self.workspace = workspace
        self.schema = Schema(workspace.model)
        self.lexicon = Lexicon(workspace.model)
        only = workspace.model.datasets[0].name if len(workspace.model.datasets) == 1 else None
        self._only = only
        self.phrases: dict[str, Plan] = {}
        """What parts of definitions were read as."""

    def plan(
        self, question: str, previous: Sequence[Request] = (), instructions: str | None = None, last: Call | None = None
    ) -> Plan:
        """What to do about a question, given the requests before it in the conversation (the last one last), the last
        call of a tool, and definitions in plain English to honour."""
        there = in_its_years(self.workspace, instructions) if instructions else self.workspace
        if there is not self.workspace:
            plan = Reader(there).plan(question, previous, besides_years(instructions or ""), last)
            if plan.request is None or plan.tool != "query":
                return plan
            request = by_its_years(plan.request, there, question)
            return replace(plan, request=request, reading=self._describe(request))
        if instructions and (meant := self._with_meanings(question, previous, instructions, last)):
            return meant
        asked, question = question, without_echoes(question, names_defined(instructions))
        question, instructions = in_plain_words(question, instructions)
        question = defined(question, instructions)
        plan = self._asked(question, previous, last)
        if plan.kind == "cannot" and plan.unread:  # words that the data has nothing of may be the glossary's
            terms = with_glossary(asked, plan.unread, self.workspace.model.glossary)
            meant = self._with_meanings(asked, previous, terms, last) if terms else None
            if meant is not None and meant.kind == "query":
                return meant
        if not instructions or plan.request is None:
            return plan
        if plan.tool != "query":
            return _not_heeding(plan, beyond_definitions(instructions))
        told, unheeded = as_instructed(plan.request, question, instructions, self.schema)
        aside = beside(asked, instructions)
        unheeded = tuple(sentence for sentence in unheeded if sentence not in aside)
        told, missed, unheeded = standing(told, unheeded, asked, self)
        if plan.kind == "query" and missed:
            return self._not_followed(missed)
        return _not_heeding(replace(plan, request=told, reading=self._describe(told)), unheeded)

    def _not_followed(self, sentences: tuple[str, ...]) -> Plan:
        said = shorten(" ".join(sentences), _MOST_SAID, placeholder=" …")
        return self._cannot(f"I can't work with what came with the question: “{said}”", ())

    def _with_meanings(
        self, question: str, previous: Sequence[Request], instructions: str, last: Call | None
    ) -> Plan | None:
        """The plan of a question that uses words which the instructions define, each read by itself; None where it uses
        none, or can't be read so."""
        known = understood(without_echoes(question, names_defined(instructions)), instructions, self)
        if isinstance(known, Meaning):
            return None if read_otherwise(known) else self._not_followed((known.text,))
        if known is None:
            return None
        plan = known.reader._asked(known.question, previous, last)
        if plan.kind != "query" or plan.request is None or plan.tool != "query":
            return None
        try:
            request = known.plainly(plan.request)
        except NotHere:
            return None
        request, missed, left = standing(request, known.rest, question, known.reader)
        if missed:
            return self._not_followed(missed)
        request = known.plainly(request)
        request, _ = as_instructed(request, question, "\n".join(known.rest), self.schema)
        unheeded = tuple(s for s in left if asked_about(s, known.what))  # of a word that the meanings themselves use
        return _not_heeding(replace(plan, request=request, reading=self._describe(request), caveats=()), unheeded)

    def _asked(self, question: str, previous: Sequence[Request], last: Call | None) -> Plan:
        written = as_written_down(question, self.schema)
        if written is not None and (told := self._read(written, ())).kind == "query":
            return told
        if asked := analysis(question, self.workspace, lambda rest: self._read(rest, previous), last, self._describe):
            return asked
        if last is not None and (changed := again(question, last, self._describe)):
            return changed
        return repeated(self._read(question, previous), last)

    def _read(self, question: str, previous: Sequence[Request]) -> Plan:
        plan = self._plan(question, previous)
        last = _LAST_SENTENCE.search(question)
        if plan.kind == "cannot" and plan.unread and not previous and last and not _POINTS_BACK.search(last[1]):
            # "How often do people come? average visits per household": the second says what the first meant.
            again = self._plan(last[1], previous)
            plan = again if again.kind == "query" and again.confidence > 0.85 else plan
        if self._only is None or previous or plan.kind == "say":
            return plan
        found = self._table.read(question)
        if found is None or found.cost >= 1.0:
            return plan
        sure = plan.kind == "query" and not plan.caveats and self._compiles(plan)
        if sure and (found.cost > 0.5 or not found.request.where):
            return plan
        confidence = round(0.95 - 0.45 * found.cost, 3)
        return Plan("query", found.request, self._describe(found.request), confidence)

    def _compiles(self, plan: Plan) -> bool:
        try:
            if plan.request is not None:
                self.workspace.compiled(plan.request)
        except CannotCompile:
            return False
        return True

    @cached_property
    def _table(self) -> TableReader:
        return TableReader(str(self._only), self.schema, self.workspace.warehouse)

    def _plan(self, question: str, previous: Sequence[Request]) -> Plan:
        question, way = named_way(question.strip(), self.schema)
        asked = question
        if _WRITES.search(question):
            return self._cannot("I only read data: I can't change, delete or add anything.", ())
        said = say(question, self.workspace, self.lexicon)
        if said:
            return said
        question = absence_as_stored(_plainly(question), self.schema)
        which = WHICH_ONE.match(question) if previous and not previous[-1].measures and previous[-1].dataset else None
        if which is not None:  # "which of those had the most orders?", of what was listed
            question = f"which {self._name('dataset', str(previous[-1].dataset))} {question[which.end() :].strip()}"
        if previous and (off := OFF.match(question)):
            what = off["what"] or off["named"]
            wider = without_filter(what, previous[-1], self.schema)
            if wider is None:
                return self._cannot(f"The last question has no filter on {what} to take off.", ())
            return Plan("query", wider, self._describe(wider), 0.9, edits=True)
        read = without_shift(question) if previous else question
        swaps = bool(previous) and SWAP.search(read) is not None and not SHOWN_AS.match(question)
        read = SWAP.sub("", read).strip() or read if swaps else read
        read = MAKE_IT.sub("", read).strip() or read if previous else read
        tokens, rows = self._rows(read)
        as_said = rows[0].items
        if previous:
            rows = [replace(row, items=as_before(row.items, previous[-1])) for row in rows]
        items = rows[0].items
        unread = tuple(i.text for i in items if i.code == ".")
        hopeless = _NOT_YET.search(question)
        if hopeless:
            return self._cannot(
                f"I can't answer “{hopeless.group().lower()}” questions yet: I report what the data says has happened.",
                (hopeless.group(),),
                items,
            )
        if not previous and (than := _THAN_WHAT.match(question)):
            word = than[1].lower()
            return self._cannot(
                f"“{word.capitalize()}” than what? Say what to compare: “… {word} than …”.", (than[1],), items
            )
        if _WHY.search(question) and not self._asks_for_reasons(question):
            return self._cannot(_WHY_CANNOT, (), items)
        found = ranked(candidates(rows, self.schema, self.workspace.calendar), self.schema)
        adds = bool(previous) and WITH_THEIR.match(question) is not None
        if (
            previous
            and found
            and not (adds or MAKE_IT.match(question) or IN_TOTAL.match(question))
            and (referred := refer(question, found[0].request, previous[-1], self.schema, listed=which is not None))
        ):
            return Plan("query", referred, self._describe(referred), 0.8)
        follows = adds or swaps or looks_like_follow_up(question)
        if previous and items == as_said and (follows or (found and found[0].guesses)):
            alone = self._plan(question, ())
            guessed = bool(alone.caveats)
            if (
                alone.kind == "query"
                and alone.request
                and stands_alone(question, items, alone.request, guessed=guessed)
            ):
                return alone
        if previous and (follows or not found or found[0].cost >= 0.3 or found[0].guesses):
            edited = self._edit(question, items, previous[-1], unread)
            if edited and (follows or not found or (found[0].guesses and edited.kind == "query")):
                return edited
        deed = any(i.code == "q" and i.data == "much" for i in items) and any(map(_is_deed, items))
        named = any(i.code in "mfdvwgt" for i in items) or any(i.code in "mfdvM" for i in prepared(items, self.schema))
        if not (deed or named) or not found:
            return self._cannot("", unread, items)
        best, failed = self._first_that_compiles(found, tokens, way)
        if previous and follows and best.guesses:
            return self._cannot("", unread, items)  # it changes the last question in a way that is not known
        if not previous and best.guesses and _HANGS.match(question):
            nothing = "That sounds like a follow-up, but there is no question before it that I could read."
            return self._cannot(nothing, (), items)
        evidence = self._evidence(best, found)
        confidence = chance(evidence)
        if confidence >= 0.3 and not best.unread:
            if ways := self._ways(question, best, failed):
                return ways
            choices = self._choices(question, tokens, found) or self._part_of_several(question, tokens, items)
            if choices:
                text = "Do you mean " + " or ".join(f"**{c.label}**" for c in choices) + "?"
                return Plan("ask", best.request, self._describe(best.request), 0.5, text, tuple(choices))
        if (
            re.search("[Ts]ny|N[Yy]", "".join(i.code for i in items))
            and not best.request.fields
            and best.request.measures
        ):
            return self._of_what(question, best)
        if confidence < SURE:
            return replace(
                self._cannot("", best.unread, items),
                request=best.request,
                reading=self._describe(best.request),
                confidence=confidence,
                evidence=evidence,
            )
        request = self._finished(best.request, question, asked)
        caveats = self._caveats(best)
        return Plan("query", request, self._describe(request), confidence, caveats=caveats, evidence=evidence)

    def _asks_for_reasons(self, question: str) -> bool:
        """ "the 3 most common reasons for cancelling", where the reasons are written down."""
        kept = any(link.kind == "field" for link in self.lexicon.links(("reason",)))
        return kept and _REASONS.search(question) is not None and not re.search(r"\bwhy\b", question, re.I)

    def _rows(self, question: str) -> tuple[list[Token], list[Row]]:
        tokens, rows = read_items(question, self.lexicon, self.workspace.values, self.workspace.calendar)
        return tokens, [replace(row, items=mark_verbs(tokens, row.items, self.lexicon)) for row in rows]

    def _finished(self, request: Request, question: str, asked: str) -> Request:
        """`asked` is the question as it was typed."""
        request = per_so_many(as_fractions(in_units(request, question, self.schema), question), question)
        request = in_cents(request, question, self.schema)
        request = of_the_top(with_everyone(request, asked, self.schema), asked, self.schema)
        return with_ties(request, asked)

    def candidates(self, question: str, instructions: str | None = None) -> list[tuple[Reading, Request]]:
        """The readings to choose from of a question asked alone, the rules' first one first, each with the request that
        would answer it."""
        asked, way = named_way(defined(question, instructions).strip(), self.schema)
        plainly = absence_as_stored(_plainly(asked), self.schema)
        tokens, rows = self._rows(plainly)
        made = []
        for reading in candidates(rows, self.schema, self.workspace.calendar):
            request = routed(reading.request, tokens, self.schema)
            request = through(request, way, self.schema) if way else request
            request = self._finished(request, plainly, asked)
            if instructions:
                request, _ = as_instructed(request, question, instructions, self.schema)
            made.append((reading, request))
        return made

    def _first_that_compiles(
        self, found: list[Reading], tokens: list[Token], way: str | None
    ) -> tuple[Reading, CannotCompile | None]:
        """The best reading that the relationships of the data can serve; where none can, the best, and why it can't be.
        `way` is the relationship that the question names, if it does."""
        best: Reading | None = None
        failed: CannotCompile | None = None
        for reading in found[:5]:
            if found[0].score - reading.score > _FAR or len(reading.unread) > len(found[0].unread):
                continue
            request = routed(reading.request, tokens, self.schema)
            routes = replace(reading, request=through(request, way, self.schema) if way else request)
            best = best or routes
            try:
                self.workspace.compiled(routes.request)
            except CannotCompile as error:
                failed = failed or error
            except UnknownName:
                continue
            else:
                return routes, None
        return best or found[0], failed

    def _edit(self, question: str, items: list[Item], last: Request, unread: tuple[str, ...]) -> Plan | None:
        try:
            draft = edit(question, items, last, self.schema, self.workspace.calendar)
        except NotAssembled:
            return None
        if unread and not SHOWN_AS.match(question):
            return self._cannot("", unread, items)
        try:
            self.workspace.compiled(draft.request)
        except CannotCompile as error:
            reading = Reading(draft.request, 0.0, 0.0, draft.cost, ())
            return self._ways(question, reading, error)
        except UnknownName:
            return None
        return Plan("query", draft.request, self._describe(draft.request), 0.85, edits=True)

    def _describe(self, request: Request) -> str:
        return describe_request(request, self.workspace.model, self.workspace.calendar)

    def _evidence(self, reading: Reading, found: list[Reading]) -> Evidence:
        worths = [reading.worth, *(r.worth for r in found if r.worth != reading.worth)]
        agreed = agreement(Said(reading.row.items, self.schema), reading.request)
        return evidence_of(reading, agreed, lead(worths, 0))

    def _ways(self, question: str, best: Reading, failed: CannotCompile | None) -> Plan | None:
        """What to ask where several relationships lead to what the question is about, and none is named in it."""
        if failed is None or failed.kind != "ambiguous_path" or not failed.about:
            return None
        ways = [way_said(name) for name in failed.choices[:4]]
        choices = tuple(Choice(label=way, question=f"{question} (through {way})") for way in ways)
        thing = self._name("dataset", failed.about)
        text = f"There are several ways to the {thing} here. Through " + " or ".join(f"**{w}**" for w in ways) + "?"
        return Plan("ask", best.request, self._describe(best.request), 0.5, text, choices)

    def _part_of_several(self, question: str, tokens: list[Token], items: list[Item]) -> list[Choice]:
        """ "by status", where there are several statuses and none is called just that."""
        for left, item in pairwise(items):
            if left.code != "y" or item.code != "f" or item.score >= 0.95 or item.end - item.start > 1:
                continue
            near = [o for o in item.options if o.kind == "field" and o.score >= item.score - 0.12 and not o.exact]
            labels = list(dict.fromkeys(self._name("field", o.target) for o in near))
            if len(labels) > 1 and not any(o.exact for o in item.options):
                start, end = tokens[item.start].start, tokens[item.end - 1].end
                return [Choice(label=label, question=question[:start] + label + question[end:]) for label in labels[:4]]
        return []

    def _of_what(self, question: str, best: Reading) -> Plan:
        """What to ask about "the top 5 by sales"."""
        base = (self.schema.datasets_of(best.request.measures[0].measure) or self.schema.facts())[0]
        around = [d for d in self.schema.parents(base) if d != base or self.schema.model.dataset(d).name_field]
        labels = [plural(self._name("dataset", d)) for d in around if self.schema.key(d)]
        kinds = [f for d in self.schema.parents(base) for f in self.workspace.model.dataset(d).fields]
        labels += [plural(f.label) for f in kinds if f.role == "category" and f.type == "text" and not f.hidden]
        at = re.search(r"\b(?:by|in terms of)\b", question)
        head, tail = (question[: at.start()].strip(), question[at.start() :]) if at else (question, "")
        choices = tuple(Choice(label=w, question=f"{head} {w} {tail}".strip()) for w in dict.fromkeys(labels[:4]))
        text = f"{head[:1].upper()}{head[1:]} what?"
        return Plan("ask", best.request, self._describe(best.request), 0.5, text, choices)

    def _choices(self, question: str, tokens: list[Token], found: list[Reading]) -> list[Choice]:
        """The readings to choose from, when the words could as well mean something else."""
        best = found[0]
        rivals = [
            r
            for r in found[1:4]
            if abs(best.score - r.score) < _CLOSE and len(r.swapped) == 1 and best.cost - r.cost < 0.2
        ]
        if not rivals or best.swapped:
            return []
        item, link = rivals[0].swapped[0]
        kind = {"m": "metric", "f": "field", "d": "dataset"}[item.code]
        labels = [self._name(kind, str(item.data)), self._name(link.kind, link.target)]
        if content(labels[0]) == content(labels[1]) or self._same_thing(str(item.data), link):
            return []
        start, end = tokens[item.start].start, tokens[item.end - 1].end
        return [Choice(label=label, question=question[:start] + label + question[end:]) for label in labels]

    def _same_thing(self, chosen: str, link: Link) -> bool:
        """A key and a reference to it, or a field and its total."""
        if link.kind == "metric" and "." in chosen:
            return self.schema.summed_by(self.workspace.model.metric(link.target)) == chosen
        if link.kind == "field" and any(m.name == chosen for m in self.workspace.model.metrics):
            return self.schema.summed_by(self.workspace.model.metric(chosen)) == link.target
        if link.kind != "field" or "." not in chosen:
            return False
        ends = [self.schema.points_to(name) or self.schema.owner(name) for name in (chosen, link.target)]
        roles = {self.schema.field(name).role for name in (chosen, link.target)}
        return ends[0] == ends[1] and roles <= {"key", "foreign_key"}

    def _name(self, kind: str, target: str) -> str:
        model = self.workspace.model
        if kind == "metric":
            return model.metric(target).label or target
        if kind == "dataset":
            return model.dataset(target).label or target
        dataset, field, _ = model.resolve(target)
        label = field.label or field.name
        same = [f for d in model.datasets for f in d.fields if (f.label or f.name).lower() == label.lower()]
        return f"{dataset.label or dataset.name} {label}" if len(same) > 1 else label

    def _caveats(self, reading: Reading) -> tuple[str, ...]:
        if "measure" in reading.guesses:
            return ("The question doesn't say by what measure; I used the usual one.",)
        return ()

    def _cannot(self, text: str, unread: tuple[str, ...], items: Sequence[Item] = ()) -> Plan:
        from assistant.suggestions import starters

        near = tuple(self.workspace.model.starters[:3]) or tuple(starters(self.workspace.model, 3))
        if not text:
            missing = ", ".join(f"“{word}”" for word in dict.fromkeys(unread))
            text = (
                f"I can't find {missing} in this data."
                if missing
                else "I couldn't read that as a question about this data."
            )
        return Plan("cannot", confidence=0.0, text=text, unread=unread, follow_ups=near)
