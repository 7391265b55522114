"""A tool that counts working days: JSON on stdin, JSON on stdout."""
import json
import sys
from datetime import date

from .calendar import add_working_days, count_working_days


def main():
    query = json.load(sys.stdin)
    start = date.fromisoformat(query["start"])
    holidays = frozenset(date.fromisoformat(day) for day in query.get("holidays", []))
    if "end" in query:
        end = date.fromisoformat(query["end"])
        result = {"working_days": count_working_days(start, end, holidays)}
    else:
        result = {"date": add_working_days(start, query["days"], holidays).isoformat()}
    print(json.dumps(result))
