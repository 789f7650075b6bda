"""Frozen settings that check themselves and round-trip through JSON. Knows no model and no recipe."""

import os
from collections.abc import Mapping
from dataclasses import MISSING, Field, asdict, dataclass, field, fields
from typing import Any, Literal, Self, get_args, get_origin, get_type_hints

DEBUG = "MAKEMORE_DEBUG"


def wants_debugging() -> bool:
    """Whether the log may have tracebacks, whose messages can quote what a learner typed."""
    return os.environ.get(DEBUG, "0") not in ("", "0")


class ConfigError(ValueError):
    """A setting is unknown or out of range; the message says which and what is allowed."""


def between(default: Any, low: float, high: float) -> Any:
    """A number field with its default and the range that `Config` enforces, both ends included."""
    return field(default=default, metadata={"low": low, "high": high})


@dataclass(frozen=True)
class Config:
    """Base of every configuration. Raises ConfigError for a value of a wrong type or out of range."""

    def __post_init__(self) -> None:
        hints = get_type_hints(type(self))
        for each in fields(self):
            object.__setattr__(
                self, each.name, _checked(each, hints[each.name], getattr(self, each.name))
            )

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The settings of a JSON object; what it leaves out keeps its default."""
        known = [each.name for each in fields(cls)]
        unknown = sorted(set(values) - set(known))
        if unknown:
            raise ConfigError(f"unknown setting {unknown[0]!r:.60}; known ones: {', '.join(known)}")
        needed = [each.name for each in fields(cls) if each.default is MISSING]
        if missing := [name for name in needed if name not in values]:
            raise ConfigError(f"setting {missing[0]!r} is missing")
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        """Every setting by its name; `from_json` reads it back."""
        return asdict(self)


def _checked(each: "Field[Any]", hint: Any, value: Any) -> Any:
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            allowed = ", ".join(map(repr, get_args(hint)))
            raise ConfigError(f"{each.name} is {value!r:.60}; it must be one of {allowed}")
    elif hint is bool:
        if not isinstance(value, bool):
            raise ConfigError(f"{each.name} is {value!r:.60}; it must be true or false")
    elif hint is str:
        if not isinstance(value, str):
            raise ConfigError(f"{each.name} is {value!r:.60}; it must be a text")
    elif hint in (int, float):
        return _checked_number(each, hint, value)
    return value


def _checked_number(each: "Field[Any]", hint: type, value: Any) -> Any:
    low, high = each.metadata["low"], each.metadata["high"]
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or (hint is int and not whole) or not low <= value <= high:
        kind = "a whole number" if hint is int else "a number"
        raise ConfigError(
            f"{each.name} is {value!r:.60}; it must be {kind} from {low:g} to {high:g}"
        )
    return hint(value)
