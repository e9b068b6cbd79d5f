"""Find dependency cycles."""

from __future__ import annotations

from collections.abc import Sequence

from menuselect.choice.references import Links
from menuselect.model.menu import Member, Menu


def find(menu: Menu, links: Links) -> list[tuple[Member, ...]]:
    """Every dependency cycle, once: the members in the order of their dependencies.

    A member that depends on itself is a cycle of one.  For members in more than one cycle, the shortest
    cycle through the first of them is returned.
    """
    return [
        tuple(menu.members[at] for at in _circle(links.depends, component))
        for component in _components(links.depends)
        if len(component) > 1 or component[0] in links.depends[component[0]]
    ]


def path_text(circle: Sequence[Member]) -> str:
    """The text of a cycle: ``a -> b -> a``."""
    return " -> ".join(member.name for member in (*circle, circle[0]))


def _components(depends: Sequence[Sequence[int]]) -> list[list[int]]:
    """The strongly connected components, sorted by first member (Tarjan's algorithm, without recursion)."""
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    found: list[list[int]] = []
    for root in range(len(depends)):
        work = [(root, 0)] if root not in order else []
        while work:
            at, step = work.pop()
            if step == 0:
                order[at] = low[at] = len(order)
                stack.append(at)
                on_stack.add(at)
            else:
                low[at] = min(low[at], low[depends[at][step - 1]])
            for number, target in enumerate(depends[at][step:], step + 1):
                if target not in order:
                    work += [(at, number), (target, 0)]
                    break
                if target in on_stack:
                    low[at] = min(low[at], order[target])
            else:
                if low[at] == order[at]:
                    found.append(_popped(stack, on_stack, at))
    return sorted(found)


def _popped(stack: list[int], on_stack: set[int], at: int) -> list[int]:
    position = stack.index(at)
    component = stack[position:]
    del stack[position:]
    on_stack.difference_update(component)
    return sorted(component)


def _circle(depends: Sequence[Sequence[int]], component: Sequence[int]) -> list[int]:
    """The shortest cycle through the first member of a component."""
    inside, first = set(component), component[0]
    came_from: dict[int, int] = {}
    wave = [first]
    while wave:
        following = []
        for at in wave:
            for target in depends[at]:
                if target == first:
                    return _way(came_from, first, at)
                if target in inside and target not in came_from:
                    came_from[target] = at
                    following.append(target)
        wave = following
    return list(component)


def _way(came_from: dict[int, int], first: int, at: int) -> list[int]:
    way = [at]
    while at != first:
        at = came_from[at]
        way.append(at)
    return way[::-1]
