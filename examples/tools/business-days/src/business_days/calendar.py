"""Working days: Monday to Friday, without the holidays that are named."""
from datetime import timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5


def is_working_day(day, holidays):
    return day.weekday() < SATURDAY and day not in holidays


def count_working_days(start, end, holidays):
    """How many working days come after `start`, up to and with `end`; negative when `end` comes first."""
    if end < start:
        return -count_working_days(end, start, holidays)
    days = (start + ONE_DAY * offset for offset in range(1, (end - start).days + 1))
    return sum(is_working_day(day, holidays) for day in days)


def add_working_days(start, count, holidays):
    day = start
    while count > 0:
        day += ONE_DAY
        count -= is_working_day(day, holidays)
    return day
