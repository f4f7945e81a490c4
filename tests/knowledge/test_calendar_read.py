"""What people call a period, on Friday 17 May 2024, and the days that it covers (first, last: both included)."""

from datetime import date, datetime, timedelta

import pytest

from knowledge.calendar import Calendar

TODAY = date(2024, 5, 17)
CALENDAR = Calendar(TODAY)

PERIODS = """
    today                                        2024-05-17  2024-05-17
    yesterday                                    2024-05-16  2024-05-16
    the day before yesterday                     2024-05-15  2024-05-15
    tomorrow                                     2024-05-18  2024-05-18
    last week                                    2024-05-06  2024-05-12
    this week                                    2024-05-13  2024-05-19
    next week                                    2024-05-20  2024-05-26
    last month                                   2024-04-01  2024-04-30
    previous month                               2024-04-01  2024-04-30
    this month                                   2024-05-01  2024-05-31
    next month                                   2024-06-01  2024-06-30
    last quarter                                 2024-01-01  2024-03-31
    this quarter                                 2024-04-01  2024-06-30
    last year                                    2023-01-01  2023-12-31
    this year                                    2024-01-01  2024-12-31
    past 30 days                                 2024-04-18  2024-05-17
    the last 30 days                             2024-04-18  2024-05-17
    last 30 days excluding today                 2024-04-17  2024-05-16
    last 5 completed days                        2024-05-12  2024-05-16
    last 3 months                                2024-02-01  2024-04-30
    the past three months                        2024-02-01  2024-04-30
    last 3 months including this one             2024-03-01  2024-05-17
    last 3 months, including the current month   2024-03-01  2024-05-17
    last 2 months up to today                    2024-03-18  2024-05-17
    the last 8 weeks excluding this one          2024-03-18  2024-05-12
    last couple of weeks                         2024-04-29  2024-05-12
    past few quarters                            2023-07-01  2024-03-31
    the last twelve months                       2023-05-01  2024-04-30
    trailing 12 months                           2023-05-01  2024-04-30
    last 2 years                                 2022-01-01  2023-12-31
    the past week                                2024-05-11  2024-05-17
    in the last year                             2023-05-18  2024-05-17
    over the past month                          2024-04-18  2024-05-17
    next 7 days                                  2024-05-18  2024-05-24
    next 2 quarters                              2024-07-01  2024-12-31
    the 2 most recent quarters                   2023-10-01  2024-03-31
    12 months ending March 2024                  2023-04-01  2024-03-31
    the year ended March 2024                    2023-04-01  2024-03-31
    30 days to 5 March 2024                      2024-02-05  2024-03-05
    3 weeks before Christmas 2023                2023-12-04  2023-12-24
    year to date                                 2024-01-01  2024-05-17
    YTD                                          2024-01-01  2024-05-17
    this year so far                             2024-01-01  2024-05-17
    quarter-to-date                              2024-04-01  2024-05-17
    MTD                                          2024-05-01  2024-05-17
    week to date                                 2024-05-13  2024-05-17
    YTD 2023                                     2023-01-01  2023-05-17
    Q3 2023                                      2023-07-01  2023-09-30
    2023 Q3                                      2023-07-01  2023-09-30
    2023Q3                                       2023-07-01  2023-09-30
    Q3 '23                                       2023-07-01  2023-09-30
    third quarter of 2023                        2023-07-01  2023-09-30
    Q4                                           2023-10-01  2023-12-31
    Q2                                           2024-04-01  2024-06-30
    Q4 last year                                 2023-10-01  2023-12-31
    last year's Q3                               2023-07-01  2023-09-30
    the last quarter of 2022                     2022-10-01  2022-12-31
    H1 2024                                      2024-01-01  2024-06-30
    first half of last year                      2023-01-01  2023-06-30
    second half of 2023                          2023-07-01  2023-12-31
    FY2023                                       2023-01-01  2023-12-31
    fiscal year 2023                             2023-01-01  2023-12-31
    2023                                         2023-01-01  2023-12-31
    in 2017                                      2017-01-01  2017-12-31
    the year 2023                                2023-01-01  2023-12-31
    the 1990s                                    1990-01-01  1999-12-31
    week 12 of 2024                              2024-03-18  2024-03-24
    2024-W12                                     2024-03-18  2024-03-24
    week 20                                      2024-05-13  2024-05-19
    the week of 5 March 2024                     2024-03-04  2024-03-10
    week ending 10 March 2024                    2024-03-04  2024-03-10
    March 2024                                   2024-03-01  2024-03-31
    Mar '24                                      2024-03-01  2024-03-31
    2024-03                                      2024-03-01  2024-03-31
    03/2024                                      2024-03-01  2024-03-31
    in March                                     2024-03-01  2024-03-31
    march                                        2024-03-01  2024-03-31
    may                                          2024-05-01  2024-05-31
    in December                                  2023-12-01  2023-12-31
    last May                                     2023-05-01  2023-05-31
    next March                                   2025-03-01  2025-03-31
    March last year                              2023-03-01  2023-03-31
    the month of February 2024                   2024-02-01  2024-02-29
    2024-03-05                                   2024-03-05  2024-03-05
    5 March 2024                                 2024-03-05  2024-03-05
    March 5th                                    2024-03-05  2024-03-05
    March 5, 2023                                2023-03-05  2023-03-05
    the 5th of March                             2024-03-05  2024-03-05
    on the 5th                                   2024-05-05  2024-05-05
    on the 20th                                  2024-04-20  2024-04-20
    25 December                                  2023-12-25  2023-12-25
    03/05/2024                                   2024-03-05  2024-03-05
    13/05/2024                                   2024-05-13  2024-05-13
    05.03.2024                                   2024-03-05  2024-03-05
    29 February                                  2024-02-29  2024-02-29
    last Friday                                  2024-05-10  2024-05-10
    on Monday                                    2024-05-13  2024-05-13
    next Tuesday                                 2024-05-21  2024-05-21
    Tuesday of last week                         2024-05-07  2024-05-07
    Monday, March 4                              2024-03-04  2024-03-04
    last weekend                                 2024-05-11  2024-05-12
    this weekend                                 2024-05-18  2024-05-19
    3 days ago                                   2024-05-14  2024-05-14
    two weeks ago                                2024-04-29  2024-05-05
    a month ago                                  2024-04-01  2024-04-30
    2 years ago                                  2022-01-01  2022-12-31
    between Jan 5 and Feb 3 2024                 2024-01-05  2024-02-03
    from 2024-01-05 to 2024-02-03                2024-01-05  2024-02-03
    2024-01-05 to 2024-02-03                     2024-01-05  2024-02-03
    2024-01-05..2024-02-03                       2024-01-05  2024-02-03
    from January to March 2023                   2023-01-01  2023-03-31
    from November to February                    2023-11-01  2024-02-29
    from November to February 2023               2022-11-01  2023-02-28
    Jan-Mar 2023                                 2023-01-01  2023-03-31
    Q1 to Q3 2023                                2023-01-01  2023-09-30
    2019-2021                                    2019-01-01  2021-12-31
    between 2019 and 2021                        2019-01-01  2021-12-31
    5–12 March 2024                              2024-03-05  2024-03-12
    March 5-12, 2024                             2024-03-05  2024-03-12
    from the 5th to the 12th of March            2024-03-05  2024-03-12
    the first week of May                        2024-05-01  2024-05-07
    the last 3 days of March                     2024-03-29  2024-03-31
    the first 90 days of 2024                    2024-01-01  2024-03-30
    first month of the year                      2024-01-01  2024-01-31
    the beginning of the year                    2024-01-01  2024-01-31
    the end of 2023                              2023-12-01  2023-12-31
    Christmas                                    2023-12-25  2023-12-25
    Black Friday 2023                            2023-11-24  2023-11-24
    Thanksgiving 2022                            2022-11-24  2022-11-24
    Easter                                       2024-03-31  2024-03-31
    Cyber Monday last year                       2023-11-27  2023-11-27
    New Year's Eve                               2023-12-31  2023-12-31
    last Easter                                  2024-03-31  2024-03-31
    summer 2023                                  2023-06-01  2023-08-31
    last winter                                  2023-12-01  2024-02-29
    last_30_days                                 2024-04-18  2024-05-17
    this_month                                   2024-05-01  2024-05-31
    since March                                  2024-03-01  -
    since 2023                                   2023-01-01  -
    since two weeks ago                          2024-05-03  -
    since the beginning of the quarter           2024-04-01  2024-05-17
    after March                                  2024-04-01  -
    from March onwards                           2024-03-01  -
    starting in 2023                             2023-01-01  -
    less than 30 days ago                        2024-04-17  -
    before March                                 -           2024-02-29
    before 2020                                  -           2019-12-31
    until March                                  -           2024-03-31
    through 2023                                 -           2023-12-31
    up to yesterday                              -           2024-05-16
    by the end of 2023                           -           2023-12-31
    as of 5 March 2024                           -           2024-03-05
    more than 30 days ago                        -           2024-04-16
    all time                                     -           -
"""


def table(text: str) -> list[tuple[str, str, str]]:
    return [(line[:-24].strip(), line[-24:-12].strip(), line[-12:].strip()) for line in _padded(text)]


def _padded(text: str) -> list[str]:
    rows = [line.rsplit(None, 2) for line in text.strip().splitlines()]
    return [f"{phrase}{first:>12}{last:>12}" for phrase, first, last in rows]


@pytest.mark.parametrize(("phrase", "first", "last"), table(PERIODS))
def test_a_period_is_read(phrase: str, first: str, last: str) -> None:
    window = CALENDAR.read(phrase)
    assert window is not None
    assert str(window.start.date() if window.start else "-") == first
    assert str((window.end - timedelta(days=1)).date() if window.end else "-") == last


@pytest.mark.parametrize(
    "text",
    ["", "sales", "last three orders", "42", "the month", "31 February 2024", "2024-13-01", "32/01/2024", "Q5 2024",
     "by month", "between 3 and 5", "week 60 of 2024", "on weekends", "12:30", "99999999999 days ago",
     "last 5 business days", "\x00"],
)  # fmt: skip
def test_what_is_not_a_period_is_not_read(text: str) -> None:
    assert CALENDAR.read(text) is None


def test_hours_have_no_clock_below_the_day() -> None:
    window = CALENDAR.read("the last 24 hours")
    assert window is not None
    assert (window.start, window.end) == (datetime(2024, 5, 17), datetime(2024, 5, 18))


def test_moments_bound_a_range_as_they_are() -> None:
    window = CALENDAR.read("2024-05-01 08:30 to 2024-05-01 17:00")
    assert window is not None
    assert (window.start, window.end) == (datetime(2024, 5, 1, 8, 30), datetime(2024, 5, 1, 17))


SUNDAYS = Calendar(TODAY, week_start="sunday")


@pytest.mark.parametrize(
    ("phrase", "first", "last"),
    table("""
    last week                 2024-05-05  2024-05-11
    this week                 2024-05-12  2024-05-18
    week 1 of 2024            2023-12-31  2024-01-06
    2024-W12                  2024-03-18  2024-03-24
    last weekend              2024-05-11  2024-05-12
    last 2 weeks              2024-04-28  2024-05-11
    """),
)
def test_weeks_may_start_on_sunday(phrase: str, first: str, last: str) -> None:
    window = SUNDAYS.read(phrase)
    assert window is not None
    assert window.start is not None
    assert window.end is not None
    assert (str(window.start.date()), str((window.end - timedelta(days=1)).date())) == (first, last)


FISCAL = Calendar(TODAY, fiscal_year_start=7)


@pytest.mark.parametrize(
    ("phrase", "first", "last"),
    table("""
    FY2024                    2023-07-01  2024-06-30
    fiscal 2023               2022-07-01  2023-06-30
    FY24 Q1                   2023-07-01  2023-09-30
    Q1 FY24                   2023-07-01  2023-09-30
    fiscal Q2                 2023-10-01  2023-12-31
    Q3                        2024-01-01  2024-03-31
    this fiscal year          2023-07-01  2024-06-30
    this year                 2023-07-01  2024-06-30
    last year                 2022-07-01  2023-06-30
    last quarter              2024-01-01  2024-03-31
    year to date              2023-07-01  2024-05-17
    H1 2024                   2023-07-01  2023-12-31
    2023                      2023-01-01  2023-12-31
    calendar year 2023        2023-01-01  2023-12-31
    last calendar year        2023-01-01  2023-12-31
    """),
)
def test_a_business_may_have_its_own_year(phrase: str, first: str, last: str) -> None:
    window = FISCAL.read(phrase)
    assert window is not None
    assert window.start is not None
    assert window.end is not None
    assert (str(window.start.date()), str((window.end - timedelta(days=1)).date())) == (first, last)


def test_a_unit_is_complete_on_its_last_day() -> None:
    """Data that ends on 31 December: its last 3 months are October to December, unless the current one is left out."""
    calendar = Calendar(date(2017, 12, 31))
    complete, without = calendar.read("last 3 months"), calendar.read("last 3 months excluding this one")
    assert complete is not None
    assert without is not None
    assert (complete.text, without.text) == ("Q4 2017", "September to November 2017")
