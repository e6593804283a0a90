"""A plan as plain values: what is hashed and signed, and what differs between two."""

import dataclasses
import difflib
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from analysis.plan import Plan


def as_plain(value: Any) -> Any:
    """Dataclasses as dicts that name their class, tuples as lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return {"is": type(value).__name__} | {
            k: as_plain(v) for k, v in fields.items()
        }
    if isinstance(value, Mapping):
        return {key: as_plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [as_plain(one) for one in value]
    return value


def text_of(plan: Plan) -> str:
    """Everything that the plan says, in a form that does not depend on its spelling."""
    return json.dumps(as_plain(plan), indent=1, sort_keys=True, ensure_ascii=False)


def sha256_of_plan(plan: Plan) -> str:
    return hashlib.sha256(text_of(plan).encode()).hexdigest()


def differences(old: Plan, new: Plan) -> list[tuple[str, str]]:
    """Lines that went ("-") and came ("+") from one version to the next."""
    lines = difflib.ndiff(text_of(old).splitlines(), text_of(new).splitlines())
    return [(line[0], line[2:].strip()) for line in lines if line[0] in "-+"]
