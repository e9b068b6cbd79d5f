"""``asterism build --timeline``: draw the duration of each step of the last build as one HTML file, from ninja's log.

Pure but for :func:`draw`. ninja records the start and end of every step in milliseconds from its own start, and the
time of day at which the step started. Steps of one run have the same difference of the two.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from asterism import __version__, files
from asterism.errors import AsterismError, Fault, Place
from asterism.numbers import number
from asterism.tree import Tree
from asterism.values import dataclass
from asterism.words import counted
from buildsys.compile.ninja_file import LABELS
from buildsys.planning.plan import Plan, Step

FILE = "timeline.html"
LOG = ".ninja_log"
SAME_RUN = 250_000_000
"""Nanoseconds by which the computed starts of one run may differ, since clocks of file systems are coarse."""


@dataclass(frozen=True, slots=True)
class Record:
    """A line of ninja's log."""

    start: float
    """Seconds from the begin of the run."""
    end: float
    run: int
    """The begin of the run, in nanoseconds since the epoch."""
    output: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A step in the chart."""

    step: Step
    start: float
    """Seconds from the start of the first step."""
    end: float
    lane: int
    is_critical: bool

    @property
    def seconds(self) -> float:
        """The duration of the step."""
        return self.end - self.start

    @property
    def label(self) -> str:
        """The kind of step: CC, CXX, PCH, LD, GEN or PY."""
        return LABELS[self.step.kind]

    @property
    def file(self) -> str:
        """The source, or the output of a link."""
        of_output = self.step.kind == "link" or not self.step.inputs
        return self.step.outputs[0] if of_output else self.step.inputs[0]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The data of the chart."""

    bars: tuple[Bar, ...]
    """The steps in the order in which they started."""

    @property
    def seconds(self) -> float:
        """Seconds from the first start to the last end."""
        return max((bar.end for bar in self.bars), default=0.0)

    @property
    def work(self) -> float:
        """The sum of the seconds of all steps."""
        return sum(bar.seconds for bar in self.bars)

    @property
    def lanes(self) -> int:
        """The largest number of steps that ran at once."""
        return max((bar.lane + 1 for bar in self.bars), default=0)

    @property
    def critical(self) -> tuple[Bar, ...]:
        """The critical path: the chain of dependent steps that took longest."""
        return tuple(bar for bar in self.bars if bar.is_critical)

    @property
    def units(self) -> list[tuple[str, float, int]]:
        """Name, seconds and number of steps of each module, the slowest first."""
        spent: dict[str, list[float]] = {}
        for bar in self.bars:
            spent.setdefault(bar.step.unit, []).append(bar.seconds)
        return sorted(((name, sum(all_), len(all_)) for name, all_ in spent.items()), key=lambda row: (-row[1], row[0]))

    def __str__(self) -> str:
        chain = sum(bar.seconds for bar in self.critical)
        steps = counted(len(self.bars), "step")
        return (
            f"{steps} in {self.seconds:.1f} s, {self.work:.1f} s of work in {self.lanes} lanes; "
            f"the longest chain took {chain:.1f} s"
        )


def read_log(text: str) -> list[Record]:
    """Parse ninja's log; malformed lines, such as a half-written one, are ignored."""
    records: list[Record] = []
    for line in text.splitlines():
        parts = line.split("\t")
        start, end, began, *_ = [*map(number, parts[:3]), None, None, None]
        if len(parts) == 5 and start is not None and end is not None and began is not None:
            records.append(Record(start / 1000, end / 1000, began - start * 1_000_000, parts[3]))
    return records


def last_run(records: Sequence[Record], timeless: Collection[str] = ()) -> dict[str, Record]:
    """The steps of the newest run, by their outputs.

    Args:
        records: the records in the order of the log.
        timeless: outputs whose records hold the time of the file instead (rules with ``restat``); such a record
            belongs to the run when it stands in the run or directly before it.
    """
    timed = [(index, record) for index, record in enumerate(records) if record.output not in timeless]
    newest = max((record.run for _, record in timed), default=0)
    found = {index: record for index, record in timed if newest - record.run < SAME_RUN}
    first = min(found, default=0)
    while first and records[first - 1].output in timeless:
        first -= 1
    found |= {index: each for index, each in enumerate(records) if index >= first and each.output in timeless}
    return {record.output: record for record in found.values()}


def timeline(steps: Sequence[Step], run: Mapping[str, Record]) -> Timeline:
    """Put the steps of a run into lanes, and mark the critical path."""
    known = [(run[step.outputs[0]], step) for step in steps if step.outputs[0] in run]
    known.sort(key=lambda pair: (pair[0].start, pair[0].end, pair[1].outputs))
    chain = _chain(known)
    first = known[0][0].start if known else 0.0
    free: list[float] = []
    bars = []
    for record, step in known:
        lane = next((number for number, until in enumerate(free) if until <= record.start), len(free))
        free[lane : lane + 1] = [record.end]
        bars.append(Bar(step, record.start - first, record.end - first, lane, step.outputs[0] in chain))
    return Timeline(tuple(bars))


def _chain(known: Sequence[tuple[Record, Step]]) -> set[str]:
    """The first outputs of the steps on the critical path, the shortest possible time of the build.

    The inputs of a step end before it starts, so one pass in order of start is enough.
    """
    longest: dict[str, tuple[float, tuple[str, ...]]] = {}
    for record, step in known:
        needed = (longest[name] for name in (*step.inputs, *step.implicit, *step.order_only) if name in longest)
        before, names = max(needed, default=(0.0, ()))
        here = before + record.end - record.start, (*names, step.outputs[0])
        longest |= dict.fromkeys(step.outputs, here)
    return set(max(longest.values(), default=(0.0, ()))[1])


def html(drawn: Timeline, title: str) -> str:
    """The chart as HTML; names in it are escaped, and it loads nothing from the network."""
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader(__package__, ""), autoescape=True, trim_blocks=True)
    template = environment.get_template("timeline.html.j2")
    return template.render(drawn=drawn, title=title, version=__version__, ticks=ticks(drawn.seconds)) + "\n"


def ticks(seconds: float) -> list[float]:
    """The marks of the time axis: at most ten, at round numbers."""
    step = 0.001
    while seconds / step > 10:
        step *= 2 if f"{step:e}"[0] != "2" else 2.5
    return [round(number * step, 3) for number in range(int(seconds / step) + 1)]


def draw(tree: Tree, plan: Plan) -> str:
    """Write the chart of the last build into the build's directory.

    Returns:
        The sentence that says where the chart is.

    Raises:
        AsterismError: nothing has been built yet.
    """
    log = tree / plan.place / LOG
    if not log.is_file():
        raise AsterismError(Fault("nothing was built yet", Place(str(log)), "", "build first", "no-timeline"))
    timeless = {output for step in plan.steps if step.kind == "generate" for output in step.outputs}
    drawn = timeline(plan.steps, last_run(read_log(files.read_text(log)), timeless))
    path = f"{plan.place}/{FILE}"
    files.write(tree / path, html(drawn, tree.top.name))
    return f"{path}: {drawn}"
