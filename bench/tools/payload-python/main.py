import json
import sys

request = json.load(sys.stdin)
sys.stdout.write("x" * request["answer"])
