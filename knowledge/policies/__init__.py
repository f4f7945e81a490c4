"""Policies: who sees which rows and columns.

A semantic model says it of its datasets (`knowledge.model.Policy`). Here that becomes SQL, and a workspace in which no
more is to be seen:

    viewer.py      who looks at the data
    conditions.py  a policy's text -> a condition, with what is known of the viewer in it
    sight.py       any query -> the same query over what the viewer may see; the one place that enforces it
    view.py        a workspace as one viewer sees it: its warehouse, model, stored values and freshness
"""
