"""Questions about the music school, each with its gold SQL, by what the reader must know to answer it."""

from __future__ import annotations

_LESSONS = "sittings join lessons using (lesson_id)"

QUESTIONS: list[tuple[str, str]] = [
    # rows are called after their keys, and by names said again and again
    ("how many pupils got more than one grant award", "select count(*) from (select pupil_id from grants group by 1 having count(*) > 1)"),
    ("Which grant awards of more than $1,000 were made in 2025? Return the award ID, the grant name and the amount.", "select award_id, grant_name, amt_usd from grants where amt_usd > 1000 and year(awarded_on) = 2025"),
    ("What are the top 3 grants by total amount awarded? Return the grant name and the total amount.", "select grant_name, sum(amt_usd) from grants group by 1 order by 2 desc limit 3"),
    # ids with names of their own, codes for words
    ("how many pupils does each guide have", "select instr_name, count(*) from pupils join instructors on guide_id = instr_id group by instr_id, 1"),
    ("how many pupils are still active", "select count(*) from pupils where stat_cd = 'ACT'"),
    ("assistant instructors w/o a mentor - how many?", "select count(*) from instructors where acad_rank = 'Assistant' and mentor_id is null"),
    # what others say already
    ("top 3 halls by nr of residents", "select hall from pupils where hall is not null group by 1 order by count(*) desc limit 3"),
    ("What percentage of sittings ended in a failure (mark F) for each lesson delivery mode?", f"select delivery, 100.0 * count(*) filter (letter_mark = 'F') / count(*) from {_LESSONS} group by 1"),
    ("What is the total number of sittings for each lesson delivery mode?", f"select delivery, count(*) from {_LESSONS} group by 1"),
    ("total instrment fines", "select sum(fine_usd) from instrument_loans"),
    ("What is the average score points for each subject? Return the subject and the average.", f"select subject, avg(score_pts) from {_LESSONS} group by 1"),
    # verbs that only tie two things
    ("Which 2 instructors have taught the most lessons since the start of 2025? Return the instructor name and the number of lessons.", "select instr_name, count(*) from lessons join instructors using (instr_id) where held_on >= date '2025-01-01' group by instr_id, 1 order by 2 desc limit 2"),
    # bounds on averages
    ("Which subjects have an average of less than 66 score points?", f"select subject from {_LESSONS} group by 1 having avg(score_pts) < 66"),
    # extremes of rows, two bounds on one thing, what grew
    ("highest amount of a single grant", "select max(amt_usd) from grants"),
    ("how many pupils had between 2 and 3 grants?", "select count(*) from (select pupil_id from grants group by 1 having count(*) between 2 and 3)"),
    ("which subjects had more lessons than average?", "select subject from lessons group by 1 having count(*) > (select avg(n) from (select count(*) as n from lessons group by subject))"),
    ("which delivery modes declined in lessons from 2024 to 2025?", "select delivery from lessons group by 1 having count(*) filter (year(held_on) = 2025) < count(*) filter (year(held_on) = 2024)"),
    ("grant amount per pupil by grant name", "select grant_name, sum(amt_usd) / count(distinct pupil_id) from grants group by 1"),
    ("months in which the grant amount was below the monthly average", "select date_trunc('month', awarded_on) from grants group by 1 having sum(amt_usd) < (select avg(v) from (select sum(amt_usd) as v from grants group by date_trunc('month', awarded_on)))"),
    ("which part of the sittings got an A, in percent?", "select 100.0 * count(*) filter (letter_mark = 'A') / count(*) from sittings"),
]  # fmt: skip

UNSURE: list[tuple[str, str]] = [
    ("best paid instr in every department, w/ salary", "select dept_name, instr_name, salary_usd from instructors i join depts d using (dept_id) where salary_usd = (select max(salary_usd) from instructors z where z.dept_id = i.dept_id)"),
]  # fmt: skip
"""Read rightly, though too much speaks against the reading for it to be answered without asking."""
