"""Topics are hierarchical: `finance` takes in `finance/invoicing`."""

from collections.abc import Iterable


def with_ancestors(topics: Iterable[str]) -> tuple[str, ...]:
    """These topics and all that take them in, each once, in order."""
    found = {
        "/".join(parts[: end + 1])
        for parts in (topic.split("/") for topic in topics)
        for end in range(len(parts))
    }
    return tuple(sorted(found))
