"""Find the cycles among modules: their strongly connected components."""

from collections.abc import Iterable, Mapping

from pressmark.modules.graph import Graph, Key


def components(graph: Graph, keys: Iterable[Key]) -> Mapping[Key, int]:
    """Return for each module of *keys* that is in a cycle, or imports itself, the number of its component.

    After Tarjan, without recursion: a graph may be as deep as it has modules.
    """
    wanted = list(keys)
    known = frozenset(wanted)
    index: dict[Key, int] = {}
    low: dict[Key, int] = {}
    open_keys: list[Key] = []
    is_open: set[Key] = set()
    found: dict[Key, int] = {}
    for start in wanted:
        if start in index:
            continue
        work: list[tuple[Key, int]] = [(start, 0)]
        while work:
            key, place = work.pop()
            if place == 0:
                index[key] = low[key] = len(index)
                open_keys.append(key)
                is_open.add(key)
            requests = [each for each in graph.modules[key].requests if each is not None and each in known]
            if place:
                low[key] = min(low[key], low[requests[place - 1]])
            for number in range(place, len(requests)):
                each = requests[number]
                if each not in index:
                    work += [(key, number + 1), (each, 0)]
                    break
                if each in is_open:
                    low[key] = min(low[key], index[each])
            else:
                if low[key] == index[key]:
                    members = open_keys[open_keys.index(key) :]
                    del open_keys[-len(members) :]
                    is_open.difference_update(members)
                    if len(members) > 1 or key in requests:
                        found |= dict.fromkeys(members, index[key])
    return found
