"""The calendar: periods of time relative to a given day, in a business's own weeks, fiscal years and time zone.

"Today" is injected: the clock's day, or the last day of data that has stopped. Windows are naive local datetimes in the
business's time zone, [start, end). What people say is read by these conventions, as most BI tools have them:

- "last month" is the calendar month before this one; "this month" is the whole current one, and "month to date" its
  days so far. Compared with another period, a month that is not over counts up to today, against the same days.
- "last 3 months", "past 3 months" are the 3 latest complete months; a month is complete on its last day. "including
  this one" adds the current one, "excluding this one" ends before it. So for weeks, quarters and years.
- "last 30 days", "past 30 days" are the 30 days ending today, today included; "excluding today" and "completed" end
  them yesterday. There is no clock below the day: "last 24 hours" ends when today does.
- "the past week", "in the last year" (one unit, no number) is that long ending today.
- a month, quarter, day or holiday without a year is the latest one that has begun; "last March" is over, "next March"
  has not begun. A weekday without a date is the latest one before today; "this Friday" is in this week.
- "since March" starts with its first day, "after March" when it is over; "until March" and "between January and March"
  include March; "before March" doesn't. "from 2023" alone is in 2023; "from 2023 on" is since.
- quarters, halves and years are the business's own: where its fiscal year does not start in January, "Q3", "this year"
  and "last quarter" are fiscal, and a fiscal year is named by the calendar year in which it ends. A bare "2024" and
  "calendar year" are January to December.
- 03/05/2024 is 5 March: month first, unless the first number is above 12. With dots it is day first: 05.03.2024.
- week 12 is ISO's where weeks start on Monday; where they start on Sunday, week 1 is the one with 1 January.
- a bare 2017 is a year unless it counts or numbers something ("2017 units", "store 2017", "more than 2017").
"""

from knowledge.calendar.arithmetic import step
from knowledge.calendar.calendar import Calendar, UnknownPeriod
from knowledge.calendar.mention import Mention

__all__ = ["Calendar", "Mention", "UnknownPeriod", "step"]
