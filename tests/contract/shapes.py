"""Comparing a reply with the reply on a card."""

from typing import Any


def without(reply: Any, path: str) -> Any:
    """`reply` without what stands at `path` (`data[].id`)."""
    head, _, rest = path.partition(".")
    key = head.removesuffix("[]")
    if not rest:
        return {name: value for name, value in reply.items() if name != key}
    inner = reply[key]
    changed = [without(item, rest) for item in inner] if head.endswith("[]") else without(inner, rest)
    return {**reply, key: changed}


def lacks(reply: Any, path: str) -> bool:
    """Whether something the card requires is missing; in an empty list nothing is."""
    head, _, rest = path.partition(".")
    key = head.removesuffix("[]")
    if not isinstance(reply, dict) or key not in reply:
        return True
    inner = reply[key]
    if not rest:
        return False
    return any(lacks(item, rest) for item in inner) if head.endswith("[]") else lacks(inner, rest)


def differences(reply: Any, example: Any, at: str = "reply") -> list[str]:
    """Where `reply` has another type than `example`, or a key the example does not have. Values may differ."""
    if isinstance(example, dict) and isinstance(reply, dict):
        found = [f"{at}.{key} is not on the card" for key in reply.keys() - example.keys()]
        for key in reply.keys() & example.keys():
            found += differences(reply[key], example[key], f"{at}.{key}")
        return sorted(found)
    if isinstance(example, list) and isinstance(reply, list):
        return [d for item in reply for d in differences(item, example[0], f"{at}[]")] if example else []
    if type(reply) is type(example):
        return []
    return [f"{at} is {type(reply).__name__}, on the card {type(example).__name__}"]
