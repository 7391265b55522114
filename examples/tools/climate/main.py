"""Prints the average temperature of a city as JSON. Reads the input from stdin."""
import calendar
import json
import os
import sys

from averages import find_city, monthly_averages

query = json.load(sys.stdin)
city = find_city(query["city"])
celsius = monthly_averages(city)

if "month" in query:
    period, average = calendar.month_name[query["month"]], celsius[query["month"] - 1]
else:
    period, average = "year", sum(celsius) / 12

unit = os.environ["unit"]
if unit == "metric":
    value, symbol = average, "°C"
elif unit == "imperial":
    value, symbol = average * 9 / 5 + 32, "°F"
else:
    sys.exit(f'the variable unit is "{unit}": set it to "metric" or "imperial"')

result = {"city": city, "period": period, "average": round(value, 1), "unit": symbol}
print(json.dumps(result, ensure_ascii=False))
