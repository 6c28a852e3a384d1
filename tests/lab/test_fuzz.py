"""The API under random requests made from its own description: an answer or a sentence, never a server error."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NASTY = st.sampled_from(
    [
        *["", " ", "0", "-1", "nan", "inf", "-inf", "1e309", "x", "+", "x-1", "1e7", "9" * 90, "true", "=", "a+b"],
        *["2023-13-40", "0001-01-01", "9999-12-31", "9999-12-31..9999-12-31", "2023-11-05..2023-11-01", ".."],
        *["1-2", "24-0", "@", "1@", "5@0001-01-01..9999-12-31", "undocumented+", "\u0000", "\ud7ff"],
    ]
)
SHARE = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def from_schema(schema: dict[str, Any], whole: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a JSON schema of the description allows, and, now and then, some that it does not."""
    if "$ref" in schema:
        return from_schema(whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], whole)
    if "anyOf" in schema:
        return st.one_of([from_schema(one, whole) for one in schema["anyOf"]])
    kind = schema.get("type")
    if kind == "object":
        needed = schema.get("required", [])
        fields = {name: from_schema(one, whole) for name, one in schema.get("properties", {}).items()}
        optional = {name: fields.pop(name) for name in [*fields] if name not in needed}
        good: st.SearchStrategy[Any] = st.fixed_dictionaries(fields, optional=optional)
    elif kind == "array":
        good = st.lists(from_schema(schema["items"], whole), max_size=min(schema.get("maxItems", 4), 4))
    elif kind in ("integer", "number"):
        low, high = schema.get("minimum", -9), schema.get("maximum", 9)
        good = st.sampled_from([low, high, 1, 14, 1e5]) | st.floats(allow_nan=True) | st.integers(-3, 40)
    elif kind in ("boolean", "null"):
        good = st.booleans() if kind == "boolean" else st.none()
    elif schema.get("format") == "date":
        good = NASTY | st.dates(date(2023, 10, 20), date(2023, 12, 5)).map(date.isoformat)
    else:
        good = NASTY | st.text(max_size=schema.get("maxLength", 20) + 5)
    wrong = st.none() | st.integers() | st.lists(st.booleans(), max_size=2) | st.just({"other": 1})
    return st.integers(0, 11).flatmap(lambda dice: wrong if dice == 0 else good)


def check(reply: Any) -> None:
    """No error of the server; a refusal is at least one sentence without a trace of the program."""
    assert reply.status_code in (200, 400, 404, 413, 422), (reply.status_code, reply.text[:400])
    if reply.status_code != 200:
        faults = reply.json()["faults"]
        assert faults
        assert all(isinstance(fault, str) and len(fault) > 10 and "Traceback" not in fault for fault in faults)


@given(data=st.data())
@SHARE
def test_bodies_made_from_the_description(client: TestClient, data: st.DataObject) -> None:
    """Every call with a body, with what its schema allows and what it does not."""
    described = client.get("/openapi.json").json()
    posts = sorted(path for path, calls in described["paths"].items() if "post" in calls)
    path = data.draw(st.sampled_from(posts))
    schema = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    body = data.draw(from_schema(schema, described))
    check(client.post(path, content=json.dumps(body), headers={"content-type": "application/json"}))


@given(data=st.data())
@SHARE
def test_known_paths_with_any_value(client: TestClient, data: st.DataObject) -> None:
    """Each control with its own example, another's, or nonsense; in a body and in an address."""
    controls = client.get("/api/world").json()["controls"]
    examples = st.sampled_from(sorted({one["example"] for one in controls}))
    change = st.tuples(st.sampled_from([one["path"] for one in controls]), NASTY | examples)
    changes = data.draw(st.lists(change, max_size=4))
    body = {"changes": [{"path": path, "value": value} for path, value in changes]}
    check(client.post("/api/compare", json=body))
    address = data.draw(st.sampled_from(["/api/compare", "/api/compare.csv"]))
    check(client.get(address, params={"set": [f"{path}={value}" for path, value in changes]}))


@given(
    body=st.binary(max_size=200), kind=st.sampled_from(["application/json", "text/plain", "", "multipart/form-data"])
)
@SHARE
def test_bodies_that_are_no_json(client: TestClient, body: bytes, kind: str) -> None:
    """Bytes of any kind under any label."""
    check(client.post("/api/compare", content=body, headers={"content-type": kind}))


@given(data=st.data())
@SHARE
def test_plans_under_a_budget(client: TestClient, data: st.DataObject) -> None:
    """What can be sent where, with budgets, days and bounds that can be and that cannot, in a body and an address."""
    stores = client.get("/api/world").json()["stores"]
    units = st.sampled_from([0.0, 0.4, 3.0, 7e3, 1e9, 1e10, -1.0])
    bound = st.tuples(st.sampled_from(stores), units).map(
        lambda one: {"site": one[0]["site"], "supply": one[0]["supply"], "units": one[1]}
    )
    days = st.sampled_from(["2023-10-28", "2023-10-29", "2023-11-04", "2023-11-27", "2023-11-28", "soon"])
    body = data.draw(
        st.fixed_dictionaries(
            {"budget_usd": st.sampled_from([0, 1, 5e4, 1e12, -1]), "days": st.sampled_from([1, 7, 30, 31])},
            optional={
                "in_place_by": days,
                "by_order": st.booleans(),
                "figure_persons": st.sampled_from([0, 1e5, 1e9]),
                "at_least": st.lists(bound, max_size=2),
                "at_most": st.lists(bound, max_size=2),
            },
        )
    )
    reply = client.post("/api/preposition", json=body)
    check(reply)
    if reply.status_code == 200:
        found = reply.json()
        assert found["spent_usd"] <= body["budget_usd"] * (1 + 1e-9) + 0.01
        assert found["unmet"]["foresight"] <= found["unmet"]["plan"] * (1 + 1e-9) + 1e-6
    written = {
        name: [f"{one['site']}:{one['supply']}={one['units']}" for one in body[name]]
        for name in ("at_least", "at_most")
        if name in body
    }
    check(client.get("/api/preposition.csv", params={**body, **written}))
