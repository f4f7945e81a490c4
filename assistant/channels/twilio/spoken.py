"""An Answer as it is said on the phone: figures as people say them, no SQL, no table, and short."""

from __future__ import annotations

import calendar
import math
import re

from num2words import num2words

from assistant.answer import Answer
from assistant.channels.lines import caveats
from assistant.channels.markup import plain

MOST_WORDS = 60
"""Some 25 seconds."""
_WORDS_A_SECOND = 2.5
_CHOICES = 4
_CURRENCIES = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen", "₹": "rupees"}
_SCALES = ("thousand", "million", "billion", "trillion")
_MONTHS = {name[:3]: name for name in calendar.month_name if len(name) > 3}
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<minus>[-−](?=[$€£¥₹\d]))?(?P<currency>[$€£¥₹])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\w)"
    r"(?:\s(?P<scale>thousand|million|billion|trillion)\b)?(?P<percent>\s?%)?"
)
_CENTS = {"$": "cent", "€": "cent", "£": "penny"}
_QUARTER = re.compile(r"\bQ([1-4]) (\d{4})")
_CHANCE = re.compile(r"\s?\(p\s?[=<≈]\s?[\d.]+\)")
"""Of a test: whoever wants to know it reads it."""
_AS_SAID = (
    (re.compile(r"\(none\)"), "unknown"), (re.compile(r" · "), ", "), (re.compile(r"\s?&\s?"), " and "),
    (re.compile(r"(?<=[A-Za-z])/(?=[A-Za-z])"), " "), (re.compile(r"×\s?([\d.]*\d)"), r"\1 times"),
    (re.compile(r", top 1\b"), ", the highest"), (re.compile(r", bottom 1\b"), ", the lowest"),
    (re.compile(r", top (\d+)"), r", the \1 highest"), (re.compile(r", bottom (\d+)"), r", the \1 lowest"),
)  # fmt: skip
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_RANGE = re.compile(r"(?<![\w.,-])(\d{1,3}|\d{4})\s?[-–]\s?(\d{1,3}|\d{4})(?=K?\b(?!-))")
_THOUSANDS = re.compile(r"(?<=\d)K\b")
_OF_NUMBER = re.compile(
    r"\W*(?:[a-z]+-)?(?:about|minus|and|point|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    rf"[a-z]+teen|[a-z]+ty|hundred|{'|'.join(_SCALES)})\W*"
)
_UNSAYABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def spoken(answer: Answer) -> str:
    """The sentence and what it is of; or the choices; or a question that would do. Of `MOST_WORDS` words at most."""
    said = [_ended(speech(" ".join(_sentences_without_code(answer.text))))]
    if answer.choices:
        said += [f"Press {n} for {speech(c.label)}." for n, c in enumerate(answer.choices[:_CHOICES], 1)]
        return shortened(" ".join(said), MOST_WORDS + 20)
    if answer.outcome == "answered" and answer.reading and answer.reading.casefold() not in answer.text.casefold():
        said.append(f"That is: {_ended(speech(answer.reading))}")
    said += [_ended(speech(caveat)) for caveat in caveats(answer)]
    if answer.outcome in ("cannot", "no_rows") and answer.follow_ups:
        said.append(f"You could ask: {_ended(speech(answer.follow_ups[0]))}")
    return shortened(" ".join(said), MOST_WORDS)


def _sentences_without_code(text: str) -> list[str]:
    """A formula is for the eye."""
    return [sentence for sentence in re.split(r"(?<=[.?!])\s+", text) if "`" not in sentence]


def speech(text: str) -> str:
    """
    >>> speech("Net sales: **$1.18 million**, up 8.2%")
    'Net sales: one point one eight million dollars, up eight point two percent'
    >>> speech("$386,027 in Q1 2018")
    'about three hundred and eighty-six thousand dollars in the first quarter of 2018'
    >>> speech("Average basket: $34.65, for DRY NOODLES/PASTA & more ×4.8 (p = 0.44)")
    'Average basket: thirty-four dollars and sixty-five cents, for DRY NOODLES PASTA and more four point eight times'
    >>> speech("25-34 · 50-74K ($7,194) since 2017-11-05")
    '25 to 34, 50 to seventy-four thousand (seven thousand, one hundred and ninety-four dollars) since November 5, 2017'
    """
    text = _CHANCE.sub("", plain(text))
    for pattern, words in _AS_SAID:
        text = pattern.sub(words, text)
    text = _QUARTER.sub(lambda m: f"the {num2words(int(m[1]), to='ordinal')} quarter of {m[2]}", text)
    text = _DAY.sub(_day, text)
    text = _THOUSANDS.sub(" thousand", _RANGE.sub(r"\1 to \2", text))
    text = re.sub(rf"\b({'|'.join(_MONTHS)})\b(?=\.? \d)", lambda m: _MONTHS[m[1]], text)
    text = _NUMBER.sub(_said, text).replace("about about ", "about ")
    return " ".join(_UNSAYABLE.sub(" ", text.replace("…", "").replace("·", ",")).split())


def seconds(text: str) -> float:
    """That it takes to say, about."""
    return len(text.split()) / _WORDS_A_SECOND


def shortened(text: str, most: int) -> str:
    """The sentences that fit in so many words; the first is cut if it does not."""
    sentences = re.split(r"(?<=[.?!])\s+", text)
    taken: list[str] = []
    for sentence in sentences:
        if len(" ".join([*taken, sentence]).split()) > most:
            break
        taken.append(sentence)
    if taken:
        return " ".join(taken)
    words = sentences[0].split()[:most]
    while words and _OF_NUMBER.fullmatch(words[-1]):  # half a number is another number
        words.pop()
    return " ".join(words).rstrip(",;") + ", and so on."


def _day(found: re.Match[str]) -> str:
    month = int(found[2])
    return f"{calendar.month_name[month]} {int(found[3])}, {found[1]}" if 1 <= month <= 12 else found[0]


def _said(found: re.Match[str]) -> str:
    digits, scale = found["digits"], found["scale"]
    value = float(digits.replace(",", ""))
    alone = not (found["currency"] or scale or found["percent"])
    if alone and "," not in digits and "." not in digits and not found["minus"]:
        return found[0]  # a year, a day, a small count: every voice reads it well
    about, words = "", ""
    if not scale and value >= (100_000 if alone else 1_000):
        rounded = round(value, 2 - math.floor(math.log10(value)) if value >= 10_000 else 0)
        about, value = ("about " if rounded != value else ""), rounded
    for n, name in reversed(list(enumerate(_SCALES, 1))):
        if value >= 1_000_000 and value >= 1000**n:
            value, words = value / 1000**n, f" {name}"
            break
    if found["currency"] in _CENTS and not scale and not words and value < 1_000 and round(value, 2) != int(value):
        return f"{'minus ' if found['minus'] else ''}{_coins(found['currency'], round(100 * value))}"
    number = num2words(int(value) if value == int(value) else _rounded(value))
    unit = " percent" if found["percent"] else f" {_currency(found['currency'], number, scale or words)}".rstrip()
    return f"{about}{'minus ' if found['minus'] else ''}{number}{words}{f' {scale}' if scale else ''}{unit}"


def _rounded(value: float) -> float:
    """To hundredths; a smaller value to its first digit, since it is not nothing."""
    return round(value, 2 if value >= 0.01 or value == 0 else -math.floor(math.log10(value)))


def _coins(sign: str, cents: int) -> str:
    """ "thirty-four dollars and sixty-five cents" """
    whole, rest = divmod(cents, 100)
    coin, amount = _CENTS[sign], num2words(rest)
    small = f"{amount} {coin if rest == 1 else 'pence' if coin == 'penny' else f'{coin}s'}"
    return f"{num2words(whole)} {_currency(sign, num2words(whole), '')} and {small}" if whole else small


def _currency(sign: str | None, number: str, scale: str) -> str:
    name = _CURRENCIES.get(sign or "", "")
    return name.removesuffix("s") if number == "one" and not scale else name


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
