"""The forms of follow-ups: "and by region?", "sort by age", "how many is that?", "as a share"."""

from __future__ import annotations

import re

CUE = re.compile(
    r"^\W*(and|also|but|now|then|ok(ay)?|so|only|just|same|instead|what about|how about|and what about|or|with|"
    r"without|exclud\w+|except|not|"
    r"break|split|drill|group|by|per|for|in|on|during|since|as|sort|order|rank|limit|filter|narrow|restrict|compared?|vs\.?|versus|"
    r"make (it|that)|show (it|that|them|those|only|just|me only|me just)|do (it|that|the same)|the same|remove|"
    r"drop|add|include|top|bottom|"
    r"the (top|bottom|last|previous)|(last|this|previous|next) (day|week|month|quarter|year)|what if|why not|"
    r"which of (them|those|these)|"
    r"can you (break|split|show (it|that|them)|do (it|that))|how (does|do|did) (that|it|this|they|those) compare|"
    r"(?:and )?as an? (?:share|percentage|percent|proportion|%)|"
    r"list them|who (?:are|were) they|which ones|what (?:are|were) they)\b",
    re.I,
)
ANAPHORA = re.compile(
    r"\b(it|them|those|(?<!\ws )that|these|they|(?<!were )(?<!are )there|the same|same)\b"
    r"(?! (is|are|was|were)? ?(have|has|had|bought|who|which|with|did|do|were|was|are|is))",
    re.I,
)
IT = re.compile(r"\b(it|its|they|them|their|those|these|that one|he|she|his|her)\b", re.I)
ADD = re.compile(r"\b(break|split|drill|also|too|as well|add|further|each of|in addition|within)\b", re.I)
OFF = re.compile(
    r"^\W*(?:and |now |ok )?(?:please )?(?:remove|drop|clear|forget|undo|lift|take off|take away|ignore) "
    r"(?:(?:the |that |my )?(?:filters?|conditions?|restrictions?|limits?) (?:on|for|about|of|by) (?P<what>[\w ]+?)"
    r"|(?:the |that )?(?P<named>[\w ]+?) (?:filter|condition|restriction))\W*$",
    re.I,
)
RESET = re.compile(
    r"\b(remove|drop|clear|forget|without) (the |all )?(filters?|conditions?|limit|comparison|grouping|"
    r"breakdown)\b|\b(overall|in total|all of them|everything)\W*$",
    re.I,
)
AS_SHARE = re.compile(
    r"^\W*(?:and |now )?(?:show (?:it|that|them) )?as an? (?:share|percentage|percent|proportion|%)"
    r"(?: of (?:the |our )?(?:total|all|overall|whole|everything)\b.*)?\W*$",
    re.I,
)
ALL = re.compile(
    r"^\W*(?:and |ok )?(?:(?:can you )?(?:show|list|give)(?: me)? )?"
    r"(?:all|every one|everything)(?: of (?:them|it|those))?\W*$",
    re.I,
)
SORT = re.compile(
    r"^\W*(?:and |now )?(?:sort|order|rank|arrange)(?:ed|d)?(?: (?:it|them|this|that|these|those))?(?: by)?(?: the)? "
    r"(?P<what>[\w ]+?)"
    r"(?:,? (?P<down>desc\w*|highest first|largest first|newest first)|,? (?P<up>asc\w*|lowest first))?\W*$",
    re.I,
)
SHOWN_AS = re.compile(
    r"^\W*(?:and |now |ok )?(?:(?:can you )?(?:show|plot|draw|chart|graph|make|give|display|put)(?: me)? ?)?"
    r"(?:(?:it|that|this|them|those) )?(?:(?:as|on|in|into) )?(?:an? )?"
    r"(?:(?:line|bar|column|pie|area|scatter)s?(?: (?:chart|graph|plot|diagram))?|chart|graph|plot|diagram|table)\W*$",
    re.I,
)
INSTEAD = re.compile(
    r"^\W*(?:and |now |use |show )?(?:the )?(?P<agg>mean|average|avg|median|total|sum|max(?:imum)?|min(?:imum)?)"
    r"(?: (?:instead|please|rather))\W*$",
    re.I,
)
SWAP = re.compile(r"\b(?:instead of|rather than) (?:the |its |their )?[\w ]{3,40}?\W*$|\b(?:instead|rather)\W*$", re.I)
MAKE_IT = re.compile(r"^\W*(?:and |ok |now )?(?:make|limit|cut|change|extend) (?:it|that|this|them)\b", re.I)
WITH_THEIR = re.compile(
    r"^\W*(?:and |also )?(?:with|include|add|show|including|give me)(?: also)? (?:their|its|the) [\w ]{3,40}?"
    r"(?: too| as well)?\W*$",
    re.I,
)
THAT_MANY = re.compile(
    r"^\W*(?:and |so |ok )?how many "
    r"(?:(?:were|are|is|was) (?:there|they|that|it)|(?:\w+ )?(?:is|was|are|were) (?:that|it|those))\W*$",
    re.I,
)
TOO = re.compile(r"^\W*(?:and )?(?:show|add|include|give)\b.{1,40}\b(?:too|as well|also)\W*$", re.I)
WHICH_ONE = re.compile(r"^\W*(?:and )?which (?:ones?|of (?:them|these|those))\b", re.I)
SHRANK = re.compile(
    r"\b(?:(?P<down>shrank|shrunk|fell|dropped|declined|decreased|lost)|(?P<up>grew|rose|gained|increased|improved))\b.*\bmost\b",
    re.I,
)
AGAINST = re.compile(r"^\W*(?:and |now )?(?:compare[ds]?|vs\.?|versus|against|relative)\b", re.I)
OF_THOSE = re.compile(
    r"\bhow many (?:of|among) (?:those|them|these)\b|\b(?:of|among) (?:those|them|these),? how many\b", re.I
)
ON_AVERAGE = re.compile(r"^\W*(?:and |ok |so )?(?:what(?:'s| is| about) )?(?:that )?(?:the |on |in )?average\W*$", re.I)
IN_TOTAL = re.compile(
    r"^\W*(?:and |ok |so )?(?:what(?:'s| is| was| about)|how much is|give me)? ?(?:the |that )?(?:grand |combined )?"
    r"(?:sum|total|in total)(?: (?:of|for) (?:those|them|these|all of (?:them|those|these)))?"
    r"(?:,? (?:all|taken) together)?\W*$",
    re.I,
)
WHO = re.compile(
    r"^\W*(?:and |ok |so )?(?:who (?:are|were) (?:they|those|these)|which ones(?: (?:are|were) (?:they|those|these))?|"
    r"what (?:are|were) (?:they|those|these)|(?:list|show|name)(?: me)? (?:them|those|these))\W*$",
    re.I,
)
PER = re.compile(
    r"^\W*(?:and |ok |now )?(?:(?:what about|how about|how much is (?:that|it)|that's) )?"
    r"(?:per|for each) (?!day|week|month|quarter|year)\w+\W*$",
    re.I,
)
SHIFT = re.compile(
    r"\bthe (?P<unit>day|week|month|quarter|year) (?P<way>before|earlier|prior|previously|after|later)\b"
    r"|\bthe (?P<prior>previous|prior|preceding) (?:day|week|month|quarter|year|one|period)\b",
    re.I,
)


def looks_like_follow_up(question: str) -> bool:
    those = OF_THOSE.search(question)
    alone = those is not None and "?" not in question[: those.start()]  # not of what its own first sentence counts
    return (
        bool(THAT_MANY.match(question) or TOO.search(question) or WHICH_ONE.match(question))
        or bool(SHOWN_AS.match(question) or INSTEAD.match(question) or SWAP.search(question))
        or bool(IN_TOTAL.match(question) or WHO.match(question))
        or bool(alone or SHIFT.search(question) or ON_AVERAGE.match(question))
        or bool(CUE.match(question))
        or (len(question.split()) <= 9 and bool(ANAPHORA.search(question)))
    )


def without_shift(question: str) -> str:
    """The question without "the day before", which `edit` reads by itself."""
    return SHIFT.sub("", question).strip() or question
