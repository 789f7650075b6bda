"""What became of the attempts of an attack. Knows no attack."""

from collections import Counter
from dataclasses import dataclass, field

MOST_SERVER_MB = 2_000


@dataclass
class Count:
    """How often something was tried and what came of it.

    promised: an error that is promised, with a message. lost: what was there before is gone, or
    something is shown that is not so. others: any other error, by its kind. note: figures beside.
    """

    what: str
    tried: int = 0
    promised: int = 0
    lost: int = 0
    others: Counter[str] = field(default_factory=Counter)
    note: str = ""

    @property
    def harm(self) -> int:
        """How many attempts did harm."""
        return self.lost + sum(self.others.values())

    def tell_server(self, megabytes: float) -> None:
        """Note the largest memory of a server and its workers; more than is promised is harm."""
        if megabytes > MOST_SERVER_MB:
            self.others["more memory than promised"] += 1
        self.note = "; ".join(filter(None, (self.note, f"server {megabytes:.0f} MB at most")))

    def row(self) -> str:
        """The line of the table."""
        kinds = ", ".join(f"{kind} {number}" for kind, number in self.others.most_common(3))
        others = sum(self.others.values())
        numbers = f"{self.tried:>7,} {self.promised:>9,} {self.lost:>6,} {others:>7,}"
        return f"{self.what:<34} {numbers}   {'; '.join(filter(None, (self.note, kinds)))}"


HEAD = f"{'':34} {'tried':>7} {'promised':>9} {'lost':>6} {'others':>7}"
